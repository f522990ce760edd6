// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "match.h"
#include "readers.h"
#include "turn.h"

/*
 * Mirror what reads the flags of a compare that is turned: a - b becomes b - a, with the same zero
 * flag. All that reads another one must be mirrored: appends nothing otherwise. The compare's site
 * is the last of the list, and its turned alternative the first that it has.
 */
static bool mirror_readers(struct site_list *list, struct function *function, uint32_t compare)
{
	const struct readers mirrored = {
		.role = ROLE_MIRROR,
		.flags = RESOURCE_FLAGS & ~((resources)FLAG_ZERO << RESOURCE_FLAGS_SHIFT),
		.guard = list->sites[compare].alternative[0].guard,
	};
	bool all = readers_find(list, function, list->sites[compare].item, &mirrored);

	if (!all)
		sites_drop_from(list, function, compare + 1);
	list->sites[compare].together = list->count > compare + 1;
	return all;
}

/* Find a rule that turns a compare of register x, and bind it. */
static bool match_turned(struct site *site, const struct function *function, unsigned x,
			 unsigned valid_width)
{
	struct match match = {.variable = -1, .value_register = x};
	const struct rule *rule = match_find(&site->parsed, &match, ROLE_TURN);

	if (!rule || rule->width > valid_width ||
	    alternatives_choose(site, function, rule, 0) != REASON_NONE)
		return false;
	rule_bind(site, rule);
	return true;
}

bool turn_add_compare(struct site_list *list, struct function *function, uint32_t index, unsigned x,
		      unsigned valid_width)
{
	const uint32_t at = sites_add_consumer(list, function, index);

	if (at == NO_SITE)
		return false;
	if (match_turned(&list->sites[at], function, x, valid_width) &&
	    mirror_readers(list, function, at))
		return true;
	sites_drop_consumer(list, function, at);
	return false;
}

enum reason turn_reference(struct site_list *list, struct function *function, uint32_t index,
			   enum reason reason)
{
	struct match match = {.variable = site_variable_operand(&list->sites[index]),
			      .value_register = REGISTER_NONE};
	const struct rule *rule;
	struct site before, *site;

	if (match.variable < 0 ||
	    !(rule = match_find(&list->sites[index].parsed, &match, ROLE_TURN)))
		return reason;
	before = list->sites[index];
	list->sites[index].alternatives = 0;
	if (alternatives_choose(&list->sites[index], function, rule, 0) != REASON_NONE ||
	    !mirror_readers(list, function, index)) {
		list->sites[index] = before;
		return reason == REASON_NO_REGISTER ? REASON_READERS : reason;
	}
	site = &list->sites[index]; /* the list grows no more */
	alternatives_choose(site, function, match_find(&site->parsed, &match, ROLE_USE), 0);
	site->flags = site_row_flags(function, site);
	sites_bind_consumers(list, index);
	return REASON_NONE;
}
