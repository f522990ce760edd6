/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The forms of sites, and what a site looks like for the sake of its form.
 */
#ifndef FORM_H
#define FORM_H

#include <stdio.h>
#include "sites.h"

/* Sites with the same key share a form. The caller frees it. */
char *form_key(const struct site *site);
/* The form's symbol, in new memory, and what its rows know it by; local: it is this file's own. */
char *form_symbol(const char *key, bool local, unsigned *check);
/*
 * Write the form. Its labels are .LrcppF and the number: .LrcppFn is the longest alternative's
 * length, .LrcppFn_0 and .LrcppFn_0e stand around the original. .LrcppFnp, if the original may have
 * prefixes, is how many it takes, and .LrcppFnl, if there is a leading one, that byte, or a NOP.
 * If form_has_gap(), .LrcppFng bytes are left behind the original, and .LrcppFnj jumps go over
 * them.
 */
void form_emit(FILE *file, const struct site *site, uint32_t number, const char *symbol,
	       unsigned check);

/* May more be left behind the original than one NOP can fill? */
bool form_has_gap(const struct site *site);
/* What may stand in front of the original: RCPP_PREFIX_*. */
unsigned form_prefix(const struct site *site);
/*
 * The site begins where a symbol stands. Sets `leading`, if a prefix can stand there in front of
 * whatever the site holds, and leaves out alternatives that would not bear it.
 */
void form_lead(struct site *site);

/* Is the original a call, whose return address must be the site's end? */
bool site_is_call(const struct site *site);
/* Does the original go to a label or a thunk? That is its row's variable. */
bool site_has_target(const struct site *site);
bool site_is_conditional_jump(const struct site *site);
/* Must as be told not to shorten the displacement of the original? */
bool site_is_long(const struct site *site);

#endif
