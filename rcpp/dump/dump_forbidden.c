/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where no thread may be when a site changes. The runtime's rule (runtime/text.c) is: not after the
 * first byte of a load and before the end of its last consumer, or of its reach, nor inside any
 * other site. Threads stop only where instructions begin. So a site without consumers has no such
 * place if all that it may hold is single instructions.
 */
#include <string.h>

#include "dump.h"

/* One instruction, as long as the site? The form's text has semicolons between instructions. */
static bool is_one_instruction(const struct dump_alternative *alternative, unsigned length)
{
	unsigned prefixes =
		RCPP_PREFIXES(alternative->prefix, alternative->led, length, alternative->length);

	return alternative->length + prefixes == length && alternative->text_length > 0 &&
	       memchr(alternative->text, ';', alternative->text_length) == NULL;
}

static bool is_always_one(const struct dump_site *site, const struct dump_form *form)
{
	if (RCPP_ROW_FAULTS(site->flags)) /* a ud2, and the original behind it */
		return false;
	for (unsigned i = 0; i < form->count; i++) {
		if (!is_one_instruction(&form->alternatives[i], site->length))
			return false;
	}
	return true;
}

/* A load and its consumers. They follow it in the tables, but not always in the text. */
static void forbid_group(struct dump_site *sites, size_t count, uint32_t reach)
{
	struct dump_range range = {sites->address, sites->address + reach};

	for (size_t i = 0; i < count; i++) {
		uint64_t stop = sites[i].address + sites[i].length;

		if (sites[i].address < range.start)
			range.start = sites[i].address;
		if (stop > range.stop)
			range.stop = stop;
	}
	range.start++;
	for (size_t i = 0; i < count; i++)
		sites[i].forbidden = range;
}

static size_t group_size(const struct dump_tables *tables, size_t first)
{
	size_t end = first + 1;

	while (end < tables->site_count && tables->sites[end].flags & RCPP_ROW_CONSUMER)
		end++;
	return end - first;
}

void dump_tables_forbid(struct dump_tables *tables)
{
	size_t count;

	for (size_t i = 0; i < tables->site_count; i += count) {
		struct dump_site *site = &tables->sites[i];

		count = group_size(tables, i);
		if (count > 1 || !is_always_one(site, &tables->forms[site->form]))
			forbid_group(site, count, tables->forms[site->form].reach);
	}
}
