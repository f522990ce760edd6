/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Places where the text counts bytes of code: where it does, nothing may grow.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include "sections.h"

/*
 * Does the expression depend on the layout: has it the place itself, or a symbol subtracted? If it
 * has other symbols, *symbols.
 */
bool counts_bytes(struct span text, bool *symbols);

/*
 * jmp .+2, call f+8, jmp 1b+3: bytes are counted there, so nothing in this file may grow. Targets
 * that are read from memory or a register have a star.
 */
bool is_distance(const struct statement *statement, struct span target);

/* $1f-f; but $_GLOBAL_OFFSET_TABLE_-.L2 is the linker's to count. */
bool has_counted_immediate(struct span operands);

/*
 * Directives that count bytes: as has to know the number when it reads the line, which it does not
 * once there is padding of computed length in between (.if .-f > 5); or they leave room for so many
 * only (.org f+16, .byte 1b-f). What inline assembly counts in data about code elsewhere are pieces
 * of that same inline assembly, and nothing grows there. *evaluates: as has to know the number, and
 * there are symbols in it.
 */
bool is_counted(const struct statement *statement, const struct section *section, bool by_hand,
		bool *evaluates);

#endif
