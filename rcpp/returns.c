// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A compiler's text with debug information (-g) in, what its functions return out. At a return the
 * registers for results are live, unless the function's type says that it has none there: a void
 * function leaves nothing in %rax, and a type of up to 64 bits nothing in %rdx, where a division
 * leaves a remainder that nobody wants.
 *
 * What is read is DWARF 4 and 5 (dwarfstd.org), the first unit of the file, in C and C++: entries
 * of functions, and of types as far as it takes to know their class in the calling convention
 * (System V ABI for AMD64, section 3.2.3). Whatever is not understood leaves the function out, or
 * all of them; so does debug information without types (-g1), where no function returns anything.
 */
#include <stdlib.h>
#include "debug_text.h"
#include "returns.h"

enum {
	TAG_ENUMERATION = 0x04,
	TAG_POINTER = 0x0f,
	TAG_REFERENCE = 0x10,
	TAG_CLASS = 0x02,
	TAG_STRUCTURE = 0x13,
	TAG_TYPEDEF = 0x16,
	TAG_UNION = 0x17,
	TAG_BASE = 0x24,
	TAG_CONST = 0x26,
	TAG_SUBPROGRAM = 0x2e,
	TAG_VOLATILE = 0x35,
	TAG_RESTRICT = 0x37,
	TAG_RVALUE_REFERENCE = 0x42,
	TAG_ATOMIC = 0x47,
};

enum {
	ATTRIBUTE_BYTE_SIZE = 0x0b,
	ATTRIBUTE_LOW_PC = 0x11,
	ATTRIBUTE_LANGUAGE = 0x13,
	ATTRIBUTE_ABSTRACT_ORIGIN = 0x31,
	ATTRIBUTE_ARTIFICIAL = 0x34,
	ATTRIBUTE_DECL_LINE = 0x3b,
	ATTRIBUTE_DECLARATION = 0x3c,
	ATTRIBUTE_SPECIFICATION = 0x47,
	ATTRIBUTE_TYPE = 0x49,
	ATTRIBUTE_RANGES = 0x55,
};

