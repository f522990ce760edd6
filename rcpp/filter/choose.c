// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "choose.h"
#include "conditions.h"
#include "consumers.h"
#include "jumps.h"
#include "references.h"
#include "switch.h"
#include "turn.h"

/* A jump through a table by a value that a site has loaded stays, with a line of its own. */
static void report_switch(struct site_list *list, const struct function *function, uint32_t index)
{
	uint32_t origin;

	if (!list->reference_count)
		return;
	origin = switch_origin(function, index);
	/* They are in the order of the items. */
	for (uint32_t i = list->reference_count; i-- > 0 && list->references[i].item >= origin;) {
		struct reference reference = list->references[i];

		if (reference.item > origin || reference.reason != REASON_NONE)
			continue;
		reference.item = index;
		reference.reason = REASON_SWITCH;
		sites_add_reference(list, reference);
		return;
	}
}

/*
 * Where as makes the lines (as -g), they begin behind prefixes: there a debugger would put its
 * breakpoint into the middle of an instruction. A trap has its original behind it.
 */
static void mark_lengths(struct site_list *list, const struct function *function)
{
	const struct survey *survey = function->survey;
	bool has_lines = survey->file_count || !survey->options->as_lines;

	for (uint32_t i = 0; i < list->count; i++)
		list->sites[i].lengthens =
			survey->compiled && has_lines && !(list->sites[i].flags & RCPP_ROW_FAULT);
}

void sites_choose(struct site_list *list, struct function *function)
{
	for (uint32_t i = 0; i < function->count; i++) {
		const struct site *site;
		enum reason reason;
		uint32_t index;

		report_switch(list, function, i);
		if (!function->items[i].candidate)
			continue;
		index = sites_add(list, i);
		if (!reference_examine(&list->sites[index], function, &reason)) {
			list->count = index;
			continue;
		}
		reason = conditions_settle_reference(list, function, index, reason);
		reason = turn_reference(list, function, index, reason);
		if (reason == REASON_NONE && list->sites[index].role == ROLE_LOAD)
			reason = consumers_fuse(list, function, index);
		site = &list->sites[index];
		sites_add_reference(list, (struct reference){.item = i,
							     .reason = reason,
							     .variable = site->variable,
							     .offset = site->offset,
							     .site = index});
		if (reason != REASON_NONE)
			list->count = index;
	}
	jumps_extend(list, function);
	mark_lengths(list, function);
}
