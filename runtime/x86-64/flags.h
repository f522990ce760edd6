/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Flags, and what is asked of them. arm64 has N, Z, C and V, an inverted carry after a subtraction,
 * and no parity. Freestanding as core.h is.
 */
#ifndef RCPP_FLAGS_H
#define RCPP_FLAGS_H

#include "freestanding.h"
#include "rcpp_tables.h"

/* The condition of a compare with what the steps make of the value, as its reader asks for it. */
bool rcpp_condition_holds(const struct rcpp_condition *condition, const struct rcpp_step *step,
			  uint64_t value);

#endif
