// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A listing in, text for a terminal out: source lines with the code below them, and at the end the
 * loads that stay. Marks tell everything; colours are only added where the output is a terminal and
 * nobody has asked for none (NO_COLOR, see no-color.org).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "columns.h"
#include "error.h"
#include "side_by_side.h"

#define WIDTH_MAX 60 /* of the left column; longer instructions push the right one away */

struct style {
	const char *source, *old, *new, *end;
	int width; /* of the left column */
};

static struct style find_style(void)
{
	const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if ((none && *none) || !isatty(STDOUT_FILENO) || !terminal || !strcmp(terminal, "dumb"))
		return (struct style){"", "", "", "", 0};
	return (struct style){"\033[36m", "\033[31m", "\033[32m", "\033[m", 0};
}

static void print_load(const struct listing_load *load)
{
	column_plain(stdout, load->variable);
	fputs(": load: ", stdout);
	column_plain(stdout, load->reason);
	fputs(*load->advice ? "; " : "", stdout);
	column_plain(stdout, load->advice);
	putchar('\n');
}

static void print_place(const struct listing *listing, const struct listing_inputs *inputs,
			const struct style *style, const struct listing_line *line)
{
	const char *text = source_line(inputs->source, line->file, line->line);

	fputs(style->source, stdout);
	column_plain(stdout, source_file(line->file));
	printf(":%u:%s ", line->line, style->end);
	column_source(stdout, text ? text : "");
	putchar('\n');
	for (size_t i = 0; i < listing->load_count; i++) {
		if (!listing_load_is_at(&listing->loads[i], line->file, line->line))
			continue;
		fputs("          ! ", stdout);
		print_load(&listing->loads[i]);
	}
}

static char mark_of(const struct listing_line *line)
{
	return !line->site ? ' ' : strcmp(line->before, line->after) != 0 ? '|' : '=';
}

static void print_line(const struct style *style, const struct listing_line *line)
{
	char mark = mark_of(line);
	const char *old = mark == '|' ? style->old : "", *new = mark == '|' ? style->new : "";

	printf("%8" PRIx64 "  %s%-*s%s %c", line->address, old, style->width, line->before,
	       *old ? style->end : "", mark);
	if (*line->after)
		printf(" %s%s%s", new, line->after, *new ? style->end : "");
	putchar('\n');
}

static int width_of(const struct listing *listing)
{
	size_t width = strlen("as compiled");

	for (size_t i = 0; i < listing->count; i++) {
		size_t length = strlen(listing->lines[i].before);

		if (length > width && length <= WIDTH_MAX)
			width = length;
	}
	return (int)width;
}

/* Loads whose line is not among those of the code, as far as the debug information tells. */
static void print_other_loads(const struct listing *listing)
{
	for (size_t i = 0; i < listing->load_count; i++) {
		const struct listing_load *load = &listing->loads[i];
		bool shown = false;

		for (size_t j = 0; j < listing->count && !shown; j++)
			shown = listing_load_is_at(load, listing->lines[j].file,
						   listing->lines[j].line);
		if (shown)
			continue;
		fputs("        ! ", stdout);
		if (load->file) {
			column_plain(stdout, source_file(load->file));
			printf(":%u: ", load->line);
		}
		print_load(load);
	}
}

static void print_listing(const struct listing *listing, const struct listing_inputs *inputs)
{
	struct style style = find_style();

	style.width = width_of(listing);
	column_plain(stdout, listing->name);
	printf(": %zu site%s, %zu patched; %zu load%s\n", listing->site_count,
	       listing->site_count == 1 ? "" : "s", listing->patched_count, listing->load_count,
	       listing->load_count == 1 ? " stays" : "s stay");
	printf("          %-*s   as patched\n", style.width, "as compiled");
	for (size_t i = 0; i < listing->count; i++) {
		if (listing_new_place(listing, i))
			print_place(listing, inputs, &style, &listing->lines[i]);
		print_line(&style, &listing->lines[i]);
	}
	print_other_loads(listing);
	putchar('\n');
}

/* The symbol, a part that gcc has split off, or the name in C++, with parameters or without. */
static bool is_named(struct report *report, const char *symbol, const char *name)
{
	size_t length = strlen(name);
	const char *people = demangle(&report->demangler, symbol);

	return (!strncmp(symbol, name, length) && (!symbol[length] || symbol[length] == '.')) ||
	       (!strncmp(people, name, length) && (!people[length] || people[length] == '('));
}

bool side_by_side(const struct listing_inputs *inputs, const char *name)
{
	const struct dump_image *image = &inputs->patched->program->image;
	size_t shown = 0;

	for (size_t i = 0; i < image->functions.count; i++) {
		const struct dump_symbol *function = image->functions.symbol[i];
		struct listing listing;

		if (!is_named(inputs->report, function->name, name))
			continue;
		listing_make(&listing, inputs, function);
		print_listing(&listing, inputs);
		listing_free(&listing);
		shown++;
	}
	if (!shown)
		return report_error(inputs->patched->program->path,
				    "it has no function %s: nm lists those that it has", name);
	printf("Marks: | a site that changes, = a site that stays as it is, ! a load that stays.\n"
	       "Values: %s. Prefixes that only make an instruction longer are left out.\n",
	       inputs->patched->origin ? inputs->patched->origin : "?");
	return true;
}
