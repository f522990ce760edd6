// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include "memory.h"
#include "sites.h"

uint32_t sites_add(struct site_list *list, uint32_t item)
{
	list->sites = make_room(list->sites, list->count, &list->space, sizeof *list->sites);
	list->sites[list->count] = (struct site){
		.item = item, .temporary = REGISTER_NONE, .copy = REGISTER_NONE, .reach = NO_ITEM};
	return list->count++;
}

uint32_t sites_add_consumer(struct site_list *list, struct function *function, uint32_t index)
{
	struct item *item = &function->items[index];
	struct site *site;
	uint32_t at;

	if (item->place != PLACE_OPEN || item->candidate || item->claimed)
		return NO_SITE;
	at = sites_add(list, index);
	site = &list->sites[at];
	if (parse_instruction(&item->statement, &site->parsed) && !site->parsed.prefixed) {
		item->claimed = true;
		return at;
	}
	list->count--;
	return NO_SITE;
}

void sites_drop_consumer(struct site_list *list, struct function *function, uint32_t at)
{
	function->items[list->sites[at].item].claimed = false;
	memmove(&list->sites[at], &list->sites[at + 1], (--list->count - at) * sizeof *list->sites);
}

void sites_drop_from(struct site_list *list, struct function *function, uint32_t at)
{
	while (list->count > at)
		sites_drop_consumer(list, function, list->count - 1);
}

static int compare_items(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return (x->item > y->item) - (x->item < y->item);
}

void sites_bind_consumers(struct site_list *list, uint32_t index)
{
	struct site *load = &list->sites[index];

	load->consumers = list->count - index - 1;
	qsort(load + 1, load->consumers, sizeof *load, compare_items);
	for (struct site *site = load + 1; site <= load + load->consumers; site++) {
		site->read = load->read;
		site->flags = (load->flags & RCPP_ROW_DECLARED) | RCPP_ROW_CONSUMER;
		site->variable = load->variable;
		site->offset = load->offset;
		load->together |= site->together;
		site->remote = load->remote;
	}
}

/* Does the site trap until it is patched? Not in functions that run before. */
static bool traps(const struct function *function, const struct site *site)
{
	const struct options *options = function->survey->options;

	return options->fault &&
	       !options_early(options, item_function(function, &function->items[site->item]));
}

uint8_t site_row_flags(const struct function *function, const struct site *site)
{
	uint32_t why = survey_patchable(function->survey, site->variable, site->offset, 1);

	/* What may be hidden for other reasons than a mark would trap for ever. */
	return (uint8_t)((why & ~(uint32_t)PATCHABLE_UNSURE ? 0 : RCPP_ROW_DECLARED) |
			 (why != PATCHABLE_HIDDEN && traps(function, site) ? RCPP_ROW_FAULT : 0));
}

int site_variable_operand(const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++)
		if (site->letters[i] == 'V')
			return i;
	return -1;
}

void sites_add_reference(struct site_list *list, struct reference reference)
{
	list->references = make_room(list->references, list->reference_count,
				     &list->reference_space, sizeof *list->references);
	list->references[list->reference_count++] = reference;
}

void sites_clear(struct site_list *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		free(list->sites[i].skipped);
	list->count = 0;
	list->reference_count = 0;
}

void sites_free(struct site_list *list)
{
	sites_clear(list);
	free(list->sites);
	free(list->references);
}
