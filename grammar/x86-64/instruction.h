/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What instruction.l and instruction.y make of a statement.
 */
#ifndef INSTRUCTION_H
#define INSTRUCTION_H

#include "parsed.h"

/*
 * Parse an instruction's statement. Returns false if it is not understood: a macro call, a
 * construct that the grammar does not know, an error that as will report.
 */
bool parse_instruction(const struct statement *statement, struct parsed_instruction *instruction);

/* The same without the short cut by plain-instruction.c: for tests. */
bool parse_by_grammar(const struct statement *statement, struct parsed_instruction *instruction);

#endif
