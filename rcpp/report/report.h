/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the parts of rcpp-report share. Each input has a file that reads it, each output one that
 * writes it; main.c reads the options and calls them.
 *
 *	explained.c	the lines of --explain			-> struct explained
 *	profile.c	files of --profile			-> struct profile
 *	names.c		debug information: fields, C++ names	-> struct names_of_program
 *	patched.c	the program, and values			-> its text as patched
 *	table.c		tables for people; json.c		for programs
 *	side_by_side.c	a function before and after, on a terminal; page.c in HTML
 */
#ifndef RCPP_REPORT_H
#define RCPP_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line that --explain has written, a reference. The strings belong to struct explained. */
struct explained_line {
	const char *file; /* the place in the source */
	unsigned line;
	const char *function, *symbol; /* "?" if there is none */
	int64_t offset;		       /* in the symbol */
	const char *form;	       /* what it becomes; NULL: it stays a load, */
	const char *reason;	       /* why, */
	const char *advice;	       /* and what the user can do about it; "" if nothing */
};

struct explained {
	struct explained_line *lines;
	size_t count;
};

/*
 * explained.c: add the lines of one file. Returns false with a message on standard error if it
 * cannot be read or holds something else.
 */
bool explained_add(struct explained *explained, const char *path);
void explained_free(struct explained *explained);

#endif
