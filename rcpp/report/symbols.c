// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The rows of a profile in, a list for rcpp --symbols-from out, the most valuable first. Settled
 * fields, and those that nothing has written, are entries. A field that a single write unsettles is
 * a comment: it is worth it once that write goes through RCPP_SET(). So is one that looks settled,
 * except that uncounted code may write it, and one whose name means another variable in another
 * file, since a list is for all files.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "summary.h"

static bool is_worth(const struct row *row)
{
	return row->verdict == VERDICT_SETTLED || row->verdict == VERDICT_NEVER_WRITTEN;
}

/* Only what a list can name: neither a place before a symbol, nor what a compiler names for itself.
 */
static bool has_name(const struct row *row)
{
	for (const char *at = row->symbol; *at; at++)
		if ((unsigned char)*at <= ' ' || strchr("#,+", *at))
			return false;
	return *row->symbol && strncmp(row->symbol, ".L", 2) && row->size && row->offset >= 0 &&
	       !strpbrk(row->symbol, "#, \t\n+");
}

static bool overlap(const struct row *one, const struct row *other)
{
	return one->offset < other->offset + (int64_t)other->size &&
	       other->offset < one->offset + (int64_t)one->size;
}

/* Whether two rows are of two variables: files may have one name, but not one address. */
static bool is_another(const struct row *one, const struct row *other)
{
	return one->variable != other->variable || strcmp(one->unit, other->unit);
}

/* What else the entry would mark; NULL: nothing. */
static const struct row *find_other(const struct rows *rows, const struct row *row)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *other = &rows->row[i];

		if (is_another(other, row) && !is_worth(other) && other->writers.count &&
		    !strcmp(other->symbol, row->symbol) && overlap(other, row))
			return other;
	}
	return NULL;
}

/* Two units' variables of one name are one entry. */
static bool is_listed(const struct rows *rows, const struct row *row)
{
	for (const struct row *other = rows->row; other < row; other++)
		if (is_worth(other) && !strcmp(other->symbol, row->symbol) &&
		    other->offset == row->offset && other->size == row->size)
			return true;
	return false;
}

static char *entry_text(const struct row *row)
{
	char *text;

	if ((row->whole ? asprintf(&text, "%s", row->symbol)
			: asprintf(&text, "%s+%" PRId64 ":%" PRIu64, row->symbol, row->offset,
				   row->size)) < 0)
		text = dump_allocate(1, 1);
	return text;
}

/* The name may hold anything: a newline in it must not begin an entry. */
static void print_entry(struct report *report, const struct row *row, bool comment)
{
	char *text = entry_text(row);
	char *verdict = verdict_text(row, report->inputs->profile.runs, &report->demangler);
	const struct row *other = find_other(&report->rows, row);

	printf("%s%-30s # ", comment || other ? "# " : "", text);
	column_plain(stdout, row->name);
	printf(", %s reads: ", column_count(row->reads));
	column_plain(stdout, verdict);
	if (other) {
		fputs("; ", stdout);
		column_plain(stdout, *other->unit ? other->unit : "another unit");
		fputs(" has another variable of this name", stdout);
	}
	putchar('\n');
	free(verdict);
	free(text);
}

void report_symbols(struct report *report)
{
	const struct rows *rows = &report->rows;

	puts("# Settled variables, the most valuable first: a list for rcpp --symbols-from.\n"
	     "# A name in a comment is one that the verdict behind it keeps out.");
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];
		bool comment = row->verdict == VERDICT_ONE_WRITE ||
			       (row->verdict == VERDICT_UNKNOWN && row->looks_settled);

		if ((comment || is_worth(row)) && row->reads && has_name(row) &&
		    !is_listed(rows, row))
			print_entry(report, row, comment);
	}
}
