/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A function before and after, side by side on a terminal. */
#ifndef RCPP_SIDE_BY_SIDE_H
#define RCPP_SIDE_BY_SIDE_H

#include "listing.h"

/*
 * Write all functions of this name, and the parts that gcc has split off (NAME.cold), to standard
 * output. Returns false with a message on standard error if there is none.
 */
bool side_by_side(const struct listing_inputs *inputs, const char *name);

#endif
