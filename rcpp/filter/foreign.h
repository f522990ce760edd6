/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Recognizes inputs that are not assembly, for the error message. */
#ifndef FOREIGN_H
#define FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/*
 * If the text is certainly not assembly, what it is, to follow "this is "; else NULL. Dialects of
 * assemblers, names in any encoding and stray control characters still count as assembly. *line is
 * the line that shows it.
 */
const char *foreign_input(const char *text, size_t length, uint32_t *line);

#endif
