/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Debug information in a compiler's text: DWARF 4 and 5 (dwarfstd.org), the first unit of the file,
 * in C and C++. In comes the text; out come the unit's entries, one after the other, and what their
 * attributes hold. What an attribute means is for those who read it: returns.c, fields.c.
 */
#ifndef DEBUG_UNIT_H
#define DEBUG_UNIT_H

#include "debug_text.h"
#include "names.h"

enum debug_tag {
	TAG_ARRAY = 0x01,
	TAG_CLASS = 0x02,
	TAG_ENUMERATION = 0x04,
	TAG_LEXICAL_BLOCK = 0x0b,
	TAG_MEMBER = 0x0d,
	TAG_POINTER = 0x0f,
	TAG_REFERENCE = 0x10,
	TAG_STRUCTURE = 0x13,
	TAG_TYPEDEF = 0x16,
	TAG_UNION = 0x17,
	TAG_INHERITANCE = 0x1c,
	TAG_INLINED = 0x1d,
	TAG_SUBRANGE = 0x21,
	TAG_BASE = 0x24,
	TAG_CONST = 0x26,
	TAG_SUBPROGRAM = 0x2e,
	TAG_VARIABLE = 0x34,
	TAG_VOLATILE = 0x35,
	TAG_RESTRICT = 0x37,
	TAG_NAMESPACE = 0x39,
	TAG_RVALUE_REFERENCE = 0x42,
	TAG_ATOMIC = 0x47,
};

enum debug_attribute_name {
	ATTRIBUTE_LOCATION = 0x02,
	ATTRIBUTE_NAME = 0x03,
	ATTRIBUTE_BYTE_SIZE = 0x0b,
	ATTRIBUTE_BIT_SIZE = 0x0d,
	ATTRIBUTE_LOW_PC = 0x11,
	ATTRIBUTE_LANGUAGE = 0x13,
	ATTRIBUTE_UPPER_BOUND = 0x2f,
	ATTRIBUTE_ABSTRACT_ORIGIN = 0x31,
	ATTRIBUTE_ARTIFICIAL = 0x34,
	ATTRIBUTE_COUNT = 0x37,
	ATTRIBUTE_MEMBER_LOCATION = 0x38,
	ATTRIBUTE_DECL_LINE = 0x3b,
	ATTRIBUTE_DECLARATION = 0x3c,
	ATTRIBUTE_SPECIFICATION = 0x47,
	ATTRIBUTE_TYPE = 0x49,
	ATTRIBUTE_RANGES = 0x55,
	ATTRIBUTE_LINKAGE_NAME = 0x6e,
	ATTRIBUTE_EXPORT_SYMBOLS = 0x89,
};

struct debug_attribute {
	uint16_t name, form;
	uint64_t constant; /* if the form says so, the value for all entries */
};

struct debug_entry {
	uint32_t offset; /* others refer to it by that */
	uint16_t tag;
	uint32_t depth;				  /* those directly in the unit have 1 */
	const struct debug_attribute *attributes; /* to be read or skipped, in this order */
	uint32_t count;
};

/* Where variables lie. clang cuts static structures into pieces, each with a symbol of its own. */
struct debug_pieces {
	struct debug_piece {
		struct span symbol; /* length 0: it lies nowhere */
		uint64_t size;	    /* in bytes; 0: all of the variable */
	} * list;
	uint32_t count, space;
};

/* All of it is private. */
struct debug_unit {
	struct span file;
	struct debug_text text;
	struct debug_attribute *attributes;
	uint32_t attribute_count, attribute_space;
	struct debug_abbreviation *abbreviations;
	uint32_t abbreviation_count, abbreviation_space;
	struct span *addresses; /* clang's table, by their numbers */
	uint32_t address_count, address_space;
	struct span *strings; /* the texts in .debug_str */
	uint32_t string_count, string_space;
	struct names labels;	    /* of these, with their numbers in `strings` */
	struct span *string_labels; /* clang's table, by their numbers */
	uint32_t string_label_count, string_label_space;
	uint32_t depth; /* of the next entry */
};

/*
 * Read what stands in front of the entries. False if there is no unit, or one that is not
 * understood. Call debug_unit_free() in any case.
 */
bool debug_unit_open(struct debug_unit *unit, struct span file);
/* Read the strings, too: without this call, debug_unit_string() knows few. */
void debug_unit_read_strings(struct debug_unit *unit);
void debug_unit_free(struct debug_unit *unit);

/* The next entry. False at the end, or where something is not understood. */
bool debug_unit_next(struct debug_unit *unit, struct debug_entry *entry);
/* Have all entries been understood? To be asked behind the last one. */
bool debug_unit_complete(const struct debug_unit *unit);

/* What the next attribute holds. Read each attribute of an entry by one of these. */
void debug_unit_skip(struct debug_unit *unit, const struct debug_attribute *attribute);
/* A number, or an index; 1 for a flag. */
uint64_t debug_unit_number(struct debug_unit *unit, const struct debug_attribute *attribute);
/* Or is it an expression, which that skips? */
bool debug_unit_is_number(const struct debug_attribute *attribute);
/* An entry of this unit: its offset. Sets *unknown if it is another unit's. */
uint32_t debug_unit_reference(struct debug_unit *unit, const struct debug_attribute *attribute,
			      bool *unknown);
/* The symbol of an address; length 0: it is not known. */
struct span debug_unit_address(struct debug_unit *unit, const struct debug_attribute *attribute);
/* A label in another section. */
struct span debug_unit_label(struct debug_unit *unit, const struct debug_attribute *attribute);
/* A text as it stands between its quotes; length 0: it is not known. */
struct span debug_unit_string(struct debug_unit *unit, const struct debug_attribute *attribute);
/* Append the pieces of a variable; none if it is not known where it lies, or that changes. */
void debug_unit_location(struct debug_unit *unit, const struct debug_attribute *attribute,
			 struct debug_pieces *pieces);

#endif
