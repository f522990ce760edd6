/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sites that are joined (RCPP_ROW_JOINED): together they hold one instruction where each by itself
 * would hold one. A compare that has vanished and its jump become one NOP, or the jump from the
 * compare's first byte. Freestanding as core.h is.
 */
#ifndef RCPP_JOINED_H
#define RCPP_JOINED_H

#include "site.h"

/* A site, until those that it is joined with are known. Masks have a bit for each alternative. */
struct piece {
	struct rcpp_site site; /* with the bytes that it should hold by itself */
	unsigned int chosen;   /* the alternative that it should hold, */
	unsigned int state;    /* and what it holds by itself, or RCPP_STATE_NONE */
	unsigned int empties;  /* alternatives that are nothing but padding, */
	unsigned int jumps;    /* that jump to the target whatever the flags, */
	unsigned int wides;    /* and that hold 64 bits */
	uintptr_t target;
	bool led; /* a prefix stands in front of the site */
};

#define RCPP_RUN_MAX 6

/* Joined sites, in the order of their rows, which is that of their places. */
struct run {
	struct piece piece[RCPP_RUN_MAX];
	unsigned int count;
};

/* What this form's alternatives are; those that jump only for a run of several. */
void rcpp_describe_piece(struct piece *piece, const struct row *row, const struct form *form,
			 bool in_run);

/* Make the bytes that they should hold together, and say which sites change. */
void rcpp_join(struct run *run);

/* Find what they hold together. Returns the first that holds what no form explains, or NULL. */
const struct piece *rcpp_find_joined(struct run *run);

#endif
