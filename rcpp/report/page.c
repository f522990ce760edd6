// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * All of the program in, one page out: how much of it reads settled variables, which variables and
 * functions, and then each function with its code before and after. Style and script are in
 * page.css and page.js; the build puts them into page-parts.h. Without the script the page only
 * lacks sorting and the filter.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "output.h"
#include "html.h"
#include "page.h"
#include "totals.h"
#include "page-parts.h"

/* All functions with sites. */
struct listings {
	struct listing *list;
	size_t count;
};

/* ---- The head ---- */

static void write_head(FILE *out, const char *program)
{
	fputs("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
	      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=color-scheme content=\"light dark\">\n<title>rcpp: ",
	      out);
	html_text(out, program);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", page_css);
	fputs("<header><h1>", out);
	html_text(out, program);
	fputs("</h1>\n", out);
}

static void write_origin(FILE *out, const struct patched *patched)
{
	fputs("<p>Code as compiled, and as <code>rcpp_patch()</code> makes it. Values: ", out);
	html_text(out, patched->origin ? patched->origin : "?");
	fputs(". ", out);
	if (patched->loaded.base)
		fprintf(out,
			"Addresses in values are those of a program that is loaded at "
			"<code>0x%" PRIx64 "</code>.",
			patched->loaded.base);
	fputs("</p></header>\n<main>\n", out);
}

/* ---- Totals ---- */

static void write_tile(FILE *out, size_t count, const char *what)
{
	fprintf(out, "<li><strong>%zu</strong> %s</li>\n", count, what);
}

static void write_tiles(FILE *out, const struct totals *totals, const struct listings *listings,
			const struct report *report)
{
	const struct counts *built = &report->explained;

	fputs("<ul class=tiles>\n", out);
	if (report->inputs->has_explained) {
		write_tile(out, built->sites + built->loads, "references to patchable variables");
		write_tile(out, built->loads, "of them stay loads when compiled");
	}
	write_tile(out, totals->sites, "sites in the program");
	write_tile(out, totals->patched, "of them patched with these values");
	write_tile(out, totals->sites - totals->patched, "of them stay loads with these values");
	write_tile(out, listings->count, "functions with sites");
	write_tile(out, totals->variable_count, "variables and fields");
	fputs("</ul>\n", out);
}

static unsigned percent(size_t part, size_t whole)
{
	return whole ? (unsigned)((100 * part + whole / 2) / whole) : 0;
}

static void write_reason(FILE *out, const struct total_reason *reason, size_t all)
{
	unsigned share = percent(reason->count, all);

	fprintf(out,
		"<tr><td class=number>%zu</td><td class=share><span class=bar style=\"width:%u%%\">"
		"</span>%u %%</td><td>%s</td><td>",
		reason->count, share, share, reason->by_value ? "the value" : "the code");
	html_text(out, reason->reason);
	fputs("</td><td class=advice>", out);
	html_text(out, reason->advice);
	fputs("</td></tr>\n", out);
}

static void write_reason_table(FILE *out, const struct totals *totals)
{
	size_t all = 0;

	for (size_t i = 0; i < totals->reason_count; i++)
		all += totals->reasons[i].count;
	html_table(out, "", "loads|share|because of|reason|what you can do");
	for (size_t i = 0; i < totals->reason_count; i++)
		write_reason(out, &totals->reasons[i], all);
	html_table_end(out);
}

/* Every reference that stayed a load when it was compiled, also in functions without sites. */
static void write_load_list(FILE *out, struct report *report)
{
	const struct explained *explained = &report->inputs->explained;

	if (!report->explained.loads)
		return;
	fputs("<details><summary>All references that stay loads when compiled</summary>\n"
	      "<ul class=loads>\n",
	      out);
	for (size_t i = 0; i < explained->count; i++) {
		const struct explained_line *line = &explained->lines[i];

		if (line->form || line->written || !line->reason)
			continue;
		fputs("<li>", out);
		html_text(out, line->file);
		fprintf(out, ":%u: <code>", line->line);
		html_text(out, demangle(&report->demangler, line->function));
		fputs("</code>: <code>", out);
		html_owned(out, report_line_variable(report, line));
		fputs("</code>: ", out);
		html_text(out, line->reason);
		fputs("</li>\n", out);
	}
	fputs("</ul></details>\n", out);
}

static void write_reasons(FILE *out, const struct totals *totals, struct report *report)
{
	fputs("<section><h2>Loads that stay</h2>\n", out);
	if (!report->inputs->has_explained)
		fputs("<p>What stayed a load when the program was compiled is known by the files "
		      "of "
		      "<code>-Wr,--explain=FILE</code>: name them behind the program.</p>\n",
		      out);
	else if (!totals->reason_count)
		fputs("<p>None.</p>\n", out);
	if (totals->reason_count)
		write_reason_table(out, totals);
	write_load_list(out, report);
	fputs("</section>\n", out);
}

/* ---- Variables ---- */

