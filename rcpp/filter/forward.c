// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The code is cut at labels. What reaches a label is known if every mention of the label in the
 * whole file is a jump of this function to it, or an entry in a compiler's jump table. The
 * predecessors are then these jumps, the instruction before the label, and, if a table has it, all
 * jumps of the function that may go anywhere. At all other labels nothing is known. A predecessor
 * can lower what is known at a label 16 times at most, and only then is the code after the label
 * walked again: linear, however the jumps are woven.
 */
#include <stdlib.h>
#include "forward.h"
#include "memory.h"
#include "target.h"

/* A label to which all ways are known. */
struct join {
	uint32_t item;
	bool tabled; /* in a table of jumps */
	bool reached, queued;
	struct forward_state state;
};

struct walk {
	const struct forward *forward;
	struct function *function;
	uint32_t *next;	   /* item to the next one of its section, or NO_ITEM */
	uint32_t *join_of; /* item to its join, or NO_ITEM */
	struct join *joins;
	uint32_t join_count;
	struct join anywhere; /* what jumps through tables have in common; private: item, queued */
	uint32_t *queue, pending;
	bool noting; /* what is known is final: say it */
};

void forward_forget(struct forward_state *state, resources set)
{
	state->known &= ~set;
}

void forward_set(struct forward_state *state, unsigned reg, uint32_t item)
{
	state->known |= RESOURCE(reg);
	state->from[reg] = item;
}

static void step(struct walk *walk, struct forward_state *state, uint32_t index)
{
	const struct item *item = &walk->function->items[index];

	if (item->flow == FLOW_NONE || item->flow == FLOW_LABEL)
		return;
	if (walk->noting)
		walk->forward->note(walk->forward, state, index);
	walk->forward->step(walk->forward, state, index);
}

/* --- ways ----------------------------------------------------------------------------------- */

/* Of two ways, what is known on both. Returns whether that is less than before. */
static bool lower(struct forward_state *state, const struct forward_state *other)
{
	resources before = state->known;

	for (unsigned reg = 0; reg < FORWARD_REGISTERS; reg++)
		if (state->from[reg] != other->from[reg])
			forward_forget(state, RESOURCE(reg));
	forward_forget(state, ~other->known);
	return state->known != before;
}

static void enqueue(struct walk *walk, uint32_t join)
{
	if (walk->joins[join].queued)
		return;
	walk->joins[join].queued = true;
	walk->queue[walk->pending++] = join;
}

/* A way to the join, with this known. Returns whether the join knows less now. */
static bool meet(struct join *join, const struct forward_state *state)
{
	if (join->reached)
		return lower(&join->state, state);
	join->reached = true;
	join->state = *state;
	return true;
}

/* A way to the label, if it is a join. */
static void arrive(struct walk *walk, uint32_t label, const struct forward_state *state)
{
	uint32_t index = walk->join_of[label];

	if (index != NO_ITEM && !walk->noting && meet(&walk->joins[index], state))
		enqueue(walk, index);
}

/* A way to all labels that are in tables. */
static void arrive_anywhere(struct walk *walk, const struct forward_state *state)
{
	if (walk->noting || !meet(&walk->anywhere, state))
		return;
	for (uint32_t i = 0; i < walk->join_count; i++)
		if (walk->joins[i].tabled && meet(&walk->joins[i], &walk->anywhere.state))
			enqueue(walk, i);
}

/*
 * May it jump through a table? A jump to a function does not, but a thunk may. With a thunk that is
 * inline, what jumps is a return: see shows_its_jumps().
 */
static bool may_go_anywhere(const struct item *item)
{
	struct span target = statement_arguments(&item->statement);

	return item->flow == FLOW_JUMP && item->target == NO_ITEM &&
	       (memchr(target.text, '*', target.length) || processor.is_thunk(target) ||
		span_begins(target, "."));
}

/* From here to the next label, or to where the code goes elsewhere. */
static void walk_from(struct walk *walk, uint32_t index, struct forward_state state)
{
	const struct item *items = walk->function->items;

	do {
		step(walk, &state, index);
		if (items[index].target != NO_ITEM)
			arrive(walk, items[index].target, &state);
		else if (may_go_anywhere(&items[index]))
			arrive_anywhere(walk, &state);
		if (items[index].flow == FLOW_JUMP || items[index].flow == FLOW_RETURN)
			return;
		index = walk->next[index];
	} while (index != NO_ITEM && items[index].flow != FLOW_LABEL);
	if (index != NO_ITEM)
		arrive(walk, index, &state);
}

/* --- the whole function --------------------------------------------------------------------- */

static uint32_t count_of(const struct names *names, struct span label)
{
	const uint32_t *count = names_find(names, label);

	return count ? *count : 0;
}

/* Is every mention of the label one of these jumps to it, or an entry in a table of this function?
 */
