/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The freestanding heart of the runtime: rows of a table in, new bytes for each site out.
 *
 * It reads the tables, the text and the variables, and writes nothing: a platform (a user process,
 * a kernel) says which memory belongs to what, and gets every site with the bytes that should stand
 * there. To change text, walk all batches of a module once to check them, and only then a second
 * time to write. No allocation, no state, no libc beyond what copies, fills, compares and searches
 * memory.
 */
#ifndef RCPP_CORE_H
#define RCPP_CORE_H

#include "view.h"

enum rcpp_action {
	RCPP_LOOK,   /* say what the sites hold; reads no variable, makes no bytes */
	RCPP_PATCH,  /* the variables' values */
	RCPP_REVERT, /* the original instructions; reads no variable */
};

typedef void rcpp_visit(void *context, const struct rcpp_site *site);

/*
 * Check every row of the batch and call visit with its site, in the table's order. Stops at the
 * first problem; *where is then the address of the site (RCPP_BAD_TEXT, RCPP_BAD_REACH), else that
 * of the row.
 */
enum rcpp_problem rcpp_walk(const struct rcpp_view *view, enum rcpp_action action,
			    rcpp_visit *visit, void *context, uintptr_t *where);

/*
 * The same for one load, of this number among the rows, and its consumers: with them it makes a
 * group.
 */
enum rcpp_problem rcpp_walk_group(const struct rcpp_view *view, enum rcpp_action action,
				  uint32_t number, rcpp_visit *visit, void *context,
				  uintptr_t *where);

/* The problem in words, to follow "row 0x... " or "site 0x... ". */
const char *rcpp_problem_text(enum rcpp_problem problem);

#endif
