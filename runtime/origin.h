/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What only a module's file shows: whether its sites can be found, and whether the code there is
 * the code that runs.
 */
#ifndef RCPP_ORIGIN_H
#define RCPP_ORIGIN_H

#include "modules.h"

#pragma GCC visibility push(hidden)

enum rcpp_origin {
	RCPP_ORIGIN_FINE,   /* all is well, or the file cannot be read */
	RCPP_ORIGIN_HIDDEN, /* the file has a section of rows that no segment of notes shows */
	RCPP_ORIGIN_MOVED   /* a post-link optimizer has moved the code away from its sites */
};

/* For any module, whether tables were found in it or not. The caller has a lock. */
enum rcpp_origin rcpp_origin_of(const struct module *module);

/* In words, to follow the module's name. */
const char *rcpp_origin_text(enum rcpp_origin origin);

#pragma GCC visibility pop

#endif
