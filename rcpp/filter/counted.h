/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Places where the text counts bytes of code: where it does, nothing may grow.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include "sections.h"

/*
 * Does the value of the expression depend on lengths of code: does it contain the place itself, or
 * subtract a symbol? Sets *symbols if it has other symbols.
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
 * Does the directive count bytes? Either as has to know the number when it reads the line, and
 * cannot if padding of computed length is in between (.if .-f > 5); or there is room for only so
 * many (.org f+16, .byte 1b-f). Data of inline assembly about code elsewhere is no such case: it
 * counts pieces of the same inline assembly, where nothing grows. Sets *evaluates if as has to know
 * the number and there are symbols in it.
 */
bool is_counted(const struct statement *statement, const struct section *section, bool by_hand,
		bool *evaluates);

#endif
