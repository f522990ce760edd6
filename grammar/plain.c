// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plain.h"

/* What a character may be, besides STATEMENT_HAS_*. */
#define IS_SYMBOL  32 /* a symbol may have it; '@' is one of them */
#define IS_SPECIAL 64 /* it ends a statement, or begins a comment, a string or an escape */

static const uint8_t classes[256] = {
	['0' ... '9'] = IS_SYMBOL,
	['A' ... 'Z'] = IS_SYMBOL,
	['a' ... 'z'] = IS_SYMBOL,
	[0x80 ... 0xff] = IS_SYMBOL,
	['_'] = IS_SYMBOL,
	['@'] = IS_SYMBOL,
	['$'] = IS_SYMBOL | STATEMENT_HAS_DOLLAR,
	['.'] = IS_SYMBOL | STATEMENT_HAS_DOT,
	['('] = STATEMENT_HAS_PARENTHESIS,
	['+'] = STATEMENT_HAS_SIGN,
	['-'] = STATEMENT_HAS_SIGN,
	['\0'] = IS_SPECIAL,
	['\n'] = IS_SPECIAL,
	[';'] = IS_SPECIAL,
	['"'] = IS_SPECIAL,
	['#'] = IS_SPECIAL,
	['/'] = IS_SPECIAL,
	['\''] = IS_SPECIAL,
	['\\'] = IS_SPECIAL,
};

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

uint32_t length_without_blanks(const char *text, const char *end)
{
	while (end > text && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	return (uint32_t)(end - text);
}

/* .long, but not .L5@PLT */
static bool is_directive(const char *name, const char *end)
{
	if (*name != '.')
		return false;
	while (name < end && *name != '@' && !(*name & 0x80))
		name++;
	return name == end;
}

char *plain_statement(struct statement *statement, char *newline)
{
	const char *text = skip_blanks(newline + 1), *at = text, *end;
	uint8_t class, characters = 0;

	if (*at >= '0' && *at <= '9')
		return NULL;
	for (; (class = classes[(uint8_t)*at]) & IS_SYMBOL; at++)
		characters |= class;
	statement->name_length = (uint32_t)(at - text);
	if (at == text || *text == '@')
		return NULL;
	if (*at == ':') {
		statement->kind = STATEMENT_LABEL;
		end = ++at;
	} else {
		const char *behind = skip_blanks(at);

		if (*behind == ':' || *behind == '=' || (*behind < '\x20' && *behind != '\n'))
			return NULL;
		for (; !((class = classes[(uint8_t)*behind]) & IS_SPECIAL); behind++)
			characters |= class;
		statement->kind =
			is_directive(text, at) ? STATEMENT_DIRECTIVE : STATEMENT_INSTRUCTION;
		end = at = behind;
		if (*at == '#' && !(at = strchr(at, '\n')))
			return NULL;
		if (*at != '\n')
			return NULL;
	}
	statement->characters = characters & STATEMENT_HAS_ANY;
	statement->text = text;
	statement->length = length_without_blanks(text, end);
	return newline + (at - newline);
}
