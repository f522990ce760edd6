// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * All statements in; which symbols are patchable, which labels are mentioned and which names are
 * macros out. Nothing here looks at operands: mentions are found by searching the text, and a false
 * one (in a string, say) only makes the tool more careful.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include "counted.h"
#include "instruction.h"
#include "memory.h"
#include "registers.h"
#include "sections.h"
#include "survey.h"
#include "target.h"

bool statement_mentions(const struct names *names, const struct statement *statement)
{
	const char *at = statement->text + statement->name_length;
	const char *end = statement->text + statement->length;

	while (at < end) {
		const char *word = at;

		while (at < end && is_name(*at))
			at++;
		if (at == word)
			at++;
		else if ((word == statement->text || word[-1] != '%') &&
			 names_may_have(names, (struct span){word, (size_t)(at - word)}) &&
			 names_find(names, (struct span){word, (size_t)(at - word)}))
			return true;
	}
	return false;
}

void follow_syntax(const struct statement *directive, bool *foreign)
{
	struct span name = statement_name(directive), arguments = statement_arguments(directive);

	if (span_is(name, ".intel_syntax") || span_begins(name, ".code"))
		*foreign = !span_is(name, ".code64");
	else if (span_is(name, ".att_syntax"))
		*foreign = arguments.length && !span_is(arguments, "prefix");
}

bool follow_conditional(struct span name, uint32_t *depth)
{
	if (span_begins(name, ".if"))
		++*depth;
	else if (span_is(name, ".endif") && *depth)
		--*depth;
	else
		return false;
	return true;
}

bool follow_repetition(struct span name, uint32_t *depth)
{
	static const char *const openings[] = {".macro", ".rept", ".irp", ".irpc", NULL};
	bool inside = *depth > 0;

	if (span_is_among(name, openings)) {
		++*depth;
		return true;
	}
	if (*depth && (span_is(name, ".endm") || span_is(name, ".endr")))
		--*depth;
	return inside;
}

/*
 * Count every word of the text that is a local label. What looks like one in the middle of a longer
 * name counts, too: one too many does no harm, and the $ of an immediate is a part of names.
 */
static void note_mentions(struct names *labels, struct span text)
{
	const char *end = text.text + text.length, *at = text.text;

	while ((at = memchr(at, '.', (size_t)(end - at)))) {
		const char *label = at;

		if (!is_local_label(span_from(text, label))) {
			at++;
			continue;
		}
		while (at < end && is_name(*at))
			at++;
		++*names_add(labels, (struct span){label, (size_t)(at - label)}, 0);
	}
}

static void mark(struct survey *survey, struct span name, uint32_t why)
{
	*names_add(&survey->patchables, unquoted(name), 0) |= why;
}

void survey_declare(struct survey *survey, struct span symbol)
{
	mark(survey, symbol, PATCHABLE_DECLARED);
}

static void note_internal(struct survey *survey, struct span arguments)
{
	struct span name;

	while (next_argument(&arguments, &name))
		mark(survey, name, PATCHABLE_DECLARED);
}

static void note_hidden(struct survey *survey, struct span arguments)
{
	struct span name;

	while (next_argument(&arguments, &name))
		names_add(&survey->hidden, unquoted(name), 0);
}

/* Text that is not the input's, until the survey is freed. */
static struct span keep(struct survey *survey, char *text)
{
	survey->owned.text = make_room(survey->owned.text, survey->owned.count,
				       &survey->owned.space, sizeof(char *));
	survey->owned.text[survey->owned.count++] = text;
	return (struct span){text, strlen(text)};
}

/*
 * .asciz "b", as RCPP_EXTERN() writes it. Without -fno-integrated-as clang writes this as .ascii
 * "b" and .byte 0, or, for one letter, as two .byte.
 */
static bool read_marker(struct survey *survey, const struct statement *statement, struct span *name)
{
	struct span directive = statement_name(statement);
	unsigned long number;
	char *letter;

	*name = statement_arguments(statement);
	if (span_is(directive, ".asciz") || span_is(directive, ".ascii"))
		return name->length > 2 && name->text[0] == '"' &&
		       !memchr(name->text, '\\', name->length);
	if (!span_is(directive, ".byte") || !name->length)
		return false;
	number = strtoul(name->text, NULL, 10);
	if (number && (number > 126 || !is_name((char)number)))
		return false;
	letter = allocate(2);
	letter[0] = (char)number;
	letter[1] = '\0';
	*name = keep(survey, letter);
	return true;
}

