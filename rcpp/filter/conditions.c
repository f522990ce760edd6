// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "conditions.h"
#include "match.h"
#include "readers.h"
#include "target.h"

/* The constant of the instruction, if it has one: a number that as encodes. */
static bool read_constant(const struct parsed_instruction *parsed, const struct rule *rule,
			  int32_t *constant)
{
	unsigned bits = rule->width < 8 ? 8u * rule->width : 31;

	for (int i = 0; i < rule->operands; i++) {
		const struct expression *value = &parsed->operands[i].value;

		if (rule->operand[i].letter != 'I')
			continue;
		if (!value->simple || value->modified || value->number < -(INT64_C(1) << bits) ||
		    value->number >= INT64_C(1) << bits)
			return false;
		*constant = (int32_t)value->number;
	}
	return true;
}

/* Can the runtime evaluate this compare of what the steps have made of the value? */
static bool read_compare(const struct parsed_instruction *parsed, const struct rule *rule,
			 struct site_condition *condition)
{
	condition->compare = processor.compare_of(parsed->mnemonic);
	condition->width = rule->width;
	condition->constant = -1; /* test X,X */
	return read_constant(parsed, rule, &condition->constant);
}

static bool settle_readers(struct site_list *list, struct function *function, uint32_t compare,
			   const struct site_condition *condition)
{
	const struct readers settled = {
		.role = ROLE_SETTLE, .flags = RESOURCE_FLAGS, .condition = *condition};

	return readers_find(list, function, compare, &settled);
}

/*
 * A compare whose carry somebody reads who is not settled, adc or sbb for one, and nobody another
 * flag: sets the carry as the value says. Returns whether it is one.
 */
static bool match_carry(struct site *site, const struct function *function, struct match *match,
			const struct site_condition *condition)
{
	const resources carry = (resources)FLAG_CARRY << RESOURCE_FLAGS_SHIFT;
	const struct rule *rule = match_find(&site->parsed, match, ROLE_CARRY);
	struct site before = *site;

	if (!rule || function->items[site->item].live & RESOURCE_FLAGS & ~carry)
		return false;
	site->alternatives = 0;
	if (alternatives_choose(site, function, rule, 0) != REASON_NONE ||
	    site->alternatives != rule->alternatives) {
		*site = before;
		return false;
	}
	rule_bind(site, rule);
	site->alone = true; /* what was made of the value may be gone, even if the load stays */
	site->condition = *condition;
	site->condition.code = CONDITION_BELOW;
	return true;
}

/* Find a rule for a compare of register X with a constant, bind it, and read the constant. */
static bool match_compare(struct site *site, const struct function *function, struct match *match,
			  unsigned valid_width, struct site_condition *condition)
{
	const struct rule *rule = match_find(&site->parsed, match, ROLE_COMPARE);

	if (!rule || rule->width > valid_width || !read_compare(&site->parsed, rule, condition) ||
	    alternatives_choose(site, function, rule, 0) != REASON_NONE)
		return false;
	rule_bind(site, rule);
	site->alone = true;
	return true;
}

bool conditions_add_compare(struct site_list *list, struct function *function, uint32_t index,
			    unsigned x, unsigned valid_width, struct site_condition condition)
{
	struct match match = {.variable = -1, .value_register = x};
	const uint32_t at = sites_add_consumer(list, function, index);

	if (at == NO_SITE)
		return false;
	if (match_compare(&list->sites[at], function, &match, valid_width, &condition)) {
		if (settle_readers(list, function, index, &condition))
			return true;
		/* What it does settle needs no flags any more; others do. */
		if (match_carry(&list->sites[at], function, &match, &condition))
			return true;
	}
	sites_drop_consumer(list, function, at);
	return false;
}

/* Adds the step to the condition. False if it cannot be taken, or is one too many. */
static bool read_step(const struct parsed_instruction *parsed, const struct rule *rule,
		      struct site_condition *condition)
{
	struct site_step *step = &condition->step[condition->steps];

	if (condition->steps == RCPP_STEPS_MAX)
		return false;
	condition->steps++;
	*step = (struct site_step){.operation = processor.step_of(parsed->mnemonic),
				   .width = rule->width,
				   .constant = 1};
	return read_constant(parsed, rule, &step->constant);
}

