// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A function in, its listing out. Both texts are decoded from the function's start on. They differ
 * in sites only, so they are in step outside of them: an address has a line if an instruction of
 * either text begins there. NOPs that follow each other are one line.
 */
#include <stdlib.h>
#include <string.h>

#include "listing.h"

/* Where one of the two texts is. */
struct cursor {
	uint64_t next; /* where the next instruction begins */
	bool patched;
};

/* ---- Code ---- */

/* A function without a size, from assembly, ends where the next one begins, or its section. */
static uint64_t end_of(const struct dump_image *image, const struct dump_symbol *function)
{
	size_t section = dump_section_at(image, function->value);
	uint64_t stop = function->value + function->size;

	if (function->size || !section)
		return stop;
	stop = image->sections[section].header.sh_addr + image->sections[section].header.sh_size;
	for (size_t i = 0; i < image->functions.count; i++) {
		uint64_t value = image->functions.symbol[i]->value;

		if (value > function->value && value < stop)
			stop = value;
	}
	return stop;
}

static const uint8_t *bytes_at(const struct patched *patched, const struct cursor *cursor,
			       size_t *size)
{
	const struct dump_place place = {0, cursor->next};
	const uint8_t *bytes = dump_bytes(&patched->program->image, place, size);

	return cursor->patched && bytes ? loaded_at(&patched->loaded, cursor->next, *size) : bytes;
}

/* The instruction at the cursor, which moves behind it; NULL at the end. In new memory. */
static char *decode(const struct listing *listing, const struct listing_inputs *inputs,
		    struct cursor *cursor)
{
	char text[DISASSEMBLY_SIZE];
	size_t size;
	const uint8_t *bytes = bytes_at(inputs->patched, cursor, &size);
	char *copy;

	if (!bytes) {
		cursor->next = listing->stop;
		return NULL;
	}
	if (size > listing->stop - cursor->next)
		size = listing->stop - cursor->next;
	cursor->next += disassembly_of(inputs->disassembly, cursor->next, bytes, size, text);
	copy = dump_allocate(strlen(text) + 1, 1);
	return strcpy(copy, text);
}

/* The site that holds the address. */
static const struct patched_site *site_at(const struct patched *patched, uint64_t address)
{
	size_t count;
	const struct patched_site *sites =
		patched_between(patched, address < RCPP_SITE_MAX ? 0 : address - RCPP_SITE_MAX + 1,
				address + 1, &count);
	const struct patched_site *last = count ? &sites[count - 1] : NULL;

	return last && address - last->row->address < last->row->length ? last : NULL;
}

/* A prefix that stands in front of a site belongs to the instruction that begins with it. */
static const struct patched_site *site_of_line(const struct patched *patched, uint64_t address,
					       uint64_t behind)
{
	const struct patched_site *site = site_at(patched, address);

	return site || behind <= address ? site : site_at(patched, behind - 1);
}

static struct listing_line *add_line(struct listing *listing)
{
	if (listing->count % 64 == 0)
		listing->lines =
			dump_grow(listing->lines, listing->count + 64, sizeof(*listing->lines));
	listing->lines[listing->count] = (struct listing_line){.address = 0};
	return &listing->lines[listing->count++];
}

/* The next line of both texts. */
static void decode_line(struct listing *listing, const struct listing_inputs *inputs,
			struct cursor *before, struct cursor *after)
{
	struct listing_line *line = add_line(listing);

	line->address = before->next < after->next ? before->next : after->next;
	if (before->next == line->address)
		line->before = decode(listing, inputs, before);
	if (after->next == line->address)
		line->after = decode(listing, inputs, after);
	line->site = site_of_line(inputs->patched, line->address,
				  before->next < after->next ? before->next : after->next);
	line->file = source_place(inputs->source, line->address, &line->line);
}

static bool is_nop(const char *text)
{
	return text && !strcmp(text, "nop");
}

/* Nothing, or one more NOP behind a NOP. */
static bool adds_nothing(const char *last, const char *next)
{
	return !next || (is_nop(next) && is_nop(last));
}

/* The NOPs that stand last in each of the texts go on in this line: leave it out. */
static void merge_nops(struct listing *listing, const char **before, const char **after)
{
	struct listing_line *line = &listing->lines[listing->count - 1];
	bool nothing = adds_nothing(*before, line->before) && adds_nothing(*after, line->after) &&
		       (line->before || line->after);

	if (!nothing || listing->count < 2 || line[-1].site != line->site) {
		*before = line->before ? line->before : *before;
		*after = line->after ? line->after : *after;
		return;
	}
	free(line->before);
	free(line->after);
	listing->count--;
}

