/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The statements that compilers write most, read without flex, which takes several times as long
 * for them. statement.l still defines the syntax: whatever is not certain here is left to it.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "assembly.h"

/*
 * Read the statement in the line behind `newline`, if that is a label, or a name and operands in
 * which nothing needs the rules of statement.l; a comment may stand at its end. Returns where the
 * scanner goes on; or NULL, and then *statement may have changed. Does not set the line.
 */
char *plain_statement(struct statement *statement, char *newline);

/* The length up to `end` without the blanks before it. */
uint32_t length_without_blanks(const char *text, const char *end);

#endif