static bool is_join(const struct function *function, const struct item *item, uint32_t jumps,
		    bool has_tables)
{
	const struct survey *survey = function->survey;
	struct span name = statement_name(&item->statement);
	uint32_t entries = count_of(&survey->tabled, name);

	if (item->flow != FLOW_LABEL || item->statement.kind != STATEMENT_LABEL ||
	    survey->any_label || name.length < 2 || memcmp(name.text, ".L", 2) != 0 ||
	    (entries && (!has_tables || item->by_hand)))
		return false;
	return count_of(&survey->mentioned, name) == jumps + entries;
}

/*
 * Can all jumps through its tables be seen? Where a compiler wrote it, and it has no call of a
 * place in itself: that is a thunk. What people wrote in it, or what is not understood, may jump.
 */
static bool shows_its_jumps(const struct function *function)
{
	for (uint32_t i = 0; i < function->count; i++) {
		const struct item *item = &function->items[i];

		if ((item->flow == FLOW_BARRIER && item->place != PLACE_DATA) ||
		    (item->flow == FLOW_CALL &&
		     span_begins(statement_arguments(&item->statement), ".")) ||
		    (item->by_hand && may_go_anywhere(item)))
			return false;
	}
	return function->compiled;
}

static void find_joins(struct walk *walk)
{
	const struct function *function = walk->function;
	bool has_tables = shows_its_jumps(function);
	uint32_t *jumps = walk->join_of; /* until they are known */

	for (uint32_t i = 0; i < function->count; i++)
		jumps[i] = 0;
	for (uint32_t i = 0; i < function->count; i++)
		if (function->items[i].target != NO_ITEM)
			jumps[function->items[i].target]++;
	for (uint32_t i = 0; i < function->count; i++) {
		const struct item *item = &function->items[i];
		bool joins = is_join(function, item, jumps[i], has_tables);

		walk->join_of[i] = joins ? walk->join_count : NO_ITEM;
		if (joins)
			walk->joins[walk->join_count++] = (struct join){
				.item = i,
				.tabled = count_of(&function->survey->tabled,
						   statement_name(&item->statement)),
			};
	}
}

static void find_next(struct walk *walk)
{
	const struct function *function = walk->function;
	uint32_t *last = allocate((function->section_count + 1) * sizeof *last);

	for (uint32_t s = 0; s < function->section_count; s++)
		last[s] = NO_ITEM;
	for (uint32_t i = 0; i < function->count; i++) {
		uint32_t before = last[function->items[i].section_slot];

		walk->next[i] = NO_ITEM;
		if (before != NO_ITEM)
			walk->next[before] = i;
		last[function->items[i].section_slot] = i;
	}
	free(last);
}

/* What comes to an item from the one before it in its section. */
enum way { WAY_UNKNOWN, WAY_OPEN, WAY_NONE };

static enum way way_behind(const struct item *item, enum way before)
{
	if (item->flow == FLOW_JUMP || item->flow == FLOW_RETURN)
		return WAY_NONE;
	return item->flow == FLOW_NONE ? before : WAY_OPEN;
}

/*
 * Walk from all places where nothing is known: the first of a section, labels that are no joins,
 * instructions behind a jump that nothing seems to lead to.
 */
static void walk_from_unknown(struct walk *walk)
{
	const struct function *function = walk->function;
	const struct forward_state nothing = {0};
	enum way *ways = allocate(function->count * sizeof *ways);

	for (uint32_t i = 0; i < function->count; i++)
		ways[i] = WAY_UNKNOWN;
	for (uint32_t i = 0; i < function->count; i++) {
		const struct item *item = &function->items[i];
		bool first = ways[i] == WAY_UNKNOWN;

		if (walk->join_of[i] == NO_ITEM && item->flow != FLOW_NONE &&
		    (ways[i] != WAY_OPEN || item->flow == FLOW_LABEL))
			walk_from(walk, i, nothing);
		else if (first)
			arrive(walk, i, &nothing);
		if (walk->next[i] != NO_ITEM)
			ways[walk->next[i]] = way_behind(item, ways[i]);
	}
	free(ways);
}

static void walk_from_joins(struct walk *walk)
{
	while (walk->pending) {
		struct join *join = &walk->joins[walk->queue[--walk->pending]];

		join->queued = false;
		walk_from(walk, join->item, join->state);
	}
}

static void note_all(struct walk *walk)
{
	walk->noting = true;
	walk_from_unknown(walk);
	for (uint32_t i = 0; i < walk->join_count; i++)
		walk_from(walk, walk->joins[i].item, walk->joins[i].state);
}

void forward_follow(const struct forward *forward)
{
	struct function *function = forward->function;
	struct walk walk = {.forward = forward, .function = function};

	walk.next = allocate(function->count * sizeof *walk.next);
	walk.join_of = allocate(function->count * sizeof *walk.join_of);
	walk.joins = allocate(function->count * sizeof *walk.joins);
	walk.queue = allocate(function->count * sizeof *walk.queue);
	find_next(&walk);
	find_joins(&walk);
	walk_from_unknown(&walk);
	walk_from_joins(&walk);
	note_all(&walk);
	free(walk.next);
	free(walk.join_of);
	free(walk.joins);
	free(walk.queue);
}
