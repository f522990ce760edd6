// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A compiler writes the abbreviations, which say what attributes the entries have, into one
 * section, the entries into another, and strings and addresses shared by many entries into more.
 * All but the entries are read first. Whatever is not understood ends the reading.
 */
#include <stdlib.h>
#include "debug_unit.h"
#include "memory.h"

enum {
	FORM_ADDR = 0x01,
	FORM_BLOCK2 = 0x03,
	FORM_BLOCK4 = 0x04,
	FORM_DATA2 = 0x05,
	FORM_DATA4 = 0x06,
	FORM_DATA8 = 0x07,
	FORM_STRING = 0x08,
	FORM_BLOCK = 0x09,
	FORM_BLOCK1 = 0x0a,
	FORM_DATA1 = 0x0b,
	FORM_SDATA = 0x0d,
	FORM_STRP = 0x0e,
	FORM_UDATA = 0x0f,
	FORM_REF1 = 0x11,
	FORM_REF2 = 0x12,
	FORM_REF4 = 0x13,
	FORM_REF8 = 0x14,
	FORM_REF_UDATA = 0x15,
	FORM_SEC_OFFSET = 0x17,
	FORM_EXPRLOC = 0x18,
	FORM_FLAG_PRESENT = 0x19,
	FORM_STRX = 0x1a,
	FORM_ADDRX = 0x1b,
	FORM_DATA16 = 0x1e,
	FORM_IMPLICIT_CONST = 0x21,
	FORM_LOCLISTX = 0x22,
	FORM_RNGLISTX = 0x23,
	FORM_STRX1 = 0x25,
	FORM_STRX4 = 0x28,
	FORM_ADDRX1 = 0x29,
};

/* Bytes of the forms of one size. */
static const uint8_t form_sizes[] = {
	[FORM_ADDR] = 8, [0x05] = 2,	  [0x06] = 4,	     [0x07] = 8,      [0x0b] = 1,
	[0x0c] = 1,	 [0x0e] = 4,	  [0x10] = 4,	     [FORM_REF1] = 1, [FORM_REF2] = 2,
	[FORM_REF4] = 4, [FORM_REF8] = 8, [0x17] = 4,	     [0x1c] = 4,      [0x1d] = 4,
	[0x1f] = 4,	 [0x20] = 8,	  [0x24] = 8,	     [0x25] = 1,      [0x26] = 2,
	[0x27] = 3,	 [0x28] = 4,	  [FORM_ADDRX1] = 1, [0x2a] = 2,      [0x2b] = 3,
	[0x2c] = 4,
};

#define OPERATION_ADDR	   0x03
#define OPERATION_PIECE	   0x93
#define OPERATION_ADDRX	   0xa1
#define OPERATION_GNU_ADDR 0xfb

#define VERSION_MIN  4
#define VERSION_MAX  5
#define UNIT_COMPILE 1

struct debug_abbreviation {
	uint64_t code;
	uint16_t tag;
	bool children;
	uint32_t first, count; /* of its attributes */
};

/* --- abbreviations -------------------------------------------------------------------------- */

static void read_attributes(struct debug_unit *unit, struct debug_text *text)
{
	for (;;) {
		struct debug_attribute attribute = {.name = (uint16_t)debug_text_leb(text)};

		attribute.form = (uint16_t)debug_text_leb(text);
		if (text->failed || (!attribute.name && !attribute.form))
			return;
		if (attribute.form == FORM_IMPLICIT_CONST)
			attribute.constant = debug_text_leb(text);
		unit->attributes = make_room(unit->attributes, unit->attribute_count,
					     &unit->attribute_space, sizeof *unit->attributes);
		unit->attributes[unit->attribute_count++] = attribute;
	}
}

/* The first table; the unit uses that one. */
static bool read_abbreviations(struct debug_unit *unit)
{
	struct debug_text text;
	uint64_t code;

	if (!debug_text_open(&text, unit->file, ".debug_abbrev"))
		return false;
	while ((code = debug_text_leb(&text))) {
		struct debug_abbreviation abbreviation = {.code = code,
							  .first = unit->attribute_count};

		abbreviation.tag = (uint16_t)debug_text_leb(&text);
		abbreviation.children = debug_text_number(&text, 1);
		read_attributes(unit, &text);
		abbreviation.count = unit->attribute_count - abbreviation.first;
		unit->abbreviations =
			make_room(unit->abbreviations, unit->abbreviation_count,
				  &unit->abbreviation_space, sizeof *unit->abbreviations);
		unit->abbreviations[unit->abbreviation_count++] = abbreviation;
	}
	return !text.failed;
}