static int note_marker(struct survey *survey, const struct statement *statement)
{
	struct span name;

	if (!read_marker(survey, statement, &name)) {
		fprintf(stderr,
			"%s:%u: error: this is no marker of a patchable variable; leave the "
			"section "
			".rcpp_extern to RCPP_EXTERN()\n",
			survey->input_name, statement->line);
		return 1;
	}
	if (name.length)
		mark(survey, name, PATCHABLE_DECLARED);
	return 0;
}

/* Digits and so many characters, in the names of C++. Length 0: there is no such piece. */
static struct span next_piece(struct span *rest)
{
	struct span piece = {0};
	size_t length = 0, digits = 0;

	for (; digits < rest->length && digits < 4 && isdigit((unsigned char)rest->text[digits]);
	     digits++)
		length = 10 * length + (size_t)(rest->text[digits] - '0');
	if (!length || length > rest->length - digits)
		return piece;
	piece = (struct span){rest->text + digits, length};
	*rest = span_from(*rest, piece.text + length);
	return piece;
}

/*
 * A variable's name as people write it: of C++'s _Z1a, _ZL1a and _ZN1n1aE it is a, a and n::a. Of
 * those with more in them, templates for example, it is the symbol. To be freed.
 */
static char *written_name(struct span symbol)
{
	struct span rest = symbol, piece;
	size_t length = 0;
	char *name = allocate(2 * symbol.length + 1);

	if (span_begins(rest, "_Z"))
		rest = span_from(rest, rest.text + 2);
	if (span_begins(rest, "N") || span_begins(rest, "L"))
		rest = span_from(rest, rest.text + 1);
	while ((piece = next_piece(&rest)).length)
		length += (size_t)sprintf(name + length, "%s%.*s", length ? "::" : "",
					  (int)piece.length, piece.text);
	if (!span_begins(symbol, "_Z") || !length || (rest.length && !span_is(rest, "E")))
		sprintf(name, "%.*s", (int)symbol.length, symbol.text);
	return name;
}

static int refuse_thread_local(const struct survey *survey, const struct statement *label)
{
	char *name = written_name(unquoted(statement_name(label)));

	fprintf(stderr,
		"%s:%u: error: '%s' is thread-local: each thread has a value of its own, so none "
		"can stand in the code; remove the mark __patchable\n",
		survey->input_name, label->line, name);
	free(name);
	return 1;
}

/* A symbol is defined here. Returns 0, or 1 if the mark on it makes no sense. */
static int note_definition(struct survey *survey, const struct section *section,
			   const struct statement *label)
{
	struct span name = unquoted(statement_name(label));

	if (isdigit((unsigned char)name.text[0]) || (section->tls && span_begins(name, ".L")))
		return 0; /* the labels of rcpp.h's assertion, too */
	if (survey->options->profile)
		names_add(&survey->defined, name, 0);
	if (section->marked && section->tls)
		return refuse_thread_local(survey, label);
	if (section->patchable)
		mark(survey, name, PATCHABLE_DEFINED);
	else if (!section->debug && !span_begins(name, ".L"))
		names_add(&survey->outside, name, section->executable);
	return 0;
}

/* .quad f in .init_array */
static void note_constructors(struct survey *survey, struct span arguments)
{
	struct span name;

	while (next_argument(&arguments, &name))
		names_add(&survey->constructors, unquoted(name), 0);
}

/* A symbol that clang declares hidden, and that another file defines, may have a mark. */
static void add_hidden(struct survey *survey)
{
	for (uint32_t i = 0; i < survey->hidden.count && survey->hidden_marks; i++)
		if (!names_find(&survey->outside, name_at(&survey->hidden, i)))
			mark(survey, name_at(&survey->hidden, i), PATCHABLE_HIDDEN);
}

static bool is_function_type(struct span type)
{
	return span_is(type, "@function") || span_is(type, "%function") ||
	       span_is(type, "STT_FUNC") || span_is(type, "\"function\"");
}

