// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A compiler's text with debug information (-g) in, what its functions return out. At a return the
 * registers for results are live, unless the function's type says that it has none there: a void
 * function leaves nothing in %rax, and a type of up to 64 bits nothing in %rdx, where a division
 * leaves a remainder that nobody wants.
 *
 * Entries of functions are read, and of types as far as it takes to know their class in the calling
 * convention (System V ABI for AMD64, section 3.2.3). Whatever is not understood excludes the
 * function, or all of them; so does debug information without types (-g1), in which no function
 * seems to return anything.
 */
#include <stdlib.h>
#include "debug_unit.h"
#include "memory.h"
#include "returns.h"

#define CHAIN_MAX 16 /* types and declarations behind one another */

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

struct results {
	struct debug_unit unit;
	struct entry *entries; /* in the order of their offsets */
	uint32_t entry_count, entry_space;
	struct span *begins; /* the first addresses of lists of ranges */
	uint32_t begin_count, begin_space;
	struct names ranges; /* labels of these lists, with the number of the first address */
	bool has_types;	     /* some function has one */
};

/* --- entries -------------------------------------------------------------------------------- */

static void keep_begin(struct results *results, struct span label, struct span address)
{
	results->begins = make_room(results->begins, results->begin_count, &results->begin_space,
				    sizeof *results->begins);
	names_add(&results->ranges, label, results->begin_count);
	results->begins[results->begin_count++] = address;
}

/* gcc's functions in several parts have lists of ranges: their first address is the beginning. */
static void read_ranges(struct results *results, const char *section)
{
	struct debug_text text;

	if (!debug_text_open(&text, results->unit.file, section))
		return;
	while (debug_text_more(&text)) {
		struct span address = debug_text_address(&text);

		if (address.length && !names_find(&results->ranges, text.label))
			keep_begin(results, text.label, address);
	}
}

static struct span first_address(const struct results *results, struct span ranges)
{
	const uint32_t *number = names_find(&results->ranges, ranges);
	struct span address = number ? results->begins[*number] : SPAN("");

	/* What others count from is no beginning of a function. */
	return span_begins(address, ".Ltext") ? SPAN("") : address;
}

static void read_attribute(struct results *results, const struct debug_attribute *attribute,
			   struct entry *entry)
{
	struct debug_unit *unit = &results->unit;

	switch (attribute->name) {
	case ATTRIBUTE_BYTE_SIZE:
		entry->size = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_DECLARATION:
		entry->declaration = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_ARTIFICIAL:
		entry->artificial = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_DECL_LINE:
		debug_unit_skip(unit, attribute);
		entry->written = true;
		break;
	case ATTRIBUTE_TYPE:
		entry->type = debug_unit_reference(unit, attribute, &entry->unknown);
		break;
	case ATTRIBUTE_ABSTRACT_ORIGIN:
	case ATTRIBUTE_SPECIFICATION:
		entry->origin = debug_unit_reference(unit, attribute, &entry->unknown);
		break;
	case ATTRIBUTE_LOW_PC:
		entry->begin = debug_unit_address(unit, attribute);
		break;
	case ATTRIBUTE_RANGES:
		entry->begin = first_address(results, debug_unit_label(unit, attribute));
		break;
	default:
		debug_unit_skip(unit, attribute);
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

static void keep_entry(struct results *results, const struct entry *entry)
{
	results->has_types |= entry->tag == TAG_SUBPROGRAM && entry->type;
	results->entries = make_room(results->entries, results->entry_count, &results->entry_space,
				     sizeof *results->entries);
	results->entries[results->entry_count++] = *entry;
}

static void read_entry(struct results *results, const struct debug_entry *found)
{
	struct entry entry = {.offset = found->offset, .tag = found->tag};
	bool wanted = is_wanted(entry.tag);

	for (uint32_t i = 0; i < found->count && !results->unit.text.failed; i++) {
		if (wanted)
			read_attribute(results, &found->attributes[i], &entry);
		else
			debug_unit_skip(&results->unit, &found->attributes[i]);
	}
	if (wanted)
		keep_entry(results, &entry);
}

/* All entries of the first unit. False if one is not understood. */
static bool read_unit(struct results *results, struct span text)
{
	struct debug_entry entry;

	if (!debug_unit_open(&results->unit, text))
		return false;
	read_ranges(results, ".debug_rnglists");
	read_ranges(results, ".debug_ranges");
	while (debug_unit_next(&results->unit, &entry))
		read_entry(results, &entry);
	return debug_unit_complete(&results->unit);
}

/* --- results -------------------------------------------------------------------------------- */

static int compare_offsets(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

static const struct entry *find_entry(const struct results *results, uint32_t offset)
{
	const struct entry key = {.offset = offset};

	return bsearch(&key, results->entries, results->entry_count, sizeof key, compare_offsets);
}

#define UNKNOWN (RETURNS_FIRST | RETURNS_SECOND)

/* What is small enough for one register; numbers with a point are so where there is no SSE. */
static unsigned of_size(const struct entry *type)
{
	return type->size && type->size <= 8 && !type->declaration ? RETURNS_FIRST : UNKNOWN;
}

/* Of a type; 0 is void. */
static unsigned of_type(const struct results *results, uint32_t offset)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct entry *type;

		if (!offset)
			return 0;
		type = find_entry(results, offset);
		if (!type || type->unknown)
			return UNKNOWN;
		switch (type->tag) {
		case TAG_POINTER:
		case TAG_REFERENCE:
		case TAG_RVALUE_REFERENCE:
			return RETURNS_FIRST;
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
static unsigned of_function(const struct results *results, const struct entry *function)
{
	for (int i = 0; i < CHAIN_MAX && function; i++) {
		if (function->unknown || function->artificial || function->tag != TAG_SUBPROGRAM)
			return UNKNOWN;
		if (function->type)
			return of_type(results, function->type);
		if (!function->origin)
			return function->written ? 0 : UNKNOWN;
		function = find_entry(results, function->origin);
	}
	return UNKNOWN;
}

void returns_take(struct names *returns, struct span text)
{
	struct results results = {0};

	if (read_unit(&results, text) && results.has_types)
		for (uint32_t i = 0; i < results.entry_count; i++) {
			const struct entry *entry = &results.entries[i];

			if (entry->begin.length)
				names_add(returns, entry->begin, of_function(&results, entry));
		}
	debug_unit_free(&results.unit);
	free(results.entries);
	free(results.begins);
	names_free(&results.ranges);
}