/* Compilers number them from 1 on. */
static const struct debug_abbreviation *find_abbreviation(const struct debug_unit *unit,
							  uint64_t code)
{
	if (code && code <= unit->abbreviation_count && unit->abbreviations[code - 1].code == code)
		return &unit->abbreviations[code - 1];
	for (uint32_t i = 0; i < unit->abbreviation_count; i++)
		if (unit->abbreviations[i].code == code)
			return &unit->abbreviations[i];
	return NULL;
}

/* --- addresses and texts -------------------------------------------------------------------- */

static void keep_address(struct debug_unit *unit, struct span address)
{
	unit->addresses = make_room(unit->addresses, unit->address_count, &unit->address_space,
				    sizeof *unit->addresses);
	unit->addresses[unit->address_count++] = address;
}

/* clang numbers them. */
static void read_addresses(struct debug_unit *unit)
{
	struct debug_text text;

	if (!debug_text_open(&text, unit->file, ".debug_addr"))
		return;
	while (debug_text_more(&text)) {
		struct span address = debug_text_address(&text);

		if (span_is(text.label, ".Laddr_table_base0"))
			keep_address(unit, address);
	}
}

static struct span numbered_address(const struct debug_unit *unit, uint64_t number)
{
	return number < unit->address_count ? unit->addresses[number] : SPAN("");
}

static void keep_string(struct debug_unit *unit, struct span label, struct span string)
{
	unit->strings = make_room(unit->strings, unit->string_count, &unit->string_space,
				  sizeof *unit->strings);
	*names_add(&unit->labels, label, 0) = unit->string_count;
	unit->strings[unit->string_count++] = string;
}

static void keep_string_label(struct debug_unit *unit, struct span label)
{
	unit->string_labels = make_room(unit->string_labels, unit->string_label_count,
					&unit->string_label_space, sizeof *unit->string_labels);
	unit->string_labels[unit->string_label_count++] = label;
}

/* clang numbers them; a part of the section before that is its head, which has no labels. */
static void read_string_labels(struct debug_unit *unit)
{
	struct debug_text text;
	const char *behind = NULL;

	while (debug_text_open_next(&text, unit->file, ".debug_str_offsets", &behind))
		while (debug_text_more(&text)) {
			struct span label = debug_text_label(&text);

			if (label.length)
				keep_string_label(unit, label);
		}
}

void debug_unit_read_strings(struct debug_unit *unit)
{
	struct debug_text text;

	read_string_labels(unit);
	if (!debug_text_open(&text, unit->file, ".debug_str"))
		return;
	while (debug_text_more(&text)) {
		struct span label = text.label, string = debug_text_string(&text);

		if (!text.failed)
			keep_string(unit, label, string);
	}
}

static struct span string_at(const struct debug_unit *unit, struct span label)
{
	const uint32_t *number = names_find(&unit->labels, label);

	return number ? unit->strings[*number] : SPAN("");
}

static struct span numbered_string(const struct debug_unit *unit, uint64_t number)
{
	return number < unit->string_label_count ? string_at(unit, unit->string_labels[number])
						 : SPAN("");
}

/* --- attributes ----------------------------------------------------------------------------- */

static void skip_value(struct debug_text *text, unsigned form)
{
	switch (form) {
	case FORM_BLOCK1:
		debug_text_skip(text, debug_text_number(text, 1));
		break;
	case FORM_BLOCK2:
		debug_text_skip(text, debug_text_number(text, 2));
		break;
	case FORM_BLOCK4:
		debug_text_skip(text, debug_text_number(text, 4));
		break;
	case FORM_BLOCK:
	case FORM_EXPRLOC:
		debug_text_skip(text, debug_text_leb(text));
		break;
	case FORM_STRING:
		debug_text_skip_string(text);
		break;
	case FORM_SDATA:
	case FORM_UDATA:
	case FORM_REF_UDATA:
	case FORM_STRX:
	case FORM_ADDRX:
	case FORM_LOCLISTX:
	case FORM_RNGLISTX:
		debug_text_leb(text);
		break;
	case FORM_DATA16:
		debug_text_skip(text, 16);
		break;
	case FORM_FLAG_PRESENT:
	case FORM_IMPLICIT_CONST:
		break;
	default:
		if (form < sizeof form_sizes && form_sizes[form])
			debug_text_skip(text, form_sizes[form]);
		else
			text->failed = true;
	}
}

