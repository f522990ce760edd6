/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What there is in the whole program: counts of references, of reasons and of variables. */
#ifndef RCPP_TOTALS_H
#define RCPP_TOTALS_H

#include "patched.h"
#include "summary.h"

/* Loads that stay for one reason. */
struct total_reason {
	const char *reason, *advice;
	size_t count;
	bool by_value; /* they have sites, which have nothing for their values */
};

/* What reads one variable, or one field of it. */
struct total_variable {
	char *name;	/* as people write it */
	unsigned width; /* bytes that are read, at most */
	bool known;
	uint64_t value; /* of the first site */
	size_t sites, patched;
	size_t loads; /* by the files of --explain */
};

struct totals {
	size_t sites, patched;	      /* consumers belong to their loads */
	struct total_reason *reasons; /* the most frequent first */
	size_t reason_count;
	struct total_variable *variables; /* by name */
	size_t variable_count;
};

void totals_make(struct totals *totals, const struct patched *patched, struct report *report);
void totals_free(struct totals *totals);

#endif
