// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Bytes in, the name of their format out. Three kinds are recognized: formats that begin with known
 * bytes, data with too many control characters, and C without any directive of an assembler.
 */
#include "assembly.h"
#include "foreign.h"

#define MARK(bytes)                                                                                \
	{                                                                                          \
		bytes, sizeof(bytes) - 1                                                           \
	}

static const char *marked_format(const char *text, size_t length)
{
	static const struct {
		struct span mark;
		const char *name;
	} formats[] = {
		{MARK("\177ELF"), "an object file"},
		{MARK("!<arch>\n"), "an archive"},
		{MARK("!<thin>\n"), "an archive"},
		{MARK("BC\300\336"), "LLVM's bitcode"},
		{MARK("\336\300\27\13"), "LLVM's bitcode"},
		{MARK("; ModuleID = "), "LLVM's intermediate code"},
		{MARK("\37\213"), "a compressed file"},
		{MARK("\3757zXZ"), "a compressed file"},
		{MARK("\50\265\57\375"), "a compressed file"},
		{MARK("BZh91AY&SY"), "a compressed file"},
		{MARK("PK\3\4"), "a compressed file"},
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (length >= formats[i].mark.length &&
		    !memcmp(text, formats[i].mark.text, formats[i].mark.length))
			return formats[i].name;
	return NULL;
}

/*
 * In random bytes every ninth is a control character that text does not contain. Assemblers accept
 * some in strings and comments, so up to one in sixteen bytes still counts as text.
 */
static bool is_binary(const char *text, size_t length)
{
	size_t controls = 0;

	if (length > 4096)
		length = 4096;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		controls += c == 127 || (c < 32 && (c < '\t' || c > '\r'));
	}
	return controls >= 4 && controls * 16 > length;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static struct span without_blanks(struct span line)
{
	while (line.length && is_blank(line.text[0]))
		line.text++, line.length--;
	while (line.length && is_blank(line.text[line.length - 1]))
		line.length--;
	return line;
}

/* Cuts the first word off, with the blanks behind it. */
static struct span cut_first(struct span *line)
{
	struct span word = cut_word(line);

	*line = without_blanks(*line);
	return word;
}

/* .text, .globl f; but not `.size = 4,`, which C has, too. */
static bool is_directive(struct span line)
{
	struct span name = cut_first(&line);

	return name.length > 1 && name.text[0] == '.' && isalpha((unsigned char)name.text[1]) &&
	       (!line.length || !memchr("=(){};,[-", line.text[0], 9));
}

static bool is_one_of(struct span word, const char *const *words)
{
	for (; *words; words++)
		if (word.length == strlen(*words) && !memcmp(word.text, *words, word.length))
			return true;
	return false;
}

static const char *const types[] = {
	"void",	    "char",  "short",  "int",	  "long",   "float",  "double",	  "signed",
	"unsigned", "bool",  "struct", "union",	  "enum",   "const",  "volatile", "static",
	"typedef",  "class", "inline", "_Bool",	  "size_t", "extern", "auto",	  "constexpr",
	"template", "using", "public", "virtual", NULL};

/* int x; static void f(void) */
static bool is_declaration(struct span line)
{
	if (!is_one_of(cut_first(&line), types) || !line.length)
		return false;
	/* nasm has `extern f`, C has `extern int f` and `extern "C"`. */
	return isalpha((unsigned char)line.text[0]) || line.text[0] == '_' || line.text[0] == '*' ||
	       line.text[0] == '"' || line.text[0] == '<';
}

/* return x; if (x) { */
static bool is_statement(struct span line)
{
	static const char *const with_parenthesis[] = {"if", "for", "while", "switch", NULL};
	struct span word = cut_first(&line);

	if (span_is(word, "return"))
		return true;
	return is_one_of(word, with_parenthesis) && line.length && line.text[0] == '(';
}

/* Is the line, without its comments, C and certainly not assembly? */
static bool is_c(struct span line)
{
	struct span rest = line, word = cut_first(&rest);
	bool ends = memchr(";{}", line.text[line.length - 1], 3) != NULL;

	if (span_is(word, "extern") && !span_begins(rest, "\"") && !is_declaration(rest))
		return false;
	return (is_declaration(line) && (ends || span_contains(line, "("))) ||
	       (is_statement(line) && ends);
}

/* The part of a line before its first comment, or behind it; nothing is written. */
static struct span without_comments(struct span line, bool *in_comment)
{
	const char *found;

	while (*in_comment || (found = memmem(line.text, line.length, "/*", 2))) {
		const char *end;

		if (!*in_comment) {
			struct span before = {line.text, (size_t)(found - line.text)};

			end = memmem(found + 2, line.length - before.length - 2, "*/", 2);
			*in_comment = !end;
			if (!end || without_blanks(before).length)
				return without_blanks(before);
		} else {
			end = memmem(line.text, line.length, "*/", 2);
			if (!end)
				return (struct span){line.text, 0};
		}
		*in_comment = false;
		line.length -= (size_t)(end + 2 - line.text);
		line.text = end + 2;
	}
	found = memmem(line.text, line.length, "//", 2);
	if (found)
		line.length = (size_t)(found - line.text);
	return without_blanks(line);
}

/*
 * The number of a line that can only be C, or 0. A compiler's assembly has a directive in its first
 * lines, so the search ends soon.
 */
static uint32_t line_of_c(const char *text, size_t length)
{
	const char *end = text + length;
	uint32_t number = 0, found = 0;
	bool in_comment = false;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		struct span line = {text, (size_t)((newline ? newline : end) - text)};

		number++;
		text += line.length + 1;
		line = without_comments(line, &in_comment);
		if (!line.length || line.text[0] == '#')
			continue;
		if (is_directive(line))
			return 0;
		if (!found && is_c(line))
			found = number;
	}
	return found;
}

const char *foreign_input(const char *text, size_t length, uint32_t *line)
{
	const char *name = marked_format(text, length);

	*line = 1;
	if (!name && is_binary(text, length))
		name = "binary data";
	if (!name && (*line = line_of_c(text, length)))
		name = "C";
	return name;
}
