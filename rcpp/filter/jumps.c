// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "alternatives.h"
#include "jumps.h"
#include "match.h"
#include "skipped.h"

/* NOPs cost less than a taken jump, so the site takes in what the jump skips. */
static bool extend_jump(struct site *site, const struct function *function)
{
	struct match match = {.variable = -1, .value_register = REGISTER_NONE};
	const struct rule *rule = match_find(&site->parsed, &match, ROLE_SKIP);
	uint32_t last = skipped_last(function, site->item);

	if (!rule || last == NO_ITEM)
		return false;
	site->alternatives = 0;
	alternatives_choose(site, function, rule, 0);
	rule_bind(site, rule);
	site->alone = true;
	site->skipped = skipped_text(function, site->item, last);
	site->last = last;
	site->target = SPAN("");
	site->branches = false;
	return true;
}

/* Does this site vanish, and stand right before the jump, so that one site can hold both? */
static bool vanishes_before(const struct function *function, const struct site *site,
			    const struct site *jump)
{
	return site->alternatives == 1 && site->alternative[0].code == RULE_CODE_NOTHING &&
	       skipped_right_before(function, site->item, jump->item);
}

/* Makes one site of a compare, or a step, and the jump behind it: both are of the same value. */
static void join(struct site *site, struct site *jump)
{
	site->condition = jump->condition;
	site->alternatives = jump->alternatives;
	memcpy(site->alternative, jump->alternative, sizeof jump->alternative);
	site->jump = jump->parsed.mnemonic;
	site->skipped = jump->skipped;
	site->last = jump->last;
	jump->joined = true;
}

/* All jumps of a load and its consumers. */
static void extend_jumps(struct site *load, const struct function *function)
{
	for (struct site *jump = load + 1; jump <= load + load->consumers; jump++) {
		if (jump->role == ROLE_SETTLE && extend_jump(jump, function) &&
		    vanishes_before(function, jump - 1, jump))
			join(jump - 1, jump);
	}
}

/* Moves the load and its consumers to `to`, without those that have been joined to others. */
static uint32_t close_up(struct site_list *list, uint32_t from, uint32_t to)
{
	const uint32_t last = from + list->sites[from].consumers;
	struct site *load = &list->sites[to];

	for (uint32_t i = from; i <= last; i++)
		if (!list->sites[i].joined)
			list->sites[to++] = list->sites[i];
	load->consumers = (uint32_t)(&list->sites[to] - load) - 1;
	return to;
}

void jumps_extend(struct site_list *list, struct function *function)
{
	struct reference *reference = list->references;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->count; i++)
		function->items[list->sites[i].item].claimed = true;
	/* References that are sites are in the order of these. */
	for (uint32_t i = 0, next; i < list->count; i = next, reference++) {
		next = i + 1 + list->sites[i].consumers;
		while (reference->reason != REASON_NONE)
			reference++;
		reference->site = kept;
		extend_jumps(&list->sites[i], function);
		kept = close_up(list, i, kept);
	}
	list->count = kept;
}
