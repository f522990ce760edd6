/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which registers and flags may still be read after each instruction. */
#ifndef LIVENESS_H
#define LIVENESS_H

#include "function.h"

/* Fills in item.live of an analysed function. */
void liveness_solve(struct function *function);

/* Live before the item. */
static inline resources live_before(const struct item *item)
{
	return (item->live & ~item->kill) | item->use;
}

#endif
