// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A forward dataflow: which register certainly holds the address of which patchable, on every way
 * to an instruction. An address comes from the global offset table, is copied from register to
 * register, and is gone where anything else may change the register. It does not change itself, so
 * it outlives stores, and in a callee-saved register it outlives calls.
 *
 * The code is cut at labels. What comes to a label is known if every mention of the label in the
 * whole file is a jump of this function whose target is the label, or an entry in a compiler's
 * table of jumps. The first are ways in, as is the instruction in front of the label, and with the
 * second all jumps of the function that may go anywhere. At all other labels nothing is known. Each
 * way lowers what is known at a label, 16 times at most, and only then the code behind the label is
 * walked again: linear, however the jumps are woven.
 */
#include <stdlib.h>
#include "memory.h"
#include "pointers.h"
#include "rcpp_tables.h"
#include "target.h"

#define REGISTERS 16

/* For each register the first item that loads the address that it holds, or NO_ITEM. */
struct state {
	resources known; /* registers that hold one */
	uint32_t holds[REGISTERS];
};

/* A label to which all ways are known. */
struct join {
	uint32_t item;
	bool tabled; /* in a table of jumps */
	bool reached, queued;
	struct state state;
};

struct walk {
	struct function *function;
	struct names symbols; /* their first loads */
	uint32_t *next;	      /* item to the next one of its section, or NO_ITEM */
	uint32_t *join_of;    /* item to its join, or NO_ITEM */
	struct join *joins;
	uint32_t join_count;
	struct join anywhere; /* what jumps through tables have in common; private: item, queued */
	uint32_t *queue, pending;
	bool marking; /* what is known is final: note it in the items */
};

int pointers_operand(const struct parsed_instruction *parsed)
{
	int found = -1;

	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind != OPERAND_MEMORY)
			continue;
		if (found >= 0 || operand->base >= REGISTERS || operand->segment ||
		    operand->narrow_address || !operand->value.simple || operand->value.symbolic ||
		    operand->value.number > RCPP_OFFSET_MAX ||
		    operand->value.number < -RCPP_OFFSET_MAX)
			return -1;
		found = i;
	}
	return found;
}

struct span pointers_symbol(const struct function *function, uint32_t pointer)
{
	struct parsed_instruction parsed;

	parse_instruction(&function->items[pointer].statement, &parsed); /* once more */
	return parsed.operands[0].value.symbol;
}

static bool is_whole_register(const struct operand *operand)
{
	return operand->kind == OPERAND_REGISTER && operand->reg.number < REGISTERS &&
	       operand->reg.width == 8;
}

/* movq SOMETHING, %rax */
static bool is_whole_move(const struct parsed_instruction *parsed)
{
	return processor.is_copy(parsed->mnemonic) && parsed->count == 2 && !parsed->prefixed &&
	       is_whole_register(&parsed->operands[1]);
}

/* x@GOTPCREL(%rip) */
static bool is_slot(const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->value.modified &&
	       operand->value.simple && !operand->value.number && !operand->segment &&
	       operand->base == REGISTER_PLACE && operand->index == REGISTER_NONE &&
	       span_contains(operand->text, processor.slot);
}

/* --- one instruction ------------------------------------------------------------------------ */

static void forget(struct state *state, resources set)
{
	state->known &= ~set;
}

static void set(struct state *state, unsigned reg, uint32_t load)
{
	state->known |= RESOURCE(reg);
	state->holds[reg] = load;
}

static resources changed_by(const struct function *function, const struct item *item)
{
	if (item->flow == FLOW_CALL && processor.keeps_registers(function, item))
		return item->clobber & ~processor.kept;
	return item->clobber;
}

/* What the instruction puts into a register, if it is an address: the register, or REGISTER_NONE.
 */
static unsigned address_made(const struct walk *walk, const struct state *state,
			     const struct item *item, uint32_t *load)
{
	const struct operand *from;
	struct parsed_instruction parsed;
	const uint32_t *first;

	if (item->flow != FLOW_NEXT || (!item->candidate && !(item->use & state->known)) ||
	    !parse_instruction(&item->statement, &parsed) || !is_whole_move(&parsed))
		return REGISTER_NONE;
	from = &parsed.operands[0];
	if (is_whole_register(from) && state->known & RESOURCE(from->reg.number)) {
		*load = state->holds[from->reg.number];
		return parsed.operands[1].reg.number;
	}
	first = is_slot(from) ? names_find(&walk->symbols, unquoted(from->value.symbol)) : NULL;
	if (!first)
		return REGISTER_NONE;
	*load = *first;
	return parsed.operands[1].reg.number;
}