/* The flags of and, or and xor are those of a test of the result with itself. */
static bool settle_result(struct site_list *list, struct function *function, uint32_t index,
			  struct site_condition condition)
{
	const struct site_step *last = &condition.step[condition.steps - 1];

	if (!(function->items[index].live & RESOURCE_FLAGS))
		return true;
	condition.compare = RCPP_COMPARE_TEST;
	condition.width = last->width;
	condition.constant = -1;
	return last->operation <= RCPP_STEP_XOR &&
	       settle_readers(list, function, index, &condition);
}

/*
 * Walk down from an instruction that has made something of the value in register x, as long as x
 * holds that, and append what compares it, or makes something else of it. Returns true if these are
 * all that read it, as find_consumers() does.
 */
static bool find_step_readers(struct site_list *list, struct function *function, uint32_t step,
			      unsigned x, unsigned valid_width,
			      const struct site_condition *condition)
{
	const uint32_t section = function->items[step].section, before = list->count;
	const struct item *item = &function->items[step];
	bool all = true;

	for (uint32_t i = step + 1; item->live & RESOURCE(x); i++) {
		if (i == function->count)
			return false;
		item = &function->items[i];
		if (item->section != section)
			return false;
		if (item->flow == FLOW_BRANCH)
			all &= !live_at_target(function, item, RESOURCE(x));
		else if (item->flow != FLOW_NEXT && item->flow != FLOW_NONE)
			return false;
		if (!((item->use | item->clobber) & RESOURCE(x)))
			continue;
		if (list->count - before >= CONSUMERS_MAX)
			return false;
		if (item->clobber & RESOURCE(x))
			return conditions_add_step(list, function, i, x, valid_width, *condition) &&
			       all;
		all &= conditions_add_compare(list, function, i, x, valid_width, *condition);
	}
	return all;
}

/* Find a rule for a step in register x, bind it, and add the step to the condition. NULL: none. */
static const struct rule *match_step(struct site *site, const struct function *function, unsigned x,
				     unsigned valid_width, struct site_condition *condition)
{
	struct match match = {.variable = -1, .value_register = x};
	const struct rule *rule = match_find(&site->parsed, &match, ROLE_STEP);

	if (!rule || rule->width > valid_width || !read_step(&site->parsed, rule, condition) ||
	    alternatives_choose(site, function, rule, 0) != REASON_NONE)
		return NULL;
	rule_bind(site, rule);
	site->alone = true;
	return rule;
}

bool conditions_add_step(struct site_list *list, struct function *function, uint32_t index,
			 unsigned x, unsigned valid_width, struct site_condition condition)
{
	const uint32_t at = sites_add_consumer(list, function, index);
	const struct rule *rule;

	if (at == NO_SITE)
		return false;
	if ((rule = match_step(&list->sites[at], function, x, valid_width, &condition))) {
		bool all = settle_result(list, function, index, condition);

		all &= find_step_readers(list, function, index, x,
					 rule->width < 4 ? rule->width : 8u, &condition);
		if (all)
			return true;
	}
	sites_drop_consumer(list, function, at);
	return false;
}

enum reason conditions_settle_reference(struct site_list *list, struct function *function,
					uint32_t index, enum reason reason)
{
	struct match match = {.variable = site_variable_operand(&list->sites[index]),
			      .value_register = REGISTER_NONE};
	struct site_condition condition = {0};
	const struct rule *rule;
	struct site *site;
	bool complete;

	if (match.variable < 0)
		return reason; /* the reference is not even sound */
	rule = match_find(&list->sites[index].parsed, &match, ROLE_COMPARE);
	if (!rule || rule_is_disabled(function->survey->options, rule) ||
	    !read_compare(&list->sites[index].parsed, rule, &condition))
		return reason;
	complete = settle_readers(list, function, list->sites[index].item, &condition);
	site = &list->sites[index]; /* the list grows no more */
	if (!complete && match_carry(site, function, &match, &condition))
		reason = REASON_NONE;
	if (!complete && reason != REASON_NONE) {
		sites_drop_from(list, function, index + 1);
		return reason == REASON_NO_REGISTER ? REASON_READERS : reason;
	}
	site->flags = site_row_flags(function, site);
	if (complete) {
		rule_bind(site, rule);
		site->alternatives = 0;
		alternatives_choose(site, function, rule, 0);
	}
	sites_bind_consumers(list, index);
	return REASON_NONE;
}
