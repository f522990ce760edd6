/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sets of names with a number for each: a hash table that only grows. Names are spans, not copies.
 */
#ifndef NAMES_H
#define NAMES_H

#include "assembly.h"

struct names {
	struct name_slot {
		struct span name;
		uint32_t hash, value;
	} * slots;
	uint32_t size, count; /* slots there are (a power of two, or 0) and that are taken */
};

/* The number that goes with the name, to read or to set; a new name gets `initial`. */
uint32_t *names_add(struct names *names, struct span name, uint32_t initial);
/* NULL if the name is not in the set. */
uint32_t *names_find(const struct names *names, struct span name);
void names_free(struct names *names);

/* Symbols may be quoted in assembly; the quotes are not part of the name. */
struct span unquoted(struct span name);

#endif
