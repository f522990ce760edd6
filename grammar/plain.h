/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The statements that compilers write most, read by hand, since flex takes several times as long
 * for them. It defines the syntax: whatever is not certain is left to it.
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

/* The length up to `end` without the blanks before it. */
uint32_t length_without_blanks(const char *text, const char *end);

#endif
