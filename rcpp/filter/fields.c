// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A name is a path of scopes, the last of them a variable, and then fields:
 *
 *	ns::Class::variable.field.field		f::static_of_a_function		::static_of_a_file
 *
 * First the words of the code are read. If the name is one of them (x.0, a static variable as gcc
 * names it), it is a symbol. If no word contains the variable's name, the text does not use it.
 * Only for the other names is the debug information read, for variables of that name.
 */
#include <stdlib.h>
#include "described.h"
#include "fields.h"
#include "memory.h"
#include "target.h"

/* --- names ---------------------------------------------------------------------------------- */

struct wanted {
	const struct symbol_option *option;
	struct span scopes; /* a::b:: */
	struct span variable;
	struct span fields; /* .c.d */
	bool mentioned, resolved;
	const char *why; /* it could not be resolved, if there is more to say than that */
};

/* x.0 and .Lx are symbols, and nothing else. */
static bool is_path(struct span name)
{
	bool path = span_contains(name, "::");

	for (size_t i = 0; i < name.length; i++) {
		if (name.text[i] != '.')
			continue;
		if (!i || i + 1 == name.length || !is_name(name.text[i + 1]) ||
		    isdigit((unsigned char)name.text[i + 1]))
			return false;
		path = true;
	}
	return path;
}

/* The scopes end at the last :: that stands before the fields. */
static struct wanted wanted_of(const struct symbol_option *option)
{
	struct wanted wanted = {.option = option, .variable = option->name};
	const char *colons, *dot;

	while ((colons = memmem(wanted.variable.text, wanted.variable.length, "::", 2)))
		wanted.variable = span_from(option->name, colons + 2);
	wanted.scopes = (struct span){option->name.text,
				      (size_t)(wanted.variable.text - option->name.text)};
	dot = memchr(wanted.variable.text, '.', wanted.variable.length);
	if (dot) {
		wanted.fields = span_from(option->name, dot);
		wanted.variable.length = (size_t)(dot - wanted.variable.text);
	}
	return wanted;
}

/* --- the words of the code ------------------------------------------------------------------ */

/* What the code mentions: words, and names in words (_ZN2ns5Class6memberE, member.0). */
struct mentions {
	struct names words;	/* 1: it is there */
	struct names variables; /* the same */
};

static void note(struct names *names, struct span word)
{
	uint32_t *found = names_find(names, word);

	if (found)
		*found = 1;
}

/* 6member: each number with as many letters behind it. */
static void note_mangled(struct names *names, struct span word)
{
	for (size_t i = 0; i < word.length; i++) {
		size_t length = 0, begin = i;

		while (begin < word.length && isdigit((unsigned char)word.text[begin]))
			length = length * 10 + (size_t)(word.text[begin++] - '0');
		if (length && length <= word.length - begin)
			note(names, (struct span){word.text + begin, length});
	}
}

/* gcc calls a static variable of a function x.0, clang f.x. */
static void note_pieces(struct names *names, struct span word)
{
	while (word.length) {
		const char *dot = memchr(word.text, '.', word.length);
		struct span piece = {word.text, dot ? (size_t)(dot - word.text) : word.length};

		note(names, piece);
		word = span_from(word, piece.text + piece.length + (dot != NULL));
	}
}

static void note_word(struct mentions *mentions, struct span word)
{
	note(&mentions->words, word);
	note_pieces(&mentions->variables, word);
	if (span_begins(word, "_Z"))
		note_mangled(&mentions->variables, word);
}

/* call f, jmp f: nothing is read there. */
static bool is_direct_branch(struct span mnemonic, struct span operands)
{
	return processor.is_branch(mnemonic) && !memchr(operands.text, '*', operands.length);
}

/* In comments gcc writes names as people do. */
static struct span without_comment(struct span line)
{
	const char *comment = memchr(line.text, '#', line.length);

	return comment ? (struct span){line.text, (size_t)(comment - line.text)} : line;
}

static void note_line(struct mentions *mentions, struct span line)
{
	struct span word;

	line = without_comment(line);
	while (line.length && (*line.text == ' ' || *line.text == '\t'))
		line = span_from(line, line.text + 1);
	if (!line.length || *line.text == '.')
		return; /* a directive, a local label */
	word = cut_word(&line);
	if (is_direct_branch(word, line))
		return;
	while (line.length) {
		word = cut_word(&line);
		if (word.length)
			note_word(mentions, word);
		else
			line = span_from(line, line.text + 1);
	}
}

static void note_mentions(struct mentions *mentions, struct span text)
{
	while (text.length) {
		const char *end = memchr(text.text, '\n', text.length);
		struct span line = {text.text, end ? (size_t)(end - text.text) : text.length};

		note_line(mentions, line);
		text = span_from(text, line.text + line.length + (end != NULL));
	}
}

static uint32_t value_of(const struct names *names, struct span name)
{
	const uint32_t *value = names_find(names, name);

	return value ? *value : 0;
}

