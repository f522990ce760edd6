// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The rows of a profile in, a table of the page out: how often each field is read, when it was last
 * written, and the verdict. The rows with most reads come first; the page has enough of them that
 * the others are not missed.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "html.h"
#include "page.h"

#define ROWS_MAX      200
#define READERS_SHOWN 3

static double share_of(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void write_last(FILE *out, const struct row *row)
{
	if (row->verdict == VERDICT_UNKNOWN)
		fputs("<td data-sort=0>not known</td>", out);
	else if (!row->writes)
		fputs("<td data-sort=0>never</td>", out);
	else
		fprintf(out, "<td class=number data-sort=%f>%.3f s</td>", row->last, row->last);
}

static void write_readers(FILE *out, const struct row *row, struct report *report)
{
	fputs("<td>", out);
	for (size_t i = 0; i < row->readers.count && i < READERS_SHOWN; i++) {
		const struct share *share = &row->readers.share[i];

		fputs(i ? ", <code>" : "<code>", out);
		html_owned(out, demangle_function(&report->demangler, share->function));
		fprintf(out, "</code> %.0f %%", share_of(share->count, row->reads));
	}
	if (row->readers.count > READERS_SHOWN)
		fprintf(out, ", %zu more", row->readers.count - READERS_SHOWN);
	fputs("</td>", out);
}

static void write_row(FILE *out, const struct row *row, struct report *report)
{
	double share = share_of(row->reads, report->rows.reads);

	fputs("<tr><td><code>", out);
	html_text(out, row->name);
	fprintf(out,
		"</code></td><td class=number>%" PRIu64 "</td><td class=share data-sort=%f>"
		"<span class=bar style=\"width:%.0f%%\"></span>%.1f %%</td>",
		row->reads, share, share, share);
	write_last(out, row);
	fputs("<td>", out);
	html_owned(out, verdict_text(row, report->inputs->profile.runs, &report->demangler));
	fputs("</td>", out);
	write_readers(out, row, report);
	fputs("</tr>\n", out);
}

void page_profile(FILE *out, struct report *report)
{
	const struct rows *rows = &report->rows;
	size_t count = rows->count < ROWS_MAX ? rows->count : ROWS_MAX;

	fputs("<section><h2>Which variables are worth it</h2>\n", out);
	fprintf(out,
		"<p>The profile has %" PRIu64 " reads of %zu fields, in %" PRIu64 " run%s. A field "
		"that is read often, and was written last while the program started, is worth "
		"patching.</p>\n",
		rows->reads, rows->count, report->inputs->profile.runs,
		report->inputs->profile.runs == 1 ? "" : "s");
	html_table(out, " class=sortable", "variable|reads|share|last write|verdict|read by");
	for (size_t i = 0; i < count; i++)
		write_row(out, &rows->row[i], report);
	html_table_end(out);
	if (count < rows->count)
		fprintf(out, "<p>%zu more: <code>rcpp-report --json</code> has them.</p>\n",
			rows->count - count);
	fputs("</section>\n", out);
}
