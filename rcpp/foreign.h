/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Inputs that are no assembly: what they are, so that the user is told and nothing is made of them.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the text is, as in "this is ...", if it is certainly no assembly, else NULL: an assembler's
 * dialect, names in any encoding and a stray control character are not enough. *line is the line
 * that shows it.
 */
const char *foreign_input(const char *text, size_t length, uint32_t *line);

#endif
