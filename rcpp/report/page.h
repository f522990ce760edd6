/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The report as one page of HTML. */
#ifndef RCPP_PAGE_H
#define RCPP_PAGE_H

#include <stdio.h>

#include "listing.h"

/*
 * Write the page, whole or not at all. It needs no other file and no network. Returns false with a
 * message on standard error.
 */
bool page_write(const struct listing_inputs *inputs, const char *file);

/* page_function.c: the section of one function. `number` is that of its name in the page's links.
 */
void page_function(FILE *out, const struct listing *listing, const struct listing_inputs *inputs,
		   size_t number);

/* page_code.c: its code. */
void page_code(FILE *out, const struct listing *listing, const struct listing_inputs *inputs);

/* page_profile.c: which variables a profile says are worth it. */
void page_profile(FILE *out, struct report *report);

#endif