struct span typed_function(const struct statement *statement)
{
	struct span arguments = statement_arguments(statement), name, type;

	if (next_argument(&arguments, &name) && next_argument(&arguments, &type) &&
	    is_function_type(type))
		return name;
	return SPAN("");
}

bool is_function_end(const struct statement *statement)
{
	return statement->kind == STATEMENT_LABEL &&
	       span_begins(statement_name(statement), ".Lfunc_end");
}

/* x.s, x.S, x.sx, x.asm */
static bool is_assembly_source(struct span name)
{
	const char *dot = memrchr(name.text, '.', name.length);
	struct span extension = {dot, dot ? (size_t)(name.text + name.length - dot) : 0};

	return span_is(extension, ".s") || span_is(extension, ".sx") || span_is(extension, ".asm");
}

/* .file NUMBER ["directory"] "name" ... */
static void note_file(struct survey *survey, struct span arguments)
{
	char *end;
	unsigned long number;
	const char *quote, *close;

	if (!arguments.length || !isdigit((unsigned char)arguments.text[0])) {
		/* The source's name: compilers write it, and people, who write assembly. */
		survey->source = unquoted(arguments);
		survey->compiled = !is_assembly_source(survey->source);
		return;
	}
	number = strtoul(arguments.text, &end, 10);
	quote = memchr(arguments.text, '"', arguments.length);
	if (!quote || number > 1000000)
		return;
	close = memchr(quote + 1, '"', (size_t)(arguments.text + arguments.length - quote - 1));
	if (close && close + 2 < arguments.text + arguments.length && close[2] == '"') {
		quote = close + 2; /* the first string was the directory */
		close = memchr(quote + 1, '"',
			       (size_t)(arguments.text + arguments.length - quote - 1));
	}
	if (!close)
		return;
	if (number >= survey->file_count) {
		survey->files = reallocate(survey->files, (number + 1) * sizeof *survey->files);
		while (survey->file_count <= number)
			survey->files[survey->file_count++] = SPAN("");
	}
	survey->files[number] = (struct span){quote + 1, (size_t)(close - quote - 1)};
}

static void note_macro(struct survey *survey, struct span arguments)
{
	size_t length = strcspn(arguments.text, " \t\n,;");
	char *name = allocate(length + 1);

	for (size_t i = 0; i < length; i++)
		name[i] = (char)tolower((unsigned char)arguments.text[i]);
	name[length] = '\0';
	survey->any_macro |= strchr(name, '\\') != NULL;
	names_add(&survey->macros, keep(survey, name), 0);
}

/* x = VALUE, .set x, VALUE and its like. Returns the symbol; length 0: it is something else. */
static struct span assignment(const struct statement *statement, struct span *value)
{
	struct span name = statement_name(statement), symbol = SPAN("");

	*value = statement_arguments(statement);
	if (statement->kind == STATEMENT_ASSIGNMENT) {
		while (value->length && strchr("= \t", value->text[0]))
			value->text++, value->length--;
		return unquoted(name);
	}
	if (statement->kind == STATEMENT_DIRECTIVE &&
	    (span_is(name, ".set") || span_is(name, ".equ") || span_is(name, ".equiv") ||
	     span_is(name, ".eqv")) &&
	    next_argument(value, &symbol))
		*value = trimmed(*value);
	return unquoted(symbol);
}

/* Is it nothing but another symbol's name, as far as is known? */
static bool is_alias(const struct survey *survey, struct span value)
{
	struct span rest = value, name = cut_word(&rest);
	const uint32_t *known = names_find(&survey->assigned, name);

	return name.length && !rest.length && !isdigit((unsigned char)name.text[0]) &&
	       !span_is(name, ".") && (!known || *known);
}

/* x = f + 5: if f is code, an instruction begins there. */
static void note_displaced(struct survey *survey, struct span value)
{
	struct span name = unquoted(cut_word(&value)), rest = trimmed(value);

	if (name.length && rest.length && strchr("+-", rest.text[0]))
		names_add(&survey->displaced, name, 0);
}

static bool is_code_displaced(const struct survey *survey)
{
	for (uint32_t i = 0; i < survey->displaced.count; i++) {
		const uint32_t *code = names_find(&survey->outside, name_at(&survey->displaced, i));

		if (code && *code)
			return true;
	}
	return false;
}

