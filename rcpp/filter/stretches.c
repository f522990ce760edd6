// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include "memory.h"
#include "stretches.h"
#include "target.h"

#define STRETCH_MIN 12 /* statements; fewer are not worth an entry */

/* In lower case only: what is not found here is just read twice. */
static bool is_among(struct span name, const struct span *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (name.length == list[i].length && name.text[1] == list[i].text[1] &&
		    !memcmp(name.text, list[i].text, name.length))
			return true;
	return false;
}

/* What compilers write most; .loc is for itself in function_skip(). */
static enum quiet directive_quiet(struct span name)
{
	static const struct span simple[] = {
		SPAN(".loc"),  SPAN(".long"),	 SPAN(".uleb128"), SPAN(".quad"),  SPAN(".string"),
		SPAN(".size"), SPAN(".sleb128"), SPAN(".ascii"),   SPAN(".asciz"), SPAN(".zero")};
	static const struct span counting[] = {SPAN(".byte"), SPAN(".p2align"), SPAN(".value"),
					       SPAN(".short"), SPAN(".align")};

	if ((name.length > 5 && !memcmp(name.text, ".cfi_", 5)) ||
	    is_among(name, simple, sizeof simple / sizeof *simple))
		return QUIET_YES;
	return is_among(name, counting, sizeof counting / sizeof *counting) ? QUIET_COUNTS
									    : QUIET_NO;
}

enum quiet statement_quiet(const struct statement *statement, const struct section *section)
{
	bool locks;

	switch (statement->kind) {
	case STATEMENT_LABEL:
		return section->marked ? QUIET_NO : QUIET_YES;
	case STATEMENT_INSTRUCTION: /* behind a prefix that stands alone the next one is no site */
		return processor.is_prefix(statement, &locks) ? QUIET_NO : QUIET_YES;
	case STATEMENT_DIRECTIVE:
		return directive_quiet(statement_name(statement));
	default:
		return QUIET_NO;
	}
}

static void close_stretch(struct stretches *stretches)
{
	if (stretches->length >= STRETCH_MIN) {
		stretches->list = make_room(stretches->list, stretches->count, &stretches->space,
					    sizeof *stretches->list);
		stretches->list[stretches->count++] = stretches->open;
	}
	stretches->length = 0;
}

void stretches_add(struct stretches *stretches, const struct statement *statement, bool quiet,
		   struct reader_place behind)
{
	struct stretch *open = &stretches->open;

	open->end = stretches->place;
	stretches->place = behind;
	if (quiet) {
		stretches->length++;
		open->instructions |= statement->kind == STATEMENT_INSTRUCTION;
		if (span_is(statement_name(statement), ".loc"))
			open->location = statement->text + statement->name_length;
		return;
	}
	close_stretch(stretches);
	*open = (struct stretch){.begin = behind.at};
}

void stretches_cut(struct stretches *stretches, const struct statement *statement)
{
	stretches->cuts = make_room(stretches->cuts, stretches->cut_count, &stretches->cut_space,
				    sizeof *stretches->cuts);
	stretches->cuts[stretches->cut_count++] = statement->text;
}

/* The last statement is not part of a stretch: where it ends there may be no place to go on. */
void stretches_end(struct stretches *stretches)
{
	close_stretch(stretches);
}

void stretches_free(struct stretches *stretches)
{
	free(stretches->list);
	free(stretches->cuts);
}

void stretch_walk_init(struct stretch_walk *walk, const struct stretches *stretches,
		       const struct names *patchables, struct span text)
{
	*walk = (struct stretch_walk){.stretches = stretches,
				      .end = text.text + text.length,
				      .clear = text.text,
				      .until = text.text};
	search_init(&walk->search, patchables);
}

/* The first word that is a patchable symbol's name; else `to`. */
static const char *find_mention(const struct stretch_walk *walk, const char *from, const char *to)
{
	struct span word = {0};

	if (from < to)
		word = search_first(&walk->search, (struct span){from, (size_t)(to - from)});
	return word.length ? word.text : to;
}

/* The first mention where there may be instructions; else `to`. */
static const char *first_mention(const struct stretch_walk *walk, const char *from, const char *to)
{
	const struct stretches *stretches = walk->stretches;

	for (uint32_t i = walk->next; i < stretches->count && from < to; i++) {
		const struct stretch *stretch = &stretches->list[i];
		const char *end = stretch->instructions ? stretch->end.at : stretch->begin;
		const char *mention;

		if (end > to)
			break;
		mention = find_mention(walk, from, end);
		if (mention < end)
			return mention;
		from = stretch->end.at;
	}
	return find_mention(walk, from, to);
}

/* Stretches that end before this place are of no more use. */
static void leave_behind(struct stretch_walk *walk, const char *at)
{
	const struct stretches *stretches = walk->stretches;

	while (walk->next < stretches->count && stretches->list[walk->next].end.at <= at)
		walk->next++;
	while (walk->next_cut < stretches->cut_count && stretches->cuts[walk->next_cut] <= at)
		walk->next_cut++;
}

void stretch_walk_cut(struct stretch_walk *walk, const char *at)
{
	const struct stretches *stretches = walk->stretches;
	const char *cut = walk->end;

	if (at < walk->until)
		return;
	leave_behind(walk, at);
	if (walk->next_cut < stretches->cut_count)
		cut = stretches->cuts[walk->next_cut];
	if (walk->clear <= at)
		walk->clear = first_mention(walk, at, cut);
	if (walk->clear >= cut)
		walk->until = cut;
}

const struct stretch *stretch_walk_next(struct stretch_walk *walk, const char *at)
{
	const struct stretches *stretches = walk->stretches;

	if (at >= walk->until)
		return NULL;
	leave_behind(walk, at);
	return walk->next < stretches->count && stretches->list[walk->next].begin <= at
		       ? &stretches->list[walk->next]
		       : NULL;
}
