/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 23: a clone is named after leaf() and stands in another section, but is no part of it. */
#include "rcpp.h"

__patchable long b;

static __attribute__((noinline)) long leaf(long a)
{
	return a * 3 + b;
}

long clone(long x, long y) __asm__("leaf." CLONE);

/* It writes %rcx; it must stand right behind leaf(). */
__attribute__((cold, noinline)) long clone(long x, long y)
{
	return x << (y & 7);
}

__attribute__((noinline)) long caller(long a, long x, long y, long c)
{
	(void)x, (void)y;
	return leaf(a) + c;
}

unsigned long trap_run(void)
{
	return (unsigned long)caller(1, 2, 3, 0x1111) + (unsigned long)clone(3, 4);
}
