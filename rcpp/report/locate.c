// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fields of a profile in, the variables that they are parts of out. In PROGRAM's own profile the
 * address decides, so that two names of one variable, and two variables with one name, are told
 * apart correctly. Otherwise, or where another module defines the variable, the name decides; of
 * local symbols that share a name, the one from the same source file is taken.
 */
#include <stdlib.h>
#include <string.h>
#include "rcpp_profile.h"
#include "locate.h"

struct located_symbol {
	const struct dump_symbol *symbol;
	const char *file; /* of a local symbol, as the symbol table has it */
};

struct locator {
	const struct dump_image *image;
	struct dump_slots slots;
	struct located_symbol *by_name;
	size_t count;
};

static int compare_names(const void *left, const void *right)
{
	const struct located_symbol *a = left, *b = right;

	return strcmp(a->symbol->name, b->symbol->name);
}

static bool is_object(const struct dump_image *image, const struct dump_symbol *symbol)
{
	return symbol->type == STT_OBJECT && symbol->section != SHN_UNDEF &&
	       symbol->section < image->section_count;
}

/* A file's name stands in front of its local symbols. */
static void list_names(struct locator *locator)
{
	const struct dump_image *image = locator->image;
	const char *file = "";

	locator->by_name = dump_allocate(image->symbol_count, sizeof *locator->by_name);
	for (size_t i = 0; i < image->symbol_count; i++) {
		const struct dump_symbol *symbol = &image->symbols[i];

		if (symbol->type == STT_FILE)
			file = symbol->name;
		else if (is_object(image, symbol))
			locator->by_name[locator->count++] = (struct located_symbol){
				symbol, symbol->binding == STB_LOCAL ? file : ""};
	}
	qsort(locator->by_name, locator->count, sizeof *locator->by_name, compare_names);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether a symbol is the one that the field's unit means. */
static bool is_meant(const struct located_symbol *symbol, const struct profile_field *field,
		     bool alone)
{
	bool local = symbol->symbol->binding == STB_LOCAL;

	if (!(field->flags & RCPP_FIELD_STATIC))
		return !local || alone;
	return local && (alone || !strcmp(file_name(symbol->file), file_name(field->unit)));
}

static const struct dump_symbol *find_by_name(const struct locator *locator,
					      const struct profile_field *field)
{
	const struct dump_symbol wanted = {.name = field->symbol};
	const struct located_symbol key = {.symbol = &wanted};
	const struct located_symbol *first, *last;
	const struct located_symbol *all = locator->by_name, *end = all + locator->count;

	first = bsearch(&key, all, locator->count, sizeof key, compare_names);
	if (!first)
		return NULL;
	for (last = first; last + 1 < end && !compare_names(&key, last + 1);)
		last++;
	while (first > all && !compare_names(&key, first - 1))
		first--;
	for (const struct located_symbol *at = first; at <= last; at++)
		if (is_meant(at, field, first == last))
			return at->symbol;
	return NULL;
}

static const struct dump_symbol *symbol_at(const struct locator *locator, uint64_t address)
{
	const struct dump_symbol *symbol = dump_find_symbol(
		locator->image, &locator->image->objects, (struct dump_place){0, address});

	return symbol && symbol->size ? symbol : NULL;
}

/* By the address of the variable's beginning; an index may be counted from in front of it. */
static const struct dump_symbol *find_by_address(const struct locator *locator, struct piece *piece,
						 uint64_t start)
{
	const int64_t offset = piece->field->offset;
	const struct dump_symbol *symbol = symbol_at(locator, start);

	if (!symbol)
		symbol = symbol_at(locator, start + (uint64_t)offset);
	if (symbol)
		piece->offset = (int64_t)(start + (uint64_t)offset - symbol->value);
	return symbol;
}

/* Where the field's symbol is; 0: PROGRAM does not say. */
static uint64_t start_of(const struct locator *locator, const struct profile_field *field)
{
	const char *name;

	if (!field->located)
		return 0;
	if (field->flags & RCPP_FIELD_REMOTE)
		return dump_slot_address(locator->image, &locator->slots, field->address, &name);
	return field->address - (uint64_t)field->offset;
}

static void locate_piece(const struct locator *locator, struct piece *piece)
{
	const struct profile_field *field = piece->field;
	uint64_t start = start_of(locator, field);
	const struct dump_symbol *symbol =
		start ? find_by_address(locator, piece, start) : find_by_name(locator, field);

	if (symbol) {
		piece->variable = symbol->value;
		piece->whole = symbol->size;
		if (!strncmp(piece->symbol, ".L", 2))
			piece->symbol = symbol->name;
	} else if (field->flags & RCPP_FIELD_STATIC) {
		piece->unit = field->unit;
	}
}

static int compare_numbers(uint64_t one, uint64_t other)
{
	return one < other ? -1 : one > other;
}

static int compare_variables(const struct piece *one, const struct piece *other)
{
	int order = compare_numbers(one->variable, other->variable);

	if (order || one->variable)
		return order;
	order = strcmp(one->symbol, other->symbol);
	return order ? order : strcmp(one->unit, other->unit);
}

bool same_variable(const struct piece *one, const struct piece *other)
{
	return !compare_variables(one, other);
}

/* In a variable the small ones first: what is read as a whole may be read in parts, too. */
static int compare_pieces(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;
	int order = compare_variables(a, b);

	if (!order)
		order = compare_numbers(a->field->size, b->field->size);
	if (!order)
		order = a->offset < b->offset ? -1 : a->offset > b->offset;
	return order ? order : (a->field < b->field ? -1 : a->field > b->field);
}

struct locator *locator_open(const struct program *program)
{
	struct locator *locator = dump_allocate(1, sizeof *locator);

	locator->image = &program->image;
	dump_slots_read(locator->image, &locator->slots);
	list_names(locator);
	return locator;
}

void locator_close(struct locator *locator)
{
	if (!locator)
		return;
	dump_slots_free(&locator->slots);
	free(locator->by_name);
	free(locator);
}

uint64_t locator_address(const struct locator *locator, const char *symbol)
{
	const struct profile_field field = {.symbol = symbol, .unit = ""};
	const struct dump_symbol *found = find_by_name(locator, &field);

	return found ? found->value : 0;
}

/* A field with an address of the same unit and the same symbol; the unit's fields are together. */
static const struct profile_field *find_sibling(const struct profile *profile, size_t number)
{
	const struct profile_field *all = profile->fields, *field = &all[number];
	size_t first = number, i;

	while (first && all[first - 1].unit == field->unit)
		first--;
	for (i = first; i < profile->field_count && all[i].unit == field->unit; i++)
		if (!(all[i].flags & RCPP_FIELD_NOWHERE) && !strcmp(all[i].symbol, field->symbol))
			return &all[i];
	return NULL;
}

static struct piece make_piece(const struct locator *locator, const struct profile_field *field)
{
	struct piece piece = {
		.field = field, .symbol = field->symbol, .unit = "", .offset = field->offset};

	locate_piece(locator, &piece);
	return piece;
}

/* A field without an address is of the variable that its unit means by the name. */
static struct piece make_nowhere(const struct locator *locator, const struct profile *profile,
				 size_t number)
{
	const struct profile_field *field = &profile->fields[number];
	const struct profile_field *sibling = find_sibling(profile, number);
	struct piece piece = make_piece(locator, sibling ? sibling : field);

	piece.offset += field->offset - piece.field->offset;
	piece.field = field;
	return piece;
}

struct piece *locate(const struct profile *profile, const struct locator *locator)
{
	struct piece *pieces = dump_allocate(profile->field_count, sizeof *pieces);

	for (size_t i = 0; i < profile->field_count; i++)
		pieces[i] = profile->fields[i].flags & RCPP_FIELD_NOWHERE
				    ? make_nowhere(locator, profile, i)
				    : make_piece(locator, &profile->fields[i]);
	if (profile->field_count)
		qsort(pieces, profile->field_count, sizeof *pieces, compare_pieces);
	return pieces;
}
