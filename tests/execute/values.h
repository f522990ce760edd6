/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What guards and functions of rcpp_tables.h mean, worked out with 128 bits and the processor's own
 * division: nothing of runtime/values.c.
 */
#ifndef VALUES_TEST_H
#define VALUES_TEST_H

#include <stdbool.h>
#include <stdint.h>

/* `width` bytes of the value are what an instruction looks at, with or without their sign. */
bool guard_holds(uint8_t guard, uint64_t value, unsigned width, bool is_signed);
uint64_t function_of(uint8_t function, uint64_t value, unsigned width, bool is_signed);

#endif
