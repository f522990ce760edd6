// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A listing in, a table of the page out: source lines with the code below them, as compiled and as
 * patched. A word marks each site, so that nothing depends on colour. Only sites and loads are rows
 * with cells: nearly all code is the same before and after, and as text in one cell it takes a
 * quarter of the bytes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "page.h"

#define COLUMNS 4
#define AROUND	3 /* lines that are shown in front of a site and behind it */
#define FOLD	8 /* folding fewer lines would save nothing */

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

/* What a listing consists of, from top to bottom. */
enum kind {
	SOURCE, /* a line of the source, */
	CODE,	/* and code that is the same before and after: both are only text */
	SITE,
	LOAD,
};

struct item {
	enum kind kind;
	const struct listing_line *line; /* not of a load */
	const struct listing_load *load;
};

struct items {
	struct item *item;
	size_t count;
};

static void add_item(struct items *items, struct item item)
{
	if (items->count % 64 == 0)
		items->item = dump_grow(items->item, items->count + 64, sizeof item);
	items->item[items->count++] = item;
}

static void add_place(struct items *items, const struct listing *listing,
		      const struct listing_line *line)
{
	add_item(items, (struct item){.kind = SOURCE, .line = line});
	for (size_t i = 0; i < listing->load_count; i++)
		if (listing_load_is_at(&listing->loads[i], line->file, line->line))
			add_item(items, (struct item){.kind = LOAD, .load = &listing->loads[i]});
}

static bool has_place(const struct listing *listing, const struct listing_load *load)
{
	for (size_t i = 0; i < listing->count; i++)
		if (listing_load_is_at(load, listing->lines[i].file, listing->lines[i].line))
			return true;
	return false;
}

/* Loads that belong to no line of the code come last. */
static void add_items(struct items *items, const struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct listing_line *line = &listing->lines[i];

		if (listing_new_place(listing, i))
			add_place(items, listing, line);
		add_item(items, (struct item){.kind = line->site ? SITE : CODE, .line = line});
	}
	for (size_t i = 0; i < listing->load_count; i++)
		if (!has_place(listing, &listing->loads[i]))
			add_item(items, (struct item){.kind = LOAD, .load = &listing->loads[i]});
}

/* What stands behind '#', a name, is a remark, not code. */
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

static void write_site_line(FILE *out, const struct listing_line *line)
{
	bool differs = strcmp(line->before, line->after) != 0;

	fprintf(out, "<tr class=%s><td class=address>%" PRIx64 "</td><td class=mark>%s</td>",
		differs ? "changes" : "same", line->address, differs ? "site" : "same");
	write_code(out, "before", line->before);
	write_code(out, "after", line->after);
	fputs("</tr>\n", out);
}

static void write_load_line(FILE *out, const struct listing *listing,
			    const struct listing_load *load)
{
	fprintf(out, "<tr class=load><td colspan=%d>", COLUMNS);
	if (load->file && !has_place(listing, load)) {
		html_text(out, source_file(load->file));
		fprintf(out, ":%u: ", load->line);
	}
	write_load(out, load);
	fputs("</td></tr>\n", out);
}

/* The whole path only where the file is another one than that of the source line before. */
static void write_source(FILE *out, const struct listing_inputs *inputs,
			 const struct listing_line *line, const char **file)
{
	const char *text = source_line(inputs->source, line->file, line->line);

	fputs("<b", out);
	if (!*file || strcmp(*file, line->file) != 0) {
		fputs(" title=\"", out);
		html_text(out, line->file);
		fputs("\"", out);
	}
	*file = line->file;
	fputs(">", out);
	html_text(out, source_file(line->file));
	fprintf(out, ":%u ", line->line);
	html_text(out, text ? text + strspn(text, " \t") : "");
	fputs("\n</b>", out); /* within the <b>, a block: behind it there would be an empty line */
}

/* Lines without cells, which are the same before and after. */
static void write_text(FILE *out, const struct listing_inputs *inputs, const struct item *item,
		       size_t count, const char **file)
{
	if (!count)
		return;
	fputs("<pre>\n", out);
	for (size_t i = 0; i < count; i++) {
		if (item[i].kind == SOURCE) {
			write_source(out, inputs, item[i].line, file);
			continue;
		}
		fprintf(out, "%" PRIx64 "  ", item[i].line->address);
		html_text(out, item[i].line->before);
		fputs("\n", out);
	}
	fputs("</pre>", out);
}

static bool is_text(const struct items *items, size_t number)
{
	return items->item[number].kind == SOURCE || items->item[number].kind == CODE;
}

/* Text up to the next line with a mark. If it is long, its middle is folded. */
static size_t write_stretch(FILE *out, const struct listing_inputs *inputs,
			    const struct items *items, size_t first, const char **file)
{
	const struct item *item = items->item;
	size_t end = first, from, to;

	while (end < items->count && is_text(items, end))
		end++;
	from = first && end - first > AROUND ? first + AROUND : first;
	to = end < items->count && end - from > AROUND ? end - AROUND : end;
	while (to > from && to < end && item[to].kind != SOURCE && item[to].line->file)
		to--;
	if (to < from + FOLD)
		to = from = end;
	fprintf(out, "<tr class=text><td colspan=%d>", COLUMNS);
	write_text(out, inputs, item + first, from - first, file);
	if (to > from) {
		fprintf(out, "<details><summary>%zu lines without sites</summary>", to - from);
		write_text(out, inputs, item + from, to - from, file);
		fputs("</details>", out);
	}
	write_text(out, inputs, item + to, end - to, file);
	fputs("</td></tr>\n", out);
	return end;
}

static void write_items(FILE *out, const struct listing *listing,
			const struct listing_inputs *inputs, const struct items *items)
{
	const char *file = NULL;

	for (size_t i = 0; i < items->count;) {
		const struct item *item = &items->item[i];

		if (is_text(items, i)) {
			i = write_stretch(out, inputs, items, i, &file);
			continue;
		}
		if (item->kind == SITE)
			write_site_line(out, item->line);
		else
			write_load_line(out, listing, item->load);
		i++;
	}
}

void page_code(FILE *out, const struct listing *listing, const struct listing_inputs *inputs)
{
	struct items items = {0};

	fputs("<div class=scroll tabindex=0 role=region aria-label=\"Code of ", out);
	html_text(out, listing->name);
	fputs("\"><table class=code>", out);
	html_heads(out, "address|site|as compiled|as patched");
	add_items(&items, listing);
	write_items(out, listing, inputs, &items);
	free(items.item);
	html_table_end(out);
}
