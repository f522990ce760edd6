// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzz target: the reader. Any text is cut into statements and each is asked for its operands, as
 * the filter does; the survey looks at all of it. Checked, besides what the sanitizers see:
 * statements are pieces of the text, one behind the other, each with its line number; operands are
 * pieces of their statement; reading changes neither the text nor what a second reading finds.
 */
#include <stdio.h>
#include <stdlib.h>
#include "fuzz.h"
#include "first_look.h"
#include "instruction.h"
#include "survey.h"
#include "sections.h"

static bool is_inside(struct span inner, const char *text, size_t length)
{
	return inner.text >= text && inner.text <= text + length &&
	       inner.length <= (size_t)(text + length - inner.text);
}

static bool same_operand(const struct operand *a, const struct operand *b)
{
	return a->kind == b->kind && a->indirect == b->indirect && a->segment == b->segment &&
	       a->value_of == b->value_of && a->narrow_address == b->narrow_address &&
	       a->base == b->base && a->index == b->index && a->scale == b->scale &&
	       !memcmp(&a->reg, &b->reg, sizeof a->reg) && span_equal(a->text, b->text) &&
	       span_equal(a->value.symbol, b->value.symbol) && a->value.number == b->value.number &&
	       a->value.simple == b->value.simple && a->value.symbolic == b->value.symbolic &&
	       a->value.modified == b->value.modified;
}

static void check_operands(const struct statement *statement)
{
	struct parsed_instruction once, again;
	bool understood = parse_instruction(statement, &once);

	if (understood != parse_by_grammar(statement, &again) || once.count != again.count)
		fuzz_fail("line %u is parsed in two ways", statement->line);
	if (!understood)
		return;
	for (int i = 0; i < once.count; i++)
		if (!same_operand(&once.operands[i], &again.operands[i]))
			fuzz_fail("line %u: operand %d is parsed in two ways", statement->line, i);
	if (!is_inside(once.mnemonic, statement->text, statement->length) || !once.mnemonic.length)
		fuzz_fail("line %u: the mnemonic is not in the statement", statement->line);
	for (int i = 0; i < once.count; i++) {
		const struct operand *operand = &once.operands[i];

		if (!operand->text.length ||
		    !is_inside(operand->text, statement->text, statement->length) ||
		    (i && operand->text.text <= once.operands[i - 1].text.text))
			fuzz_fail("line %u: operand %d is not in its place", statement->line, i);
		if (operand->value.symbol.length &&
		    !is_inside(operand->value.symbol, operand->text.text, operand->text.length))
			fuzz_fail("line %u: the symbol is not in operand %d", statement->line, i);
	}
}

static void check_arguments(const struct statement *statement)
{
	struct span rest = statement_arguments(statement), argument;
	const char *end = statement->text + statement->length, *at = statement->text;

	while (next_argument(&rest, &argument)) {
		if (argument.text < at || argument.text + argument.length > end)
			fuzz_fail("line %u: an argument is not in its place", statement->line);
		at = argument.text + argument.length;
	}
}

/* The lines up to a place; asked for places in their order. */
static uint32_t line_of(const char *place, const char **counted, uint32_t *line)
{
	for (; *counted < place; ++*counted)
		*line += **counted == '\n';
	return *line;
}

static size_t check_statements(char *text, size_t length)
{
	struct reader *reader = reader_open(text, length);
	const struct statement *statement;
	const char *end = text, *counted = text;
	uint32_t line = 1;
	size_t count = 0;

	while ((statement = reader_next(reader))) {
		count++;
		if (statement->text < end || statement->length > length ||
		    statement->text + statement->length > text + length)
			fuzz_fail("line %u: the statement is not in its place", statement->line);
		if (statement->name_length > statement->length)
			fuzz_fail("line %u: the name is longer than its statement",
				  statement->line);
		if (statement->line != line_of(statement->text, &counted, &line))
			fuzz_fail("line %u counts as %u", line, statement->line);
		end = statement->text + statement->length;
		if (statement->kind == STATEMENT_INSTRUCTION ||
		    statement->kind == STATEMENT_UNKNOWN)
			check_operands(statement);
		check_arguments(statement);
	}
	reader_close(reader);
	return count;
}

/* Whoever goes on behind a statement finds what whoever comes along finds. */
static void check_place(char *text, size_t length)
{
	struct reader *reader = reader_open(text, length);
	struct reader_place place = {0};
	const struct statement *statement;
	struct statement next = {0};

	for (size_t count = 0; (statement = reader_next(reader)); count++) {
		if (place.at && !next.text)
			next = *statement;
		if (count == length % 16)
			place = reader_place(reader);
	}
	reader_close(reader);
	if (!next.text)
		return;
	reader = reader_open(text, length);
	reader_next(reader);
	reader_continue(reader, place);
	statement = reader_next(reader);
	if (!statement || statement->text != next.text || statement->length != next.length ||
	    statement->kind != next.kind || statement->line != next.line)
		fuzz_fail("line %u: another statement is found by its place", next.line);
	while (reader_next(reader))
		; /* to the end, which leaves the text as it was */
	reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char program[] = "rcpp", symbol[] = "--symbol=b", section[] = "--section=.data*";
	static char *arguments[] = {program, symbol, section, NULL};
	char *text = fuzz_copy(data, size);
	struct options options;
	struct survey survey;

	if (check_statements(text, size) != check_statements(text, size))
		fuzz_fail("the second reading finds another number of statements");
	check_place(text, size);
	if (options_parse(&options, 3, arguments))
		fuzz_fail("the options are refused");
	first_look(&options, text, size, true);
	/* A reading that ends early, at an error, leaves the scanner's NUL in the text. */
	if (!survey_take(&survey, &options, "input", text, size) && size &&
	    memcmp(text, data, size))
		fuzz_fail("reading changed the text");
	survey_free(&survey);
	options_free(&options);
	free(text);
	return 0;
}
