/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Compares that are turned: a - b becomes b - a, so that the value stands where an instruction can
 * hold it. In comes a compare of the value with something unknown; out go its site, and those of
 * the instructions that read its flags. They are mirrored: less becomes greater. If one of them
 * cannot be, the compare stays as it is.
 */
#ifndef TURN_H
#define TURN_H

#include "sites.h"

/*
 * A compare of register x, whose low `valid_width` bytes hold the value, with something else.
 * Appends its site and those of what reads its flags, and returns true, if it can be turned.
 */
bool turn_add_compare(struct site_list *list, struct function *function, uint32_t index, unsigned x,
		      unsigned valid_width);

/*
 * A compare of a register with the variable: turned, it takes the value without another register.
 * For values that it cannot take what it has otherwise stands behind. `index` is its site, the last
 * of the list. Returns why there is no site; `reason` is why there was none before.
 */
enum reason turn_reference(struct site_list *list, struct function *function, uint32_t index,
			   enum reason reason);

#endif
