// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "match.h"
#include "references.h"
#include "target.h"
#include "variable.h"

/* Find the operand that is read, with its variable. Returns its index, or -1. */
static int find_variable(struct site *site, const struct function *function)
{
	struct variable variable = variable_find(function, site->item, &site->parsed);

	if (variable.operand >= 0) {
		site->variable = variable.symbol;
		site->offset = variable.offset;
	}
	site->remote = variable.remote;
	return variable.operand;
}

/*
 * What replaces a read through a register needs the register no more. But other operands may, or
 * the instruction itself.
 */
static resources released_address(const struct site *site, const struct function *function,
				  const struct instruction *facts, int variable)
{
	const struct parsed_instruction *parsed = &site->parsed;
	unsigned base = parsed->operands[variable].base;

	if (!site->remote || facts->reads & RESOURCE(base) ||
	    processor.dividend_copy(function, site->item) == base)
		return 0;
	for (int i = 0; i < parsed->count; i++)
		if (operand_is_register(&parsed->operands[i], base))
			return 0;
	return RESOURCE(base);
}

static bool has_modifier(const struct operand *operand, const char *modifier)
{
	return memmem(operand->text.text, operand->text.length, modifier, strlen(modifier));
}

static enum reason reason_of_operand(const struct site *site, int variable)
{
	const struct operand *operand = &site->parsed.operands[variable];

	if (site->remote)
		return operand->index == REGISTER_NONE ? REASON_NONE : REASON_ARRAY;
	if (operand->value.modified)
		return has_modifier(operand, processor.slot) ? REASON_GOT : REASON_THREAD_LOCAL;
	if (!operand->value.simple)
		return REASON_EXPRESSION;
	if (operand->segment)
		return REASON_SEGMENT;
	if (operand->index != REGISTER_NONE ||
	    (operand->base != REGISTER_NONE && operand->base != REGISTER_PLACE))
		return REASON_ARRAY;
	return REASON_NONE;
}

static enum reason reason_of_instruction(const struct parsed_instruction *parsed,
					 const struct instruction *facts, int variable)
{
	if (processor.is_far(parsed->mnemonic))
		return REASON_FAR;
	if (facts->access[variable] == ACCESS_RW)
		return REASON_MODIFIED;
	if (parsed->prefixed)
		return REASON_PREFIX;
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind == OPERAND_REGISTER && operand->reg.number >= 16)
			return REASON_VECTOR;
		if (i != variable && operand->value.symbolic)
			return REASON_SYMBOLIC;
	}
	return REASON_NONE;
}

static uint8_t read_of(const struct rule *rule, struct span mnemonic)
{
	unsigned width = 0, to = 0;
	bool is_signed = processor.extends_sign(mnemonic);

	for (int i = 0; i < rule->operands; i++) {
		if (rule->operand[i].letter == 'V')
			width = rule->operand[i].width;
		if (rule->operand[i].letter == 'X')
			to = rule->operand[i].width;
	}
	if (rule->role != ROLE_LOAD)
		to = width;
	return (uint8_t)(__builtin_ctz(width) | (is_signed ? RCPP_READ_SIGNED : 0) |
			 __builtin_ctz(to) << RCPP_READ_TO_SHIFT);
}

/* The reference is sound; is there a rule for it? */
static enum reason match_reference(struct site *site, const struct function *function,
				   const struct instruction *facts, int variable)
{
	resources released = released_address(site, function, facts, variable);
	const struct rule *rule = rules_of(site->parsed.mnemonic);
	struct match match = {.variable = variable, .value_register = REGISTER_NONE};
	enum reason reason = REASON_NO_RULE;

	for (; rule; rule = rules_next(rule)) {
		match.rule = rule;
		if (rule->role > ROLE_USE || !rule_matches(&match, &site->parsed))
			continue;
		site->read = read_of(rule, site->parsed.mnemonic);
		if (!survey_patchable(function->survey, site->variable, site->offset,
				      1u << (site->read & RCPP_READ_WIDTH_MASK)))
			return REASON_NO_RULE;
		site->alternatives = 0;
		reason = alternatives_choose(site, function, rule, released);
		rule_bind(site, rule);
		return reason;
	}
	return reason;
}

/*
 * Does it read an address from the global offset table, and nothing is left to be said? The reads
 * and stores through it have lines of their own, or it is only compared.
 */
static bool reads_known_address(const struct site *site, const struct function *function,
				const struct operand *operand)
{
	const struct item *item = &function->items[site->item];

	if (site->remote || !has_modifier(operand, processor.slot))
		return false;
	if (item->pointer != NO_ITEM)
		return function->items[item->pointer].followed;
	return item->flow == FLOW_NEXT && !(item->clobber & RESOURCE_REGISTERS);
}

bool reference_examine(struct site *site, const struct function *function, enum reason *reason)
{
	const struct survey *survey = function->survey;
	const struct item *item = &function->items[site->item];
	const struct instruction *facts;
	const struct operand *operand;
	int variable;

	site->variable = SPAN("?");
	*reason = reason_of_exclusion((enum item_place)item->place);
	if (*reason == REASON_NONE && function->short_jumps)
		*reason = REASON_FIXED;
	if (!parse_instruction(&item->statement, &site->parsed)) {
		if (*reason == REASON_NONE)
			*reason = REASON_SYNTAX;
		return true;
	}
	variable = find_variable(site, function);
	if (variable < 0)
		return false;
	operand = &site->parsed.operands[variable];
	if (reads_known_address(site, function, operand))
		return false;
	facts = instruction_find(site->parsed.mnemonic.text, site->parsed.mnemonic.length,
				 site->parsed.count);
	if (facts && (facts->access[variable] == ACCESS_W || facts->access[variable] == ACCESS_A))
		return false;
	if (facts && facts->kind != INSTRUCTION_ORDINARY && !operand->indirect)
		return false;
	if (*reason == REASON_NONE && (!facts || item->flow == FLOW_BARRIER))
		*reason = REASON_SYNTAX;
	if (*reason == REASON_NONE)
		*reason = reason_of_operand(site, variable);
	if (*reason == REASON_NONE)
		*reason = reason_of_instruction(&site->parsed, facts, variable);
	if (*reason == REASON_NONE &&
	    survey_patchable(survey, site->variable, site->offset, 1) & PATCHABLE_OUTSIDE)
		*reason = REASON_OUTSIDE;
	if (*reason == REASON_NONE)
		*reason = match_reference(site, function, facts, variable);
	if (*reason == REASON_NO_RULE && facts->vector)
		*reason = REASON_VECTOR;
	if (*reason == REASON_NONE)
		site->flags = site_row_flags(function, site);
	return true;
}
