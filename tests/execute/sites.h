/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The runner's own reading of the program's tables: which sites does each case have, what may they
 * hold, what do they hold. Written apart from the runtime's, to check it.
 */
#ifndef SITES_OF_CASES_H
#define SITES_OF_CASES_H

#include "execute.h"
#include "rcpp_tables.h"

struct site {
	const uint8_t *address;
	const uint8_t *form;
	uint8_t length, read;
	uint8_t original[RCPP_SITE_MAX];
};

struct case_sites {
	unsigned count;
	struct site site[EXECUTE_SITES_MAX];
};

/* One entry a case, its sites by address. Exits if the program has no tables. */
struct case_sites *find_sites(void);

/* V, as the site's reference reads it from the variable's 8 bytes. */
uint64_t value_of(const struct site *site, uint64_t variable);

/* What the generator said of the site, without alternatives that a prefix in front of it rules out.
 */
struct execute_site expected_of(const struct site *site, const struct execute_site *expected);

/* Do the guards of the form stand as the generator said? */
bool guards_are(const struct site *site, const struct execute_site *expected);

/* The first alternative whose guard holds: an index in expected; -1: the original. */
int expected_alternative(const struct execute_site *expected, uint64_t value);

/* Does the text hold this alternative (-1: what it held first) with this value? */
bool site_holds(const struct site *site, const struct execute_site *expected, int alternative,
		uint64_t value);

#endif
