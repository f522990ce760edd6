/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Instructions that a tracer may attach to.
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "function.h"

/* Fill in item.entry of all items. */
void find_entries(struct function *function);

#endif
