/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The forms of sites, and what a site looks like for the sake of its form.
 */
#ifndef FORM_H
#define FORM_H

#include <stdio.h>
#include "sites.h"

#define NOP 0x90

/* Sites with the same key share a form. */
void form_print_key(FILE *file, const struct site *site);
/* The form's symbol, in new memory, and what its rows know it by; local: it is this file's own. */
char *form_symbol(const char *key, bool local, unsigned *check);
/*
 * Write the form. Its labels are .LrcppF and the number: .LrcppFn is the longest alternative's
 * length, .LrcppFn_0 and .LrcppFn_0e stand around the original. .LrcppFnp, if the original may have
 * prefixes, is how many it takes; .LrcppFng is how many bytes are left then, and .LrcppFnl, if
 * there is a leading prefix, that byte, or a NOP. None of them where form_is_as_long().
 */
void form_emit(FILE *file, const struct site *site, uint32_t number, const char *symbol,
	       unsigned check);

/*
 * May the alternatives need so much more than the original that a jump stands behind it, over NOPs?
 * Two instructions, one of them with a value of eight bytes, do not; three may.
 */
bool form_may_jump(const struct site *site);
/*
 * Does the original, with its prefixes, fill the site? Where that is wrong, single NOPs do, and a
 * revert writes others than the file has.
 */
bool form_is_full(const struct site *site);
/* Is an alternative a jump? */
bool form_jumps(const struct site *site);
/* Is the original at least as long as whatever replaces it? */
bool form_is_as_long(const struct site *site);
/*
 * The site begins where a symbol stands. Sets `leading`, if a prefix can stand there in front of
 * whatever the site holds, and leaves out alternatives that would not bear it.
 */
void form_lead(struct site *site);
/* Sets `prefix`, behind form_lead(). */
void form_lengthen(struct site *site);

/* Is the original a call, whose return address must be the site's end? */
bool site_is_call(const struct site *site);
/* Does the original go to a label or a thunk? That is its row's variable. */
bool site_has_target(const struct site *site);
bool site_is_conditional_jump(const struct site *site);
/* Must as be told not to shorten the displacement of the original? */
bool site_is_long(const struct site *site);

#endif
