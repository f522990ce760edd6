// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Lines of the text in, the place in the source out. Two kinds of lines give one:
 *
 *	# 12 "a.S" 1			the next line is line 12 of a.S, and so on from there
 *	# a.c:12: return x + b;		the next instructions are of line 12 of a.c
 *
 * The first holds until the next marker; `# 0 "" 2`, with which gcc ends inline assembly, ends it.
 * The second holds for one function at most.
 */
#include <stdlib.h>
#include "place.h"

void place_begin(struct place *place, const char *text)
{
	*place = (struct place){.at = text};
}

static size_t count_digits(const char *text, const char *end)
{
	const char *digit = text;

	while (digit < end && isdigit((unsigned char)*digit))
		digit++;
	return (size_t)(digit - text);
}

static const char *skip_blanks(const char *text, const char *end)
{
	while (text < end && (*text == ' ' || *text == '\t'))
		text++;
	return text;
}

/* 12 "a.S" 1 */
static bool read_marker(struct place *place, const char *text, const char *end)
{
	const char *quote = skip_blanks(text + count_digits(text, end), end), *close;

	if (quote == text || quote == end || *quote != '"')
		return false;
	close = memchr(quote + 1, '"', (size_t)(end - quote - 1));
	if (!close)
		return false;
	place->file = (struct span){quote + 1, (size_t)(close - quote - 1)};
	place->line = place->file.length ? (uint32_t)strtoul(text, NULL, 10) : 0;
	place->counting = place->line;
	return true;
}

/* a.c:12: and the source line; the name may have blanks and colons in it. */
static void read_comment(struct place *place, const char *text, const char *end)
{
	const char *colon = text;

	while ((colon = memchr(colon, ':', (size_t)(end - colon)))) {
		size_t digits = count_digits(colon + 1, end);
		const char *behind = colon + 1 + digits;

		if (digits && behind < end && *behind == ':' && colon > text) {
			place->file = (struct span){text, (size_t)(colon - text)};
			place->line = (uint32_t)strtoul(colon + 1, NULL, 10);
			place->counting = false;
			return;
		}
		colon++;
	}
}

/* f: begins a function, .L2: does not. */
static bool is_global_label(const char *line, const char *end)
{
	return line < end && is_name(*line) && *line != '.' &&
	       memchr(line, ':', (size_t)(end - line));
}

/* One line that stands before the statement. */
static void read_line(struct place *place, const char *line, const char *end)
{
	if (line < end && *line == '#') {
		const char *text = skip_blanks(line + 1, end);

		if (read_marker(place, text, end))
			return;
		if (!place->counting)
			read_comment(place, text, end);
	} else if (!place->counting && is_global_label(line, end)) {
		place->line = 0;
	}
	place->line += place->counting;
}

void place_follow(struct place *place, const char *statement)
{
	const char *end;

	while (place->at < statement &&
	       (end = memchr(place->at, '\n', (size_t)(statement - place->at)))) {
		read_line(place, place->at, end);
		place->at = end + 1;
	}
}

/* .file "a.c", but not .file 1 "a.c" */
static struct span read_file(const char *line, const char *end)
{
	const char *text = skip_blanks(line, end), *close;

	if (end - text < 6 || memcmp(text, ".file", 5) != 0)
		return SPAN("");
	text = skip_blanks(text + 5, end);
	close = text < end && *text == '"' ? memchr(text + 1, '"', (size_t)(end - text - 1)) : NULL;
	return close ? (struct span){text + 1, (size_t)(close - text - 1)} : SPAN("");
}

/* # 1 "a.S", but not # 0 "<built-in>" */
static struct span read_first_marker(const char *line, const char *end)
{
	struct place place = {0};

	if (line == end || *line != '#' || !read_marker(&place, skip_blanks(line + 1, end), end) ||
	    (place.file.length && place.file.text[0] == '<'))
		return SPAN("");
	return place.file;
}

struct span place_source(struct span text, const char *input_name)
{
	struct span marker = SPAN("");
	const char *line = text.text, *end;

	for (; (end = memchr(line, '\n', (size_t)(text.text + text.length - line)));
	     line = end + 1) {
		struct span file = read_file(line, end);

		if (file.length)
			return file;
		if (!marker.length)
			marker = read_first_marker(line, end);
	}
	return marker.length ? marker : (struct span){input_name, strlen(input_name)};
}

bool place_is_temporary(const char *input_name)
{
	const char *slash = strrchr(input_name, '/');
	const char *name = slash ? slash + 1 : input_name;
	size_t length = strlen(name), random = 6, end = sizeof ".s" - 1;
	const char *before = name + length - end - random;

	if (!slash || length < sizeof "cc" - 1 + random + end || strcmp(name + length - end, ".s"))
		return false;
	for (size_t i = 0; i < random; i++)
		if (!isalnum((unsigned char)before[i]))
			return false;
	return before[-1] == '-' || (before == name + 2 && !memcmp(name, "cc", 2));
}
