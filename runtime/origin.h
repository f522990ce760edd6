/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a module's file tells that memory does not: whether sites can be found at all, and whether
 * the code at them is the code that runs.
 */
#ifndef RCPP_ORIGIN_H
#define RCPP_ORIGIN_H

#include "modules.h"

#pragma GCC visibility push(hidden)

enum rcpp_origin {
	RCPP_ORIGIN_FINE,   /* nothing speaks against it; or the file cannot be read */
	RCPP_ORIGIN_HIDDEN, /* the file has a section of rows that no segment of notes shows */
	RCPP_ORIGIN_MOVED   /* a post-link optimizer has moved the code away from its sites */
};

/* For a module with tables, and for one that seems to have none. The caller has a lock. */
enum rcpp_origin rcpp_origin_of(const struct module *module);

/* In words, to follow the module's name. */
const char *rcpp_origin_text(enum rcpp_origin origin);

#pragma GCC visibility pop

#endif
