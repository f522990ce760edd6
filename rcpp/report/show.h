/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The outputs that show the program as patched: --function, --html, --patched. */
#ifndef RCPP_SHOW_H
#define RCPP_SHOW_H

#include "patched.h"
#include "summary.h"

/* What is asked for; NULL where it is not. */
struct show {
	const char *function;	 /* its name */
	const char *html, *copy; /* the files to write */
	struct patched_values values;
};

/* Is anything? */
bool show_wanted(const struct show *show);

/* Returns false if the text is no number of a process. */
bool show_set_pid(struct show *show, const char *text);
void show_add_value(struct show *show, const char *text);
void show_free(struct show *show);

/*
 * Make all of it. Returns false with a message on standard error if the values do not fit or
 * something cannot be written.
 */
bool show_program(const struct show *show, struct inputs *inputs);

#endif
