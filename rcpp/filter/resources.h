/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sets of what instructions read and write, as far as rcpp tracks it.
 */
#ifndef RESOURCES_H
#define RESOURCES_H

#include "instructions.h"

/* Sets of general registers (bit = hardware number) and flags, together in one word. */
typedef uint32_t resources;
#define RESOURCE_FLAGS_SHIFT 16
#define RESOURCE_FLAGS	     ((resources)FLAGS_ALL << RESOURCE_FLAGS_SHIFT)
#define RESOURCE_REGISTERS   (((resources)1 << RESOURCE_FLAGS_SHIFT) - 1)
#define RESOURCE_ALL	     (RESOURCE_FLAGS | RESOURCE_REGISTERS)
#define RESOURCE(number)     ((resources)1 << (number))

#endif
