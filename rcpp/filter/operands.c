// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Text in, text without value-of operands out:
 *
 *	movabsq $rcpp_value(b), %rax	->	movq b(%rip), %rax
 *
 * RCPP_VALUE(b) of rcpp.h is b(%rip) already, with a comment that says so.
 *
 * Without a site, or before it is patched, that is the value, too. So the operand may be used where
 * the instruction can read memory, which the rules know: a load or use with VAR in this position.
 * Everything else that looks like one is an error here: as does not know rcpp_value().
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include "instruction.h"
#include "memory.h"
#include "operands.h"
#include "rules.h"
#include "sections.h"
#include "survey.h"
#include "target.h"

struct writer {
	struct values *values;
	const char *from;   /* the input up to here has been written out */
	struct names sizes; /* of variables, in bytes, where the text says so */
	struct span *macros;
	uint32_t macro_count, macro_space;
	uint32_t repeats;
	bool foreign_syntax;
	int status;
};

static bool has_values(const char *text, size_t length)
{
	return memmem(text, length, VALUE_NAME, sizeof VALUE_NAME - 1) != NULL;
}

/* --- messages ------------------------------------------------------------------------------- */

/* # LINE "FILE" FLAGS, the mark of a preprocessor. Returns false if it is something else. */
static bool read_line_mark(struct span line, struct span *name, unsigned long *number)
{
	char *end;
	const char *close;

	if (line.length < 2 || line.text[0] != '#' || !strchr(" \t", line.text[1]))
		return false;
	*number = strtoul(line.text + 1, &end, 10);
	if (end == line.text + 1 || end[0] != ' ' || end[1] != '"')
		return false;
	name->text = end + 2;
	close = memchr(name->text, '"', (size_t)(line.text + line.length - name->text));
	name->length = close ? (size_t)(close - name->text) : 0;
	return close;
}

/*
 * Where is it? In the source, if the preprocessor has left its marks, as `as` says it: gcc puts
 * them around inline assembly, too, and the file it writes for `as` is gone when people look.
 */
static void print_place(const struct values *values, const char *place)
{
	struct span name = {values->input_name, strlen(values->input_name)}, marked;
	struct span file = name;
	unsigned long physical = 1, line = 1, number;

	for (const char *at = values->input, *next; (next = memchr(at, '\n', (size_t)(place - at)));
	     at = next + 1) {
		physical++;
		line++;
		if (!read_line_mark((struct span){at, (size_t)(next - at)}, &marked, &number))
			continue;
		file = marked.length ? marked : name;
		line = marked.length ? number : physical;
	}
	fprintf(stderr, "%.*s:%lu: error: ", (int)file.length, file.text, line);
}

static void complain(struct values *values, struct span statement, const char *message)
{
	print_place(values, statement.text);
	fprintf(stderr, "'%.*s': %s\n", (int)statement.length, statement.text, message);
}

/* --- where they are ------------------------------------------------------------------------- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || (c & 0x80);
}

/* Behind the string, the character or the comment that begins here; `at` itself if none does. */
static const char *skip_quoted(const char *at, const char *end)
{
	const char *close;

	if (*at == '"') {
		for (at++; at < end && *at != '"'; at++)
			at += *at == '\\' && at + 1 < end;
		return at < end ? at + 1 : end;
	}
	if (*at == '\'' && end - at > 2) {
		at += at[1] == '\\' ? 3 : 2;
		return at + (at < end && *at == '\'');
	}
	if (*at == '/' && end - at > 1 && at[1] == '*') {
		close = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
		return close ? close + 2 : end;
	}
	return at;
}

/* A parenthesis with something to name in it, not a base: rcpp_value(%rip) is a symbol's place. */
static bool opens_argument(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end || *at != '(')
		return false;
	for (at++; at < end && (*at == ' ' || *at == '\t');)
		at++;
	return at == end || (*at != '%' && *at != ',');
}

/* How often does rcpp_value(b) stand there? */
static unsigned count_values(const struct statement *statement)
{
	const char *at = statement->text, *end = at + statement->length;
	unsigned count = 0;

	while (at < end) {
		const char *word = skip_quoted(at, end);

		if (word > at || !is_word(*at)) {
			at = word > at ? word : at + 1;
			continue;
		}
		while (at < end && is_word(*at))
			at++;
		count += span_equal((struct span){word, (size_t)(at - word)}, SPAN(VALUE_NAME)) &&
			 opens_argument(at, end);
	}
	return count;
}

/* --- what they may be ----------------------------------------------------------------------- */

