// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rule_code.h"
#include "rule_error.h"
#include "vocabulary.h"

#define WAYS_MAX 4
#define DISTANCE 4 /* bytes of a displacement, and of a jump's or a call's distance */

static struct {
	struct written list[WAYS_MAX];
	int count;
} ways[UINT8_MAX + 1]; /* into a register, by suffix */

/* Each code once, one behind the other: first those of RULE_CODE_NOTHING and _ORIGINAL. */
static char codes[UINT16_MAX] = "\0*";
static size_t codes_length = sizeof "\0*";

/* ---- Into a register ---- */

void declare_into(const char *suffixes, const char *operand, const struct written *list, int count)
{
	if (strcmp(operand, "R"))
		fail("the register of `into` is R, not %s", operand);
	if (count > WAYS_MAX)
		fail("more than %d ways into a register; raise WAYS_MAX", WAYS_MAX);
	if (strcmp(list[count - 1].guard, "any"))
		fail("the last way into a register is for any value");
	for (; *suffixes; suffixes++) {
		ways[(unsigned char)*suffixes].count = count;
		memcpy(ways[(unsigned char)*suffixes].list, list, (size_t)count * sizeof *list);
	}
}

int into_count(char suffix)
{
	int count = ways[(unsigned char)suffix].count;

	if (!count)
		fail("nothing says how a value of suffix %c comes into a register; write a line "
		     "`into[%c] R => ...` above",
		     suffix, suffix);
	return count;
}

/* Where R has a width of its own, the operand's does not count. */
static char *with_register(const char *code, const char *operand)
{
	char *text = format("%s", "");

	for (; *code; code++) {
		bool is_register = *code == 'R';
		size_t length = code[1] == '.' ? strcspn(operand, ".") : strlen(operand);

		text = is_register ? format("%s%.*s", text, (int)length, operand)
				   : format("%s%c", text, *code);
	}
	return text;
}

struct written into_way(char suffix, int number, const char *operand)
{
	struct written way = ways[(unsigned char)suffix].list[number];

	way.code = with_register(way.code, operand);
	return way;
}

/* The code with each `V into T` replaced by the way for any value. */
static char *bring_values(const char *code, char suffix)
{
	static const char words[] = "V into ";
	const char *found = strstr(code, words);
	const char *operand, *dot;
	struct written way;
	char *name;
	size_t length;

	if (!found)
		return format("%s", code);
	operand = found + strlen(words);
	length = strcspn(operand, "; ");
	name = format("%.*s", (int)length, operand);
	dot = strchr(name, '.');
	suffix = dot ? dot[1] : suffix;
	way = into_way(suffix, into_count(suffix) - 1, name);
	return format("%.*s%s%s", (int)(found - code), code, way.code,
		      bring_values(operand + length, suffix));
}

/* ---- Words and letters ---- */

static size_t word_length(const char *code)
{
	size_t length = 0;

	while (isupper((unsigned char)code[length]))
		length++;
	return length;
}

/* What stands for this piece of the code, which is a word or a character. */
static char *expand_piece(const char *piece, size_t length, bool has_width,
			  const struct spelling *spelling)
{
	char letter = letter_of(piece, length);
	bool takes_suffix = *piece == '@' || (letter == 'T' && !has_width);
	const char *mirrored;

	if (isupper((unsigned char)*piece) && !letter)
		fail("there is no operand %.*s; see \"Operands\" at the top of x86-64/rules",
		     (int)length, piece);
	if (takes_suffix && !spelling->suffix)
		fail("%s has no suffix that %c could take; write a width", spelling->base, *piece);
	switch (*piece) {
	case '&':
		return format("%s", spelling->base);
	case '@':
		return format("%c", spelling->suffix);
	case '~':
		mirrored = mirrored_condition(spelling->condition);
		if (!mirrored)
			fail("%s has no condition that another one mirrors", spelling->base);
		return format("%s", mirrored);
	}
	if (takes_suffix)
		return format("T.%c", spelling->suffix);
	return format("%c", letter ? letter : *piece);
}

char *code_expand(const char *code, const struct spelling *spelling)
{
	char *text = format("%s", "");

	for (code = bring_values(code, spelling->suffix); *code;) {
		size_t length = word_length(code);

		length += !length;
		text = format("%s%s", text,
			      expand_piece(code, length, code[length] == '.', spelling));
		code += length;
	}
	return text;
}