/*
 * A symbol can be a register's name: then an instruction that mentions it is not what it looks
 * like. What else was assigned may be the name of that name. In a macro's body both sides may be
 * anything.
 */
static void note_assignment(struct survey *survey, const struct statement *statement, bool repeated)
{
	struct span value, symbol = assignment(statement, &value);
	bool unknown = repeated && memchr(statement->text, '\\', statement->length);
	bool symbols;

	if (unknown && memchr(statement->text, '%', statement->length) &&
	    (statement->kind == STATEMENT_UNKNOWN || symbol.length))
		survey->any_macro = true;
	if (!symbol.length)
		return;
	*names_add(&survey->assigned, symbol, 0) = is_alias(survey, value);
	note_mentions(&survey->aliased, value);
	if (counts_bytes(value, &symbols))
		survey->lengths = true;
	else
		note_displaced(survey, value);
	survey->registers |= value.length &&
			     (value.text[0] == '%' ||
			      register_by_name(value.text, value.length).number != REGISTER_OTHER);
}

/* .long .L5-.L4 or .quad .L5 in read-only data: of a switch, or of labels whose address is taken.
 */
static bool is_table_entry(const struct survey *survey, const struct section *section,
			   struct span name)
{
	return !survey->by_hand && (span_is(name, ".long") || span_is(name, ".quad")) &&
	       (span_begins(unquoted(section->name), ".rodata") ||
		span_begins(unquoted(section->name), ".data.rel.ro"));
}

/* .globl x, y: other files can mean these; .local x: a variable of this one, .comm comes later. */
static void note_binding(struct survey *survey, struct span name, struct span arguments)
{
	static const char *const exporting[] = {".globl", ".global", ".weak", NULL};
	struct span symbol;

	while (next_argument(&arguments, &symbol))
		if (span_is_among(name, exporting))
			names_add(&survey->exported, unquoted(symbol), 0);
		else if (span_is(name, ".local"))
			names_add(&survey->defined, unquoted(symbol), 0);
}

/* What is read as addresses. */
static void note_values(struct survey *survey, const struct section *section, struct span name,
			struct span arguments)
{
	if (section->starts)
		note_constructors(survey, arguments);
	if (is_table_entry(survey, section, name))
		note_mentions(&survey->tabled, arguments);
}

/* A directive that leaves nothing behind, as most do: data, .loc, .cfi_offset and the like. */
static int note_quiet_directive(struct survey *survey, const struct section *section,
				const struct statement *statement, bool counts)
{
	struct span name = statement_name(statement), arguments;
	bool evaluates;

	if (counts) {
		survey->distances |= is_counted(statement, section, survey->by_hand, &evaluates);
		survey->evaluated |= evaluates;
	}
	if (section->markers)
		return note_marker(survey, statement);
	if (section->debug || span_is(name, ".loc"))
		return 0;
	arguments = statement_arguments(statement);
	note_mentions(&survey->mentioned, arguments);
	note_values(survey, section, name, arguments);
	return 0;
}

static int note_directive(struct survey *survey, const struct section *section,
			  const struct statement *statement)
{
	static const char *const exporting[] = {".globl", ".global", ".weak", ".symver", NULL};
	struct span name = statement_name(statement);
	struct span arguments = statement_arguments(statement);

	if (section->markers && !span_is(name, ".previous"))
		return note_marker(survey, statement);
	if (span_equal(name, SPAN(".internal"))) /* as gcc writes it */
		note_internal(survey, arguments);
	else if (span_equal(name, SPAN(".hidden"))) /* as clang does */
		note_hidden(survey, arguments);
	else if (span_is(name, ".file"))
		note_file(survey, arguments);
	else if (span_is(name, ".ident"))
		survey->clang |= span_contains(arguments, "clang version");
	else if (span_is(name, ".macro"))
		note_macro(survey, arguments);
	else if (span_is(name, ".include") || span_is(name, ".altmacro"))
		survey->any_label = true;
	else if (!section->debug && !span_is(name, ".loc"))
		note_mentions(&survey->mentioned, arguments);
	if (begun_function(statement).length)
		names_add(&survey->functions, unquoted(begun_function(statement)), 0);
	note_values(survey, section, name, arguments);
	if (span_is_among(name, exporting))
		note_mentions(&survey->aliased, arguments);
	if (survey->options->profile)
		note_binding(survey, name, arguments);
	return 0;
}