void debug_unit_skip(struct debug_unit *unit, const struct debug_attribute *attribute)
{
	skip_value(&unit->text, attribute->form);
}

uint64_t debug_unit_number(struct debug_unit *unit, const struct debug_attribute *attribute)
{
	unsigned form = attribute->form;

	if (form < sizeof form_sizes && form_sizes[form])
		return debug_text_number(&unit->text, form_sizes[form]);
	if (form == FORM_IMPLICIT_CONST)
		return attribute->constant;
	if (form == FORM_SDATA || form == FORM_UDATA || form == FORM_ADDRX ||
	    form == FORM_REF_UDATA || form == FORM_STRX)
		return debug_text_leb(&unit->text);
	skip_value(&unit->text, form);
	return form == FORM_FLAG_PRESENT;
}

bool debug_unit_is_number(const struct debug_attribute *attribute)
{
	unsigned form = attribute->form;

	return form == FORM_DATA1 || form == FORM_DATA2 || form == FORM_DATA4 ||
	       form == FORM_DATA8 || form == FORM_SDATA || form == FORM_UDATA ||
	       form == FORM_IMPLICIT_CONST;
}

uint32_t debug_unit_reference(struct debug_unit *unit, const struct debug_attribute *attribute,
			      bool *unknown)
{
	unsigned form = attribute->form;
	uint64_t offset = 0;

	if (form == FORM_REF1 || form == FORM_REF2 || form == FORM_REF4 || form == FORM_REF8 ||
	    form == FORM_REF_UDATA)
		offset = debug_unit_number(unit, attribute);
	else
		skip_value(&unit->text, form); /* in another unit, or another file */
	*unknown |= !offset || offset > UINT32_MAX;
	return (uint32_t)offset;
}

struct span debug_unit_address(struct debug_unit *unit, const struct debug_attribute *attribute)
{
	unsigned form = attribute->form;
	uint64_t number;

	if (form == FORM_ADDR)
		return debug_text_symbol(&unit->text, 8);
	number = debug_unit_number(unit, attribute);
	if (form == FORM_ADDRX || (form >= FORM_ADDRX1 && form < sizeof form_sizes))
		return numbered_address(unit, number);
	return SPAN("");
}

struct span debug_unit_label(struct debug_unit *unit, const struct debug_attribute *attribute)
{
	if (attribute->form == FORM_SEC_OFFSET || attribute->form == FORM_STRP)
		return debug_text_symbol(&unit->text, 4);
	skip_value(&unit->text, attribute->form);
	return SPAN("");
}

struct span debug_unit_string(struct debug_unit *unit, const struct debug_attribute *attribute)
{
	unsigned form = attribute->form;

	if (form == FORM_STRING)
		return debug_text_string(&unit->text);
	if (form == FORM_STRX || (form >= FORM_STRX1 && form <= FORM_STRX4))
		return numbered_string(unit, debug_unit_number(unit, attribute));
	return string_at(unit, debug_unit_label(unit, attribute));
}

static void keep_piece(struct debug_pieces *pieces, struct debug_piece piece)
{
	pieces->list = make_room(pieces->list, pieces->count, &pieces->space, sizeof *pieces->list);
	pieces->list[pieces->count++] = piece;
}

/* One operation of an expression. False: it is another one than those of addresses and pieces. */
static bool read_operation(struct debug_unit *unit, struct debug_pieces *pieces,
			   struct debug_piece *piece)
{
	struct debug_text *text = &unit->text;

	switch (debug_text_number(text, 1)) {
	case OPERATION_ADDR:
		piece->symbol = debug_text_symbol(text, 8);
		return true;
	case OPERATION_ADDRX:
	case OPERATION_GNU_ADDR:
		piece->symbol = numbered_address(unit, debug_text_leb(text));
		return true;
	case OPERATION_PIECE:
		piece->size = debug_text_leb(text);
		keep_piece(pieces, *piece);
		*piece = (struct debug_piece){.size = 0};
		return true;
	default:
		return false;
	}
}

