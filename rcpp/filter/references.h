/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Instructions that mention a patchable symbol. In comes one of them; out goes whether it is a
 * reference (it reads the variable, directly), and then its site: the variable, and what a rule
 * makes of it. Or the reason why it stays a load. What is not certain stays a load.
 */
#ifndef REFERENCES_H
#define REFERENCES_H

#include "sites.h"

/*
 * Look at an instruction that mentions a patchable. Fills in the site's instruction and variable.
 * Returns false if it is no reference: a store, an address, a branch to it. Otherwise *reason says
 * why there is no site, as far as this instruction tells; a load's consumers may still change that.
 */
bool reference_examine(struct site *site, const struct function *function, enum reason *reason);

#endif
