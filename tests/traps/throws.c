/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Traps 5 and 14, C++: exceptions through functions with sites, landing pads that read variables.
 */
#include "rcpp.h"

__patchable long b;
__patchable unsigned shift;

extern "C" void trap_set(long value)
{
	b = value;
	shift = value & 31;
}

static long destroyed;

struct guard {
	long x;
	~guard()
	{
		destroyed = destroyed * 3 + x + b;
	}
};

__attribute__((noinline)) long inner(long x)
{
	if (x > b)
		throw x - b;
	if (x < b)
		throw(unsigned) shift;
	return x << shift;
}

__attribute__((noinline)) long middle(long x, long y, long z)
{
	guard g = {y + b};
	long r = inner(x) + b;

	return r * z + y + (x << shift);
}

__attribute__((noinline)) long outer(long x, long y, long z)
{
	long r = x * 3 + b, s = y << shift;

	try {
		r += middle(x, y, z);
	} catch (long &l) {
		r += l + b + z;
	} catch (unsigned u) {
		r -= (long)u + y + b;
	}
	return r + s + z * 7;
}

extern "C" unsigned long trap_run(void)
{
	unsigned long r = 0;

	destroyed = 0;
	for (long x = -2; x < 9; x++)
		r = r * 31 + (unsigned long)outer(x, 5, 6);
	return r * 31 + (unsigned long)destroyed;
}
