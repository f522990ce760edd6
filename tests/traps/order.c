/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 16, unpatched: a store between load and use changes nothing about the use. */
#include <stdio.h>
#include "rcpp.h"

__patchable long b = 5;

__attribute__((noinline)) long exchange(long x, long y)
{
	long old = b;

	b = x;
	return (y << (old & 63)) + old;
}

int main(void)
{
	long r = exchange(7, 3);

	printf("%ld %ld\n", r, exchange(9, 4));
	return 0;
}