/* Which names has the text a use for? Returns how many; those that are symbols are resolved. */
static uint32_t find_mentions(struct wanted *wanted, uint32_t count, struct span text)
{
	struct mentions mentions = {0};
	uint32_t mentioned = 0;

	for (uint32_t i = 0; i < count; i++) {
		names_add(&mentions.words, wanted[i].option->name, 0);
		names_add(&mentions.variables, wanted[i].variable, 0);
	}
	note_mentions(&mentions, text);
	for (uint32_t i = 0; i < count; i++) {
		wanted[i].resolved = value_of(&mentions.words, wanted[i].option->name);
		wanted[i].mentioned =
			!wanted[i].resolved && value_of(&mentions.variables, wanted[i].variable);
		mentioned += wanted[i].mentioned;
	}
	names_free(&mentions.words);
	names_free(&mentions.variables);
	return mentioned;
}

/* --- symbols -------------------------------------------------------------------------------- */

/* _ZN2ns5Class6memberE in new memory, as the C++ ABI for Itanium names it (section 5.1). */
static char *mangled(struct span scopes, struct span variable)
{
	size_t size = 2 * (scopes.length + variable.length) + 16;
	char *text = allocate(size);
	size_t length = (size_t)snprintf(text, size, "_ZN");

	while (scopes.length) {
		const char *colons = memmem(scopes.text, scopes.length, "::", 2);
		size_t scope = (size_t)(colons - scopes.text);

		if (scope)
			length += (size_t)snprintf(text + length, size - length, "%zu%.*s", scope,
						   (int)scope, scopes.text);
		scopes = span_from(scopes, colons + 2);
	}
	snprintf(text + length, size - length, "%zu%.*sE", variable.length, (int)variable.length,
		 variable.text);
	return text;
}

/* A word of the text, if there is one like this. */
static struct span find_word(struct span text, const char *word)
{
	size_t length = strlen(word);
	const char *at = text.text, *end = text.text + text.length;

	while ((at = memmem(at, (size_t)(end - at), word, length))) {
		bool begins = at == text.text || !is_name(at[-1]);

		if (begins && (at + length == end || !is_name(at[length])))
			return (struct span){at, length};
		at += length;
	}
	return SPAN("");
}

/* The name that the ABI gives to a variable in these scopes, if the text has it. */
static struct span mangled_symbol(const struct wanted *wanted, struct span text)
{
	char *name = mangled(wanted->scopes, wanted->variable);
	struct span symbol = find_word(text, name);

	free(name);
	return symbol;
}

/* The symbol of a variable that is declared here, and defined elsewhere. */
static struct span declared_symbol(const struct described_entry *entry, const struct wanted *wanted,
				   struct span text)
{
	if (!entry->declaration || entry->origin)
		return SPAN("");
	if (entry->linkage_name.length)
		return entry->linkage_name;
	return wanted->scopes.length > 2 ? mangled_symbol(wanted, text) : entry->name;
}

/* --- all of it ------------------------------------------------------------------------------ */

/* In memory of its own: whoever reads the text may write to it. */
static struct span keep_name(struct texts *owned, struct span name)
{
	char *copy = memcpy(allocate(name.length + 1), name.text, name.length);

	copy[name.length] = '\0';
	owned->text = make_room(owned->text, owned->count, &owned->space, sizeof *owned->text);
	owned->text[owned->count++] = copy;
	return (struct span){copy, name.length};
}

static void add_symbol(struct fields *fields, struct symbol_option symbol)
{
	struct options *options = &fields->options;
	const struct symbol_option *given = options->symbols;

	if (!fields->changed) {
		options->symbol_space = options->symbol_count + 16;
		options->symbols = allocate(options->symbol_space * sizeof *options->symbols);
		memcpy(options->symbols, given, options->symbol_count * sizeof *options->symbols);
		fields->changed = true;
	}
	options->symbols = make_room(options->symbols, options->symbol_count,
				     &options->symbol_space, sizeof *options->symbols);
	symbol.name = keep_name(&fields->owned, symbol.name);
	options->symbols[options->symbol_count++] = symbol;
}

/* Bytes of a variable; length 0: all of it. */
struct range {
	int64_t offset, length;
};

/* The bytes that the fields of a name are, and its +OFFSET:LENGTH. False: it has no such fields. */
static bool find_range(struct wanted *wanted, const struct described *unit,
		       const struct described_entry *variable, struct range *range)
{
	struct described_part part;

	*range = (struct range){wanted->option->offset, wanted->option->length};
	if (!wanted->fields.length)
		return true;
	if (!described_part_of(unit, variable, wanted->fields, &part))
		return false;
	if (part.bits) {
		wanted->why = "is a bit-field: write SYMBOL+OFFSET:LENGTH for its bytes";
		return false;
	}
	range->offset += (int64_t)part.offset;
	if (!range->length)
		range->length = (int64_t)part.size;
	return range->length > 0;
}

