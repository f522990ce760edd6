// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "stores.h"

/* gcc moves pieces of a function into others, main.cold for example. */
static bool is_main(struct span name)
{
	const struct span main_name = SPAN("main"), piece = SPAN("main.");

	return span_equal(name, main_name) ||
	       (name.length > piece.length && !memcmp(name.text, piece.text, piece.length));
}

/* Without optimization g++ gives the constructors of a file's variables a function like others. */
static bool is_constructor(const struct survey *survey, struct span name)
{
	return names_find(&survey->constructors, name) ||
	       span_contains(name, "__static_initialization_and_destruction");
}

static bool starts_the_program(const struct function *function, const struct item *item)
{
	const struct section *section = &function->sections->list[item->section];
	struct span name = item_function(function, item);

	return section->init || span_begins(section->name, ".text.startup") || is_main(name) ||
	       is_constructor(function->survey, name) ||
	       options_early(function->survey->options, name);
}

/* Is it an instruction that runs where it stands? */
static bool runs(const struct item *item)
{
	return item->statement.kind == STATEMENT_INSTRUCTION && item->place != PLACE_DATA &&
	       item->place != PLACE_REPEATED && item->place != PLACE_SYNTAX;
}

static bool writes(const struct parsed_instruction *parsed, int operand)
{
	const struct instruction *facts =
		instruction_find(parsed->mnemonic.text, parsed->mnemonic.length, parsed->count);

	return facts && facts->access[operand] & ACCESS_W;
}

/* What is marked but lies in another section is no patchable. */
static bool is_patchable(const struct survey *survey, const struct variable *variable)
{
	return !(survey_patchable(survey, variable->symbol, variable->offset, 1) &
		 PATCHABLE_OUTSIDE);
}

bool store_examine(const struct function *function, uint32_t index, struct variable *variable)
{
	const struct item *item = &function->items[index];
	struct parsed_instruction parsed;

	if ((!item->candidate && item->pointer == NO_ITEM) || !runs(item) ||
	    !parse_instruction(&item->statement, &parsed))
		return false;
	*variable = variable_find(function, index, &parsed);
	return variable->operand >= 0 && writes(&parsed, variable->operand) &&
	       is_patchable(function->survey, variable) && !starts_the_program(function, item);
}
