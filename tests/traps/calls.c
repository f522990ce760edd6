/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 15: a callee with a convention of its own. */
#include "rcpp.h"

__patchable long b;

#ifdef __clang__
#define KEEPS __attribute__((preserve_most, noinline))
#elif defined(__SSE__)
#define KEEPS __attribute__((noinline))
#else
#define KEEPS __attribute__((no_caller_saved_registers, noinline))
#endif

static long sum;

KEEPS void keeps(long x)
{
	long y = x * b + (x << 3);

	sum += y * 5 + b + (y ^ x) * 3;
}

__attribute__((noinline)) long caller(long a, long c, long d, long e)
{
	long r = a * 3 + b;

	keeps(a);
	r += c * 5 + b;
	keeps(d);
	return r + c + d + e + (e << 1) + b;
}

unsigned long trap_run(void)
{
	sum = 0;
	return (unsigned long)(caller(1, 2, 3, 4) * 31 + sum);
}
