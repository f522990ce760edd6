/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A function with liveness in, its references and sites out. For each instruction that mentions a
 * patchable symbol: is it a reference, and what may it become (references.h)? Can what reads its
 * flags change with it (conditions.h, turn.h)? If it is a load, what takes its value (consumers.h)?
 * In the end jumps take in what they skip (jumps.h).
 */
#ifndef CHOOSE_H
#define CHOOSE_H

#include "sites.h"

/* Find the references of an analysed function with liveness, and the sites they become. */
void sites_choose(struct site_list *list, struct function *function);

#endif
