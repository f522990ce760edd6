// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Compilers write one field with one directive, or with bytes and strings of bytes. So a field is
 * read from a directive of its size, or put together from single bytes; anything else makes the
 * whole text unusable.
 */
#include <stdlib.h>
#include "debug_text.h"

static const struct directive {
	const char *name;
	uint8_t width;
	bool quoted, ends, with_sign;
} directives[] = {
	{.name = ".byte", .width = 1},
	{.name = ".value", .width = 2},
	{.name = ".short", .width = 2},
	{.name = ".2byte", .width = 2},
	{.name = ".long", .width = 4},
	{.name = ".4byte", .width = 4},
	{.name = ".quad", .width = 8},
	{.name = ".8byte", .width = 8},
	{.name = ".uleb128"},
	{.name = ".sleb128", .with_sign = true},
	{.name = ".string", .width = 1, .quoted = true, .ends = true},
	{.name = ".asciz", .width = 1, .quoted = true, .ends = true},
	{.name = ".ascii", .width = 1, .quoted = true},
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next line, without what surrounds it and without a comment behind it. */
static struct span next_line(struct debug_text *text)
{
	const char *end = memchr(text->next, '\n', (size_t)(text->end - text->next));
	struct span line = {text->next, 0};
	bool quoted = false;

	if (!end)
		end = text->end;
	text->next = end < text->end ? end + 1 : end;
	while (line.text < end && is_blank(*line.text))
		line.text++;
	for (; line.text + line.length < end; line.length++) {
		const char *c = line.text + line.length;

		if (*c == '#' && !quoted)
			break;
		if (*c == '\\' && quoted && c + 1 < end)
			line.length++;
		else if (*c == '"')
			quoted = !quoted;
	}
	while (line.length && is_blank(line.text[line.length - 1]))
		line.length--;
	return line;
}

static bool is_label(struct span line)
{
	struct span rest = line;

	return cut_word(&rest).length && rest.length == 1 && *rest.text == ':';
}

static const struct directive *find_directive(struct span name)
{
	for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
		if (span_is(name, directives[i].name))
			return &directives[i];
	return NULL;
}

/* A string without a zero has ended when nothing but its quote is left. */
static void close_quote(struct debug_text *text)
{
	if (text->quoted && !text->ends && text->arguments.length == 1 &&
	    *text->arguments.text == '"')
		text->arguments.length = 0;
}

/* Makes sure that there are arguments to read. False at the end: another directive, or no text. */
static bool fill(struct debug_text *text)
{
	while (!text->arguments.length && text->next < text->end) {
		struct span line = next_line(text);
		const struct directive *directive;

		if (!line.length)
			continue;
		if (is_label(line)) {
			text->label = (struct span){line.text, line.length - 1};
			continue;
		}
		directive = find_directive(cut_word(&line));
		if (!directive) {
			text->end = text->next;
			return false;
		}
		while (line.length && is_blank(*line.text))
			line = (struct span){line.text + 1, line.length - 1};
		text->arguments = line;
		text->width = directive->width;
		text->quoted = directive->quoted;
		text->ends = directive->ends;
		text->with_sign = directive->with_sign;
		if (text->quoted && (line.length < 2 || *line.text != '"'))
			text->failed = true;
		if (text->quoted) /* from here on it is what stands behind the opening quote */
			text->arguments = (struct span){line.text + 1, line.length - 1};
		close_quote(text);
	}
	return text->arguments.length && !text->failed;
}

static void advance(struct span *span, size_t length)
{
	*span = (struct span){span->text + length, span->length - length};
}

/* A byte of a string: its quote at the end is the zero, if there is one. */
static uint8_t quoted_byte(struct debug_text *text)
{
	struct span *rest = &text->arguments;
	unsigned value = (uint8_t)*rest->text;

	if (value == '"') {
		text->failed |= rest->length != 1; /* two strings in one directive */
		advance(rest, 1);
		return 0;
	}
	advance(rest, 1);
	if (value != '\\' || !rest->length)
		return (uint8_t)value;
	if (*rest->text < '0' || *rest->text > '7') {
		text->failed |= !strchr("\\\"bfnrt", *rest->text); /* \x: as takes any length */
		advance(rest, 1);
		return '?'; /* no field is a letter */
	}
	value = 0;
	for (int digit = 0; digit < 3 && rest->length && *rest->text >= '0' && *rest->text <= '7';
	     digit++) {
		value = value * 8 + (unsigned)(*rest->text - '0');
		advance(rest, 1);
	}
	return (uint8_t)value;
}

/* The next argument of the directive, which is not of strings. */
static struct span next_argument(struct debug_text *text)
{
	struct span *rest = &text->arguments;
	const char *comma = memchr(rest->text, ',', rest->length);
	struct span argument = {rest->text, comma ? (size_t)(comma - rest->text) : rest->length};

	advance(rest, argument.length + (comma != NULL));
	while (rest->length && is_blank(*rest->text))
		advance(rest, 1);
	while (argument.length && is_blank(argument.text[argument.length - 1]))
		argument.length--;
	return argument;
}

/* False if it is an expression. */
static bool is_number(struct span argument, uint64_t *number)
{
	char digits[32], *end;

	if (!argument.length || argument.length >= sizeof digits ||
	    !(isdigit((unsigned char)*argument.text) || *argument.text == '-'))
		return false;
	memcpy(digits, argument.text, argument.length);
	digits[argument.length] = '\0';
	*number = strtoull(digits, &end, 0);
	return !*end;
}

static unsigned leb_size(uint64_t number, bool with_sign)
{
	unsigned size = 1;

	if (with_sign) {
		for (int64_t rest = (int64_t)number; rest < -64 || rest > 63; rest >>= 7)
			size++;
		return size;
	}
	for (; number > 127; number >>= 7)
		size++;
	return size;
}

/* What one argument holds: a byte of a string, a number or a symbol. */
struct unit {
	unsigned size;
	bool leb;
	uint64_t number;
	struct span symbol; /* length 0: it is a number; of a LEB128 only as knows the size */
};

static bool take(struct debug_text *text, struct unit *unit)
{
	struct span argument;

	*unit = (struct unit){.size = 0};
	close_quote(text);
	if (!fill(text)) {
		text->failed = true;
		return false;
	}
	if (text->quoted) {
		unit->size = 1;
		unit->number = quoted_byte(text);
		text->offset++;
		return !text->failed;
	}
	argument = next_argument(text);
	unit->leb = !text->width;
	unit->size = text->width;
	if (!is_number(argument, &unit->number))
		unit->symbol = argument;
	else if (unit->leb)
		unit->size = leb_size(unit->number, text->with_sign || *argument.text == '-');
	text->offset += unit->size;
	return !text->failed;
}

bool debug_text_more(struct debug_text *text)
{
	close_quote(text);
	return !text->failed && fill(text);
}

uint64_t debug_text_number(struct debug_text *text, unsigned size)
{
	uint64_t number = 0;
	unsigned have = 0;

	while (have < size) {
		struct unit unit;

		if (!take(text, &unit))
			return 0;
		if (unit.leb || have + unit.size > size || (have && unit.size != 1))
			text->failed = true;
		number |= unit.number << 8 * have;
		have += unit.size;
	}
	return text->failed ? 0 : number;
}

struct span debug_text_symbol(struct debug_text *text, unsigned size)
{
	struct unit unit;

	if (!take(text, &unit))
		return SPAN("");
	text->failed |= unit.leb || unit.size != size;
	return unit.symbol;
}

uint64_t debug_text_leb(struct debug_text *text)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		struct unit unit;

		if (!take(text, &unit))
			return 0;
		if (unit.leb && !shift && !unit.symbol.length)
			return unit.number;
		if (unit.leb || unit.size != 1 || unit.symbol.length)
			break;
		number |= (unit.number & 0x7f) << shift;
		if (!(unit.number & 0x80))
			return number;
	}
	text->failed = true;
	return 0;
}