static void decode_all(struct listing *listing, const struct listing_inputs *inputs)
{
	struct cursor before = {.next = listing->function->value};
	struct cursor after = {.next = listing->function->value, .patched = true};
	const char *last_before = NULL, *last_after = NULL;

	while (before.next < listing->stop || after.next < listing->stop) {
		decode_line(listing, inputs, &before, &after);
		merge_nops(listing, &last_before, &last_after);
	}
}

/* ---- Loads that stay ---- */

static void add_load(struct listing *listing, struct listing_load load)
{
	if (listing->load_count % 16 == 0)
		listing->loads = dump_grow(listing->loads, listing->load_count + 16,
					   sizeof(*listing->loads));
	listing->loads[listing->load_count++] = load;
}

static void add_site_load(struct listing *listing, const struct listing_inputs *inputs,
			  const struct patched_site *site)
{
	struct listing_load load = {
		.variable = report_site_variable(inputs->report, site->row),
		.reason = site->reason,
		.advice = site->advice,
		.by_value = true,
	};

	load.file = source_place(inputs->source, site->row->address, &load.line);
	add_load(listing, load);
}

static void add_sites(struct listing *listing, const struct listing_inputs *inputs)
{
	size_t count;
	const struct patched_site *sites =
		patched_between(inputs->patched, listing->function->value, listing->stop, &count);

	for (size_t i = 0; i < count; i++) {
		listing->site_count += !sites[i].consumer;
		listing->patched_count += !sites[i].consumer && sites[i].holds;
		if (sites[i].reason)
			add_site_load(listing, inputs, &sites[i]);
	}
}

static void add_explained(struct listing *listing, struct report *report)
{
	const struct explained *explained = &report->inputs->explained;

	for (size_t i = 0; i < explained->count; i++) {
		const struct explained_line *line = &explained->lines[i];

		if (!line->form && !line->written && line->reason &&
		    !strcmp(line->function, listing->function->name))
			add_load(listing, (struct listing_load){
						  .file = line->file,
						  .line = line->line,
						  .variable = report_line_variable(report, line),
						  .reason = line->reason,
						  .advice = line->advice ? line->advice : "",
					  });
	}
}

bool listing_load_is_at(const struct listing_load *load, const char *file, unsigned line)
{
	return load->file && file && load->line == line &&
	       !strcmp(source_file(load->file), source_file(file));
}

/* ---- All of it ---- */

void listing_make(struct listing *listing, const struct listing_inputs *inputs,
		  const struct dump_symbol *function)
{
	*listing = (struct listing){
		.function = function,
		.name = demangle(&inputs->report->demangler, function->name),
		.stop = end_of(&inputs->patched->program->image, function),
	};
	decode_all(listing, inputs);
	for (size_t i = 0; i < listing->count; i++) {
		struct listing_line *line = &listing->lines[i];

		line->before = line->before ? line->before : dump_allocate(1, 1);
		line->after = line->after ? line->after : dump_allocate(1, 1);
	}
	add_sites(listing, inputs);
	add_explained(listing, inputs->report);
}

void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		free(listing->lines[i].before);
		free(listing->lines[i].after);
	}
	for (size_t i = 0; i < listing->load_count; i++)
		free(listing->loads[i].variable);
	free(listing->lines);
	free(listing->loads);
}

const struct dump_symbol *listing_next_function(const struct patched *patched, size_t *at)
{
	const struct dump_image *image = &patched->program->image;

	while (*at < patched->count) {
		const struct dump_symbol *function = dump_find_symbol(
			image, &image->functions,
			(struct dump_place){0, patched->sites[(*at)++].row->address});
		uint64_t stop = function ? end_of(image, function) : 0;

		while (*at < patched->count && patched->sites[*at].row->address < stop)
			++*at;
		if (function)
			return function;
	}
	return NULL;
}

bool listing_new_place(const struct listing *listing, size_t number)
{
	const struct listing_line *line = &listing->lines[number];

	return line->file && (!number || !line[-1].file || line->line != line[-1].line ||
			      strcmp(line->file, line[-1].file) != 0);
}