/* Does the rule read memory with operand `index`, and are the others what it takes? */
static bool reads_memory(const struct rule *rule, const struct parsed_instruction *parsed,
			 int index)
{
	if (rule->operands != parsed->count || rule->operand[index].letter != 'V')
		return false;
	for (int i = 0; i < rule->operands; i++) {
		const struct rule_operand *wanted = &rule->operand[i];
		const struct operand *operand = &parsed->operands[i];

		if (wanted->indirect || operand->indirect)
			return false;
		if (i == index)
			continue;
		/* Only registers have a width. */
		if (wanted->letter == 'I' ? operand->kind != OPERAND_IMMEDIATE
					  : operand->reg.width != wanted->width)
			return false;
	}
	return true;
}

/* The bytes that the instruction reads as operand `index`; 0 if it cannot. */
static unsigned width_of_read(const struct parsed_instruction *parsed, int index)
{
	struct span mnemonic = processor.from_memory(parsed->mnemonic);
	const struct rule *rule = rules_find(mnemonic.text, mnemonic.length);

	for (; rule; rule = rules_next(rule))
		if (reads_memory(rule, parsed, index))
			return rule->operand[index].width;
	return 0;
}

/* The first one from operand `i` on, or -1. */
static int find_value(const struct parsed_instruction *parsed, int i)
{
	for (; i < parsed->count; i++)
		if (parsed->operands[i].value_of)
			return i;
	return -1;
}

static void add_use(struct values *values, struct value_use use)
{
	values->uses = make_room(values->uses, values->count, &values->space, sizeof *values->uses);
	values->uses[values->count++] = use;
}

/* As knows the names of macros in either case. */
static bool is_macro(const struct writer *writer, struct span mnemonic)
{
	for (uint32_t i = 0; i < writer->macro_count; i++)
		if (writer->macros[i].length == mnemonic.length &&
		    !strncasecmp(writer->macros[i].text, mnemonic.text, mnemonic.length))
			return true;
	return false;
}

/* --- writing them out ----------------------------------------------------------------------- */

static void append(struct values *values, const char *text, size_t length)
{
	memcpy(values->text + values->length, text, length);
	values->length += length;
}

static void pass_on(struct writer *writer, const char *end)
{
	append(writer->values, writer->from, (size_t)(end - writer->from));
	writer->from = end;
}

/* It becomes SYMBOL+NUMBER(%rip), never longer than it was: a word and a parenthesis go. */
static void write_operand(struct writer *writer, struct span mnemonic,
			  const struct operand *operand)
{
	struct span other = processor.from_memory(mnemonic);
	char number[32] = "";

	if (operand->value.number)
		snprintf(number, sizeof number, "%+d", (int)operand->value.number);
	pass_on(writer, mnemonic.text);
	append(writer->values, other.text, other.length);
	writer->from += mnemonic.length;
	pass_on(writer, operand->text.text);
	append(writer->values, operand->value.symbol.text, operand->value.symbol.length);
	append(writer->values, number, strlen(number));
	append(writer->values, processor.at_place, strlen(processor.at_place));
	writer->from += operand->text.length;
}

static bool is_place_of_variable(const struct operand *operand)
{
	const struct expression *value = &operand->value;

	return value->simple && value->symbol.length && !value->modified &&
	       value->number == (int32_t)value->number && operand->base == REGISTER_PLACE;
}

/* `index` is the operand; its instruction has been found to be all right. */
static void write_statement(struct writer *writer, const struct statement *statement,
			    const struct parsed_instruction *parsed, int index)
{
	const struct operand *operand = &parsed->operands[index];

	add_use(writer->values, (struct value_use){operand->value.symbol,
						   operand->value.number,
						   width_of_read(parsed, index),
						   {statement->text, statement->length}});
	write_operand(writer, parsed->mnemonic, operand);
}

/* $rcpp_value(b). Returns what is wrong with it, and what to do, or NULL. */
static const char *write_value(struct writer *writer, const struct statement *statement)
{
	struct parsed_instruction parsed;
	int index;

	if (statement->kind != STATEMENT_INSTRUCTION || writer->foreign_syntax)
		return "only an instruction of 64-bit code in AT&T syntax can have a value-of "
		       "operand; read b(%rip) instead";
	if (!parse_instruction(statement, &parsed) || (index = find_value(&parsed, 0)) < 0)
		return "this is not understood; a value-of operand is all of "
		       "$rcpp_value(SYMBOL+NUMBER), and its instruction is spelled out, without "
		       "arguments of macros; or read b(%rip)";
	if (!is_place_of_variable(&parsed.operands[index]))
		return "a value-of operand names a variable of this program or library, by "
		       "SYMBOL or SYMBOL+NUMBER";
	if (!width_of_read(&parsed, index))
		return "this instruction cannot read the value; move it to a register first (movq "
		       "$rcpp_value(b), %rax)";
	if (is_macro(writer, parsed.mnemonic) ||
	    is_macro(writer, processor.from_memory(parsed.mnemonic)))
		return "the mnemonic is a macro here; read b(%rip) instead";
	write_statement(writer, statement, &parsed, index);
	return NULL;
}