/* What of a range lies in the piece that begins at `start`. */
static bool add_piece(struct fields *fields, const struct debug_piece *piece, int64_t start,
		      struct range range)
{
	int64_t end = range.offset + range.length, last = start + (int64_t)piece->size;

	if (!piece->symbol.length)
		return false;
	if (!range.length || !piece->size) { /* all of the piece, or the piece is all */
		add_symbol(fields,
			   (struct symbol_option){piece->symbol, range.offset, range.length});
		return true;
	}
	if (range.offset < start)
		range.offset = start;
	end = end < last ? end : last;
	if (range.offset >= end)
		return false;
	add_symbol(fields,
		   (struct symbol_option){piece->symbol, range.offset - start, end - range.offset});
	return true;
}

static bool add_pieces(struct fields *fields, const struct described *unit,
		       const struct described_entry *variable, struct range range)
{
	const struct debug_piece *piece = &unit->pieces.list[variable->piece];
	int64_t start = 0;
	bool added = false;

	for (uint32_t i = 0; i < variable->piece_count; i++, piece++) {
		added |= add_piece(fields, piece, start, range);
		start += (int64_t)piece->size;
	}
	return added;
}

static bool add_variable(struct fields *fields, struct wanted *wanted, const struct described *unit,
			 const struct described_entry *variable, struct span text)
{
	struct debug_piece declared = {.symbol = declared_symbol(variable, wanted, text)};
	struct range range;

	if ((!variable->piece_count && !declared.symbol.length) ||
	    !find_range(wanted, unit, variable, &range))
		return false;
	return variable->piece_count ? add_pieces(fields, unit, variable, range)
				     : add_piece(fields, &declared, 0, range);
}

/* clang has no entries for variables that are defined elsewhere. */
static bool add_undescribed(struct fields *fields, const struct wanted *wanted, struct span text)
{
	struct debug_piece piece = {.size = 0};

	if (wanted->scopes.length > 2 && !wanted->fields.length)
		piece.symbol = mangled_symbol(wanted, text);
	return add_piece(fields, &piece, 0,
			 (struct range){wanted->option->offset, wanted->option->length});
}

static void resolve(struct fields *fields, struct wanted *wanted, const struct described *unit,
		    struct span text)
{
	const struct described_entry *variable = described_find(unit, wanted->variable);

	for (; variable; variable = described_next(unit, variable))
		if (described_in_scopes(unit, variable, wanted->scopes))
			wanted->resolved |= add_variable(fields, wanted, unit, variable, text);
	if (!wanted->resolved)
		wanted->resolved = add_undescribed(fields, wanted, text);
}

/* False: there is no debug information at all. */
static bool resolve_all(struct fields *fields, struct wanted *wanted, uint32_t count,
			struct span text)
{
	struct described unit = {0};

	if (!span_contains(text, "\t.debug_info"))
		return false;
	described_read(&unit, text);
	for (uint32_t i = 0; i < count; i++)
		if (wanted[i].mentioned)
			resolve(fields, &wanted[i], &unit, text);
	described_free(&unit);
	return true;
}

static void add_missing(struct fields *fields, const struct wanted *wanted, bool known)
{
	const char *why = known ? "is not in the debug information: write SYMBOL+OFFSET:LENGTH"
				: "needs debug information: compile with -g";

	fields->missing = make_room(fields->missing, fields->missing_count, &fields->missing_space,
				    sizeof *fields->missing);
	fields->missing[fields->missing_count++] =
		(struct missing_field){wanted->option->name, wanted->why ? wanted->why : why};
}

void fields_resolve(struct fields *fields, const struct options *options, struct span text)
{
	struct wanted *wanted = NULL;
	uint32_t count = 0, space = 0;

	*fields = (struct fields){.options = *options};
	for (uint32_t i = 0; i < options->symbol_count; i++) {
		if (!is_path(options->symbols[i].name))
			continue;
		wanted = make_room(wanted, count, &space, sizeof *wanted);
		wanted[count++] = wanted_of(&options->symbols[i]);
	}
	if (count && find_mentions(wanted, count, text)) {
		bool known = resolve_all(fields, wanted, count, text);

		for (uint32_t i = 0; i < count; i++)
			if (wanted[i].mentioned && !wanted[i].resolved)
				add_missing(fields, &wanted[i], known);
	}
	free(wanted);
}

void fields_explain(const struct fields *fields, FILE *file)
{
	for (uint32_t i = 0; i < fields->missing_count; i++)
		fprintf(file, "rcpp: '%.*s' %s\n", (int)fields->missing[i].name.length,
			fields->missing[i].name.text, fields->missing[i].why);
}

void fields_free(struct fields *fields)
{
	for (uint32_t i = 0; i < fields->owned.count; i++)
		free(fields->owned.text[i]);
	free(fields->owned.text);
	if (fields->changed)
		free(fields->options.symbols);
	free(fields->missing);
}
