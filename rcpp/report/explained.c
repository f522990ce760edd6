// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The lines of --explain in, struct explained_line out. A line is
 *
 *	FILE:LINE: FUNCTION: SYMBOL[+OFFSET]: WHAT
 *
 * with one of these for WHAT:
 *
 *	FORM				an original instruction, " => " and alternatives
 *	load: REASON[; ADVICE]
 *	written outside of init code[; ADVICE]
 *
 * Or it begins with "rcpp: '" and says why a name was not resolved.
 *
 * The text is cut in place, so that each string of a line is a part of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "report.h"

#define WRITTEN "written outside of init code"
#define NOTE	"rcpp: '"

/* Cuts the text at the first `separator`; returns what is behind it, or NULL. */
static char *cut(char *text, const char *separator)
{
	char *found = text ? strstr(text, separator) : NULL;

	if (!found)
		return NULL;
	*found = '\0';
	return found + strlen(separator);
}

/* FILE:LINE: -- a colon or a blank may be a part of FILE, so that the number decides. */
static char *cut_place(char *text, struct explained_line *line)
{
	for (char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
		size_t digits = strspn(colon + 1, "0123456789");

		if (colon == text || !digits || strncmp(colon + 1 + digits, ": ", 2))
			continue;
		*colon = '\0';
		line->file = text;
		line->line = (unsigned)strtoul(colon + 1, NULL, 10);
		return colon + 1 + digits + 2;
	}
	return NULL;
}

/* SYMBOL, SYMBOL+OFFSET or SYMBOL-OFFSET. */
static void cut_offset(char *symbol, struct explained_line *line)
{
	char *end = symbol + strlen(symbol), *sign = end;

	while (sign > symbol && strchr("0123456789", sign[-1]))
		sign--;
	line->symbol = symbol;
	if (sign == end || sign < symbol + 2 || (sign[-1] != '+' && sign[-1] != '-'))
		return;
	line->offset = strtoll(sign - 1, NULL, 10);
	sign[-1] = '\0';
}

static void set_reason(char *reason, struct explained_line *line)
{
	char *advice = cut(reason, "; ");

	line->reason = reason;
	line->advice = advice ? advice : "";
}

static bool parse_what(char *what, struct explained_line *line)
{
	static const char load[] = "load: ";

	line->advice = "";
	line->written = !strncmp(what, WRITTEN, strlen(WRITTEN));
	if (line->written)
		set_reason(what, line);
	else if (!strncmp(what, load, strlen(load)))
		set_reason(what + strlen(load), line);
	else
		line->form = strstr(what, " => ") ? what : NULL;
	return line->form || line->reason;
}

static bool parse(char *text, struct explained_line *line)
{
	char *function = cut_place(text, line);
	char *symbol = cut(function, ": ");
	char *what = cut(symbol, ": ");

	if (!what)
		return false;
	line->function = function;
	cut_offset(symbol, line);
	return parse_what(what, line);
}

static void append(struct explained *explained, struct explained_line line)
{
	if (explained->count == explained->space) {
		explained->space = explained->space ? 2 * explained->space : 64;
		explained->lines = dump_grow(explained->lines, explained->space, sizeof line);
	}
	explained->lines[explained->count++] = line;
}

/* The same is said for each unit that has the name. */
static void add_note(struct explained *explained, char *note)
{
	for (size_t i = 0; i < explained->note_count; i++)
		if (!strcmp(explained->notes[i], note))
			return;
	explained->notes =
		dump_grow(explained->notes, explained->note_count + 1, sizeof *explained->notes);
	explained->notes[explained->note_count++] = note;
}

static bool parse_lines(struct explained *explained, const char *path, char *text)
{
	for (unsigned number = 1; text && *text; number++) {
		struct explained_line line = {0};
		char *next = cut(text, "\n");

		if (!strncmp(text, NOTE, strlen(NOTE)))
			add_note(explained, text + strlen(NOTE) - 1);
		else if (parse(text, &line))
			append(explained, line);
		else
			return report_error(
				path,
				"line %u is no line of --explain: give a file that rcpp "
				"--explain=FILE or --profile has written",
				number);
		text = next;
	}
	return true;
}

bool explained_add_text(struct explained *explained, const char *path, char *text, size_t size)
{
	text = dump_grow(text, size + 1, 1);
	text[size] = '\0';
	explained->texts =
		dump_grow(explained->texts, explained->text_count + 1, sizeof *explained->texts);
	explained->texts[explained->text_count++] = text;
	if (strlen(text) != size)
		return report_error(path, "neither lines of --explain nor a profile: give a file "
					  "that rcpp --explain=FILE or --profile has written");
	return parse_lines(explained, path, text);
}

bool explained_add(struct explained *explained, const char *path)
{
	size_t size;
	char *text = dump_read_file(path, &size);

	if (!text)
		return report_error(path, "cannot read it: %s: give a file of --explain",
				    strerror(errno));
	return explained_add_text(explained, path, text, size);
}

void explained_free(struct explained *explained)
{
	for (size_t i = 0; i < explained->text_count; i++)
		free(explained->texts[i]);
	free(explained->texts);
	free(explained->notes);
	free(explained->lines);
	*explained = (struct explained){0};
}
