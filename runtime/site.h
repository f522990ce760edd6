/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bytes of one site: what they hold now, and how they come to hold something else. Freestanding
 * as core.h is.
 */
#ifndef RCPP_SITE_H
#define RCPP_SITE_H

#include "forms.h"
#include "rows.h"

/* What a site holds: the number of an alternative (0 is the original), or a trap. */
#define RCPP_STATE_FAULT RCPP_ALTERNATIVES_MAX
#define RCPP_STATE_NONE	 (RCPP_ALTERNATIVES_MAX + 1)

/* Can the original say where its variable is, or its target? */
bool rcpp_reaches(const struct row *row, const struct form *form);

/* The first fit wins; where two fit, both explain every byte of the site. */
unsigned int rcpp_find_state(const struct row *row, const struct form *form);

/* Does the site hold these bytes? Another assembler's padding is as good. */
bool rcpp_holds_bytes(const struct row *row, const struct alternative *new, const uint8_t *bytes);

/* Can the alternative, at its place in this site, reach the address? */
bool rcpp_is_near(const struct row *row, const struct alternative *alternative, uint64_t address);

/* All that the site should hold with the chosen alternative, but for what is carried. */
bool rcpp_make_bytes(const struct row *row, const struct form *form, unsigned int chosen,
		     uint64_t value, uint8_t *bytes);

/*
 * Bring what the site carries into the code of another alternative. It counts from the end of its
 * instruction, which moves.
 */
bool rcpp_carry(const struct row *row, const struct alternative *old, const struct alternative *new,
		uint8_t *code);

#endif
