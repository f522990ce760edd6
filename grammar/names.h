/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sets of names, each with a number, that only grow. Names are spans of text that must stay, not
 * copies, and keep the order in which they were added.
 */
#ifndef NAMES_H
#define NAMES_H

#include "assembly.h"

struct names {
	struct name {
		const char *text;
		uint32_t length, value;
	} * names;
	uint32_t count, space;
	uint32_t *slots; /* by hash: the number of a name, + 1; 0: empty */
	uint32_t size;	 /* how many slots: a power of two, or 0 */
	/* A bit for each first and each last character of a name, by its lowest six bits. */
	uint64_t first, last;
};

static inline struct span name_at(const struct names *names, uint32_t index)
{
	return (struct span){names->names[index].text, names->names[index].length};
}

/* A quick look before names_find(): false if no name begins or none ends like this, as with most.
 */
static inline bool names_may_have(const struct names *names, struct span name)
{
	return names->count &&
	       (!name.length || ((names->first >> (name.text[0] & 63) & 1) &&
				 (names->last >> (name.text[name.length - 1] & 63) & 1)));
}

/* The number that goes with the name, to read or to set; a new name gets `initial`. */
uint32_t *names_add(struct names *names, struct span name, uint32_t initial);
/* NULL if the name is not in the set. */
uint32_t *names_find(const struct names *names, struct span name);
void names_free(struct names *names);

/* Symbols may be quoted in assembly; the quotes are not part of the name. */
struct span unquoted(struct span name);

#endif
