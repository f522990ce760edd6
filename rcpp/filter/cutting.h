/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Statements are cut into functions, one at a time.
 */
#ifndef CUTTING_H
#define CUTTING_H

#include "function.h"

void function_init(struct function *function, const struct survey *survey,
		   struct sections *sections);
/*
 * Does the next statement begin another function, or lie outside of code? Then what was added
 * before is complete: work on it, and call function_clear() before function_add() with this
 * statement.
 */
bool function_ends_before(const struct function *function, const struct statement *statement);
void function_add(struct function *function, const struct statement *statement);
/* Statements that function_add() need not have: they mention no patchable symbol (stretches.h). */
void function_skip(struct function *function, const struct stretch *stretch);
/* Find out what each item does; call it once, before the later stages. */
void function_analyse(struct function *function);
void function_clear(struct function *function);
void function_free(struct function *function);

#endif
