// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include "counted.h"
#include "target.h"

/* 12, 0x1f and 0b1, but not 12b or 12f, which are labels. */
static bool is_number(struct span word)
{
	size_t digits = 0;

	while (digits < word.length && isdigit((unsigned char)word.text[digits]))
		digits++;
	return digits && !(digits + 1 == word.length && strchr("bf", word.text[digits]));
}

bool counts_bytes(struct span text, bool *symbols)
{
	const char *at = text.text, *end = at + text.length;
	char before = '\0'; /* the word, blanks left out */

	for (*symbols = false; at < end; at++) {
		const char *word = at;

		while (at < end && is_name(*at))
			at++;
		if (at == word) {
			before = strchr(" \t", *at) ? before : *at;
			continue;
		}
		if (is_number((struct span){word, (size_t)(at - word)}))
			before = '0';
		else if (before == '-' || (at - word == 1 && *word == '.'))
			return true;
		else
			*symbols = true;
		at--;
	}
	return false;
}

static const char *find_place(struct span operands)
{
	const char *at = operands.text, *end = at + operands.length;

	while ((at = memchr(at, '(', (size_t)(end - at)))) {
		if (span_begins(span_from(operands, at), processor.at_place))
			return at;
		at++;
	}
	return NULL;
}

/* lea 7(%rip),R: is there no symbol in the displacement? */
static bool is_numeric_address(struct span operands)
{
	const char *place = find_place(operands), *at = place;

	while (place && at > operands.text && !strchr(" \t,*:", at[-1]))
		at--;
	if (at < place && isdigit((unsigned char)*at) &&
	    !is_number((struct span){at, (size_t)(place - at)}))
		return false; /* 1f(%rip) */
	while (at < place && (!is_name(*at) || isdigit((unsigned char)*at))) {
		while (at < place && is_name(*at)) /* a number, with its 0x */
			at++;
		at += at < place;
	}
	return place && at >= place;
}

/* lea 0(%rip),R, as Linux's _THIS_IP_ has it: nothing can grow before the next instruction. */
static bool takes_own_end(const struct statement *statement)
{
	struct span from = statement_arguments(statement);

	return processor.forms_address(statement_name(statement)) &&
	       (span_begins(from, processor.at_place) ||
		(span_begins(from, "0") &&
		 span_begins(span_from(from, from.text + 1), processor.at_place)));
}

bool is_distance(const struct statement *statement, struct span target)
{
	struct span name = statement_name(statement);

	/* The strings of a program that deals with assembly hold all kinds of things. */
	if (statement->kind == STATEMENT_DIRECTIVE)
		return false;
	if (is_numeric_address(target))
		return !takes_own_end(statement);
	if (statement->kind != STATEMENT_INSTRUCTION || !target.length ||
	    !processor.is_branch(name) || memchr(target.text, '*', target.length))
		return false;
	return memchr(target.text, '+', target.length) || memchr(target.text, '-', target.length) ||
	       (target.text[0] == '.' && (target.length == 1 || !is_name(target.text[1])));
}

bool has_counted_immediate(struct span operands)
{
	const char *dollar = memchr(operands.text, '$', operands.length);
	bool symbols;

	if (!dollar)
		return false;
	operands = span_from(operands, dollar + 1);
	return !span_begins(operands, "_GLOBAL_OFFSET_TABLE_") && counts_bytes(operands, &symbols);
}

bool is_counted(const struct statement *statement, const struct section *section, bool by_hand,
		bool *evaluates)
{
	static const char *const evaluating[] = {
		".if",	   ".ifeq",    ".ifne",	   ".ifge",  ".ifgt",	 ".ifle",     ".iflt",
		".elseif", ".rept",    ".rep",	   ".align", ".p2align", ".p2alignw", ".p2alignl",
		".balign", ".balignw", ".balignl", ".nops",  NULL};
	struct span name = statement_name(statement), arguments = statement_arguments(statement);
	bool symbols;

	*evaluates = false;
	if (span_is(name,
		    ".bundle_align_mode")) /* as moves instructions that would cross a border */
		return true;
	if (span_is(name, ".org"))
		return section->executable || counts_bytes(arguments, &symbols);
	if (directive_is_narrow(name))
		return (section->executable || !by_hand) && !section->debug &&
		       counts_bytes(arguments, &symbols);
	if (!span_is_among(name, evaluating))
		return false;
	return counts_bytes(arguments, evaluates);
}
