// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "conditions.h"
#include "consumers.h"
#include "held.h"
#include "kinds.h"
#include "match.h"
#include "readers.h"
#include "target.h"
#include "turn.h"

/*
 * What follows a load may use the load's register as a scratch register, since the code has the
 * value itself. But not a dividend's: the code reads it.
 */
static resources released_by(const struct rule *rule, unsigned x)
{
	return rule->follows ? RESOURCE(x) & ~processor.dividend : 0;
}

/* Find a consuming rule for the parsed instruction of *site and bind it. */
static bool match_consumer(struct site *site, const struct function *function, unsigned x,
			   unsigned valid_width)
{
	const struct rule *rule = rules_of(site->parsed.mnemonic);
	struct match match = {.variable = -1, .value_register = x};

	for (; rule; rule = rules_next(rule)) {
		bool carried = false, fits = true;

		match.rule = rule;
		if (rule->role != ROLE_CONSUME || !rule_matches(&match, &site->parsed))
			continue;
		for (int i = 0; i < rule->operands; i++) {
			char letter = rule->operand[i].letter;

			carried |= letter != 'K' && operand_is_carried(&site->parsed.operands[i]);
			fits &= !strchr("XKA", letter) || rule->operand[i].width <= valid_width;
		}
		site->alternatives = 0;
		if (!fits || (carried && !rule_alternative(rule, 0)->carries) ||
		    alternatives_choose(site, function, rule, released_by(rule, x)) != REASON_NONE)
			continue;
		rule_bind(site, rule);
		return true;
	}
	return false;
}

/* Which operand uses the register in its address, and nothing else does? Its index, or -1. */
static int address_operand(const struct site *site, const struct instruction *facts, unsigned x)
{
	const struct parsed_instruction *parsed = &site->parsed;
	int found = -1;

	if (facts->reads & RESOURCE(x))
		return -1;
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind == OPERAND_IMMEDIATE)
			return -1; /* it stands behind the displacement */
		if (operand_is_register(operand, x) &&
		    (facts->access[i] != ACCESS_W || operand->reg.width < 4))
			return -1;
		if (operand->kind == OPERAND_MEMORY && (operand->base == x || operand->index == x))
			found = i;
	}
	return found;
}

static const struct rule *find_address_rule(struct span mnemonic)
{
	const struct rule *rule = rules_of(mnemonic);

	for (; rule; rule = rules_next(rule))
		if (rule->role == ROLE_ADDRESS)
			return rule;
	return NULL;
}

static bool is_general(unsigned reg)
{
	return reg < 16 || reg == REGISTER_NONE;
}

/* mov (X),R and the like: the value becomes a part of the displacement. */
static bool match_address(struct site *site, const struct function *function, unsigned x)
{
	const struct rule *rule = find_address_rule(site->parsed.mnemonic);
	const struct instruction *facts = instruction_find(
		site->parsed.mnemonic.text, site->parsed.mnemonic.length, site->parsed.count);
	const struct operand *memory;
	int index;

	if (!rule || rule_is_disabled(function->survey->options, rule) || !facts ||
	    (index = address_operand(site, facts, x)) < 0)
		return false;
	memory = &site->parsed.operands[index];
	if (memory->value.symbolic || !memory->value.simple ||
	    memory->value.number > RCPP_ADDEND_MAX || memory->value.number < -RCPP_ADDEND_MAX ||
	    memory->narrow_address || !is_general(memory->base) || !is_general(memory->index) ||
	    memory->base == memory->index || (memory->index == x && memory->scale != 1))
		return false;
	site->role = rule->role;
	site->kind = rule->kind;
	site->address_of = (uint8_t)(index + 1);
	site->address_reg = (uint8_t)x;
	site->alternatives = 1;
	site->alternative[0] = *rule_alternative(rule, 0);
	return true;
}

/* An instruction that reads register x: can it consume the value? Appends its site if so. */
static bool add_consumer(struct site_list *list, struct function *function, uint32_t index,
			 unsigned x, unsigned valid_width)
{
	const uint32_t at = sites_add_consumer(list, function, index);

	if (at == NO_SITE)
		return false;
	if (match_consumer(&list->sites[at], function, x, valid_width) ||
	    (valid_width == 8 && match_address(&list->sites[at], function, x)))
		return true;
	sites_drop_consumer(list, function, at);
	return false;
}

/* A call or a jump to the address in a register, which ends the walk, may consume the value. */
static bool goes_through_register(const struct item *item)
{
	return item->flow == FLOW_CALL || (item->flow == FLOW_JUMP && item->target == NO_ITEM);
}

/*
 * Walk down from a load of register x, past branches, as long as x holds the value, and append the
 * instructions that can consume it. Returns true if these are all that read it: x is dead behind
 * the last one, and wherever the branches go.
 */