void debug_text_skip(struct debug_text *text, uint64_t size)
{
	while (size) {
		struct unit unit;

		if (!take(text, &unit))
			return;
		text->failed |= unit.size > size || (unit.leb && unit.symbol.length);
		size -= unit.size <= size ? unit.size : size;
	}
}

void debug_text_skip_string(struct debug_text *text)
{
	while (debug_text_number(text, 1))
		;
}

static struct span take_symbol(struct debug_text *text, unsigned size)
{
	struct unit unit;

	if (!take(text, &unit) || unit.size != size)
		return SPAN("");
	return cut_word(&unit.symbol);
}

struct span debug_text_address(struct debug_text *text)
{
	return take_symbol(text, 8);
}

struct span debug_text_label(struct debug_text *text)
{
	return take_symbol(text, 4);
}

/* What the directive spells, whose quote has been opened: "f" of .string "f" and .ascii "f\0" */
static struct span spelled(const struct debug_text *text)
{
	struct span string = {text->arguments.text, text->arguments.length - 1};
	size_t zero = text->ends ? 0 : 2;

	if (string.length < zero || memcmp(string.text + string.length - zero, "\\0", zero) != 0)
		return SPAN("");
	string.length -= zero;
	return string;
}

struct span debug_text_string(struct debug_text *text)
{
	struct span string = SPAN("");

	if (debug_text_more(text) && text->quoted)
		string = spelled(text);
	debug_text_skip_string(text);
	close_quote(text);
	return text->failed || text->arguments.length ? SPAN("") : string;
}

/* The first line that switches to the section, behind `from`; NULL if there is none. */
static const char *find_section(struct span file, const char *from, const char *section)
{
	size_t length = strlen(section);
	const char *end = file.text + file.length;

	while ((from = memmem(from, (size_t)(end - from), section, length))) {
		const char *before = from;

		while (before > file.text && is_blank(before[-1]))
			before--;
		from += length;
		if (before - file.text > 9 && !memcmp(before - 9, "\t.section", 9) &&
		    before[-10] == '\n' && from < end && (*from == ',' || *from == '\n'))
			return from;
	}
	return NULL;
}

bool debug_text_open_next(struct debug_text *text, struct span file, const char *section,
			  const char **behind)
{
	const char *found = find_section(file, *behind ? *behind : file.text, section);

	*text = (struct debug_text){.end = file.text + file.length};
	text->next = found ? memchr(found, '\n', (size_t)(text->end - found)) : NULL;
	*behind = text->next;
	return text->next != NULL;
}

bool debug_text_open(struct debug_text *text, struct span file, const char *section)
{
	const char *behind = NULL;

	return debug_text_open_next(text, file, section, &behind) &&
	       !find_section(file, behind, section);
}
