/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A site, as compiled and as patched. */
#ifndef RCPP_PATCHED_SITE_H
#define RCPP_PATCHED_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "dump.h"

struct patched_site {
	const struct dump_site *row; /* its address, function, variable, form */
	const struct dump_form *form;
	const uint8_t *before; /* the site's bytes as compiled, in the image */
	const uint8_t *after;  /* and as patched */
	unsigned holds;	       /* number of the alternative that it gets; 0: the original */
	bool empty;	       /* it gets NOPs only */
	bool consumer;	       /* it belongs to the load in front of it */
	bool known;	       /* `value` is what the code reads */
	uint64_t value;	       /* the variable's, as the code extends it */
	const char *reason;    /* why it stays a load; NULL: it does not */
	const char *advice;    /* and what the user can do about it; "" if nothing */
};

#endif
