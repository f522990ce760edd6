/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The forms of sites, and how a site is laid out to suit its form.
 */
#ifndef FORM_H
#define FORM_H

#include <stdio.h>
#include "sites.h"

#define NOP 0x90

/* Sites with the same key share a form. */
void form_print_key(FILE *file, const struct site *site);
/* The form's symbol, in new memory, and its check (rcpp_tables.h). local: only for this file. */
char *form_symbol(const char *key, bool local, unsigned *check);
/*
 * Write the form. Form number n has these labels:
 *
 *	.LrcppFn_0, .LrcppFn_0e	where the original begins and ends
 *	.LrcppFn		the length of the longest alternative
 *	.LrcppFnp		how many prefixes the original takes, if it may have any
 *	.LrcppFng		how many bytes are left to fill behind it
 *	.LrcppFnl		the byte in front of the site, if there is a leading prefix
 *
 * Where form_is_as_long(), there are only the first two.
 */
void form_emit(FILE *file, const struct site *site, uint32_t number, const char *symbol,
	       unsigned check);

/*
 * May an alternative be so much longer than the original that the padding behind the original is a
 * jump over NOPs? One of three instructions may; one of two never is, even with a value of 8 bytes.
 */
bool form_may_jump(const struct site *site);
/*
 * Does the original, with its prefixes, fill the site? If the answer is wrongly yes, NOPs of one
 * byte fill the site in the file, where a revert writes longer ones.
 */
bool form_is_full(const struct site *site);
/* Does it hold what is so in this file only? */
bool form_is_local(const struct site *site);
/* Is an alternative a jump? */
bool form_jumps(const struct site *site);
/* Is the original at least as long as whatever replaces it? */
bool form_is_as_long(const struct site *site);
/*
 * The site begins where a symbol stands. Sets `leading`, if a prefix can stand there in front of
 * whatever the site holds, and leaves out alternatives that would not bear it.
 */
void form_lead(struct site *site);
/* Sets `prefix`, which depends on `leading`: call form_lead() first. */
void form_lengthen(struct site *site);

/* Is the original a call, whose return address must be the site's end? */
bool site_is_call(const struct site *site);
/* Does the original go to a label or a thunk? That is its row's variable. */
bool site_has_target(const struct site *site);
bool site_is_conditional_jump(const struct site *site);
/* Must as be told not to shorten the displacement of the original? */
bool site_is_long(const struct site *site);

#endif
