/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is computed of a variable's value: whether an alternative is right for it, and what stands
 * in the code in its place. Pure functions, freestanding as core.h is.
 */
#ifndef RCPP_VALUES_H
#define RCPP_VALUES_H

#ifdef __KERNEL__
#include <linux/limits.h>
#include <linux/types.h>
#define UINT32_MAX U32_MAX
#define UINT64_MAX U64_MAX
#define INT32_MIN  S32_MIN
#define INT32_MAX  S32_MAX
#else
#include <stdbool.h>
#include <stdint.h>
#endif

#include "rcpp_tables.h"

/* Are these a number's bytes (rcpp_alternative.number), and a function, that the tables know? */
bool rcpp_number_is_valid(uint8_t number);
bool rcpp_function_is_valid(uint8_t function);

/* The number of these bytes in the value, with its sign, if it has one, or zeros above. */
static inline uint64_t rcpp_number_of(uint8_t number, uint64_t value)
{
	unsigned int unused = 64 - 8u * (number & ~RCPP_NUMBER_SIGNED);

	value <<= unused;
	return number & RCPP_NUMBER_SIGNED ? (uint64_t)((int64_t)value >> unused) : value >> unused;
}

/*
 * Does the guard (RCPP_GUARD_*) hold for this value, of which it looks at `number`? Not for NEAR
 * and TRUE, which ask for more than the value.
 */
bool rcpp_guard_holds(uint8_t guard, uint8_t number, uint64_t value);

/*
 * Does the guard hold for all numbers from one to another, and for no others? Then: which? The
 * numbers go on from the largest to 0, and so from the negative ones to 0.
 */
bool rcpp_guard_limits(uint8_t guard, uint64_t *first, uint64_t *last);

/* What the function (RCPP_FUNCTION_*) makes of the value, of which it looks at `number`. */
uint64_t rcpp_function_of(uint8_t function, uint8_t number, uint64_t value);

#endif
