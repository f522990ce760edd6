/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads of variables that another module may define. `use()` sums up what all of them compute. In
 * some the address is in a register for the whole of a loop, over calls, or comes to one place by
 * several ways.
 */
#include "variables.h"

#ifdef __clang__
#define APART __attribute__((noinline))
#else
#define APART __attribute__((noinline, noclone))
#endif

APART static long change(long x)
{
	__asm__ volatile("" : "+r"(x) : : "memory");
	return x;
}

APART static long flags(long x)
{
	return on ? x + base : on > -2 && x > settings.limit ? x - base : x;
}

APART static long fields(long x)
{
	x += settings.level;
	x -= settings.sign;
	x *= settings.step;
	x ^= settings.list[2];
	return settings.mode == 2 ? x << (settings.shift & 31) : x >> (settings.shift & 31);
}

APART static long divided(unsigned x)
{
	return divisor ? x / divisor * 3 + x % divisor : x;
}

APART static long in_a_loop(long n)
{
	long sum = 0;

	for (long i = 0; i < n; i++) {
		sum += change(i) & mask;
		if (settings.mode != 1)
			sum += change(settings.limit) + base;
		sum -= change(settings.list[1]);
	}
	return sum;
}

APART static long switched(long x)
{
	switch (x & 7) {
	case 0:
		return base + change(x);
	case 1:
		return base - settings.limit;
	case 2:
		x = change(x) + settings.limit;
		break;
	case 3:
		x = choice(x + base);
		break;
	case 4:
		return settings.level * x;
	case 5:
		x ^= mask;
		break;
	case 6:
		return change(x) + settings.step;
	}
	return x + settings.limit + base;
}

APART static long called(long x)
{
	return choice(choice(x) + 1) + settings.mode;
}

/* The address comes from either of two variables. */
APART static long either(long x)
{
	const long *which = x & 1 ? &base : &settings.limit;

	return change(*which) + *which;
}

APART static long indexed(long x)
{
	return settings.list[x & 3] + settings.list[3];
}

/* A stored value is read again from memory. */
APART static long stored(long x)
{
	long before = base, sum;

	base = x;
	sum = change(x);
	base = before;
	return sum + base;
}

APART static long undefined(long x)
{
	if (&maybe)
		x += maybe;
	if (&maybe_settings && maybe_settings.mode > 1)
		x += maybe_settings.limit;
	return x;
}

APART static double floating(long x)
{
	return (double)base * (double)x + (double)settings.level;
}

long use(long x)
{
	return flags(x) + fields(x) + divided((unsigned)x) + in_a_loop(x & 15) + switched(x) +
	       called(x) + either(x) + indexed(x) + stored(x) + undefined(x) + (long)floating(x);
}
