/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What compilers write most, read by hand, since flex and bison take ten times as long for it. They
 * define the syntax: each function here leaves to them whatever is not certain.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "assembly.h"

/*
 * The statement of the line behind the newline at `newline`, if it is a name with a colon, or a
 * name and what has nothing in it that needs the rules of statement.l, but for a comment at its
 * end. Returns where it ends, or NULL, with any name_length and kind; the line is not set.
 */
char *plain_statement(struct statement *statement, char *newline);

/*
 * An instruction of registers, numbers, symbols with a number, and addresses of these. Returns
 * false, with anything in *instruction, if it may be another one.
 */
bool plain_instruction(struct span text, struct parsed_instruction *instruction);

/* The length up to `end` without the blanks before it. */
uint32_t length_without_blanks(const char *text, const char *end);

#endif
