/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The measured functions in their variants, see kernels.c. */
#ifndef KERNELS_H
#define KERNELS_H

#define DECLARE(variant)                                                                           \
	void setup_##variant(unsigned long *slots, unsigned bits);                                 \
	void forget_##variant(void);                                                               \
	unsigned long lookup_cold_##variant(unsigned long seed);                                   \
	unsigned long lookup_##variant(unsigned long seed);                                        \
	unsigned long add_narrow_##variant(unsigned long a);                                       \
	unsigned long add_wide_##variant(unsigned long a);                                         \
	unsigned long compare_##variant(unsigned long a);                                          \
	unsigned long remainder_##variant(unsigned long a);                                        \
	unsigned long quotient_wide_##variant(unsigned long a);

DECLARE(plain)
DECLARE(rcpp)

#endif
