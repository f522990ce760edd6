// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The text in, whether it is worth a full pass out.
 *
 * A section's name or a marker decides at once. `.internal` does not: it is what gcc makes of
 * RCPP_EXTERN(), but other programs (Lua, say) give it to their functions, and the names of
 * --symbol are in all files that declare them, if only in their debug information. These names
 * count only in a line that may read them.
 */
#include "first_look.h"
#include "names.h"
#include "operands.h"
#include "search.h"
#include "sections.h"
#include "target.h"

#define INTERNAL ".internal"

static bool glob_is_literal(const char *glob)
{
	return !strpbrk(glob, "*?[\\");
}

/* Is `name` in the text, as a whole word? */
static bool has_word(struct span text, struct span name)
{
	const char *end = text.text + text.length, *at = text.text;

	while ((at = memmem(at, (size_t)(end - at), name.text, name.length))) {
		bool begins = at == text.text || !is_name(at[-1]);
		bool ends = at + name.length == end || !is_name(at[name.length]);

		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

/* Cuts off the next word, with what stands before it; false if there is none. */
static bool next_word(struct span *text, struct span *word)
{
	while (text->length && !is_name(text->text[0]))
		text->text++, text->length--;
	*word = cut_word(text);
	return word->length;
}

static struct span line_at(const char *text, size_t length)
{
	const char *end = memchr(text, '\n', length);

	return (struct span){text, end ? (size_t)(end - text) : length};
}

/* .internal a, b: every word behind it, since too many do no harm. */
static void add_internal(struct names *names, struct span text)
{
	const char *at = text.text, *end = at + text.length;

	while ((at = memmem(at, (size_t)(end - at), INTERNAL, sizeof INTERNAL - 1))) {
		struct span line = line_at(at, (size_t)(end - at)), word;

		at += line.length;
		next_word(&line, &word); /* .internal itself */
		while (next_word(&line, &word))
			names_add(names, word, 0);
	}
}

/* What compilers write most, and what assembles to no instruction. */
static bool is_harmless_directive(struct span name)
{
	static const char *const names[] = {
		".long",     ".byte",	".value", ".quad",  ".uleb128",
		".sleb128",  ".string", ".ascii", ".asciz", ".loc",
		".internal", ".globl",	".type",  ".size",  NULL,
	};

	return span_is_among(name, names);
}

/* call f, jmp .L2, jne f@PLT, but not call *f: it goes there, and reads nothing. */
static bool is_direct_branch(struct span name, struct span target)
{
	return processor.is_branch(name) && cut_word(&target).length &&
	       (!target.length || span_is(target, "@PLT"));
}

/*
 * Is the line, whatever names it has, nothing that reads a variable? Lines of more than one
 * statement, or in which a comment may end, are looked at.
 */
static bool is_harmless(struct span line)
{
	struct span rest = trimmed(line), name = cut_word(&rest);

	if (memchr(rest.text, ';', rest.length) || memchr(rest.text, '/', rest.length))
		return false;
	return span_is(rest, ":") || is_harmless_directive(name) ||
	       is_direct_branch(name, trimmed(rest));
}

/* May a line read one of the variables? What macros read of theirs is no site anyway. */
static bool may_read(const struct names *names, struct span text)
{
	struct search search;
	struct span word;

	search_init(&search, names);
	while ((word = search_first(&search, text)).length) {
		const char *newline = memrchr(text.text, '\n', (size_t)(word.text - text.text));
		struct span rest = span_from(text, newline ? newline + 1 : text.text);
		struct span line = line_at(rest.text, rest.length);

		if (!is_harmless(line))
			return true;
		text = span_from(text, line.text + line.length);
	}
	return false;
}

/*
 * A section's name, or a marker. Most of them are ours: what has none need not be searched.
 */
static bool has_mark(const struct options *options, struct span text, bool ours)
{
	for (size_t i = 0; i < options->sections.count; i++) {
		const char *glob = options->sections.text[i];
		struct span literal = {glob, strcspn(glob, "*?[\\")};

		if (!ours && span_contains(literal, FIRST_LOOK_OURS))
			continue;
		if (glob_is_literal(glob)
			    ? has_word(text, literal)
			    : memmem(text.text, text.length, literal.text, literal.length) != NULL)
			return true;
	}
	return ours && (span_contains(text, ".rcpp_extern") || span_contains(text, VALUE_NAME));
}

bool first_look(const struct options *options, const char *bytes, size_t length, bool ours)
{
	struct span text = {bytes, length};
	struct names given = {0}, internal = {0};
	bool found;

	for (size_t i = 0; i < options->symbol_count; i++)
		names_add(&given, options->symbols[i].name, 0);
	found = options->profile || may_read(&given, text) || has_mark(options, text, ours);
	if (!found)
		add_internal(&internal, text);
	found = found || may_read(&internal, text);
	names_free(&given);
	names_free(&internal);
	return found;
}
