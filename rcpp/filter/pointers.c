// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A forward dataflow: which register certainly holds the address of which patchable, on every path
 * to an instruction. An address comes from the global offset table, is copied from register to
 * register, and is lost where anything else may change the register. The address itself never
 * changes, so it outlives stores, and in a callee-saved register it outlives calls.
 */
#include "forward.h"
#include "pointers.h"
#include "rcpp_tables.h"
#include "target.h"

/* An address comes from the first item that loads it. */
struct walk {
	struct forward forward;
	struct names symbols; /* their first loads */
};

static const struct walk *walk_of(const struct forward *forward)
{
	return (const struct walk *)forward;
}

int pointers_operand(const struct parsed_instruction *parsed)
{
	int found = -1;

	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind != OPERAND_MEMORY)
			continue;
		if (found >= 0 || operand->base >= FORWARD_REGISTERS || operand->segment ||
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
	return operand->kind == OPERAND_REGISTER && operand->reg.number < FORWARD_REGISTERS &&
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

static resources changed_by(const struct function *function, const struct item *item)
{
	if (item->flow == FLOW_CALL && processor.keeps_registers(function, item))
		return item->clobber & ~processor.kept;
	return item->clobber;
}

/* What the instruction puts into a register, if it is an address: the register, or REGISTER_NONE.
 */
static unsigned address_made(const struct walk *walk, const struct forward_state *state,
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
		*load = state->from[from->reg.number];
		return parsed.operands[1].reg.number;
	}
	first = is_slot(from) ? names_find(&walk->symbols, unquoted(from->value.symbol)) : NULL;
	if (!first)
		return REGISTER_NONE;
	*load = *first;
	return parsed.operands[1].reg.number;
}

/* Does it read or write memory through a register whose address is known? */
static void note(const struct forward *forward, const struct forward_state *state, uint32_t at)
{
	struct function *function = forward->function;
	struct item *item = &function->items[at];
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
	function->items[state->from[base]].followed = true;
	item->pointer = state->from[base];
	item->candidate |= access & (function->survey->options->profile ? ACCESS_RW : ACCESS_R);
}

static void step(const struct forward *forward, struct forward_state *state, uint32_t at)
{
	const struct item *item = &forward->function->items[at];
	uint32_t load;
	unsigned reg = address_made(walk_of(forward), state, item, &load);

	forward_forget(state, changed_by(forward->function, item));
	if (reg != REGISTER_NONE)
		forward_set(state, reg, load);
}

/* --- the whole function --------------------------------------------------------------------- */

static bool is_followed(const struct survey *survey, struct span symbol)
{
	return survey->options->profile || names_find(&survey->patchables, unquoted(symbol));
}

/* The first load of each symbol's address; all of them lead to it. False: there is none. */
static bool find_loads(struct walk *walk)
{
	struct function *function = walk->forward.function;
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

void pointers_follow(struct function *function)
{
	struct walk walk = {.forward = {.function = function, .step = step, .note = note}};

	if (find_loads(&walk))
		forward_follow(&walk.forward);
	names_free(&walk.symbols);
}
