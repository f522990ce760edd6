/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a load has put into a register, and where the register certainly still holds just that, on
 * every path: through labels and around loops, but never across a call, in which the variable may
 * change.
 */
#ifndef HELD_H
#define HELD_H

#include "function.h"

/* An instruction that reads a register which holds what a load left there. */
struct held_use {
	uint32_t load, item;
};

struct held {
	struct held_use *uses; /* in the order of the loads, then of the items */
	uint32_t count, space;
	uint32_t *last; /* of a load's item: the last item before which somebody may still read
			   what it left; NO_ITEM if it is not known which text lies between */
};

/* Of an analysed function with liveness; asked for again, the same. */
const struct held *held_of(struct function *function);
/* The first use of what the load left, or the end: held->uses + held->count. */
const struct held_use *held_uses(const struct held *held, uint32_t load);
void held_free(struct held *held);

#endif
