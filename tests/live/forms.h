/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Functions with sites of all forms that could show a mixture of old and new: several instructions,
 * a load and its consumers, narrow and wide, calls, conditions. And what they must return.
 */
#ifndef FORMS_H
#define FORMS_H

#include <stdbool.h>

#include "check.h"

#define FORM __attribute__((noinline))

__patchable long number;
__patchable unsigned long divisor = 1;
__patchable unsigned int small = 1, shift;
__patchable long (*function)(long);
__patchable bool flag;

struct values {
	long number;
	unsigned long divisor;
	unsigned int small, shift;
	long (*function)(long);
	bool flag;
};

static long one(long x)
{
	return x + 1;
}

static long two(long x)
{
	return x ^ 2;
}

/* Narrow and wide, powers of two and others, taken and not taken. */
static const struct values sets[] = {
	{5, 3, 3, 3, one, false},
	{1L << 40, 10, 1000003, 60, two, true},
	{-7, 1UL << 20, 1U << 4, 0, two, true},
	{0x123456789abcdef, 7, 1, 17, one, false},
	{0, (1UL << 63) + 1, 0xffffffff, 1, two, false},
};
#define SETS (sizeof(sets) / sizeof(*sets))

FORM long add(long x)
{
	return (x ^ 5) + number;
}

FORM unsigned long divide(unsigned long x)
{
	return x / divisor;
}

FORM unsigned int rest(unsigned int x)
{
	return x % small;
}

/* One load, two consumers. */
FORM unsigned long shifts(unsigned long x)
{
	return (x << shift) + (x >> shift);
}

FORM long call(long x)
{
	return function(x) + 3;
}

FORM long choose(long x)
{
	return flag ? x * 3 : x - 7;
}

FORM long sign(void)
{
	return number > 5 ? 1 : number < -5 ? 2 : 3;
}

/* A compare that is turned, and much between it and the mirrored condition. */
#define MOVES_4                                                                                    \
	"movl %%esp, %%edx\n\tmovl %%edx, %%edx\n\tmovl %%esp, %%edx\n\tmovl %%edx, %%edx\n\t"
#define MOVES_64 MOVES_4 MOVES_4 MOVES_4 MOVES_4

FORM bool before(long x)
{
	unsigned char result;

	__asm__("cmpq %2, %1\n\t" MOVES_64 "setl %0"
		: "=q"(result)
		: "m"(number), "r"(x)
		: "edx", "cc");
	return result;
}

/* A divisor that is loaded once, in front of a loop that also reads it in its register. */
static inline unsigned long digits_by(unsigned long x, unsigned long by)
{
	unsigned long sum = 0;

	for (unsigned long left = 2 + (x & 3); left; left--) {
		sum = sum * 5 + x % by + (by > 1000 ? by : left);
		x += left;
	}
	return sum;
}

FORM unsigned long digits(unsigned long x)
{
	return digits_by(x, divisor);
}

struct results {
	unsigned long sum, quotient, shifted;
	unsigned int remainder;
	long called, chosen, sign;
	bool before;
	unsigned long digits;
};

static struct results run_forms(unsigned long x)
{
	return (struct results){
		.sum = (unsigned long)add((long)x),
		.quotient = divide(x),
		.shifted = shifts(x),
		.remainder = rest((unsigned int)x),
		.called = call((long)x),
		.chosen = choose((long)x),
		.sign = sign(),
		.before = before((long)x - (1L << 62)),
		.digits = digits(x),
	};
}

/* A bit for each result that is not the one with these values. */
static unsigned int wrong(const struct results *results, unsigned long x, const struct values *v)
{
	long y = (long)x;

	return (results->sum != (x ^ 5) + (unsigned long)v->number) |
	       (results->quotient != x / v->divisor) << 1 |
	       (results->shifted != (x << v->shift) + (x >> v->shift)) << 2 |
	       (results->remainder != (unsigned int)x % v->small) << 3 |
	       (results->called != v->function(y) + 3) << 4 |
	       (results->chosen != (v->flag ? y * 3 : y - 7)) << 5 |
	       (results->sign != (v->number > 5	   ? 1
				  : v->number < -5 ? 2
						   : 3))
		       << 6 |
	       (results->before != (v->number < y - (1L << 62))) << 7 |
	       (results->digits != digits_by(x, v->divisor)) << 8;
}

/* Is each result one with the values of some set? */
static inline bool are_of_sets(const struct results *results, unsigned long x)
{
	unsigned int of_none = ~0U;

	for (size_t i = 0; i < SETS; i++)
		of_none &= wrong(results, x, &sets[i]);
	return !of_none;
}

static inline unsigned long next(unsigned long x)
{
	return (x * 6364136223846793005UL + 1442695040888963407UL) >> 1;
}

#endif
