/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 7: a function in two parts, calls through pointers, tables, loops: for odd options. */
#include "rcpp.h"

__patchable long b;
__patchable unsigned shift;
static __patchable unsigned char flag;

void trap_set(long value)
{
	b = value;
	shift = value & 31;
	flag = (unsigned char)value;
}

extern void never(void) __attribute__((cold));
static long cold_calls;

__attribute__((noinline, cold)) void never(void)
{
	cold_calls += b;
}

__attribute__((noinline)) long parts(long x, long y)
{
	if (__builtin_expect(x > b, 0)) {
		never();
		x = (x << shift) + b;
		never();
	}
	if (__builtin_expect(flag == 5, 0)) {
		never();
		return y - b;
	}
	return x + y + b;
}

static long first(long x)
{
	return x + b;
}
static long second(long x)
{
	return x << shift;
}
static long third(long x)
{
	return flag ? x : -x - b;
}

long (*volatile functions[])(long) = {first, second, third};

__attribute__((noinline)) long through_pointers(long x)
{
	long r = b;

	for (int i = 0; i < 3; i++)
		r = r * 7 + functions[i](x + b) + (x < b);
	return r;
}

__attribute__((noinline)) long tail(long x)
{
	return functions[1](x + b);
}

__attribute__((noinline)) long table(unsigned which, long x)
{
	switch (which) {
	case 0:
		return x + b;
	case 1:
		return x - b;
	case 2:
		return x << shift;
	case 3:
		return x >> shift;
	case 4:
		return x * b;
	case 5:
		return x & b;
	case 6:
		never();
		return x | b;
	}
	return flag;
}

unsigned long trap_run(void)
{
	unsigned long r = 0;

	cold_calls = 0;
	for (long x = -3; x < 8; x++)
		r = r * 31 + (unsigned long)parts(x, 9) + (unsigned long)through_pointers(x) +
		    (unsigned long)table((unsigned)x, 99) + (unsigned long)tail(x);
	return r * 31 + (unsigned long)cold_calls;
}
