/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finds the names of a set in long text. The character where the shortest name would end tells how
 * far off the next match is at least (Horspool's algorithm, for all names at once).
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "names.h"

struct search {
	const struct names *names;
	size_t shortest;	/* length of the shortest name; 0: there is none */
	uint8_t distances[256]; /* from a character to where a name's begin may end */
};

/* The set must not change until the last search. */
void search_init(struct search *search, const struct names *names);
/* The first word of the text that is in the set and no register's; length 0: none is. */
struct span search_first(const struct search *search, struct span text);

#endif