static bool find_consumers(struct site_list *list, struct function *function, uint32_t load,
			   unsigned x, unsigned valid_width)
{
	const uint32_t section = function->items[load].section, before = list->count;
	bool all = true;

	for (uint32_t i = load + 1; i < function->count; i++) {
		struct item *item = &function->items[i];

		if (item->section != section)
			return false;
		if (goes_through_register(item) && list->count - before < CONSUMERS_MAX)
			add_consumer(list, function, i, x, valid_width);
		if (item->flow == FLOW_BRANCH)
			all &= !live_at_target(function, item, RESOURCE(x));
		else if (item->flow != FLOW_NEXT && item->flow != FLOW_NONE)
			return false;
		if (!((item->use | item->clobber) & RESOURCE(x)))
			continue;
		if (!(item->use & RESOURCE(x)) || list->count - before >= CONSUMERS_MAX)
			return false;
		if (conditions_add_step(list, function, i, x, valid_width,
					(struct site_condition){0}))
			return all;
		all &= add_consumer(list, function, i, x, valid_width)
			       ? !list->sites[list->count - 1].follows
			       : conditions_add_compare(list, function, i, x, valid_width,
							(struct site_condition){0}) ||
					 turn_add_compare(list, function, i, x, valid_width);
		if (!(item->live & RESOURCE(x)) || item->whole & RESOURCE(x))
			return all;
		if (item->clobber & RESOURCE(x))
			return false; /* the rest of the register still holds the value */
	}
	return false;
}

/*
 * Behind labels, and in loops: append what reads the value that the load has left, wherever the
 * register holds nothing else. The load stays.
 */
static void find_held_consumers(struct site_list *list, struct function *function, uint32_t load,
				unsigned x)
{
	const struct held *held = held_of(function);
	const struct held_use *use = held_uses(held, load);

	if (held->last[load] == NO_ITEM)
		return;
	for (; use < held->uses + held->count && use->load == load; use++) {
		uint32_t at = list->count;

		if (function->items[use->item].flow != FLOW_NEXT)
			continue;
		if (!add_consumer(list, function, use->item, x, 8))
			conditions_add_compare(list, function, use->item, x, 8,
					       (struct site_condition){0});
		/* Of a compare that stays, what it does settle has been appended. */
		for (; at < list->count; at++)
			list->sites[at].held = true;
	}
}

/* The load stays: keep only the consumers that gain all the same. */
static void keep_alone(struct site_list *list, struct function *function, uint32_t first)
{
	for (uint32_t i = list->count; i-- > first;)
		if (!list->sites[i].alone)
			sites_drop_consumer(list, function, i);
}

/*
 * The rank of the strongest guard of the consumers, which implies all others; -1 if no guard does.
 * A settled condition needs no register.
 */
static int strongest_rank(const struct site *consumers, uint32_t count)
{
	int strongest = 0;

	for (uint32_t i = 0; i < count; i++) {
		int rank = consumer_guard_rank(consumers[i].alternative[0].guard);

		if (consumers[i].role == ROLE_SETTLE || consumers[i].role == ROLE_CARRY)
			continue;
		if (rank < 0)
			return -1;
		if (rank > strongest)
			strongest = rank;
	}
	return strongest;
}

/*
 * The load vanishes if the strongest guard of its consumers holds, because then none of them needs
 * its register. Each consumer keeps its own guard: one that takes any value does so even if the
 * load stays.
 */
static void drop_load(struct site *load, uint8_t guard)
{
	if (guard == RCPP_GUARD_ANY)
		load->alternatives = 0;
	memmove(load->alternative + 1, load->alternative,
		load->alternatives * sizeof *load->alternative);
	load->alternative[0] =
		(struct rule_alternative){.guard = guard, .number = 8, .code = RULE_CODE_NOTHING};
	load->alternatives++;
}

static enum reason without_consumers(const struct function *function)
{
	return options_leave_out(function->survey->options, KIND_MOVES) ? REASON_OPTION
									: REASON_NONE;
}

/* The register that the load puts the value into. */
static struct register_name loaded_register(const struct site *load)
{
	const struct operand *x = NULL;

	for (int i = 0; i < load->parsed.count; i++)
		if (load->letters[i] == 'X')
			x = &load->parsed.operands[i];
	return x->reg;
}

/* How far the text goes in which no thread may be while they change. */
static void note_reach(struct site_list *list, struct function *function, uint32_t load)
{
	struct site *site = &list->sites[load];

	for (uint32_t i = 1; i <= site->consumers; i++)
		if (site[i].held)
			site->reach = held_of(function)->last[site->item];
}

enum reason consumers_fuse(struct site_list *list, struct function *function, uint32_t load)
{
	const struct register_name x = loaded_register(&list->sites[load]);
	/* A 4-byte load clears the upper half, a shorter one leaves the rest as it was. */
	const unsigned valid_width = x.width >= 4 ? 8 : x.width;
	int rank = -1;

	if (function->survey->options->no_fuse)
		return without_consumers(function);
	if (find_consumers(list, function, list->sites[load].item, x.number, valid_width))
		rank = strongest_rank(&list->sites[load + 1], list->count - load - 1);
	if (rank < 0) {
		if (valid_width == 8)
			find_held_consumers(list, function, list->sites[load].item, x.number);
		keep_alone(list, function, load + 1);
	}
	sites_bind_consumers(list, load);
	note_reach(list, function, load);
	if (rank >= 0)
		drop_load(&list->sites[load], consumer_guards[rank]);
	return list->sites[load].consumers ? REASON_NONE : without_consumers(function);
}
