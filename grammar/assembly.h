/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What statement.l makes of assembly text: statements. An instruction's operands are left to the
 * processor's part (x86-64/instruction.h). All text is spans of the input, which must outlive
 * everything here; nothing is copied.
 */
#ifndef ASSEMBLY_H
#define ASSEMBLY_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct span {
	const char *text;
	size_t length;
};

#define SPAN(literal) ((struct span){literal, sizeof(literal) - 1})

/* Are two letters the same, in whatever case? Other characters may be taken for each other. */
static inline bool may_be_letter(char a, char b)
{
	return !((a ^ b) & ~0x20);
}

/* as takes directives, macro names and types in either case. */
static inline bool span_is(struct span span, const char *text)
{
	size_t length = strlen(text);

	return length && span.length == length &&
	       may_be_letter(span.text[length - 1], text[length - 1]) &&
	       !strncasecmp(span.text, text, length);
}

/* The list ends with NULL; its names have two letters or more. */
static inline bool span_is_among(struct span span, const char *const *list)
{
	if (span.length < 2)
		return false;
	for (; *list;
	     list++) /* Directives begin alike; the letter behind the dot tells most apart. */
		if (may_be_letter(span.text[1], (*list)[1]) && span_is(span, *list))
			return true;
	return false;
}

/* .L7: as keeps it from the symbol table. */
static inline bool is_local_label(struct span label)
{
	return label.length >= 2 && label.text[0] == '.' && label.text[1] == 'L';
}

static inline bool span_begins(struct span span, const char *prefix)
{
	size_t length = strlen(prefix);

	/* The letters at the end and in the middle tell most apart. */
	return span.length >= length && may_be_letter(span.text[length - 1], prefix[length - 1]) &&
	       may_be_letter(span.text[length / 2], prefix[length / 2]) &&
	       !strncasecmp(span.text, prefix, length);
}

static inline bool span_equal(struct span a, struct span b)
{
	/* Spans of nothing may have no text, which memcmp() must not get. */
	return a.length == b.length && (!a.length || !memcmp(a.text, b.text, a.length));
}

/* For tables; the upper bits are as good as the lower ones. */
static inline uint32_t span_hash(struct span span)
{
	const char *at = span.length ? span.text : "", *end = at + span.length;
	uint64_t hash = span.length, word = 0;

	for (; end - at > 8; at += 8) {
		memcpy(&word, at, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	for (word = 0; at < end; at++)
		word = word << 8 | (uint8_t)*at;
	hash = (hash ^ word) * 0x9e3779b97f4a7c15;
	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93;
	return (uint32_t)(hash ^ hash >> 32);
}

static inline bool span_contains(struct span span, const char *text)
{
	return memmem(span.text, span.length, text, strlen(text)) != NULL;
}

/* What stands in it from this place on. */
static inline struct span span_from(struct span span, const char *from)
{
	return (struct span){from, (size_t)(span.text + span.length - from)};
}

/* Is it one of the characters that symbols and directives consist of? */
static inline bool is_name(char c)
{
	static const bool names[256] = {
		['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,   ['_'] = true,
		['.'] = true,	      ['$'] = true,	    [0x80 ... 0xff] = true,
	};

	return names[(uint8_t)c];
}

/* Cuts off the word that *text begins with; it is empty if the text begins with something else. */
static inline struct span cut_word(struct span *text)
{
	struct span word = {text->text, 0};

	while (word.length < text->length && is_name(word.text[word.length]))
		word.length++;
	*text = (struct span){word.text + word.length, text->length - word.length};
	return word;
}

enum statement_kind {
	STATEMENT_LABEL,
	STATEMENT_ASSIGNMENT,  /* symbol = expression */
	STATEMENT_DIRECTIVE,   /* .name ... */
	STATEMENT_INSTRUCTION, /* or the call of a macro: by its looks the two are the same */
	STATEMENT_APP,	       /* #APP: text by a person begins */
	STATEMENT_NO_APP,      /* #NO_APP: it ends */
	STATEMENT_UNKNOWN,
};

struct statement {
	const char *text;     /* from its first to its last character, without separators */
	uint32_t length;      /* of text */
	uint32_t name_length; /* of the label, symbol, directive or first word that text begins with
			       */
	uint32_t line;	      /* physical line of the first character, from 1 */
	enum statement_kind kind : 8;
	unsigned characters : 8; /* STATEMENT_HAS_*: it has such characters, or may have */
};

#define STATEMENT_HAS_PARENTHESIS 1 /* an opening one */
#define STATEMENT_HAS_DOLLAR	  2
#define STATEMENT_HAS_DOT	  4
#define STATEMENT_HAS_SIGN	  8 /* plus or minus */
#define STATEMENT_HAS_ANY	  15

/* text[length] and text[length + 1] must be NUL; text is written to while it is read. */
struct reader *reader_open(char *text, size_t length);
/* The next statement, valid until the next call; NULL at the end. */
const struct statement *reader_next(struct reader *reader);
/* Where it goes on, and in which line. */
struct reader_place {
	char *at;
	uint32_t line;
};
/* Behind the last statement. */
struct reader_place reader_place(const struct reader *reader);
/* Go on there, behind some statement of the same text; one statement must have been read. */
void reader_continue(struct reader *reader, struct reader_place place);
/* At the end: does the text end in a string or comment? Nothing can be added to it then. */
bool reader_unterminated(const struct reader *reader);
void reader_close(struct reader *reader);

#endif
