/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The output of --profile: the input's text with counters before its accesses, followed by the
 * tables of rcpp_profile.h and the code that maps a file in place of the counters. So the objects
 * need no library.
 *
 * A read is counted after a comparison: a value that has changed without a counted write has been
 * written through a pointer. Most writes, too, are counted by a few instructions: only the first in
 * each tick of the kernel's clock notes the time, by a call of profile_counts.c, as does each write
 * that fields of other units or sizes have to know of.
 *
 * All this needs a scratch register, and changes the flags. Where there is none, or the flags are
 * live, the same instructions are called instead: they are at the end of the text, once for each
 * access, and save both. The red zone is left alone.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdio.h>
#include "accesses.h"

struct counters {
	FILE *file;
	const char *text; /* the input, */
	size_t written;	  /* of which so much has been passed on */
	struct accesses accesses;
	uint32_t labels;
	bool patches; /* the text calls rcpp_patch() or the like */
};

void counters_init(struct counters *counters, FILE *file, const char *text,
		   const struct survey *survey);
/* Pass an analysed function's text on, with its counters. */
void counters_function(struct counters *counters, const struct function *function);
/* The rest of the input, the tables and the code. Returns whether anything was added. */
bool counters_end(struct counters *counters, size_t length);
void counters_free(struct counters *counters);

/* Text that has been through this has these words. */
#define COUNTERS_SECTION ".pushsection rcpp_counters,"

#endif
