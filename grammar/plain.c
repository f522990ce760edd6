// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plain.h"

/* Does it neither end a statement nor begin a comment, a string or an escape? */
static bool is_plain(char c)
{
	static const bool special[256] = {
		['\0'] = true, ['\n'] = true, [';'] = true,  ['"'] = true,
		['#'] = true,  ['/'] = true,  ['\''] = true, ['\\'] = true};

	return !special[(uint8_t)c];
}

/* May a symbol have it? '@' is one of them. */
static bool is_symbol(char c)
{
	static const bool symbol[256] = {['0' ... '9'] = true, ['A' ... 'Z'] = true,
					 ['a' ... 'z'] = true, ['_'] = true,
					 ['.'] = true,	       ['$'] = true,
					 ['@'] = true,	       [0x80 ... 0xff] = true};

	return symbol[(uint8_t)c];
}

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

	if (*at >= '0' && *at <= '9')
		return NULL;
	while (is_symbol(*at))
		at++;
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
		while (is_plain(*behind))
			behind++;
		statement->kind =
			is_directive(text, at) ? STATEMENT_DIRECTIVE : STATEMENT_INSTRUCTION;
		end = at = behind;
		if (*at == '#' && !(at = strchr(at, '\n')))
			return NULL;
		if (*at != '\n')
			return NULL;
	}
	statement->text = text;
	statement->length = length_without_blanks(text, end);
	return newline + (at - newline);
}