/* .text 1, .subsection 1, .section .text,1 */
static bool enters_subsection(const struct statement *statement)
{
	struct span name = statement_name(statement), arguments = statement_arguments(statement);
	struct span section;

	if (span_is(name, ".section") || span_is(name, ".pushsection"))
		return next_argument(&arguments, &section) &&
		       (arguments = trimmed(arguments)).length && arguments.text[0] != '"';
	return span_is(name, ".subsection") ||
	       ((span_is(name, ".text") || span_is(name, ".data") || span_is(name, ".bss")) &&
		arguments.length);
}

static void note_instruction(struct survey *survey, const struct statement *statement)
{
	struct span operands;

	if (!statement->characters)
		return;
	operands = statement_arguments(statement);
	survey->distances |=
		is_distance(statement, operands) ||
		(statement->kind == STATEMENT_INSTRUCTION &&
		 statement->characters & STATEMENT_HAS_DOLLAR && has_counted_immediate(operands));
	if (statement->characters & STATEMENT_HAS_DOT)
		note_mentions(&survey->mentioned,
			      (struct span){statement->text, statement->length});
}

/* Returns true if it switches sections. */
static bool follow_sections(struct survey *survey, struct sections *sections,
			    const struct statement *directive)
{
	if (!sections_follow(sections, directive))
		return false;
	survey->described |= sections->list[sections->current].debug;
	survey->landing_pads |= sections->list[sections->current].unwinding;
	survey->subsections |=
		enters_subsection(directive) && !sections->list[sections->current].marked;
	survey->hidden_marks |= sections->list[sections->current].hidden;
	return true;
}

static bool may_be_prefix(const struct statement *statement)
{
	bool locks;

	return statement->kind == STATEMENT_DIRECTIVE
		       ? directive_is_narrow(statement_name(statement)) &&
				 processor.ends_in_prefix(statement)
		       : statement->kind == STATEMENT_INSTRUCTION &&
				 processor.is_prefix(statement, &locks);
}

static int note_statement(struct survey *survey, struct sections *sections,
			  const struct statement *statement, enum quiet quiet)
{
	const struct section *section = &sections->list[sections->current];
	bool repeated = quiet ? survey->repeats > 0 : in_repeated_text(statement, &survey->repeats);
	bool evaluates;

	survey->any_label |= repeated && memchr(statement->text, '\\', statement->length);
	survey->prefixes |= repeated && may_be_prefix(statement);
	switch (statement->kind) {
	case STATEMENT_LABEL:
		survey->marked_ends |= is_function_end(statement);
		return repeated ? 0 : note_definition(survey, section, statement);
	case STATEMENT_APP:
	case STATEMENT_NO_APP:
		survey->by_hand = statement->kind == STATEMENT_APP;
		return 0;
	case STATEMENT_DIRECTIVE:
		if (quiet)
			return note_quiet_directive(survey, section, statement,
						    quiet == QUIET_COUNTS);
		note_assignment(survey, statement, repeated);
		if (!repeated && follow_sections(survey, sections, statement))
			return 0;
		if (!repeated)
			follow_conditional(statement_name(statement), &survey->conditionals);
		section = &sections->list[sections->current];
		survey->distances |= is_counted(statement, section, survey->by_hand, &evaluates);
		survey->evaluated |= evaluates;
		return note_directive(survey, section, statement);
	case STATEMENT_ASSIGNMENT:
	case STATEMENT_UNKNOWN:
		note_assignment(survey, statement, repeated);
		/* fall through */
	case STATEMENT_INSTRUCTION:
		note_instruction(survey, statement);
	}
	return 0;
}

/*
 * Does a function begin here whatever stands before it? A cold part may be a part of the function
 * before it.
 */
static bool is_cut(const struct survey *survey, const struct statement *statement)
{
	struct span begun = begun_function(statement);

	return begun.length && !survey->by_hand && !survey->repeats && !survey->conditionals &&
	       !span_contains(begun, ".cold");
}

