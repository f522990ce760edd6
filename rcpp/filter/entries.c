// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Which instructions may have a symbol at their first byte? Tracers attach there, so that
 * instruction must stay as it is in the file (see tests/probes.bats).
 */
#include <ctype.h>
#include "entries.h"
#include "instruction.h"
#include "memory.h"

/* Is it certainly an instruction? The call of a macro may be anything, or nothing. */
static bool is_instruction(const struct survey *survey, const struct item *item)
{
	struct parsed_instruction parsed;

	if (item->flow != FLOW_NONE && item->flow != FLOW_BARRIER)
		return true; /* its effects are known */
	return parse_instruction(&item->statement, &parsed) &&
	       !names_find(&survey->macros, parsed.mnemonic) &&
	       instruction_find(parsed.mnemonic.text, parsed.mnemonic.length, parsed.count);
}

/* Does it certainly put a byte or more into its section? */
static bool leaves_bytes(const struct survey *survey, const struct item *item)
{
	switch ((enum item_place)item->place) {
	case PLACE_REPEATED:
	case PLACE_CONDITIONAL:
	case PLACE_SYNTAX:
	case PLACE_INCLUDED:
		return false;
	default:
		break;
	}
	if (item->statement.kind == STATEMENT_DIRECTIVE)
		return directive_is_data(statement_name(&item->statement)) &&
		       statement_arguments(&item->statement).length;
	return item->statement.kind == STATEMENT_INSTRUCTION && is_instruction(survey, item);
}

/* Will the label be in the symbol table, under this name or another? */
static bool is_symbol(const struct survey *survey, struct span label)
{
	if (isdigit((unsigned char)label.text[0])) /* 1: */
		return false;
	return !is_local_label(label) || names_find(&survey->aliased, label);
}

/* May a statement that puts no bytes into the section define a symbol there? */
static bool may_be_symbol(const struct function *function, const struct item *item)
{
	static const char *const assignments[] = {".set", ".equ", ".equiv", ".eqv", NULL};
	static const char *const switches[] = {".text",	      ".section",  ".pushsection",
					       ".popsection", ".previous", ".subsection",
					       NULL};
	struct span name = statement_name(&item->statement);

	switch (item->statement.kind) {
	case STATEMENT_LABEL:
		return is_symbol(function->survey, name);
	case STATEMENT_DIRECTIVE:
		return span_is_among(name, assignments) ||
		       (function->survey->subsections && span_is_among(name, switches));
	case STATEMENT_INSTRUCTION:
		return !is_instruction(function->survey, item); /* the call of a macro, say */
	case STATEMENT_APP:
	case STATEMENT_NO_APP:
		return false;
	default:
		return true; /* an assignment, or something that is not known */
	}
}

/* Of the section that the item is in, under whatever spelling; new for each function. */
static struct section_state *state_of(struct function *function, const struct item *item)
{
	uint32_t whole = function->sections->list[item->section].whole;
	struct section_state *state;

	while (function->state_count <= whole) {
		function->states = make_room(function->states, function->state_count,
					     &function->state_space, sizeof *function->states);
		function->states[function->state_count++] = (struct section_state){0};
	}
	state = &function->states[whole];
	if (state->function != function->number)
		*state = (struct section_state){.function = function->number};
	return state;
}

/* What stands before the first item is not known, so a symbol may stand there. */
void find_entries(struct function *function)
{
	uint32_t before = NO_ITEM;

	function->number++;
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];
		struct section_state *state = state_of(function, item);

		if (item->section != before && function->sections->list[item->section].torn)
			state->inside = false;
		before = item->section;
		item->entry = !state->inside;
		if (leaves_bytes(function->survey, item))
			state->inside = true;
		else if (may_be_symbol(function, item))
			state->inside = false;
	}
}
