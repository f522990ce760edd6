/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 1: gcc keeps c in %rcx across the call, since leaf() leaves it alone. */
#include "rcpp.h"

__patchable long b;

static __attribute__((noinline)) long leaf(long a)
{
	return a * 3 + b;
}

__attribute__((noinline)) long caller(long a, long x, long y, long c)
{
	(void)x, (void)y;
	return leaf(a) + c;
}

/* Another function that writes %rcx: what it does must not count for leaf(). */
__attribute__((noinline)) long other(long x, long y)
{
	return x << (y & 7);
}

unsigned long trap_run(void)
{
	return (unsigned long)caller(1, 2, 3, 0x1111) + (unsigned long)other(3, 4);
}
