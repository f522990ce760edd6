/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Compares of the value with a constant, whose result is known when the value is. In come a
 * compare, or a step before it that makes something else of the value; out go its site, and those
 * of the instructions after it that read what it makes. They are settled: they no longer need the
 * flags. If nothing else reads the flags, the compare becomes nothing. If other readers need only
 * the carry, the compare becomes code that sets it.
 */
#ifndef CONDITIONS_H
#define CONDITIONS_H

#include "sites.h"

/*
 * A compare of register x with a constant, and what reads its flags. In the low `valid_width` bytes
 * of x is what the condition's steps have made of the value. Appends their sites. Returns false if
 * the compare itself must stay; then it has none.
 */
bool conditions_add_compare(struct site_list *list, struct function *function, uint32_t index,
			    unsigned x, unsigned valid_width, struct site_condition condition);

/*
 * An instruction that makes something else of what is in register x: do nothing but compares read
 * what it makes? Appends its site if so, and those of the compares in any case.
 */
bool conditions_add_step(struct site_list *list, struct function *function, uint32_t index,
			 unsigned x, unsigned valid_width, struct site_condition condition);

/*
 * A compare of the variable with a constant: settle what reads its flags. If nothing else does, the
 * compare becomes nothing, even where it could not become anything else. `index` is its site, the
 * last of the list. Returns why there is no site; `reason` is why there was none before.
 */
enum reason conditions_settle_reference(struct site_list *list, struct function *function,
					uint32_t index, enum reason reason);

#endif
