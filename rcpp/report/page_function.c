// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A listing in, a section of the page out: its code (page_code.c), and the function's sites with
 * their values and forms.
 */
#include <inttypes.h>

#include "html.h"
#include "page.h"

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

	fputs("<details><summary>Its sites, their values and forms</summary>\n", out);
	html_table(out, "", "address|variable|value|becomes|form: what it may become, in order");
	for (size_t i = 0; i < count; i++)
		write_site(out, &sites[i], inputs->report);
	html_table_end(out);
	fputs("</details>\n", out);
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
	page_code(out, listing, inputs);
	write_sites(out, listing, inputs);
	fputs("</section>\n", out);
}