/* As takes .ascii and its like without a string only where the text ends. */
static bool wants_string(const struct statement *statement)
{
	static const char *const names[] = {".ascii",	 ".asciz",    ".string",
					    ".string8",	 ".string16", ".string32",
					    ".string64", ".ident",    NULL};
	struct span arguments;

	if (statement->kind != STATEMENT_DIRECTIVE ||
	    !span_is_among(statement_name(statement), names))
		return false;
	arguments = statement_arguments(statement);
	return !arguments.length || arguments.text[arguments.length - 1] == ',';
}

int survey_take(struct survey *survey, const struct options *options, const char *input_name,
		char *text, size_t length)
{
	const struct statement *statement;
	struct statement last = {0};
	struct sections sections;
	struct reader *reader;
	bool ended = false;
	int status = 0;

	*survey = (struct survey){.options = options, .input_name = input_name};
	for (size_t i = 0; i < options->symbol_count; i++)
		mark(survey, options->symbols[i].name,
		     options->symbols[i].length ? PATCHABLE_FIELD : PATCHABLE_OPTION);
	sections_init(&sections, options);
	reader = reader_open(text, length);
	while (!status && (statement = reader_next(reader))) {
		enum quiet quiet = statement_quiet(statement, &sections.list[sections.current]);

		status = note_statement(survey, &sections, statement, quiet);
		stretches_add(&survey->stretches, statement, quiet, reader_place(reader));
		if (!quiet && is_cut(survey, statement))
			stretches_cut(&survey->stretches, statement);
		last = *statement;
		ended |= span_is(statement_name(statement), ".end"); /* as reads no further */
	}
	survey->unterminated = wants_string(&last) || ended || reader_unterminated(reader);
	survey->any_macro |= survey->unterminated;
	survey->distances |= (survey->lengths && survey->evaluated) || is_code_displaced(survey);
	add_hidden(survey);
	stretches_end(&survey->stretches);
	reader_close(reader);
	sections_free(&sections);
	return status;
}

void survey_free(struct survey *survey)
{
	names_free(&survey->patchables);
	names_free(&survey->functions);
	names_free(&survey->constructors);
	names_free(&survey->hidden);
	names_free(&survey->outside);
	names_free(&survey->mentioned);
	names_free(&survey->tabled);
	names_free(&survey->macros);
	names_free(&survey->assigned);
	names_free(&survey->aliased);
	names_free(&survey->displaced);
	names_free(&survey->returns);
	names_free(&survey->defined);
	names_free(&survey->exported);
	for (size_t i = 0; i < survey->owned.count; i++)
		free(survey->owned.text[i]);
	free(survey->owned.text);
	free(survey->files);
	stretches_free(&survey->stretches);
}

/* Why it is patchable, when it is known whether this file defines it. */
static uint32_t resolved(const struct survey *survey, struct span symbol, uint32_t why)
{
	const uint32_t *code =
		why == PATCHABLE_DECLARED ? names_find(&survey->outside, symbol) : NULL;

	return code && !*code ? why | PATCHABLE_OUTSIDE : why;
}

bool survey_declares(const struct survey *survey)
{
	for (uint32_t i = 0; i < survey->patchables.count; i++)
		if (survey->patchables.names[i].value & PATCHABLE_UNSURE)
			return true;
	return false;
}

/* Is each of these bytes in a field? Compilers read two neighbouring fields at once. */
static bool are_fields(const struct options *options, struct span symbol, int64_t first,
		       int64_t end)
{
	for (size_t i = 0; i < options->symbol_count && first < end; i++) {
		const struct symbol_option *field = &options->symbols[i];
		int64_t field_end = field->offset + field->length;

		if (field->length && first >= field->offset && first < field_end &&
		    span_equal(field->name, symbol))
			return are_fields(options, symbol, field_end, end);
	}
	return first >= end;
}

uint32_t survey_patchable(const struct survey *survey, struct span symbol, int64_t offset,
			  unsigned width)
{
	const uint32_t *found = names_find(&survey->patchables, unquoted(symbol));

	if (!found || !(*found & PATCHABLE_FIELD))
		return found ? resolved(survey, unquoted(symbol), *found) : 0;
	if (are_fields(survey->options, unquoted(symbol), offset, offset + width))
		return *found;
	return resolved(survey, unquoted(symbol), *found & ~(uint32_t)PATCHABLE_FIELD);
}
