// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A function in, what each jump over a few instructions skips out: only if that can be a part of
 * the jump's site, has the same bytes wherever the file has the same text, and is reached by
 * nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include "instruction.h"
#include "memory.h"
#include "skipped.h"

/* Of 15 bytes at most: with a trap, a compare and the jump no more than RCPP_SITE_MAX. */
#define SKIPPED_MAX 3

/*
 * Is it an instruction with the same bytes wherever it stands in the file, that is in no other
 * site, and does nothing but to go on behind itself? .intel_mnemonic changes the x87's, whose names
 * begin with f. Behind a quote there may be a tab.
 */
static bool can_be_skipped(const struct item *item)
{
	const struct statement *statement = &item->statement;
	struct parsed_instruction parsed;

	if (item->claimed || item->by_hand || item->flow != FLOW_NEXT ||
	    !parse_instruction(statement, &parsed) || parsed.prefixed ||
	    parsed.mnemonic.text[0] == 'f' || memchr(statement->text, '\'', statement->length))
		return false;
	for (int i = 0; i < parsed.count; i++)
		if (parsed.operands[i].value.symbolic)
			return false;
	return true;
}

/* A label that nobody jumps to, or the line of the source. */
static bool stands_anywhere(const struct item *item)
{
	return item->flow == FLOW_NONE && (item->statement.kind == STATEMENT_LABEL ||
					   span_is(statement_name(&item->statement), ".loc"));
}

/* A weak symbol may be defined elsewhere, and as leaves some jumps to global ones to the linker. */
static bool is_local(const struct survey *survey, struct span label)
{
	return span_begins(label, ".L") && !names_find(&survey->aliased, label);
}

uint32_t skipped_last(const struct function *function, uint32_t jump)
{
	const struct item *items = function->items;
	uint32_t last = NO_ITEM, count = 0;
	bool entered = false; /* by a jump from somewhere else */

	if (items[jump].target == NO_ITEM ||
	    !is_local(function->survey, statement_arguments(&items[jump].statement)))
		return NO_ITEM;
	for (uint32_t i = jump + 1; i < items[jump].target; i++) {
		entered |= items[i].flow == FLOW_LABEL;
		if (items[i].flow == FLOW_LABEL || stands_anywhere(&items[i]))
			continue;
		if (entered || !can_be_skipped(&items[i]) || ++count > SKIPPED_MAX)
			return NO_ITEM;
		last = i;
	}
	return last;
}

char *skipped_text(const struct function *function, uint32_t jump, uint32_t last)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	if (!file)
		allocate(SIZE_MAX); /* says that memory is exhausted */
	for (uint32_t i = jump + 1; i <= last; i++) {
		const struct statement *statement = &function->items[i].statement;

		if (statement->kind != STATEMENT_INSTRUCTION)
			continue;
		fputs(ftell(file) ? "; " : "", file);
		for (size_t c = 0; c < statement->length; c++)
			fputc(statement->text[c] == '\t' ? ' ' : statement->text[c], file);
	}
	if (fclose(file) || !text)
		allocate(SIZE_MAX);
	return text;
}

bool skipped_right_before(const struct function *function, uint32_t first, uint32_t jump)
{
	for (uint32_t i = first + 1; i < jump; i++)
		if (!stands_anywhere(&function->items[i]))
			return false;
	return true;
}
