// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * All inputs in, what the outputs have in common out: counts of sites and references by kind,
 * variable and function, and the rows of the profile. A variable is named in the same way in all of
 * them, by debug information if there is some.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kinds.h"
#include "summary.h"

static const char *kind_name(unsigned kind)
{
	unsigned at = 0;
	const char *name = kinds_next(kind, &at);

	return name ? name : "?";
}

static void add_kind(struct counts *counts, unsigned kind)
{
	tally_add(&counts->kinds, (struct tally_entry){.key = kind_name(kind), .sites = 1});
}

static char *variable_name(struct report *report, const char *symbol, struct names_place place)
{
	place.name = demangle(&report->demangler, symbol);
	return names_of(report->names, &place);
}

/* Where a site's variable begins; one that another module may define is known by its name. */
static uint64_t variable_address(const struct report *report, const struct dump_site *site)
{
	if (site->variable || !site->symbol)
		return site->variable - (uint64_t)site->addend;
	return locator_address(report->locator, site->symbol);
}

/* The variable of a site. Of a file without symbols only the address is known. */
char *report_site_variable(struct report *report, const struct dump_site *site)
{
	char *text;
	struct names_place place = {
		.variable = variable_address(report, site),
		.offset = site->addend,
		.size = 1U << (site->read & RCPP_READ_WIDTH_MASK),
	};

	if (site->symbol)
		return variable_name(report, site->symbol, place);
	if (asprintf(&text, "0x%" PRIx64, site->variable) < 0)
		text = dump_allocate(1, 1);
	return text;
}

static void count_site(struct report *report, const struct dump_site *site, unsigned kind)
{
	struct counts *counts = &report->built;

	counts->sites++;
	add_kind(counts, kind);
	tally_add(&counts->variables,
		  (struct tally_entry){.owned = report_site_variable(report, site), .sites = 1});
	tally_add(&counts->functions,
		  (struct tally_entry){.key = demangle(&report->demangler,
						       site->function ? site->function : "?"),
				       .sites = 1});
}

/* A load and its consumers, one row behind the other, are one site. */
static void count_sites(struct report *report)
{
	const struct dump_tables *tables = &report->inputs->program.tables;

	for (size_t i = 0, end; i < tables->site_count; i = end) {
		unsigned kind = 0;

		for (end = i; end < tables->site_count &&
			      (end == i || tables->sites[end].flags & RCPP_ROW_CONSUMER);
		     end++)
			kind = form_kind_stronger(
				kind, form_kind(tables->forms[tables->sites[end].form].text));
		count_site(report, &tables->sites[i], kind);
	}
}

char *report_line_variable(struct report *report, const struct explained_line *line)
{
	struct names_place place = {.variable = locator_address(report->locator, line->symbol),
				    .offset = line->offset};

	return variable_name(report, line->symbol, place);
}

static void count_line(struct report *report, const struct explained_line *line)
{
	struct counts *counts = &report->explained;
	size_t sites = line->form ? 1 : 0, loads = !sites;

	counts->sites += sites;
	counts->loads += loads;
	if (line->form)
		add_kind(counts, form_kind(line->form));
	else
		tally_add(&report->reasons, (struct tally_entry){.key = line->reason,
								 .note = line->advice,
								 .loads = 1});
	tally_add(&counts->variables,
		  (struct tally_entry){.owned = report_line_variable(report, line),
				       .sites = sites,
				       .loads = loads,
				       .note = line->reason});
	tally_add(&counts->functions,
		  (struct tally_entry){.key = demangle(&report->demangler, line->function),
				       .sites = sites,
				       .loads = loads,
				       .note = line->reason});
}

static void add_profile_symbols(struct demangler *demangler, const struct profile *profile)
{
	for (size_t i = 0; i < profile->field_count; i++)
		demangler_add(demangler, profile->fields[i].symbol);
	for (size_t i = 0; i < profile->access_count; i++)
		demangler_add(demangler, profile->accesses[i].function);
}

/* A name that .L hides may be any symbol of PROGRAM, so those are added too. */
static void add_symbols(struct demangler *demangler, const struct inputs *inputs)
{
	const struct dump_image *image = &inputs->program.image;

	for (size_t i = 0; i < image->symbol_count; i++)
		if (image->symbols[i].section != SHN_UNDEF)
			demangler_add(demangler, image->symbols[i].name);
	for (size_t i = 0; i < inputs->program.tables.site_count; i++)
		demangler_add(demangler, inputs->program.tables.sites[i].symbol);
	for (size_t i = 0; i < inputs->explained.count; i++) {
		demangler_add(demangler, inputs->explained.lines[i].symbol);
		demangler_add(demangler, inputs->explained.lines[i].function);
	}
	add_profile_symbols(demangler, &inputs->profile);
}

static void finish(struct counts *counts)
{
	tally_finish(&counts->kinds);
	tally_finish(&counts->variables);
	tally_finish(&counts->functions);
}

void report_make(struct report *report, const struct inputs *inputs)
{
	*report = (struct report){
		.inputs = inputs,
		.names = names_open(&inputs->program),
		.locator = locator_open(&inputs->program),
	};
	add_symbols(&report->demangler, inputs);
	count_sites(report);
	for (size_t i = 0; i < inputs->explained.count; i++)
		if (!inputs->explained.lines[i].written)
			count_line(report, &inputs->explained.lines[i]);
	finish(&report->built);
	finish(&report->explained);
	tally_finish(&report->reasons);
	rows_make(&report->rows, &inputs->profile, report->locator, report->names,
		  &report->demangler);
}

static void match_owned(struct list *list, char *name)
{
	list_match_name(list, name);
	free(name);
}

void report_match_names(struct report *report, struct list *list)
{
	const struct inputs *inputs = report->inputs;

	for (size_t i = 0; i < inputs->explained.count; i++)
		match_owned(list, report_line_variable(report, &inputs->explained.lines[i]));
	for (size_t i = 0; i < inputs->program.tables.site_count; i++)
		match_owned(list, report_site_variable(report, &inputs->program.tables.sites[i]));
	for (size_t i = 0; i < report->rows.count; i++)
		list_match_name(list, report->rows.row[i].name);
}

static void free_counts(struct counts *counts)
{
	tally_free(&counts->kinds);
	tally_free(&counts->variables);
	tally_free(&counts->functions);
}

void report_free(struct report *report)
{
	free_counts(&report->built);
	free_counts(&report->explained);
	tally_free(&report->reasons);
	rows_free(&report->rows);
	demangler_free(&report->demangler);
	names_close(report->names);
	locator_close(report->locator);
}
