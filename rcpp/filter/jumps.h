/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Settled jumps over a few instructions (skipped.h). In comes the whole list of a function; the
 * sites of such jumps in it are extended over what they skip. Where a compare that vanishes stands
 * right before such a jump, the two become one site, and the list gets shorter.
 */
#ifndef JUMPS_H
#define JUMPS_H

#include "sites.h"

/* Do so with all jumps of the list. */
void jumps_extend(struct site_list *list, struct function *function);

#endif
