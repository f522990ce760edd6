/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Jumps over a few instructions, with which they can form one site.
 */
#ifndef SKIPPED_H
#define SKIPPED_H

#include "function.h"

/*
 * The last instruction that the jump skips, if they are few, the label is right behind them, and
 * none of them belongs to a site (item.claimed). NO_ITEM otherwise.
 */
uint32_t skipped_last(const struct function *function, uint32_t jump);

/* These instructions as they stand in forms, with semicolons between them; to be freed. */
char *skipped_text(const struct function *function, uint32_t jump, uint32_t last);

/* Does nothing but labels and lines of the source stand between an instruction and the jump? */
bool skipped_right_before(const struct function *function, uint32_t first, uint32_t jump);

#endif
