// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include "forward.h"
#include "held.h"
#include "liveness.h"
#include "memory.h"

struct walk {
	struct forward forward;
	struct held *held;
};

static struct held *held_in(const struct forward *forward)
{
	return ((const struct walk *)forward)->held;
}

/*
 * Another thread may stand here with the value: the text from the load on must be one piece. What
 * is not understood may be anywhere, and no label can stand behind an .if. Once the last item is
 * NO_ITEM, it is behind all others.
 */
static void reach(struct held *held, const struct function *function, uint32_t load, uint32_t at)
{
	const struct item *item = &function->items[at];
	uint32_t *last = &held->last[load];

	if (at <= load || item->section != function->items[load].section ||
	    item->flow == FLOW_BARRIER)
		*last = NO_ITEM;
	else if (at > *last)
		*last = at;
}

static void note(const struct forward *forward, const struct forward_state *state, uint32_t at)
{
	const struct item *item = &forward->function->items[at];
	struct held *held = held_in(forward);

	for (resources left = state->known & live_before(item); left; left &= left - 1) {
		unsigned reg = (unsigned)__builtin_ctz(left);

		reach(held, forward->function, state->from[reg], at);
		if (!(item->use & RESOURCE(reg)))
			continue;
		held->uses = make_room(held->uses, held->count, &held->space, sizeof *held->uses);
		held->uses[held->count++] = (struct held_use){state->from[reg], at};
	}
}

/* A call may change the variable. In inline assembly a thread may sleep, and updates wait for it.
 */
static bool may_wait(const struct item *item)
{
	return item->by_hand ||
	       (item->flow != FLOW_NEXT && item->flow != FLOW_JUMP && item->flow != FLOW_BRANCH);
}

static void step(const struct forward *forward, struct forward_state *state, uint32_t at)
{
	const struct item *item = &forward->function->items[at];

	forward_forget(state, may_wait(item) ? RESOURCE_ALL : item->clobber);
	if (!item->candidate) /* no load of a variable */
		return;
	for (resources left = item->kill & RESOURCE_REGISTERS; left; left &= left - 1)
		forward_set(state, (unsigned)__builtin_ctz(left), at);
}

static int compare_uses(const void *a, const void *b)
{
	const struct held_use *x = a, *y = b;

	if (x->load != y->load)
		return x->load > y->load ? 1 : -1;
	return (x->item > y->item) - (x->item < y->item);
}

/* Where subsections are, what follows in a section may lie elsewhere. */
static struct held *find_held(struct function *function)
{
	struct held *held = allocate(sizeof *held);
	struct walk walk = {.forward = {.function = function, .step = step, .note = note},
			    .held = held};

	*held = (struct held){.last = allocate(function->count * sizeof *held->last)};
	held->uses = make_room(NULL, 0, &held->space, sizeof *held->uses);
	for (uint32_t i = 0; i < function->count; i++)
		held->last[i] = function->survey->subsections ? NO_ITEM : i;
	forward_follow(&walk.forward);
	qsort(held->uses, held->count, sizeof *held->uses, compare_uses);
	return held;
}

const struct held *held_of(struct function *function)
{
	if (!function->held)
		function->held = find_held(function);
	return function->held;
}

const struct held_use *held_uses(const struct held *held, uint32_t load)
{
	uint32_t low = 0, high = held->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (held->uses[middle].load < load)
			low = middle + 1;
		else
			high = middle;
	}
	return held->uses + low;
}

void held_free(struct held *held)
{
	if (!held)
		return;
	free(held->uses);
	free(held->last);
	free(held);
}
