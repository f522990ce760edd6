/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Padding. Freestanding as core.h is.
 */
#ifndef RCPP_NOPS_H
#define RCPP_NOPS_H

#include "core.h"

/* Fill these bytes with as few NOPs as possible. */
void rcpp_pad(uint8_t *bytes, size_t length);

/* The longest NOP without a prefix, for the first of these bytes; returns its length. */
unsigned int rcpp_pad_bare(uint8_t *bytes, unsigned int length);

/* Is it padding? Any assembler's will do. */
bool rcpp_are_nops(const uint8_t *bytes, size_t length);

#endif
