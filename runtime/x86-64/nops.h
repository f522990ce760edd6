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
 * For the first of these bytes, where no prefix may stand: the longest NOP without one. Returns its
 * length, 0 where rcpp_pad() makes a jump.
 */
unsigned int rcpp_pad_bare(uint8_t *bytes, unsigned int length);

/* Is it padding? Any assembler's NOPs will do; a jump must begin it, and go to its end. */
bool rcpp_are_nops(const uint8_t *bytes, size_t length);

#endif
