/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The text of a program or library as rcpp_patch() makes it, without running anything: which bytes
 * each site gets for given values of the variables, or why it goes on reading memory.
 */
#ifndef RCPP_PATCHED_H
#define RCPP_PATCHED_H

#include "loaded.h"
#include "patched_site.h"
#include "report.h"

struct patched {
	const struct program *program;
	struct loaded loaded;
	struct patched_site *sites; /* in the order of their addresses */
	size_t count;
	char *origin; /* where the values come from, in words */
};

/* Where values come from: the file's initialized data or a process, and over that `values`. */
struct patched_values {
	const char **values; /* as --value has them, see given.h */
	size_t count;
	pid_t pid; /* 0: none */
};

/*
 * Returns false with a message on standard error if the tables are damaged, or if the values do not
 * fit; patched_close() is to be called in either case. The program has to outlive it.
 */
bool patched_open(struct patched *patched, struct program *program,
		  const struct patched_values *values);
void patched_close(struct patched *patched);

/* The sites at addresses from start to stop; how many goes to *count. */
const struct patched_site *patched_between(const struct patched *patched, uint64_t start,
					   uint64_t stop, size_t *count);

/*
 * Write a copy of the program with the patched text, whole or not at all, and executable as the
 * program is. Returns false with a message on standard error.
 */
bool patched_write(const struct patched *patched, const char *file);

#endif