static void write_value(FILE *out, const struct total_variable *variable,
			const struct disassembly *disassembly)
{
	char name[DISASSEMBLY_SIZE];

	if (!variable->known) {
		fputs("<td data-sort=0>not known</td><td></td>", out);
		return;
	}
	fprintf(out,
		"<td class=number data-sort=%" PRId64 ">%" PRId64 "</td>"
		"<td class=number><code>0x%" PRIx64 "</code>",
		(int64_t)variable->value, (int64_t)variable->value, variable->value);
	if (disassembly_name(disassembly, variable->value, name)) {
		fputs("<br><code class=remark>", out);
		html_text(out, name);
		fputs("</code>", out);
	}
	fputs("</td>", out);
}

static void write_variable(FILE *out, const struct total_variable *variable,
			   const struct disassembly *disassembly)
{
	fputs("<tr><td><code>", out);
	html_text(out, variable->name);
	fputs("</code></td>", out);
	if (variable->width)
		fprintf(out, "<td class=number>%u</td>", variable->width);
	else
		fputs("<td></td>", out);
	write_value(out, variable, disassembly);
	fprintf(out,
		"<td class=number>%zu</td><td class=number>%zu</td><td class=number>%zu</td>"
		"</tr>\n",
		variable->sites, variable->patched,
		variable->loads + variable->sites - variable->patched);
}

static void write_variables(FILE *out, const struct totals *totals,
			    const struct disassembly *disassembly)
{
	fputs("<section><h2>Variables</h2>\n", out);
	html_table(out, " class=sortable",
		   "variable|bytes|value|in hexadecimal|sites|patched|loads that stay");
	for (size_t i = 0; i < totals->variable_count; i++)
		write_variable(out, &totals->variables[i], disassembly);
	html_table_end(out);
	fputs("</section>\n", out);
}

/* ---- Functions ---- */

static const char *file_of(const struct listing *listing)
{
	return listing->count && listing->lines[0].file ? source_file(listing->lines[0].file) : "";
}

static void write_function_row(FILE *out, const struct listing *listing, size_t number)
{
	fprintf(out, "<tr><td><a href=\"#f%zu\"><code>", number);
	html_text(out, listing->name);
	fputs("</code></a></td><td>", out);
	html_text(out, file_of(listing));
	fprintf(out,
		"</td><td class=number>%zu</td><td class=number>%zu</td><td class=number>%zu</td>"
		"<td class=number>%" PRIu64 "</td></tr>\n",
		listing->site_count, listing->patched_count, listing->load_count,
		listing->stop - listing->function->value);
}

static void write_function_table(FILE *out, const struct listings *listings)
{
	fputs("<section id=functions><h2>Functions with sites</h2>\n"
	      "<p class=filter hidden><label>Show functions with <input type=search id=filter> in "
	      "their names</label> <span role=status id=shown></span></p>\n",
	      out);
	html_table(out, " class=sortable", "function|file|sites|patched|loads that stay|bytes");
	for (size_t i = 0; i < listings->count; i++)
		write_function_row(out, &listings->list[i], i);
	html_table_end(out);
	fputs("</section>\n", out);
}

static void write_functions(FILE *out, const struct listings *listings,
			    const struct listing_inputs *inputs)
{
	write_function_table(out, listings);
	fputs("<section><h2>Code</h2>\n<p>Marks: <span class=mark>site</span> changes when the "
	      "program is patched, <span class=mark>same</span> is a site that stays as it is, "
	      "<span class=mark>load</span> is a reference that goes on reading memory. Code "
	      "without a mark is the same before and after. Prefixes that only make an "
	      "instruction longer are left out, and NOPs in a row are one.</p>\n",
	      out);
	for (size_t i = 0; i < listings->count; i++)
		page_function(out, &listings->list[i], inputs, i);
	fputs("</section>\n", out);
}

/* ---- All of it ---- */

static void make_listings(struct listings *listings, const struct listing_inputs *inputs)
{
	const struct dump_symbol *function;
	size_t at = 0;

	while ((function = listing_next_function(inputs->patched, &at))) {
		listings->list =
			dump_grow(listings->list, listings->count + 1, sizeof(*listings->list));
		listing_make(&listings->list[listings->count++], inputs, function);
	}
}

static void write_page(FILE *out, const struct listing_inputs *inputs)
{
	struct listings listings = {.list = NULL};
	struct totals totals;

	make_listings(&listings, inputs);
	totals_make(&totals, inputs->patched, inputs->report);
	write_head(out, source_file(inputs->patched->program->path));
	write_origin(out, inputs->patched);
	write_tiles(out, &totals, &listings, inputs->report);
	if (inputs->report->inputs->has_profile)
		page_profile(out, inputs->report);
	write_reasons(out, &totals, inputs->report);
	if (totals.variable_count)
		write_variables(out, &totals, inputs->disassembly);
	if (listings.count)
		write_functions(out, &listings, inputs);
	fprintf(out, "</main>\n<footer><p>Made by rcpp-report %s.</p></footer>\n", RCPP_VERSION);
	fprintf(out, "<script>\n%s</script>\n</body>\n</html>\n", page_js);
	totals_free(&totals);
	for (size_t i = 0; i < listings.count; i++)
		listing_free(&listings.list[i]);
	free(listings.list);
}

bool page_write(const struct listing_inputs *inputs, const char *file)
{
	struct output output;
	bool written = output_open(&output, file);

	if (written)
		write_page(output.file, inputs);
	return output_close(&output, file, written) && written
		       ? true
		       : report_error(file, "cannot write it: %s: give another file",
				      strerror(errno));
}
