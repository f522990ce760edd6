/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Kinds of sites, as --only= names them: each has some of the headings of the rules. */
#ifndef RCPP_KINDS_H
#define RCPP_KINDS_H

#include <stdbool.h>

enum kind {
	KIND_MOVES = 1 << 0, /* and what else does nothing but to carry the value on */
	KIND_ARITHMETIC = 1 << 1,
	KIND_SHIFTS = 1 << 2,
	KIND_BRANCHES = 1 << 3,
	KIND_CALLS = 1 << 4,
	KIND_DIVISIONS = 1 << 5,
	KIND_ADDRESSES = 1 << 6,
};

/* The kind of this name (its first `length` characters), or 0. */
unsigned kind_named(const char *name, unsigned length);

/* The kind that the rules under this heading are of. */
unsigned kind_of_heading(const char *heading);

/* The next name, from *at = 0 on, of those in the set; NULL at its end. */
const char *kinds_next(unsigned set, unsigned *at);

/* The names of all kinds, as a message lists them. */
#define KIND_NAMES "moves, arithmetic, shifts, branches, calls, divisions, addresses"

#endif
