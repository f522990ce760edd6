/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Padding. Freestanding as core.h is.
 */
#ifndef RCPP_NOPS_H
#define RCPP_NOPS_H

#include "freestanding.h"
#include "rcpp_tables.h"

/* Fill these bytes with one NOP, or with a jump over NOPs. */
void rcpp_pad(uint8_t *bytes, size_t length);

/*
 * Fill these bytes with one NOP, which is one of the same length whatever its bytes from the
 * boundary on are. False if there is no such NOP.
 */
bool rcpp_pad_as_one(uint8_t *bytes, unsigned int length, unsigned int boundary);

/*
 * Where no prefix may stand: fill the first of these bytes with the longest NOP that has none.
 * Returns its length; or 0, without writing, where rcpp_pad() makes a jump: that has no prefix.
 */
unsigned int rcpp_pad_bare(uint8_t *bytes, unsigned int length);

/* Is it padding? Any assembler's NOPs will do. A jump may only come first, and go to the end. */
bool rcpp_are_nops(const uint8_t *bytes, size_t length);

#endif
