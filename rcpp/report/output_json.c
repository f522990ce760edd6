// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A report in, all of it as one JSON object out; rcpp-report(1) lists the keys. Names are given in
 * full, both as in the assembly and as in the source.
 */
#include <inttypes.h>
#include <stdlib.h>
#include "kinds.h"
#include "json.h"
#include "summary.h"

static const char *boolean(bool value)
{
	return value ? "true" : "false";
}

static void put_text(const char *key, const char *text)
{
	printf("\"%s\": ", key);
	json_string(stdout, text);
}

static void separate(size_t number)
{
	fputs(number ? ",\n    " : "\n    ", stdout);
}

static void put_tally(const char *list, const char *key, const char *note,
		      const struct tally *tally)
{
	printf(",\n  \"%s\": [", list);
	for (size_t i = 0; i < tally->count; i++) {
		const struct tally_entry *entry = &tally->entries[i];

		separate(i);
		putchar('{');
		put_text(key, entry->key);
		if (note) {
			fputs(", ", stdout);
			put_text(note, entry->note);
		}
		printf(", \"sites\": %zu, \"loads\": %zu}", entry->sites, entry->loads);
	}
	putchar(']');
}

static void put_counts(const struct counts *counts, const char *note)
{
	printf("\"sites\": %zu, \"loads\": %zu", counts->sites, counts->loads);
	put_tally("kinds", "kind", NULL, &counts->kinds);
	put_tally("variables", "variable", note, &counts->variables);
	put_tally("functions", "function", note, &counts->functions);
}

static void put_line(const struct explained_line *line)
{
	putchar('{');
	put_text("file", line->file);
	printf(", \"line\": %u, ", line->line);
	put_text("function", line->function);
	fputs(", ", stdout);
	put_text("symbol", line->symbol);
	printf(", \"offset\": %" PRId64 ", ", line->offset);
	put_text("form", line->form);
	fputs(", ", stdout);
	put_text("reason", line->reason);
	fputs(", ", stdout);
	put_text("advice", line->advice);
	printf(", \"written\": %s}", boolean(line->written));
}

static void put_explained(const struct report *report)
{
	const struct explained *explained = &report->inputs->explained;

	putchar('{');
	put_counts(&report->explained, "reason");
	put_tally("reasons", "reason", "advice", &report->reasons);
	fputs(",\n  \"lines\": [", stdout);
	for (size_t i = 0; i < explained->count; i++) {
		separate(i);
		put_line(&explained->lines[i]);
	}
	fputs("],\n  \"notes\": [", stdout);
	for (size_t i = 0; i < explained->note_count; i++) {
		separate(i);
		json_string(stdout, explained->notes[i]);
	}
	fputs("]}", stdout);
}

static void put_use(const struct share *share)
{
	unsigned at = 0;

	put_text("use", kinds_next(share->use, &at));
}

static void put_function(struct report *report, const struct share *share)
{
	put_text("function", share->function);
	fputs(", ", stdout);
	put_text("name", demangle(&report->demangler, share->function));
}

static void put_shares(struct report *report, const char *key, const struct shares *shares)
{
	printf(", \"%s\": [", key);
	for (size_t i = 0; i < shares->count; i++) {
		fputs(i ? ", {" : "{", stdout);
		if (shares->of_uses)
			put_use(&shares->share[i]);
		else
			put_function(report, &shares->share[i]);
		if (!shares->of_uses)
			printf(", \"address\": %s", boolean(shares->share[i].use));
		printf(", \"count\": %" PRIu64 ", \"uncounted\": %s}", shares->share[i].count,
		       boolean(shares->share[i].uncounted));
	}
	putchar(']');
}

/* What is not known is null. */
static void put_number(const char *key, double number, bool known)
{
	if (known)
		printf(", \"%s\": %.9f", key, number);
	else
		printf(", \"%s\": null", key);
}

static void put_place(const struct row *row)
{
	put_text("variable", row->name);
	fputs(", ", stdout);
	put_text("symbol", row->symbol);
	printf(", \"offset\": %" PRId64 ", \"size\": %" PRIu64 ", ", row->offset, row->size);
	put_text("unit", *row->unit ? row->unit : NULL);
	printf(", \"whole\": %s, \"indexed\": %s", boolean(row->whole), boolean(row->indexed));
}

static void put_row(struct report *report, const struct row *row)
{
	uint64_t all = report->rows.reads;
	char *verdict = verdict_text(row, report->inputs->profile.runs, &report->demangler);
	bool after = row->reads && !row->before_unknown && row->verdict != VERDICT_UNKNOWN;

	putchar('{');
	put_place(row);
	printf(", \"reads\": %" PRIu64 ", \"reads_uncounted\": %s", row->reads,
	       boolean(row->reads_uncounted));
	put_number("share", all ? (double)row->reads / (double)all : 0, all);
	put_number("last_write", row->last, row->last > 0 && row->verdict != VERDICT_UNKNOWN);
	put_number("after", row->reads ? (double)row_after(row) / (double)row->reads : 0, after);
	printf(", \"writes\": %" PRIu64 ", \"writes_uncounted\": %s, ", row->writes,
	       boolean(row->writes_uncounted));
	printf("\"watched\": %s, \"unseen\": %" PRIu64 ", ", boolean(row->watched), row->unseen);
	put_text("verdict", verdict_word(row->verdict));
	fputs(", ", stdout);
	put_text("text", verdict);
	put_shares(report, "readers", &row->readers);
	put_shares(report, "writers", &row->writers);
	put_shares(report, "uses", &row->uses);
	putchar('}');
	free(verdict);
}

static void put_profile(struct report *report)
{
	const struct profile *profile = &report->inputs->profile;

	printf("{\"runs\": %" PRIu64 ", \"seconds\": %.9f, \"reads\": %" PRIu64
	       ", \"by_name\": %s, \"other_build\": %s,\n  \"others\": [",
	       profile->runs, profile->seconds, report->rows.reads, boolean(profile->by_name),
	       boolean(profile->other_build));
	for (size_t i = 0; i < profile->other_count; i++) {
		fputs(i ? ", " : "", stdout);
		json_string(stdout, profile->others[i]);
	}
	fputs("],\n  \"variables\": [", stdout);
	for (size_t i = 0; i < report->rows.count; i++) {
		separate(i);
		put_row(report, &report->rows.row[i]);
	}
	fputs("]}", stdout);
}

static void put_list(const struct list *list)
{
	bool first = true;

	putchar('[');
	for (size_t i = 0; i < list->count; i++) {
		const struct list_entry *entry = &list->entries[i];

		if (entry->match == LIST_MATCHED)
			continue;
		fputs(first ? "{" : ", {", stdout);
		put_text("entry", entry->text);
		printf(", \"symbol_exists\": %s}", boolean(entry->match == LIST_UNREAD));
		first = false;
	}
	putchar(']');
}

void report_json(struct report *report)
{
	const struct inputs *inputs = report->inputs;

	putchar('{');
	put_text("program", inputs->program.path);
	fputs(",\n\"built\": {", stdout);
	put_counts(&report->built, NULL);
	fputs("},\n\"explained\": ", stdout);
	if (inputs->has_explained)
		put_explained(report);
	else
		fputs("null", stdout);
	fputs(",\n\"profile\": ", stdout);
	if (inputs->has_profile)
		put_profile(report);
	else
		fputs("null", stdout);
	fputs(",\n\"unmatched\": ", stdout);
	if (inputs->has_list)
		put_list(&inputs->list);
	else
		fputs("null", stdout);
	puts("}");
}
