// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "match.h"
#include "names.h"
#include "registers.h"

const struct rule *rules_of(struct span mnemonic)
{
	return rules_find(mnemonic.text, mnemonic.length);
}

static bool is_register(const struct operand *operand, unsigned width)
{
	return operand->kind == OPERAND_REGISTER && operand->reg.number < 16 &&
	       operand->reg.width == width;
}

bool operand_is_register(const struct operand *operand, unsigned number)
{
	return operand->kind == OPERAND_REGISTER && operand->reg.number == number;
}

/*
 * Can this memory operand stand in a form, which all sites share? Its address is then numbers and
 * registers, or relative to %rip, which the runtime can carry over to another place.
 */
static bool is_plain_memory(const struct operand *operand, unsigned value_register)
{
	if (operand->kind != OPERAND_MEMORY ||
	    (value_register != REGISTER_NONE &&
	     (operand->base == value_register || operand->index == value_register)))
		return false;
	return !operand->value.symbolic || (operand->base == REGISTER_PLACE &&
					    operand->value.simple && !operand->value.modified);
}

bool operand_is_carried(const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->value.symbolic;
}

/*
 * Is it the name of a thunk that goes to where the register points? gcc and Linux have one for each
 * register, clang has its own. Each leaves all registers to the callee.
 */
static bool is_thunk(const struct operand *operand, unsigned number)
{
	static const char *const prefixes[] = {"__x86_indirect_thunk_", "__llvm_retpoline_"};
	struct span name = unquoted(operand->value.symbol);

	if (operand->kind != OPERAND_MEMORY || !operand->value.simple || operand->value.modified ||
	    operand->value.number || operand->base != REGISTER_NONE ||
	    operand->index != REGISTER_NONE || number == REGISTER_NONE)
		return false;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t length = strlen(prefixes[i]);

		if (name.length > length && !memcmp(name.text, prefixes[i], length))
			return span_is((struct span){name.text + length, name.length - length},
				       register_spelling(number, 8));
	}
	return false;
}

unsigned operand_times_register(const struct operand *operand, unsigned number)
{
	unsigned times = 0;

	if (!operand->value.simple || operand->value.symbolic || operand->narrow_address)
		return 0;
	if (operand->base == number)
		times = 1;
	else if (operand->base != REGISTER_NONE)
		return 0;
	if (operand->index == number)
		times += operand->scale;
	else if (operand->index != REGISTER_NONE)
		return 0;
	return times;
}

static bool operand_matches(const struct match *match, struct rule_operand wanted,
			    const struct operand *operand, int index)
{
	unsigned x = match->value_register;

	if (operand->indirect != wanted.indirect)
		return false;
	if (index == match->variable)
		return wanted.letter == 'V';
	switch (wanted.letter) {
	case 'X':
		return is_register(operand, wanted.width) && !operand->reg.high &&
		       (x == REGISTER_NONE || operand_is_register(operand, x));
	case 'R':
		return is_register(operand, wanted.width) && !operand_is_register(operand, x);
	case 'W':
		return is_register(operand, wanted.width);
	case 'S':
	case 'D':
		return (is_register(operand, wanted.width) && !operand_is_register(operand, x)) ||
		       is_plain_memory(operand, x);
	case 'I':
		return operand->kind == OPERAND_IMMEDIATE && !operand->value.symbolic;
	case 'L':
		return operand->kind == OPERAND_MEMORY;
	case 'A':
		return x != REGISTER_NONE && operand_times_register(operand, x);
	case 'K':
		return is_thunk(operand, x);
	}
	return false;
}

/* A mnemonic without its suffix means the rule's width only if a register says so. */
static bool width_is_said(const struct rule *rule, const struct parsed_instruction *parsed)
{
	for (int i = 0; i < rule->operands; i++)
		if (strchr("XRWSD", rule->operand[i].letter) && rule->operand[i].suffix &&
		    is_register(&parsed->operands[i], rule->width))
			return true;
	return !rule->bare;
}

bool rule_matches(const struct match *match, const struct parsed_instruction *parsed)
{
	const struct rule *rule = match->rule;

	if (rule->operands != parsed->count)
		return false;
	for (int i = 0; i < rule->operands; i++) {
		if (!operand_matches(match, rule->operand[i], &parsed->operands[i], i))
			return false;
		for (int j = 0; j < i; j++)
			if (rule->operand[j].letter == rule->operand[i].letter &&
			    !span_equal(parsed->operands[i].text, parsed->operands[j].text))
				return false;
	}
	return width_is_said(rule, parsed);
}

const struct rule *match_find(const struct parsed_instruction *parsed, struct match *match,
			      enum rule_role role)
{
	const struct rule *rule = rules_of(parsed->mnemonic);

	for (; rule; rule = rules_next(rule)) {
		match->rule = rule;
		if (rule->role == role && rule_matches(match, parsed))
			return rule;
	}
	return NULL;
}
