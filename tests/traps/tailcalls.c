/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Trap 2: compares in front of jumps to other functions. Where these are entered nobody reads
 * flags; in this function somebody may.
 */
#include "rcpp.h"

__patchable long b;
static __patchable int flag;
static __patchable unsigned char byte;

void trap_set(long value)
{
	b = value;
	flag = (int)value & 1;
	byte = (unsigned char)value;
}

#define NOINLINE __attribute__((noinline, noclone))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif

typedef long function(long, long);
extern __attribute__((visibility("default"))) function trap_tail_one, trap_tail_two;

NOINLINE long trap_tail_one(long x, long y)
{
	return x * 3 + y;
}

NOINLINE long trap_tail_two(long x, long y)
{
	return x - y * 5;
}

/* It begins with what reads flags, if somebody has set them. */
NOINLINE static long three(long x, long y)
{
	return x < y ? x + 7 : y ^ x;
}

NOINLINE long either(long x, long y)
{
	return flag ? trap_tail_one(x, y) : trap_tail_two(x, y);
}

NOINLINE long one_of_them(long x, long y)
{
	if (b > 100)
		return trap_tail_one(y, x);
	return x;
}

NOINLINE long local(long x, long y)
{
	if (byte & 4)
		return three(x, y);
	return trap_tail_two(y, x);
}

NOINLINE long several(long x, long y)
{
	switch (b) {
	case 5:
		return trap_tail_one(x, x);
	case 63:
		return three(y, x);
	case -1:
		return trap_tail_two(y, y);
	}
	return b < 0 ? three(x, 3) : y;
}

/* Through a pointer, whatever that may be. */
NOINLINE long through(long x, long y, function *f)
{
	if (b >= 128)
		return f(x, y);
	return f(y, x);
}

/* One register is alive everywhere, so only dead flags help. */
NOINLINE long crowded(long x, long y)
{
	if (flag)
		return trap_tail_one(x, y);
	return three(x, y);
}

unsigned long trap_run(void)
{
	static const long numbers[] = {0, 1, -1, 77, -0x123456789};
	unsigned long r = 0;

	for (unsigned i = 0; i < 25; i++) {
		long x = numbers[i % 5], y = numbers[i / 5];

		r = r * 31 + (unsigned long)either(x, y);
		r = r * 31 + (unsigned long)one_of_them(x, y);
		r = r * 31 + (unsigned long)local(x, y);
		r = r * 31 + (unsigned long)several(x, y);
		r = r * 31 + (unsigned long)through(x, y, i & 1 ? three : trap_tail_one);
		r = r * 31 + (unsigned long)crowded(x, y);
	}
	return r;
}
