// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Statements in, functions out. A function is what stands between .type NAME,@function and its
 * .size (its cold part in another section included); text outside of any is a function of its own
 * kind, cut wherever no code is pending. A jump out of what was taken as one function may go
 * anywhere, so a wrong cut costs a scratch register, never a wrong site.
 */
#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include "cutting.h"
#include "entries.h"
#include "held.h"
#include "memory.h"
#include "target.h"

void function_init(struct function *function, const struct survey *survey,
		   struct sections *sections)
{
	*function = (struct function){.survey = survey, .sections = sections, .app_begin = NO_ITEM};
}

/* .cold and .cold.0, as symbols are spelled: in lower case */
static bool is_cold_suffix(struct span suffix)
{
	const struct span cold = SPAN(".cold");
	size_t at = cold.length;

	if (suffix.length < at || memcmp(suffix.text, cold.text, at) != 0)
		return false;
	if (suffix.length == at)
		return true;
	if (suffix.text[at] != '.' || suffix.length == ++at)
		return false;
	while (at < suffix.length && isdigit((unsigned char)suffix.text[at]))
		at++;
	return at == suffix.length;
}

/*
 * f.cold is a part of f: nothing calls it. All other clones, f.part.0, f.constprop.0 and f.isra.0,
 * are functions of their own, so a register that they write is not one that f writes (trap 23 of
 * tests/traps.bats).
 */
static bool is_part_of(struct span part, struct span whole)
{
	return whole.length && part.length > whole.length &&
	       !memcmp(part.text, whole.text, whole.length) &&
	       is_cold_suffix((struct span){part.text + whole.length, part.length - whole.length});
}

/* A cold part is in another section; anything else is another function, though the one before it
 * has had no .size. */
static bool begins_another(const struct function *function, struct span begun)
{
	return begun.length && !(is_part_of(begun, function->open) &&
				 function->sections->current != function->open_section);
}

bool function_ends_before(const struct function *function, const struct statement *statement)
{
	const struct sections *sections = function->sections;
	struct span begun = begun_function(statement);

	if (function->by_hand || function->repeats || function->conditionals)
		return false;
	if (function->open.length)
		return begins_another(function, begun);
	/* Outside of functions data is not kept; code is, for more of it may follow. */
	return begun.length || !sections->list[sections->current].executable;
}

/* .loc FILE LINE ... */
static void follow_source(struct function *function, const char *arguments)
{
	char *end;

	function->source_file = (uint32_t)strtoul(arguments, &end, 10);
	function->source_line = (uint32_t)strtoul(end, NULL, 10);
}

static void follow_directive(struct function *function, const struct statement *statement)
{
	struct span name = statement_name(statement), arguments = statement_arguments(statement);
	struct span begun = begun_function(statement), symbol;

	if (begins_another(function, begun)) {
		function->open = begun;
		function->open_section = function->sections->current;
	} else if (span_is(name, ".size") && next_argument(&arguments, &symbol) &&
		   span_equal(symbol, function->open)) {
		function->open = SPAN("");
	} else if (span_is(name, ".loc")) {
		follow_source(function, arguments.text);
	}
	if (span_is(name, ".include"))
		function->included = true;
	else if (!follow_conditional(name, &function->conditionals))
		follow_syntax(statement, &function->foreign_syntax);
}

static enum item_place place_of(const struct function *function, const struct section *section,
				bool repeated)
{
	if (repeated)
		return PLACE_REPEATED;
	if (function->included || function->survey->any_macro)
		return PLACE_INCLUDED;
	if (function->survey->distances)
		return PLACE_FIXED;
	if (function->foreign_syntax || function->begun_foreign)
		return PLACE_SYNTAX;
	if (function->conditionals)
		return PLACE_CONDITIONAL;
	if (section->template)
		return PLACE_TEMPLATE;
	if (section->init)
		return PLACE_INIT;
	return section->executable ? PLACE_OPEN : PLACE_DATA;
}

/* #NO_APP: what stands between it and its #APP was simple, or none of it is touched. */
static void leave_by_hand(struct function *function)
{
	for (uint32_t i = function->app_begin; function->app_complex && i < function->count; i++)
		if (function->items[i].place == PLACE_OPEN ||
		    function->items[i].place == PLACE_LOCKED ||
		    function->items[i].place == PLACE_PREFIXED)
			function->items[i].place = PLACE_ASSEMBLY;
	function->app_begin = NO_ITEM;
	function->app_complex = false;
	function->by_hand = false;
}

static void follow_by_hand(struct function *function, const struct statement *statement)
{
	if (statement->kind == STATEMENT_APP && !function->by_hand) {
		function->by_hand = true;
		function->app_begin = function->count;
	} else if (statement->kind == STATEMENT_NO_APP && function->by_hand) {
		leave_by_hand(function);
	} else if (function->by_hand && (statement->kind == STATEMENT_UNKNOWN ||
					 (statement->kind == STATEMENT_DIRECTIVE &&
					  (!directive_is_neutral(statement_name(statement)) ||
					   span_begins(statement_name(statement), ".section") ||
					   span_is(statement_name(statement), ".previous"))))) {
		function->app_complex = true;
	}
}

/* Functions are in few sections, and most statements are where the one before them was. */
static uint32_t section_slot(struct function *function, uint32_t section)
{
	uint32_t slot = function->section_count;

	while (slot > 0)
		if (function->section_of[--slot] == section)
			return slot;
	function->section_of = reallocate(
		function->section_of, (function->section_count + 1) * sizeof *function->section_of);
	function->section_of[function->section_count] = section;
	return function->section_count++;
}

static struct item *new_item(struct function *function)
{
	function->items = make_room(function->items, function->count, &function->space,
				    sizeof *function->items);
	return &function->items[function->count++];
}

