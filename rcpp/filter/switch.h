/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Jumps through a table, as compilers make them of a switch: they stay, since the table is data
 * that other code may use, too, and are reported.
 */
#ifndef SWITCH_H
#define SWITCH_H

#include "function.h"

/*
 * The item that has put into a register what the jump at `index` takes as its index in a table, or
 * NO_ITEM: it is no such jump, or the instructions of its block do not tell.
 */
uint32_t switch_origin(const struct function *function, uint32_t index);

#endif
