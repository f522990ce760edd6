// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "kinds.h"
#include "liveness.h"
#include "match.h"
#include "target.h"

/*
 * A scratch register, T: dead here, not one that unwinding relies on, and one that this function
 * may change. %ah and its like cannot go with a register that needs a REX prefix. What is
 * `released` is read by the instruction, but not by what replaces it.
 */
static uint8_t choose_scratch(const struct function *function, const struct item *item,
			      resources released)
{
	resources able = function->usable & (~live_before(item) | (released & ~item->live));

	able &= ~processor.never_free;
	if (item->high)
		able &= processor.beside_high;
	if (!able || function->frame_by_other)
		return REGISTER_NONE;
	return (uint8_t)__builtin_ctz(able);
}

/* Is one of the code's mnemonics a macro in this file? It would not be that instruction. */
static bool calls_macro(const struct survey *survey, const char *code)
{
	while (survey->macros.count && *code) {
		size_t length;

		code += strspn(code, "; ");
		length = strcspn(code, " ;");
		if (names_find(&survey->macros, (struct span){code, length}))
			return true;
		code += strcspn(code, ";");
	}
	return false;
}

bool rule_is_disabled(const struct options *options, const struct rule *rule)
{
	return rule->role != ROLE_LOAD && options_leave_out(options, kind_of_heading(rule->kind));
}

static bool is_wide(const struct rule_alternative *a)
{
	return a->field[0].kind == (RCPP_FIELD_VALUE | 8) &&
	       a->field[0].function == RCPP_FUNCTION_PLAIN;
}

/*
 * Is it for a wide value, where the options have that read memory? Moved to a scratch register, for
 * what has no wide immediate; or moved by a load that is there for its consumers only.
 */
static bool is_left_to_memory(const struct options *options, const struct rule *rule,
			      const struct rule_alternative *a)
{
	if (!is_wide(a))
		return false;
	return a->needs & RULE_TEMPORARY
		       ? options->wide_load
		       : rule->role == ROLE_LOAD && options_leave_out(options, KIND_MOVES);
}

static bool some_need(const struct rule *rule, uint8_t need)
{
	for (int i = 0; i < rule->alternatives; i++)
		if (rule_alternative(rule, i)->needs & need)
			return true;
	return false;
}

/* Would an alternative behind these never be taken? */
static bool is_covered(const struct site *site, const struct rule_alternative *a)
{
	for (int i = 0; i < site->alternatives; i++)
		if (site->alternative[i].guard == RCPP_GUARD_ANY ||
		    site->alternative[i].guard == a->guard ||
		    (site->alternative[i].guard == RCPP_GUARD_NONZERO &&
		     a->guard == RCPP_GUARD_SMALL))
			return true;
	return false;
}

/* May the code use the register with the value, if it brings that back? */
static bool is_kept(const struct site *site, const struct function *function,
		    const struct rule *rule)
{
	for (int i = 0; i < rule->operands; i++)
		if (rule->operand[i].letter == 'X')
			return !function->frame_by_other &&
			       !(RESOURCE(site->parsed.operands[i].reg.number) &
				 (processor.dividend | processor.never_free));
	return false;
}

/* What of all that alternatives may need is there: RULE_*. */
static uint8_t what_holds(const struct site *site, const struct function *function,
			  const struct rule *rule)
{
	const struct item *item = &function->items[site->item];
	uint8_t holds = site->temporary != REGISTER_NONE ? RULE_TEMPORARY : 0;

	if (!(item->live & RESOURCE_FLAGS))
		holds |= RULE_FLAGS_DEAD;
	if (site->copy != REGISTER_NONE)
		holds |= RULE_COPIED;
	if (some_need(rule, RULE_KEPT) && is_kept(site, function, rule))
		holds |= RULE_KEPT;
	if (some_need(rule, RULE_QUOTIENT_DEAD | RULE_REMAINDER_DEAD | RULE_EXTENDED))
		holds |= processor.division_holds(function, site->item, site->parsed.mnemonic,
						  rule->width);
	return holds;
}

enum reason alternatives_choose(struct site *site, const struct function *function,
				const struct rule *rule, resources released)
{
	const struct options *options = function->survey->options;
	enum reason reason = REASON_NO_RULE;
	uint8_t missing;

	if (rule_is_disabled(options, rule))
		return REASON_OPTION;
	site->temporary = choose_scratch(function, &function->items[site->item], released);
	site->copy = some_need(rule, RULE_COPIED) ? processor.dividend_copy(function, site->item)
						  : REGISTER_NONE;
	missing = (uint8_t)~what_holds(site, function, rule);
	for (int i = 0; i < rule->alternatives; i++) {
		const struct rule_alternative *a = rule_alternative(rule, i);

		if (a->needs & missing & RULE_FLAGS_DEAD)
			reason = REASON_FLAGS;
		else if (a->needs & missing & RULE_TEMPORARY)
			reason = REASON_NO_REGISTER;
		else if (a->needs & missing || is_covered(site, a))
			continue;
		else if (is_left_to_memory(options, rule, a))
			reason = REASON_OPTION;
		else if (calls_macro(function->survey, rule_code(a)))
			reason = REASON_REPEATED;
		else
			site->alternative[site->alternatives++] = *a;
	}
	return site->alternatives ? REASON_NONE : reason;
}

/* How many times the value the address is. */
static void bind_times(struct site *site, const struct operand *address)
{
	unsigned x = address->base != REGISTER_NONE ? address->base : address->index;

	for (int i = 0; i < site->alternatives; i++)
		site->alternative[i].field[0].function |=
			(uint8_t)operand_times_register(address, x);
}

void rule_bind(struct site *site, const struct rule *rule)
{
	site->role = rule->role;
	site->kind = rule->kind;
	site->alone = rule->alone;
	site->follows = rule->follows;
	for (int i = 0; i < rule->operands; i++) {
		site->letters[i] = rule->operand[i].letter;
		site->widths[i] = rule->operand[i].width;
		if (site->letters[i] == 'K') {
			site->target = site->parsed.operands[i].value.symbol;
			site->branches = true;
		}
		if (site->letters[i] == 'A')
			bind_times(site, &site->parsed.operands[i]);
	}
}
