/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where no thread may be when a site changes. The runtime's rule (runtime/text.c) is: not after the
 * first byte of a load and before the end of its last consumer, nor inside any other site. Where
 * the load has a reach, each consumer is by itself, with what reads its flags. Threads stop only
 * where instructions begin. So a site without consumers has no such place if all that it may hold
 * is single instructions.
 */
#include <string.h>

#include "dump.h"
#include "encoding.h"

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

/* They follow each other in the tables, but not always in the text. */
static void forbid_group(const struct dump_tables *tables, struct dump_site *sites, size_t count)
{
	struct dump_range range = {sites->address, sites->address};

	if (count == 1 && is_always_one(sites, &tables->forms[sites->form]))
		return;
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

static bool asks(const struct dump_form *form)
{
	return form->condition && rcpp_asks(form->alternatives->bytes, form->alternatives->length);
}

/* Does the site of this number belong to the group of the one before it? */
static bool goes_on(const struct dump_tables *tables, size_t number, bool held)
{
	const struct dump_site *site = &tables->sites[number];

	return site->flags & RCPP_ROW_CONSUMER && (!held || asks(&tables->forms[site->form]));
}

void dump_tables_forbid(struct dump_tables *tables)
{
	bool held = false;
	size_t end;

	for (size_t i = 0; i < tables->site_count; i = end) {
		struct dump_site *site = &tables->sites[i];
		uint32_t reach = tables->forms[site->form].reach;

		if (!(site->flags & RCPP_ROW_CONSUMER))
			held = reach != 0;
		if (reach != 0)
			site->reach = (struct dump_range){site->address + 1, site->address + reach};
		for (end = i + 1; end < tables->site_count && goes_on(tables, end, held); end++)
			;
		forbid_group(tables, site, end - i);
	}
}
