// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reads whose alternatives are longer than they are, each on a line of its own. */
#include <rcpp.h>

__patchable long wide;
__patchable unsigned narrow;
__patchable unsigned char shift;
__patchable long (*operation)(long);

long moved(long *out, long x)
{
	out[0] = x;
	out[1] = wide;
	out[2] = x + 1;
	return wide;
}

long added(long x, long y)
{
	x *= 3;
	x += wide;
	y ^= x;
	return x - wide + y;
}

unsigned consumed(unsigned x, unsigned y)
{
	x ^= y;
	y += narrow;
	x *= narrow;
	x >>= shift;
	return x + y;
}

long compared(long x, long y)
{
	x += y;
	if (x > wide)
		y++;
	return y * 2;
}

long called(long x)
{
	x += operation(x + 1);
	return x + 2;
}
