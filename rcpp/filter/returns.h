/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * In which general registers functions return their results, as far as the debug information says.
 */
#ifndef RETURNS_H
#define RETURNS_H

#include "names.h"

#define RETURNS_FIRST  1
#define RETURNS_SECOND 2

/*
 * Read the debug information in a compiler's text. For each function whose result is known, add the
 * label where it begins to *returns, with RETURNS_*. The names are parts of the text.
 */
void returns_take(struct names *returns, struct span text);

#endif