void debug_unit_location(struct debug_unit *unit, const struct debug_attribute *attribute,
			 struct debug_pieces *pieces)
{
	struct debug_text *text = &unit->text;
	struct debug_piece piece = {.size = 0};
	uint32_t before = pieces->count;
	uint64_t end;
	bool known = true;

	if (attribute->form != FORM_EXPRLOC) {
		skip_value(text, attribute->form);
		return;
	}
	end = debug_text_leb(text);
	end += text->offset;
	while (known && text->offset < end && !text->failed)
		known = read_operation(unit, pieces, &piece);
	if (!known || text->failed)
		pieces->count = before;
	else if (piece.symbol.length)
		keep_piece(pieces, piece);
	debug_text_skip(text, end - text->offset);
}

/* --- entries -------------------------------------------------------------------------------- */

static bool is_known_language(uint64_t language)
{
	switch (language) {
	case 0x0001: /* C89, C, */
	case 0x0002:
	case 0x000c: /* C99, C11, C17, */
	case 0x001d:
	case 0x002c:
	case 0x0004: /* C++ 98, 03, 11, 14, 17, 20 */
	case 0x0019:
	case 0x001a:
	case 0x0021:
	case 0x002a:
	case 0x002b:
		return true;
	default:
		return false;
	}
}

/* What the unit says of itself. */
static bool read_unit_entry(struct debug_unit *unit)
{
	struct debug_text *text = &unit->text;
	const struct debug_abbreviation *abbreviation =
		find_abbreviation(unit, debug_text_leb(text));
	bool known = false;

	if (!abbreviation)
		return false;
	for (uint32_t i = 0; i < abbreviation->count && !text->failed; i++) {
		const struct debug_attribute *attribute =
			&unit->attributes[abbreviation->first + i];

		if (attribute->name == ATTRIBUTE_LANGUAGE)
			known = is_known_language(debug_unit_number(unit, attribute));
		else
			skip_value(text, attribute->form);
	}
	return abbreviation->children && known;
}

static bool read_unit_head(struct debug_unit *unit)
{
	struct debug_text *text = &unit->text;
	unsigned version, size;

	debug_text_skip(text, 4); /* its length */
	version = (unsigned)debug_text_number(text, 2);
	if (version >= VERSION_MAX) {
		if (debug_text_number(text, 1) != UNIT_COMPILE)
			return false;
		size = (unsigned)debug_text_number(text, 1);
		debug_text_skip(text, 4); /* its abbreviations */
	} else {
		debug_text_skip(text, 4);
		size = (unsigned)debug_text_number(text, 1);
	}
	return !text->failed && version >= VERSION_MIN && version <= VERSION_MAX && size == 8;
}

bool debug_unit_open(struct debug_unit *unit, struct span file)
{
	*unit = (struct debug_unit){.file = file, .depth = 1};
	read_addresses(unit);
	return read_abbreviations(unit) && debug_text_open(&unit->text, file, ".debug_info") &&
	       read_unit_head(unit) && read_unit_entry(unit);
}

bool debug_unit_next(struct debug_unit *unit, struct debug_entry *entry)
{
	struct debug_text *text = &unit->text;

	while (unit->depth && !text->failed) {
		uint32_t offset = text->offset;
		uint64_t code = debug_text_leb(text);
		const struct debug_abbreviation *abbreviation;

		if (!code) {
			unit->depth--;
			continue;
		}
		abbreviation = find_abbreviation(unit, code);
		if (!abbreviation) {
			text->failed = true;
			return false;
		}
		*entry = (struct debug_entry){offset, abbreviation->tag, unit->depth,
					      &unit->attributes[abbreviation->first],
					      abbreviation->count};
		unit->depth += abbreviation->children;
		return true;
	}
	return false;
}

bool debug_unit_complete(const struct debug_unit *unit)
{
	return !unit->depth && !unit->text.failed;
}

void debug_unit_free(struct debug_unit *unit)
{
	free(unit->attributes);
	free(unit->abbreviations);
	free(unit->addresses);
	free(unit->strings);
	free(unit->string_labels);
	names_free(&unit->labels);
}
