// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The rows of a profile in, a table out: a line of numbers for each field, and a line with the
 * functions that read it, for what, and those that write it. The table ends where the rest has less
 * than one percent of the reads.
 */
#include <stdlib.h>
#include <string.h>
#include "kinds.h"
#include "columns.h"
#include "summary.h"

#define ROWS_MIN     20 /* so many rows are shown, however few reads they have */
#define SHARES_SHOWN 3
#define INDENT	     4

static void print_heading(const struct report *report)
{
	const struct profile *profile = &report->inputs->profile;
	const struct rows *rows = &report->rows;

	printf("Profile: %s reads of %zu field%s in %s run%s of at least %.3f s\n\n",
	       column_count(rows->reads), rows->count, rows->count == 1 ? "" : "s",
	       column_count(profile->runs), profile->runs == 1 ? "" : "s, the longest",
	       profile->seconds);
	puts("      reads   share  last write    after   size  verdict        variable");
}

/* When it was written last: "never", "0.012 s", or "?". */
static const char *last_write(const struct row *row, char buffer[32])
{
	if (row->verdict == VERDICT_UNKNOWN)
		return "?";
	if (row->last <= 0)
		return row->writes ? "?" : "never";
	snprintf(buffer, 32, "%.3f s", row->last);
	return buffer;
}

static void print_numbers(const struct row *row, uint64_t all)
{
	char last[32], size[32], reads[32];
	bool unknown = row->before_unknown || row->verdict == VERDICT_UNKNOWN;

	snprintf(reads, sizeof reads, "%s%s", column_count(row->reads),
		 row->reads_uncounted ? "+?" : "");
	if (row->size)
		snprintf(size, sizeof size, "%s", column_count(row->size));
	printf("%11s %7s %11s %8s %6s  %-13s  ", reads, column_share(row->reads, all),
	       last_write(row, last), unknown ? "?" : column_share(row_after(row), row->reads),
	       row->size ? size : "?", verdict_word(row->verdict));
	column_text(stdout, row->name, COLUMNS - 64, false);
	putchar('\n');
}

static const char *use_name(unsigned use)
{
	unsigned at = 0;
	const char *name = kinds_next(use, &at);

	return name ? name : "other uses";
}

/* "f() 80.0 %", and of what could not be counted "f() ?". */
static void put_share(FILE *out, const char *name, const struct share *share, uint64_t all)
{
	fprintf(out, "%s %s", name, share->uncounted ? "?" : column_share(share->count, all));
}

static void put_functions(FILE *out, const struct shares *shares, uint64_t all,
			  struct demangler *demangler)
{
	for (size_t i = 0; i < shares->count && i < SHARES_SHOWN; i++) {
		const struct share *share = &shares->share[i];
		char *call = demangle_function(demangler, share->function);

		fputs(i ? ", " : "", out);
		put_share(out, *share->function ? call : "code outside of functions", share, all);
		free(call);
	}
	if (shares->count > SHARES_SHOWN)
		fprintf(out, ", %zu more", shares->count - SHARES_SHOWN);
}

static void put_uses(FILE *out, const struct row *row)
{
	for (size_t i = 0; i < row->uses.count; i++) {
		fputs(i ? ", " : ": ", out);
		put_share(out, use_name(row->uses.share[i].use), &row->uses.share[i], row->reads);
	}
}

/* What the word of the verdict leaves open. */
static void put_verdict(FILE *out, const struct row *row, struct report *report)
{
	char *text = verdict_text(row, report->inputs->profile.runs, &report->demangler);

	if (strcmp(text, verdict_word(row->verdict)))
		fprintf(out, "%s; ", text);
	else if (row->verdict == VERDICT_ARRAY)
		fputs("indexed: counted as a whole, cannot be a patchable; ", out);
	free(text);
}

static void print_details(const struct row *row, struct report *report)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	put_verdict(out, row, report);
	fputs("read by ", out);
	put_functions(out, &row->readers, row->reads, &report->demangler);
	put_uses(out, row);
	if (fclose(out) == 0)
		column_lines(stdout, text, INDENT);
	free(text);
}

static bool is_read(const struct row *row)
{
	return row->verdict != VERDICT_NEVER_READ;
}

/* How many of the rows that are read are shown. */
static size_t shown(const struct rows *rows)
{
	uint64_t left = rows->reads;
	size_t i = 0;

	for (; i < rows->count && (i < ROWS_MIN || left > rows->reads / 100); i++)
		left -= rows->row[i].reads;
	return i;
}

static void print_rest(const struct rows *rows, size_t first)
{
	size_t rest = 0, unread = 0;
	uint64_t reads = 0;

	for (size_t i = 0; i < rows->count; i++) {
		unread += !is_read(&rows->row[i]);
		if (i < first || !is_read(&rows->row[i]))
			continue;
		rest++;
		reads += rows->row[i].reads;
	}
	if (rest)
		printf("%zu more fields have %s of the reads; --json has them all\n", rest,
		       column_share(reads, rows->reads));
	if (unread)
		printf("%zu field%s written and never read\n", unread,
		       unread == 1 ? " was" : "s were");
}

static void print_notes(const struct profile *profile)
{
	if (profile->by_name)
		puts("\nThe program that was counted is another build than this one: variables "
		     "are\n"
		     "found by their names.");
	if (profile->other_build)
		puts("\nCounts of an earlier build of this program are left out.");
	if (profile->other_count)
		puts("\nThe files have counts of these, too; name one as PROGRAM:");
	for (size_t i = 0; i < profile->other_count; i++) {
		column_plain(stdout, profile->others[i]);
		putchar('\n');
	}
}

void report_profile(struct report *report)
{
	const struct rows *rows = &report->rows;
	size_t end = shown(rows);

	print_heading(report);
	for (size_t i = 0; i < end; i++) {
		if (!is_read(&rows->row[i]))
			continue;
		print_numbers(&rows->row[i], rows->reads);
		print_details(&rows->row[i], report);
	}
	print_rest(rows, end);
	print_notes(&report->inputs->profile);
}
