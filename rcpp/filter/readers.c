// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "liveness.h"
#include "match.h"
#include "readers.h"

/* Where a conditional jump goes: a label, or a function. */
static void bind_target(struct site *site, const struct item *jump)
{
	site->branches = jump->target == NO_ITEM;
	site->target = site->branches ? site->parsed.operands[0].value.symbol
				      : statement_arguments(&jump->statement);
}

static void bind_reader(struct site *site, const struct item *item, const struct rule *rule,
			const struct readers *readers)
{
	rule_bind(site, rule);
	if (item->flow == FLOW_BRANCH)
		bind_target(site, item);
	if (readers->role == ROLE_SETTLE) {
		site->alone = true;
		site->condition = readers->condition;
		site->condition.code = rule->condition;
	} else {
		site->together = true;
		site->alternative[0].guard = readers->guard;
	}
}

/* Does the compare decide the condition? bt sets the carry and no other flag. */
static bool is_answered(const struct readers *readers, uint8_t code)
{
	return readers->role != ROLE_SETTLE || readers->condition.compare != RCPP_COMPARE_BIT ||
	       (code | 1) == (CONDITION_BELOW | 1);
}

/* An instruction that reads flags: is it one that needs none, or others? Appends its site if so. */
static bool add_reader(struct site_list *list, struct function *function, uint32_t index,
		       const struct readers *readers)
{
	const struct item *item = &function->items[index];
	struct match match = {.variable = -1, .value_register = REGISTER_NONE};
	const uint32_t at = sites_add_consumer(list, function, index);
	const struct rule *rule;
	struct site *site;
	bool fits;

	if (at == NO_SITE)
		return false;
	site = &list->sites[at];
	fits = (rule = match_find(&site->parsed, &match, readers->role)) &&
	       alternatives_choose(site, function, rule, 0) == REASON_NONE &&
	       site->alternatives == rule->alternatives &&
	       (item->flow != FLOW_BRANCH || item->target != NO_ITEM || item->tail_call) &&
	       is_answered(readers, rule->condition);
	for (int i = 0; fits && i < rule->operands; i++)
		fits = rule->operand[i].letter == 'L' ||
		       !operand_is_carried(&site->parsed.operands[i]);
	if (fits)
		bind_reader(site, item, rule, readers);
	else
		sites_drop_consumer(list, function, at);
	return fits;
}

bool live_at_target(const struct function *function, const struct item *branch, resources set)
{
	resources live = branch->target == NO_ITEM ? live_elsewhere(branch)
						   : live_before(&function->items[branch->target]);

	return (live & set) != 0;
}

bool readers_find(struct site_list *list, struct function *function, uint32_t compare,
		  const struct readers *readers)
{
	const uint32_t section = function->items[compare].section;
	bool all = true;

	for (uint32_t i = compare; function->items[i].live & readers->flags;) {
		const struct item *item;

		if (++i == function->count)
			return false;
		item = &function->items[i];
		if (item->section != section ||
		    (item->flow != FLOW_NEXT && item->flow != FLOW_NONE &&
		     item->flow != FLOW_BRANCH))
			return false;
		if (item->use & readers->flags)
			all &= add_reader(list, function, i, readers);
		if (item->flow == FLOW_BRANCH)
			all &= !live_at_target(function, item, readers->flags);
		if (item->clobber & RESOURCE_FLAGS)
			return false; /* and it reads some, as adc, or passes some on, as inc */
	}
	return all;
}
