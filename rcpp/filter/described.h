/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Variables as the debug information of a unit describes them (debug_unit.h): in come names of the
 * source; out come the scopes that a variable is in, its locations, and the bytes of its fields.
 */
#ifndef DESCRIBED_H
#define DESCRIBED_H

#include "debug_unit.h"

#define NO_ENTRY UINT32_MAX

struct described_entry {
	uint32_t offset;
	uint16_t tag;
	bool declaration, bits, unknown;
	bool placed;	 /* a member has a place */
	bool exports;	 /* an inline namespace, that may be left out */
	uint32_t parent; /* its number; NO_ENTRY: the unit */
	uint32_t same;	 /* the variable of the same name before it, or NO_ENTRY */
	uint32_t type, origin;
	uint64_t size, place; /* in bytes; the place of a member */
	uint64_t count;	      /* of a subrange: elements; 0: not known */
	struct span name, linkage_name;
	uint32_t piece, piece_count; /* where a variable lies */
};

struct described {
	struct debug_unit debug;
	struct described_entry *entries; /* in the order of their offsets */
	uint32_t entry_count, entry_space;
	struct debug_pieces pieces;
	struct names variables; /* their names, with the number of the last one */
};

/* Bytes of a variable. */
struct described_part {
	uint64_t offset, size; /* the size is 0 if it is not known */
	bool bits;	       /* it is a bit-field: they have others in them, too */
};

/*
 * Read the debug information of a text into *unit, which is all zero. False if it is not
 * understood: nothing is described then. Call described_free() in any case.
 */
bool described_read(struct described *unit, struct span text);
void described_free(struct described *unit);

/* The variables of this name, in whatever scope, and the static members of classes; NULL: no more.
 */
const struct described_entry *described_find(const struct described *unit, struct span name);
const struct described_entry *described_next(const struct described *unit,
					     const struct described_entry *variable);

/*
 * Is it in these scopes, a::b:: for example? Blocks, and namespaces without a name or inline, may
 * be left out. :: in front of all is an empty scope.
 */
bool described_in_scopes(const struct described *unit, const struct described_entry *variable,
			 struct span scopes);

/* What .a.b, fields behind one another, are of a variable. False: it has no such fields. */
bool described_part_of(const struct described *unit, const struct described_entry *variable,
		       struct span fields, struct described_part *part);

#endif