/* Does it read or write memory through a register whose address is known? */
static void mark(struct walk *walk, const struct state *state, struct item *item)
{
	struct parsed_instruction parsed;
	const struct instruction *facts;
	unsigned access, base;
	int index;

	if (!(item->use & state->known) || item->place != PLACE_OPEN ||
	    item->flow == FLOW_BARRIER || !parse_instruction(&item->statement, &parsed) ||
	    (index = pointers_operand(&parsed)) < 0)
		return;
	base = parsed.operands[index].base;
	facts = instruction_find(parsed.mnemonic.text, parsed.mnemonic.length, parsed.count);
	if (!facts || !(state->known & RESOURCE(base)))
		return;
	access = facts->access[index];
	if (!(access & ACCESS_RW))
		return;
	walk->function->items[state->holds[base]].followed = true;
	item->pointer = state->holds[base];
	item->candidate |=
		access & (walk->function->survey->options->profile ? ACCESS_RW : ACCESS_R);
}

static void step(struct walk *walk, struct state *state, uint32_t index)
{
	struct item *item = &walk->function->items[index];
	uint32_t load;
	unsigned reg;

	if (item->flow == FLOW_NONE || item->flow == FLOW_LABEL)
		return;
	if (walk->marking)
		mark(walk, state, item);
	reg = address_made(walk, state, item, &load);
	forget(state, changed_by(walk->function, item));
	if (reg != REGISTER_NONE)
		set(state, reg, load);
}

/* --- ways ----------------------------------------------------------------------------------- */

/* Of two ways, what is known on both. Returns whether that is less than before. */
static bool lower(struct state *state, const struct state *other)
{
	resources before = state->known;

	for (unsigned reg = 0; reg < REGISTERS; reg++)
		if (state->holds[reg] != other->holds[reg])
			forget(state, RESOURCE(reg));
	forget(state, ~other->known);
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
static bool meet(struct join *join, const struct state *state)
{
	if (join->reached)
		return lower(&join->state, state);
	join->reached = true;
	join->state = *state;
	return true;
}

/* A way to the label, if it is a join. */
static void arrive(struct walk *walk, uint32_t label, const struct state *state)
{
	uint32_t index = walk->join_of[label];

	if (index != NO_ITEM && !walk->marking && meet(&walk->joins[index], state))
		enqueue(walk, index);
}

/* A way to all labels that are in tables. */
static void arrive_anywhere(struct walk *walk, const struct state *state)
{
	if (walk->marking || !meet(&walk->anywhere, state))
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
static void walk_from(struct walk *walk, uint32_t index, struct state state)
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

static bool is_followed(const struct survey *survey, struct span symbol)
{
	return survey->options->profile || names_find(&survey->patchables, unquoted(symbol));
}

/* The first load of each symbol's address; all of them lead to it. False: there is none. */
static bool find_loads(struct walk *walk)
{
	struct function *function = walk->function;
	struct parsed_instruction parsed;

	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];

		if (!item->candidate || item->flow != FLOW_NEXT ||
		    !parse_instruction(&item->statement, &parsed) || !is_whole_move(&parsed) ||
		    !is_slot(&parsed.operands[0]) ||
		    !is_followed(function->survey, parsed.operands[0].value.symbol))
			continue;
		item->pointer =
			*names_add(&walk->symbols, unquoted(parsed.operands[0].value.symbol), i);
	}
	return walk->symbols.count;
}

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
	const struct state nothing = {0};
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

static void mark_all(struct walk *walk)
{
	walk->marking = true;
	walk_from_unknown(walk);
	for (uint32_t i = 0; i < walk->join_count; i++)
		walk_from(walk, walk->joins[i].item, walk->joins[i].state);
}

void pointers_follow(struct function *function)
{
	struct walk walk = {.function = function};

	if (!find_loads(&walk))
		return;
	walk.next = allocate(function->count * sizeof *walk.next);
	walk.join_of = allocate(function->count * sizeof *walk.join_of);
	walk.joins = allocate(function->count * sizeof *walk.joins);
	walk.queue = allocate(function->count * sizeof *walk.queue);
	find_next(&walk);
	find_joins(&walk);
	walk_from_unknown(&walk);
	walk_from_joins(&walk);
	mark_all(&walk);
	names_free(&walk.symbols);
	free(walk.next);
	free(walk.join_of);
	free(walk.joins);
	free(walk.queue);
}