/* RCPP_VALUE(b), or the word alone. It reads memory as it stands, and stays if in doubt. */
static void write_marked(struct writer *writer, const struct statement *statement)
{
	struct parsed_instruction parsed;
	int index;

	if (statement->kind == STATEMENT_INSTRUCTION && !writer->foreign_syntax &&
	    parse_instruction(statement, &parsed) && (index = find_value(&parsed, 0)) >= 0 &&
	    find_value(&parsed, index + 1) < 0 && is_place_of_variable(&parsed.operands[index]))
		write_statement(writer, statement, &parsed, index);
}

/* .size b, 8 and .comm b, 8: what the text says of a variable's size */
static void note_size(struct writer *writer, const struct statement *directive)
{
	struct span name = statement_name(directive), arguments = statement_arguments(directive);
	struct span symbol, size;
	unsigned long bytes;
	char *end;

	if ((!span_is(name, ".size") && !span_is(name, ".comm") && !span_is(name, ".lcomm")) ||
	    !next_argument(&arguments, &symbol) || !next_argument(&arguments, &size) ||
	    !size.length || !isdigit((unsigned char)size.text[0]))
		return;
	bytes = strtoul(size.text, &end, 0);
	if (end == size.text + size.length && bytes < UINT32_MAX)
		*names_add(&writer->sizes, unquoted(symbol), 0) = (uint32_t)bytes;
}

static void note_macro(struct writer *writer, struct span arguments)
{
	struct span name = {arguments.text, strcspn(arguments.text, " \t\n,;")};

	writer->macros = make_room(writer->macros, writer->macro_count, &writer->macro_space,
				   sizeof *writer->macros);
	writer->macros[writer->macro_count++] = name;
}

static void note_directive(struct writer *writer, const struct statement *directive)
{
	bool repeated = in_repeated_text(directive, &writer->repeats);

	if (span_is(statement_name(directive), ".macro"))
		note_macro(writer, statement_arguments(directive));
	if (repeated)
		return;
	follow_syntax(directive, &writer->foreign_syntax);
	note_size(writer, directive);
}

static void look_at(struct writer *writer, const struct statement *statement)
{
	struct span text = {statement->text, statement->length};
	const char *wrong = NULL;

	if (has_values(text.text, text.length)) {
		if (count_values(statement))
			wrong = write_value(writer, statement);
		else
			write_marked(writer, statement);
	}
	if (statement->kind == STATEMENT_DIRECTIVE)
		note_directive(writer, statement);
	if (wrong) {
		complain(writer->values, text, wrong);
		writer->status = 1;
	}
}

/* A read of more than the variable would take in its neighbour. */
static void check_sizes(struct writer *writer)
{
	for (uint32_t i = 0; i < writer->values->count; i++) {
		const struct value_use *use = &writer->values->uses[i];
		const uint32_t *size = names_find(&writer->sizes, unquoted(use->symbol));

		if (!use->width || !size ||
		    (use->offset >= 0 && use->offset + (int64_t)use->width <= (int64_t)*size))
			continue;
		print_place(writer->values, use->statement.text);
		fprintf(stderr,
			"'%.*s': this reads %u bytes, and %.*s has %u; read as many as it has "
			"(movl: "
			"4, movzwl: 2, movzbl: 1)\n",
			(int)use->statement.length, use->statement.text, use->width,
			(int)use->symbol.length, use->symbol.text, (unsigned)*size);
		writer->status = 1;
	}
}

int values_write_out(struct values *values, const char *input_name, char *text, size_t length)
{
	struct writer writer = {.values = values, .from = text};
	const struct statement *statement;
	struct reader *reader;

	*values = (struct values){.input_name = input_name, .input = text};
	if (!has_values(text, length))
		return 0;
	values->text = allocate(length + 2);
	reader = reader_open(text, length);
	while ((statement = reader_next(reader)))
		look_at(&writer, statement);
	reader_close(reader);
	check_sizes(&writer);
	if (writer.from == text) { /* nothing to write out */
		free(values->text);
		values->text = NULL;
	} else {
		pass_on(&writer, text + length);
		values->text[values->length] = values->text[values->length + 1] = '\0';
	}
	names_free(&writer.sizes);
	free(writer.macros);
	return writer.status;
}

void values_free(struct values *values)
{
	free(values->text);
	free(values->uses);
}
