// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A listing in, a section of the page out: source lines with the code below them, as compiled and
 * as patched, and the function's sites with their values and forms. A word marks each site, so that
 * nothing depends on colours.
 */
#include <inttypes.h>
#include <string.h>

#include "html.h"
#include "page.h"

#define COLUMNS 4

static void write_load(FILE *out, const struct listing_load *load)
{
	fputs("<span class=mark>load</span> <code>", out);
	html_text(out, load->variable);
	fputs("</code> stays: ", out);
	html_text(out, load->reason);
	if (*load->advice) {
		fputs(". <span class=advice>", out);
		html_text(out, load->advice);
		fputs(".</span>", out);
	}
}

/* ---- Code ---- */

static void write_loads_at(FILE *out, const struct listing *listing, const char *file,
			   unsigned line)
{
	for (size_t i = 0; i < listing->load_count; i++) {
		if (!listing_load_is_at(&listing->loads[i], file, line))
			continue;
		fprintf(out, "<tr class=load><td colspan=%d>", COLUMNS);
		write_load(out, &listing->loads[i]);
		fputs("</td></tr>\n", out);
	}
}

static void write_place(FILE *out, const struct listing *listing,
			const struct listing_inputs *inputs, const struct listing_line *line)
{
	const char *text = source_line(inputs->source, line->file, line->line);

	fprintf(out, "<tr class=source><th colspan=%d scope=rowgroup title=\"", COLUMNS);
	html_text(out, line->file);
	fputs("\"><span class=place>", out);
	html_text(out, source_file(line->file));
	fprintf(out, ":%u</span> <code>", line->line);
	html_text(out, text ? text + strspn(text, " \t") : "");
	fputs("</code></th></tr>\n", out);
	write_loads_at(out, listing, line->file, line->line);
}

/* The name behind '#' is a remark, not code. */
static void write_code(FILE *out, const char *kind, const char *text)
{
	const char *remark = strstr(text, " # ");

	fprintf(out, "<td class=%s>", kind);
	if (*text) {
		char code[DISASSEMBLY_SIZE];

		snprintf(code, sizeof(code), "%.*s",
			 (int)(remark ? (size_t)(remark - text) : strlen(text)), text);
		fputs(strcmp(text, "nop") != 0 ? "<code>" : "<code class=nop>", out);
		html_text(out, code);
		fputs("</code>", out);
	}
	if (remark) {
		fputs(" <span class=remark>", out);
		html_text(out, remark + 1);
		fputs("</span>", out);
	}
	fputs("</td>", out);
}

static void write_line(FILE *out, const struct listing_line *line)
{
	bool differs = strcmp(line->before, line->after) != 0;
	const char *word = !line->site ? "" : differs ? "site" : "same";

	fprintf(out, "<tr%s><td class=address>%" PRIx64 "</td><td class=mark>%s</td>",
		line->site ? differs ? " class=changes" : " class=same" : "", line->address, word);
	write_code(out, "before", line->before);
	write_code(out, "after", line->after);
	fputs("</tr>\n", out);
}

static bool has_place(const struct listing *listing, const struct listing_load *load)
{
	for (size_t i = 0; i < listing->count; i++)
		if (listing_load_is_at(load, listing->lines[i].file, listing->lines[i].line))
			return true;
	return false;
}

/* Loads that no line of the code leads to. */
static void write_other_loads(FILE *out, const struct listing *listing)
{
	for (size_t i = 0; i < listing->load_count; i++) {
		const struct listing_load *load = &listing->loads[i];

		if (has_place(listing, load))
			continue;
		fprintf(out, "<tr class=load><td colspan=%d>", COLUMNS);
		if (load->file) {
			html_text(out, source_file(load->file));
			fprintf(out, ":%u: ", load->line);
		}
		write_load(out, load);
		fputs("</td></tr>\n", out);
	}
}

static void write_listing(FILE *out, const struct listing *listing,
			  const struct listing_inputs *inputs)
{
	fputs("<div class=scroll tabindex=0 role=region aria-label=\"Code of ", out);
	html_text(out, listing->name);
	fputs("\"><table class=code>\n<thead><tr><th scope=col>address</th><th scope=col>site</th>"
	      "<th scope=col>as compiled</th><th scope=col>as patched</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < listing->count; i++) {
		if (listing_new_place(listing, i))
			write_place(out, listing, inputs, &listing->lines[i]);
		write_line(out, &listing->lines[i]);
	}
	write_other_loads(out, listing);
	fputs("</tbody></table></div>\n", out);
}

/* ---- Sites ---- */

static void write_value(FILE *out, const struct patched_site *site)
{
	if (!site->known || site->consumer)
		fputs("<td></td>", out);
	else
		fprintf(out, "<td class=number>%" PRId64 "<br><code>0x%" PRIx64 "</code></td>",
			(int64_t)site->value, site->value);
}

static void write_outcome(FILE *out, const struct patched_site *site)
{
	const struct dump_alternative *holds = &site->form->alternatives[site->holds];
	char text[DISASSEMBLY_SIZE];

	fputs("<td>", out);
	snprintf(text, sizeof(text), "%.*s", (int)holds->text_length, holds->text);
	if (!site->holds && site->consumer)
		fputs("as it was", out);
	else if (!site->holds)
		fputs("a load", out);
	else if (site->empty)
		fputs("nothing", out);
	else {
		fputs("<code>", out);
		html_text(out, text);
		fputs("</code>", out);
	}
	fputs("</td>", out);
}

static void write_site(FILE *out, const struct patched_site *site, struct report *report)
{
	fprintf(out, "<tr><td class=address>%" PRIx64 "</td><td><code>", site->row->address);
	if (site->consumer)
		fputs("</code>belongs to the site above", out);
	else
		html_owned(out, report_site_variable(report, site->row));
	fputs(site->consumer ? "</td>" : "</code></td>", out);
	write_value(out, site);
	write_outcome(out, site);
	fputs("<td><code>", out);
	html_text(out, site->form->text);
	fputs("</code></td></tr>\n", out);
}

static void write_sites(FILE *out, const struct listing *listing,
			const struct listing_inputs *inputs)
{
	size_t count;
	const struct patched_site *sites =
		patched_between(inputs->patched, listing->function->value, listing->stop, &count);

	fputs("<details><summary>Its sites, their values and forms</summary>\n"
	      "<div class=scroll tabindex=0><table><thead><tr><th scope=col>address</th>"
	      "<th scope=col>variable</th><th scope=col>value</th><th scope=col>becomes</th>"
	      "<th scope=col>form: what it may become, in order</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < count; i++)
		write_site(out, &sites[i], inputs->report);
	fputs("</tbody></table></div></details>\n", out);
}

void page_function(FILE *out, const struct listing *listing, const struct listing_inputs *inputs,
		   size_t number)
{
	fprintf(out, "<section class=function id=f%zu><h3><code>", number);
	html_text(out, listing->name);
	fputs("</code> <span class=counts>", out);
	html_count(out, listing->site_count, "site");
	fprintf(out, ", %zu patched; ", listing->patched_count);
	html_count(out, listing->load_count, "load");
	fprintf(out, " stay%s</span> <a class=up href=\"#functions\">to the list</a></h3>\n",
		listing->load_count == 1 ? "s" : "");
	write_listing(out, listing, inputs);
	write_sites(out, listing, inputs);
	fputs("</section>\n", out);
}
