/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sites and loads, counted by one thing: a kind, a variable, a function, a reason. */
#ifndef RCPP_REPORT_TALLY_H
#define RCPP_REPORT_TALLY_H

#include <stddef.h>

struct tally_entry {
	const char *key;
	const char *note; /* what the first of them had with it */
	size_t sites, loads;
	char *owned; /* the key, if it is to be freed */
};

struct tally {
	struct tally_entry *entries;
	size_t count, space;
};

/* Count an entry. `key` and `note` have to live as long as the tally, `owned` becomes its own. */
void tally_add(struct tally *tally, struct tally_entry entry);

/* Unite the entries of one key, and put those with most sites and loads first. */
void tally_finish(struct tally *tally);
void tally_free(struct tally *tally);

#endif