/* ---- Fields ---- */

/* The field of `name(V)`: two names stand for what the operands say. */
static struct rule_field function_field(const char *name, size_t length)
{
	if (length == 4 && !strncmp(name, "bits", length))
		return (struct rule_field){RCPP_FIELD_AND, RCPP_FUNCTION_PLAIN};
	if (length == 7 && !strncmp(name, "address", length))
		return (struct rule_field){RCPP_FIELD_ADD, RCPP_FUNCTION_TIMES};
	for (unsigned i = 1; i <= RCPP_FUNCTION_LAST; i++)
		if (strlen(function_words[i]) == length &&
		    !strncmp(name, function_words[i], length))
			return (struct rule_field){RCPP_FIELD_VALUE, (uint8_t)i};
	fail("there is no function %.*s(V); see function_words in grammar/vocabulary.h",
	     (int)length, name);
}

/* Read `(V)` backwards to the $; *name is where the function's name was. */
static struct rule_field read_function(const char *statement, char *value, char **name)
{
	while (*name > statement && (*name)[-1] != '$')
		--*name;
	if (*name == statement)
		fail("`%s` has no $ before the function of V", statement);
	return function_field(*name, (size_t)(value - 1 - *name));
}

/* Of the field of the V that ends here: its width, behind a dot or by the instruction. */
static int read_width(const char *statement, char **end)
{
	int width = **end == '.' ? width_of((*end)[1]) : immediate_width(statement);

	if (!width)
		fail("`%s` does not say how wide V is; write .b, .w, .l or .q behind it",
		     statement);
	*end += **end == '.' ? 2 : 0;
	return width;
}

/* The field of the V in this statement; leaves of `$name(V).b` only `$V` in the code. */
static struct rule_field describe_field(char *statement, char *value)
{
	struct rule_field field = {RCPP_FIELD_VALUE, RCPP_FUNCTION_PLAIN};
	char *name = value, *end = value + 1;

	if (is_target(statement))
		return (struct rule_field){RCPP_FIELD_TARGET | DISTANCE, RCPP_FUNCTION_PLAIN};
	if (*end == '(')
		return (struct rule_field){RCPP_FIELD_ADD | DISTANCE, RCPP_FUNCTION_PLAIN};
	if (*end == ')') {
		field = read_function(statement, value, &name);
		*name = 'V';
		end++;
	}
	field.kind |= (uint8_t)read_width(statement, &end);
	memmove(name + 1, end, strlen(end) + 1);
	return field;
}

static void add_field(struct rule_alternative *alternative, struct rule_field field)
{
	if (alternative->fields == RCPP_FIELDS_MAX)
		fail("more than %d V in the code; raise RCPP_FIELDS_MAX", RCPP_FIELDS_MAX);
	alternative->field[alternative->fields++] = field;
}

void code_describe(struct rule_alternative *alternative, char *code)
{
	for (char *statement = code; *statement;) {
		char *value = statement + strcspn(statement, "VL*;");

		if (*value == 'V')
			add_field(alternative, describe_field(statement, value));
		else if (*value == 'L')
			add_field(alternative, (struct rule_field){RCPP_FIELD_JUMP | DISTANCE,
								   RCPP_FUNCTION_PLAIN});
		else if (*value == '*') /* the matched instruction, with V in its displacement */
			add_field(alternative, (struct rule_field){RCPP_FIELD_ADD | DISTANCE,
								   RCPP_FUNCTION_PLAIN});
		statement += strcspn(statement, ";");
		statement += strspn(statement, "; ");
	}
}

/* ---- The table of codes ---- */

uint16_t code_place(const char *code)
{
	size_t at = 0, size = strlen(code) + 1;

	while (at < codes_length && strcmp(codes + at, code))
		at += strlen(codes + at) + 1;
	if (at + size > sizeof codes)
		fail("more than %zu bytes of code; raise the size of codes", sizeof codes);
	memcpy(codes + at, code, size);
	if (at == codes_length)
		codes_length += size;
	return (uint16_t)at;
}

void code_print_all(void)
{
	for (size_t at = 0; at < codes_length; at += strlen(codes + at) + 1)
		printf("\t\"%s\\0\"\n", codes + at);
}
