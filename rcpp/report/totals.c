// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites and the lines of --explain in, counts out. A reference that became a site is in both. So
 * sites are counted from the program's tables, and what stayed a load when it was built is counted
 * from the lines.
 */
#include <stdlib.h>
#include <string.h>

#include "totals.h"

/* ---- Reasons ---- */

static void count_reason(struct totals *totals, const char *reason, const char *advice,
			 bool by_value)
{
	struct total_reason *found = totals->reasons;

	for (; found < totals->reasons + totals->reason_count; found++) {
		if (found->by_value == by_value && !strcmp(found->reason, reason)) {
			found->count++;
			return;
		}
	}
	totals->reasons =
		dump_grow(totals->reasons, totals->reason_count + 1, sizeof(*totals->reasons));
	totals->reasons[totals->reason_count++] =
		(struct total_reason){reason, advice, 1, by_value};
}

static int compare_reasons(const void *left, const void *right)
{
	const struct total_reason *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->reason, b->reason);
}

static void count_line(struct totals *totals, struct report *report,
		       const struct explained_line *line)
{
	if (line->written || line->form || !line->reason)
		return;
	count_reason(totals, line->reason, line->advice ? line->advice : "", false);
	totals->variables[totals->variable_count++] = (struct total_variable){
		.name = report_line_variable(report, line),
		.loads = 1,
	};
}

/* ---- Variables ---- */

static struct total_variable variable_of(struct report *report, const struct patched_site *site)
{
	return (struct total_variable){
		.name = report_site_variable(report, site->row),
		.width = 1u << (site->row->read & RCPP_READ_WIDTH_MASK),
		.known = site->known,
		.value = site->value,
		.sites = 1,
		.patched = site->holds != 0,
	};
}

static int compare_variables(const void *left, const void *right)
{
	const struct total_variable *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* One of each, where there is one for each site. */
static void join_variables(struct totals *totals)
{
	size_t count = 0;

	if (totals->variable_count)
		qsort(totals->variables, totals->variable_count, sizeof(*totals->variables),
		      compare_variables);
	for (size_t i = 0; i < totals->variable_count; i++) {
		struct total_variable *next = &totals->variables[i];
		struct total_variable *last = count ? &totals->variables[count - 1] : NULL;

		if (!last || compare_variables(last, next)) {
			totals->variables[count++] = *next;
			continue;
		}
		last->sites += next->sites;
		last->patched += next->patched;
		last->loads += next->loads;
		if (next->width > last->width) {
			last->width = next->width;
			last->known = next->known;
			last->value = next->value;
		}
		free(next->name);
	}
	totals->variable_count = count;
}

static void count_site(struct totals *totals, struct report *report,
		       const struct patched_site *site)
{
	if (site->consumer)
		return;
	totals->sites++;
	totals->patched += site->holds != 0;
	if (site->reason)
		count_reason(totals, site->reason, site->advice, true);
	totals->variables[totals->variable_count++] = variable_of(report, site);
}

void totals_make(struct totals *totals, const struct patched *patched, struct report *report)
{
	const struct explained *explained = &report->inputs->explained;

	*totals = (struct totals){
		.variables = dump_allocate(patched->count + explained->count,
					   sizeof(*totals->variables)),
	};
	for (size_t i = 0; i < patched->count; i++)
		count_site(totals, report, &patched->sites[i]);
	for (size_t i = 0; i < explained->count; i++)
		count_line(totals, report, &explained->lines[i]);
	join_variables(totals);
	if (totals->reason_count)
		qsort(totals->reasons, totals->reason_count, sizeof(*totals->reasons),
		      compare_reasons);
}

void totals_free(struct totals *totals)
{
	for (size_t i = 0; i < totals->variable_count; i++)
		free(totals->variables[i].name);
	free(totals->reasons);
	free(totals->variables);
}
