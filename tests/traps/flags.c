/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 2, as compilers write it: carries, shifts between a comparison and its jump. */
#include "rcpp.h"

__patchable unsigned long b;

__attribute__((noinline)) unsigned __int128 wide(unsigned __int128 x)
{
	x += b;
	x = x * 5 - b;
	x += (unsigned __int128)b << 64 | b;
	return x;
}

__attribute__((noinline)) unsigned long shifts(unsigned long x, unsigned long y)
{
	unsigned long r = x << (b & 63);

	if (x > y)
		r ^= y >> (b & 63);
	if (x + b < x)
		r += 3;
	if ((long)(y & b) < 0)
		r -= 5;
	return r + (y < b) + (x <= b) * 2 + ((long)x > (long)b) * 4;
}

unsigned long trap_run(void)
{
	unsigned __int128 w = wide(((unsigned __int128)7 << 64) - 3);
	unsigned long r = (unsigned long)w ^ (unsigned long)(w >> 64);

	return r ^ shifts(0x8000000000000001, 12) * 31 ^ shifts(12, -5UL) * 17;
}
