// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A report in, tables out, most first: the profile, the references of a build, the sites of the
 * program, and the names of a list that match nothing. Long tables keep their first lines; JSON has
 * all.
 */
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "summary.h"

#define LINES_MAX 25 /* of a table */

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static size_t lines_of(const struct tally *tally)
{
	return tally->count > LINES_MAX + 5 ? LINES_MAX : tally->count;
}

static void print_rest(const struct tally *tally)
{
	if (lines_of(tally) < tally->count)
		printf("            %zu more; --json has them all\n",
		       tally->count - lines_of(tally));
}

static void print_sites(const char *heading, const struct tally *tally, size_t all)
{
	printf("\n%10s %7s  %s\n", "sites", "share", heading);
	for (size_t i = 0; i < lines_of(tally); i++) {
		const struct tally_entry *entry = &tally->entries[i];

		printf("%10s %7s  ", column_count(entry->sites), column_share(entry->sites, all));
		column_text(stdout, entry->key, COLUMNS - 20, false);
		putchar('\n');
	}
	print_rest(tally);
}

/* With other inputs the counts are in their tables, too. */
static void print_built(const struct report *report, bool tables)
{
	const struct counts *built = &report->built;

	if (!built->sites) {
		printf("No sites in %s\n", report->inputs->program.path);
		return;
	}
	printf("%s site%s in %s\n", column_count(built->sites), plural(built->sites),
	       report->inputs->program.path);
	if (!tables)
		return;
	print_sites("kind", &built->kinds, built->sites);
	print_sites("variable", &built->variables, built->sites);
	print_sites("function", &built->functions, built->sites);
}

static void print_reasons(const struct report *report)
{
	const struct tally *reasons = &report->reasons;

	if (!reasons->count)
		return;
	printf("\n%10s %7s  why they stay loads\n", "loads", "share");
	for (size_t i = 0; i < reasons->count; i++) {
		const struct tally_entry *entry = &reasons->entries[i];

		printf("%10s %7s  ", column_count(entry->loads),
		       column_share(entry->loads, report->explained.loads));
		column_text(stdout, entry->key, COLUMNS - 20, false);
		putchar('\n');
		if (entry->note)
			column_lines(stdout, entry->note, 24);
	}
}

static void print_references(const char *heading, const struct tally *tally)
{
	printf("\n%10s %9s %9s  %-30s  %s\n", "references", "sites", "loads", heading, "reason");
	for (size_t i = 0; i < lines_of(tally); i++) {
		const struct tally_entry *entry = &tally->entries[i];

		printf("%10s %9s %9s  ", column_count(entry->sites + entry->loads),
		       column_count(entry->sites), column_count(entry->loads));
		column_text(stdout, entry->key, 30, entry->note);
		if (entry->note) {
			fputs("  ", stdout);
			column_text(stdout, entry->note, COLUMNS - 64, false);
		}
		putchar('\n');
	}
	print_rest(tally);
}

static void print_notes(const struct explained *explained)
{
	if (explained->note_count)
		puts("\nNames that were not resolved in some files:");
	for (size_t i = 0; i < explained->note_count; i++) {
		fputs("    ", stdout);
		column_plain(stdout, explained->notes[i]);
		putchar('\n');
	}
}

static void print_explained(struct report *report)
{
	const struct counts *counts = &report->explained;

	printf("Build: %s reference%s, %s site%s, %s load%s\n",
	       column_count(counts->sites + counts->loads), plural(counts->sites + counts->loads),
	       column_count(counts->sites), plural(counts->sites), column_count(counts->loads),
	       plural(counts->loads));
	print_reasons(report);
	if (counts->kinds.count)
		print_sites("kind", &counts->kinds, counts->sites);
	print_references("variable", &counts->variables);
	print_references("function", &counts->functions);
	report_written(report);
	print_notes(&report->inputs->explained);
}

static void print_list(const struct list *list)
{
	size_t unmatched = 0;

	for (size_t i = 0; i < list->count; i++) {
		enum list_match match = list->entries[i].match;

		if (match == LIST_MATCHED)
			continue;
		if (!unmatched++)
			printf("Names in %s that match nothing:\n", list->path);
		fputs("    ", stdout);
		column_plain(stdout, list->entries[i].text);
		puts(match == LIST_UNREAD ? ": no reference reads it"
					  : ": the program has no such symbol");
	}
	if (!unmatched)
		printf("All %zu names in %s match something\n", list->count, list->path);
}

void report_print(struct report *report)
{
	const struct inputs *inputs = report->inputs;

	if (inputs->has_profile) {
		report_profile(report);
		putchar('\n');
	}
	if (inputs->has_explained) {
		print_explained(report);
		putchar('\n');
	}
	print_built(report, !inputs->has_profile && !inputs->has_explained);
	if (inputs->has_list) {
		putchar('\n');
		print_list(&inputs->list);
	}
}