/* The call of a macro, which may leave a prefix as the last thing. */
static bool may_end_in_prefix(const struct survey *survey, const struct statement *statement)
{
	struct span name = statement_name(statement);

	for (uint32_t i = 0; i < survey->macros.count && survey->prefixes; i++) {
		struct span macro = name_at(&survey->macros, i);

		if (macro.length == name.length && !strncasecmp(macro.text, name.text, name.length))
			return true;
	}
	return false;
}

static enum item_place place_behind(const struct survey *survey, const struct statement *statement)
{
	bool locks;

	if (processor.is_prefix(statement, &locks))
		return locks ? PLACE_LOCKED : PLACE_PREFIXED;
	return may_end_in_prefix(survey, statement) ? PLACE_PREFIXED : PLACE_OPEN;
}

/*
 * A prefix can be written as a number, or by a macro. Compilers write none of these, and an
 * instruction of theirs does not go on with what inline assembly has begun.
 */
static void follow_prefixes(struct function *function, struct item *item, bool executable)
{
	switch (item->statement.kind) {
	case STATEMENT_INSTRUCTION:
		if (item->place == PLACE_OPEN)
			item->place = function->behind;
		function->behind = place_behind(function->survey, &item->statement);
		break;
	case STATEMENT_DIRECTIVE:
		if (executable && directive_is_narrow(statement_name(&item->statement)) &&
		    processor.ends_in_prefix(&item->statement))
			function->behind = PLACE_PREFIXED;
		break;
	case STATEMENT_APP:
	case STATEMENT_NO_APP:
		function->behind = PLACE_OPEN;
		break;
	default:
		break;
	}
}

void function_add(struct function *function, const struct statement *statement)
{
	bool repeated = in_repeated_text(statement, &function->repeats);
	bool conditional = function->conditionals > 0;
	struct sections *sections = function->sections;
	struct item *item;
	uint32_t section;

	if (!function->count)
		function->begun_foreign = function->foreign_syntax;
	follow_by_hand(function, statement);
	if (statement->kind == STATEMENT_DIRECTIVE && !repeated &&
	    !sections_follow(sections, statement))
		follow_directive(function, statement);
	if (statement->kind == STATEMENT_LABEL && !repeated)
		sections_note_label(sections);
	section = sections->list[sections->current].same;
	item = new_item(function);
	*item = (struct item){
		.statement = *statement,
		.section = section,
		.section_slot = section_slot(function, section),
		.source_line = function->source_line,
		.source_file = function->source_file,
		.target = NO_ITEM,
		.function_name = NO_ITEM,
		.pointer = NO_ITEM,
		.by_hand = function->by_hand,
		/* Whether it reads what it mentions is found out later. */
		.candidate = (statement->kind == STATEMENT_INSTRUCTION ||
			      statement->kind == STATEMENT_UNKNOWN) &&
			     (function->survey->options->profile ||
			      statement_mentions(&function->survey->patchables, statement)),
	};
	item->place = place_of(function, &sections->list[sections->current], repeated);
	if (conditional && item->place == PLACE_OPEN)
		item->place = PLACE_CONDITIONAL; /* the .endif itself */
	follow_prefixes(function, item, sections->list[sections->current].executable);
	function->candidates += item->candidate;
}

void function_skip(struct function *function, const struct stretch *stretch)
{
	if (stretch->instructions)
		function->behind = PLACE_OPEN;
	if (stretch->location)
		follow_source(function, stretch->location);
}

/* Jumps whose whole operand is a label in sight; all others may go anywhere. */
static void find_targets(struct function *function, const struct names *labels)
{
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];
		const uint32_t *label;

		if (item->flow != FLOW_JUMP && item->flow != FLOW_BRANCH)
			continue;
		label = names_find(labels, statement_arguments(&item->statement));
		if (label)
			item->target = *label;
		else if (item->tail_call && item->flow == FLOW_JUMP && function->abi)
			item->kill = processor.entered_dead;
	}
}

/*
 * Did a compiler write this function? gcc puts #APP around what it did not; clang does so only
 * inside of functions, but puts a label .Lfunc_end behind each of its own.
 */
static bool is_compiled(const struct function *function)
{
	if (!function->survey->marked_ends)
		return function->survey->compiled;
	for (uint32_t i = function->count; i-- > 0;)
		if (is_function_end(&function->items[i].statement))
			return function->survey->compiled;
	return false;
}

void function_analyse(struct function *function)
{
	struct names labels = {0};
	uint32_t name = NO_ITEM;

	if (function->by_hand)
		leave_by_hand(function);
	function->compiled = is_compiled(function);
	function->abi = function->compiled && function->survey->options->calls_abi;
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];

		processor.effects(function, item);
		if (item->statement.kind == STATEMENT_LABEL && item->place != PLACE_DATA) {
			names_add(&labels, statement_name(&item->statement), i);
			if (item->statement.text[0] > '9') /* not .L, not 1 */
				name = i;
		}
		item->function_name = name;
	}
	function->preserved |= function->stored & function->reloaded;
	/* A caller may know what this function leaves alone (trap 1 of tests/traps.bats). */
	function->usable = function->written | (function->abi ? processor.may_change : 0);
	find_targets(function, &labels);
	names_free(&labels);
	if (function->candidates)
		find_entries(function);
}

void function_clear(struct function *function)
{
	function->count = 0;
	function->candidates = 0;
	function->section_count = 0;
	function->written = 0;
	function->preserved = function->stored = function->reloaded = 0;
	function->short_jumps = false;
	function->frame_by_other = false;
	function->app_begin = NO_ITEM;
	held_free(function->held);
	function->held = NULL;
}

void function_free(struct function *function)
{
	free(function->items);
	free(function->section_of);
	free(function->states);
}
