/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Do two walks say the same of a site? */
#ifndef SAME_H
#define SAME_H

#include <string.h>

#include "view.h"

/* RCPP_LOOK makes no bytes. */
static inline bool are_same(const struct rcpp_site *a, const struct rcpp_site *b, bool have_bytes)
{
	return a->address == b->address && a->length == b->length && a->reach == b->reach &&
	       a->flags == b->flags && a->asks == b->asks && a->patched == b->patched &&
	       a->empty == b->empty && a->wide == b->wide && a->changes == b->changes &&
	       a->form == b->form && a->holds == b->holds && a->settled == b->settled &&
	       (!have_bytes || (a->value == b->value && !memcmp(a->bytes, b->bytes, a->length)));
}

#endif