enum {
	FORM_ADDR = 0x01,
	FORM_BLOCK2 = 0x03,
	FORM_BLOCK4 = 0x04,
	FORM_STRING = 0x08,
	FORM_BLOCK = 0x09,
	FORM_BLOCK1 = 0x0a,
	FORM_SDATA = 0x0d,
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

#define VERSION_MIN  4
#define VERSION_MAX  5
#define UNIT_COMPILE 1
#define CHAIN_MAX    16 /* types and declarations behind one another */

struct attribute {
	uint16_t name, form;
};

struct abbreviation {
	uint64_t code;
	uint16_t tag;
	bool children;
	uint32_t first, count; /* of its attributes */
};

/* An entry for a function, or for a type. */
struct entry {
	uint32_t offset;
	uint16_t tag;
	bool declaration;
	bool artificial, written; /* made by the compiler, by a person on some line */
	uint64_t size;
	uint32_t type, origin; /* offsets of entries; 0: none */
	bool unknown;	       /* it has one of these, and nobody knows which */
	struct span begin;     /* of a function: its label */
};

struct unit {
	struct span file;
	struct debug_text text;
	struct attribute *attributes;
	uint32_t attribute_count, attribute_space;
	struct abbreviation *abbreviations;
	uint32_t abbreviation_count, abbreviation_space;
	struct entry *entries; /* in the order of their offsets */
	uint32_t entry_count, entry_space;
	struct span *addresses; /* first those of clang's table, by their numbers */
	uint32_t address_count, address_space;
	struct names ranges; /* labels of lists of ranges, with the number of the first address */
	bool has_types;	     /* some function has one */
	bool known_language;
};

/* --- abbreviations -------------------------------------------------------------------------- */

static void read_attributes(struct unit *unit, struct debug_text *text)
{
	for (;;) {
		struct attribute attribute = {.name = (uint16_t)debug_text_leb(text)};

		attribute.form = (uint16_t)debug_text_leb(text);
		if (text->failed || (!attribute.name && !attribute.form))
			return;
		if (attribute.form == FORM_IMPLICIT_CONST)
			debug_text_leb(text);
		unit->attributes = make_room(unit->attributes, unit->attribute_count,
					     &unit->attribute_space, sizeof *unit->attributes);
		unit->attributes[unit->attribute_count++] = attribute;
	}
}

/* The first table; the unit uses that one. */
static bool read_abbreviations(struct unit *unit)
{
	struct debug_text text;
	uint64_t code;

	if (!debug_text_open(&text, unit->file, ".debug_abbrev"))
		return false;
	while ((code = debug_text_leb(&text))) {
		struct abbreviation abbreviation = {.code = code, .first = unit->attribute_count};

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
static const struct abbreviation *find_abbreviation(const struct unit *unit, uint64_t code)
{
	if (code && code <= unit->abbreviation_count && unit->abbreviations[code - 1].code == code)
		return &unit->abbreviations[code - 1];
	for (uint32_t i = 0; i < unit->abbreviation_count; i++)
		if (unit->abbreviations[i].code == code)
			return &unit->abbreviations[i];
	return NULL;
}

/* --- addresses ------------------------------------------------------------------------------ */

static void keep_address(struct unit *unit, struct span address)
{
	unit->addresses = make_room(unit->addresses, unit->address_count, &unit->address_space,
				    sizeof *unit->addresses);
	unit->addresses[unit->address_count++] = address;
}

/* clang numbers them. */
static void read_addresses(struct unit *unit)
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

static struct span numbered_address(const struct unit *unit, uint64_t number)
{
	return number < unit->address_count ? unit->addresses[number] : SPAN("");
}

/* gcc's functions in several parts have lists of ranges: their first address is the beginning. */
static void read_ranges(struct unit *unit, const char *section)
{
	struct debug_text text;

	if (!debug_text_open(&text, unit->file, section))
		return;
	while (debug_text_more(&text)) {
		struct span address = debug_text_address(&text);

		if (address.length && !names_find(&unit->ranges, text.label)) {
			names_add(&unit->ranges, text.label, unit->address_count);
			keep_address(unit, address);
		}
	}
}

static struct span first_address(const struct unit *unit, struct span ranges)
{
	const uint32_t *number = names_find(&unit->ranges, ranges);
	struct span address = number ? unit->addresses[*number] : SPAN("");

	/* What others count from is no beginning of a function. */
	return span_begins(address, ".Ltext") ? SPAN("") : address;
}

/* --- entries -------------------------------------------------------------------------------- */

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

/* A number, or an index. */
static uint64_t read_number(struct debug_text *text, unsigned form)
{
	if (form < sizeof form_sizes && form_sizes[form])
		return debug_text_number(text, form_sizes[form]);
	if (form == FORM_UDATA || form == FORM_ADDRX || form == FORM_REF_UDATA)
		return debug_text_leb(text);
	skip_value(text, form);
	return form == FORM_FLAG_PRESENT;
}

/* An entry of this unit: its offset. */
static uint32_t read_reference(struct debug_text *text, unsigned form, bool *unknown)
{
	uint64_t offset = 0;

	if (form == FORM_REF1 || form == FORM_REF2 || form == FORM_REF4 || form == FORM_REF8 ||
	    form == FORM_REF_UDATA)
		offset = read_number(text, form);
	else
		skip_value(text, form); /* in another unit, or another file */
	*unknown |= !offset || offset > UINT32_MAX;
	return (uint32_t)offset;
}

static struct span read_begin(struct unit *unit, unsigned form)
{
	struct debug_text *text = &unit->text;
	uint64_t number;

	if (form == FORM_ADDR)
		return debug_text_symbol(text, 8);
	number = read_number(text, form);
	if (form == FORM_ADDRX || (form >= FORM_ADDRX1 && form < sizeof form_sizes))
		return numbered_address(unit, number);
	return SPAN("");
}

static void read_attribute(struct unit *unit, const struct attribute *attribute,
			   struct entry *entry)
{
	struct debug_text *text = &unit->text;

	switch (attribute->name) {
	case ATTRIBUTE_BYTE_SIZE:
		entry->size = read_number(text, attribute->form);
		break;
	case ATTRIBUTE_DECLARATION:
		entry->declaration = read_number(text, attribute->form);
		break;
	case ATTRIBUTE_ARTIFICIAL:
		entry->artificial = read_number(text, attribute->form);
		break;
	case ATTRIBUTE_DECL_LINE:
		skip_value(text, attribute->form);
		entry->written = true;
		break;
	case ATTRIBUTE_TYPE:
		entry->type = read_reference(text, attribute->form, &entry->unknown);
		break;
	case ATTRIBUTE_ABSTRACT_ORIGIN:
	case ATTRIBUTE_SPECIFICATION:
		entry->origin = read_reference(text, attribute->form, &entry->unknown);
		break;
	case ATTRIBUTE_LOW_PC:
		entry->begin = read_begin(unit, attribute->form);
		break;
	case ATTRIBUTE_RANGES:
		if (attribute->form == FORM_SEC_OFFSET)
			entry->begin = first_address(unit, debug_text_symbol(text, 4));
		else
			skip_value(text, attribute->form);
		break;
	default:
		skip_value(text, attribute->form);
	}
}

static bool is_wanted(unsigned tag)
{
	switch (tag) {
	case TAG_ENUMERATION:
	case TAG_POINTER:
	case TAG_REFERENCE:
	case TAG_CLASS:
	case TAG_STRUCTURE:
	case TAG_TYPEDEF:
	case TAG_UNION:
	case TAG_BASE:
	case TAG_CONST:
	case TAG_SUBPROGRAM:
	case TAG_VOLATILE:
	case TAG_RESTRICT:
	case TAG_RVALUE_REFERENCE:
	case TAG_ATOMIC:
		return true;
	default:
		return false;
	}
}

static void keep_entry(struct unit *unit, const struct entry *entry)
{
	unit->has_types |= entry->tag == TAG_SUBPROGRAM && entry->type;
	unit->entries = make_room(unit->entries, unit->entry_count, &unit->entry_space,
				  sizeof *unit->entries);
	unit->entries[unit->entry_count++] = *entry;
}

static void read_entry(struct unit *unit, const struct abbreviation *abbreviation, uint32_t offset)
{
	struct entry entry = {.offset = offset, .tag = abbreviation->tag};
	bool wanted = is_wanted(entry.tag);

	for (uint32_t i = 0; i < abbreviation->count && !unit->text.failed; i++) {
		const struct attribute *attribute = &unit->attributes[abbreviation->first + i];

		if (wanted)
			read_attribute(unit, attribute, &entry);
		else
			skip_value(&unit->text, attribute->form);
	}
	if (wanted)
		keep_entry(unit, &entry);
}

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
static bool read_unit_entry(struct unit *unit)
{
	struct debug_text *text = &unit->text;
	const struct abbreviation *abbreviation = find_abbreviation(unit, debug_text_leb(text));

	if (!abbreviation)
		return false;
	for (uint32_t i = 0; i < abbreviation->count && !text->failed; i++) {
		const struct attribute *attribute = &unit->attributes[abbreviation->first + i];

		if (attribute->name == ATTRIBUTE_LANGUAGE)
			unit->known_language =
				is_known_language(read_number(text, attribute->form));
		else
			skip_value(text, attribute->form);
	}
	return abbreviation->children && unit->known_language;
}

static bool read_unit_head(struct unit *unit)
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

/* All entries of the first unit. False if one is not understood. */
static bool read_unit(struct unit *unit)
{
	struct debug_text *text = &unit->text;
	unsigned depth = 1;

	if (!debug_text_open(text, unit->file, ".debug_info") || !read_unit_head(unit) ||
	    !read_unit_entry(unit))
		return false;
	while (depth && !text->failed) {
		uint32_t offset = text->offset;
		uint64_t code = debug_text_leb(text);
		const struct abbreviation *abbreviation;

		if (!code) {
			depth--;
			continue;
		}
		abbreviation = find_abbreviation(unit, code);
		if (!abbreviation)
			return false;
		read_entry(unit, abbreviation, offset);
		depth += abbreviation->children;
	}
	return !text->failed;
}

/* --- results -------------------------------------------------------------------------------- */

static int compare_offsets(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

static const struct entry *find_entry(const struct unit *unit, uint32_t offset)
{
	const struct entry key = {.offset = offset};

	return bsearch(&key, unit->entries, unit->entry_count, sizeof key, compare_offsets);
}

#define UNKNOWN (RETURNS_RAX | RETURNS_RDX)

/* What is small enough for one register; numbers with a point are so where there is no SSE. */
static unsigned of_size(const struct entry *type)
{
	return type->size && type->size <= 8 && !type->declaration ? RETURNS_RAX : UNKNOWN;
}

/* Of a type; 0 is void. */
static unsigned of_type(const struct unit *unit, uint32_t offset)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct entry *type;

		if (!offset)
			return 0;
		type = find_entry(unit, offset);
		if (!type || type->unknown)
			return UNKNOWN;
		switch (type->tag) {
		case TAG_POINTER:
		case TAG_REFERENCE:
		case TAG_RVALUE_REFERENCE:
			return RETURNS_RAX;
		case TAG_ENUMERATION:
		case TAG_BASE:
		case TAG_CLASS:
		case TAG_STRUCTURE:
		case TAG_UNION:
			return of_size(type);
		case TAG_SUBPROGRAM:
			return UNKNOWN;
		default: /* a name, or a qualifier */
			offset = type->type;
		}
	}
	return UNKNOWN;
}

/*
 * A function's type is its own, or that of what it is an instance of. Those that compilers make,
 * thunks for example, may return something and have no type.
 */
static unsigned of_function(const struct unit *unit, const struct entry *function)
{
	for (int i = 0; i < CHAIN_MAX && function; i++) {
		if (function->unknown || function->artificial || function->tag != TAG_SUBPROGRAM)
			return UNKNOWN;
		if (function->type)
			return of_type(unit, function->type);
		if (!function->origin)
			return function->written ? 0 : UNKNOWN;
		function = find_entry(unit, function->origin);
	}
	return UNKNOWN;
}

void returns_take(struct names *returns, struct span text)
{
	struct unit unit = {.file = text};

	read_addresses(&unit);
	read_ranges(&unit, ".debug_rnglists");
	read_ranges(&unit, ".debug_ranges");
	if (read_abbreviations(&unit) && read_unit(&unit) && unit.has_types)
		for (uint32_t i = 0; i < unit.entry_count; i++) {
			const struct entry *entry = &unit.entries[i];

			if (entry->begin.length)
				names_add(returns, entry->begin, of_function(&unit, entry));
		}
	free(unit.attributes);
	free(unit.abbreviations);
	free(unit.entries);
	free(unit.addresses);
	names_free(&unit.ranges);
}
