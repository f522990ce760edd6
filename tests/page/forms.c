// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Functions with sites of several kinds, and references that stay loads for several reasons. Linked
 * with wait.c, and with other.c as a library of its own.
 */
#include "rcpp.h"

struct settings {
	long (*hook)(long);
	int level;
	unsigned char flag;
};

__patchable long amount;
__patchable int small;
__patchable unsigned divisor = 7;
__patchable double ratio;
__patchable struct settings settings;
extern __patchable long unmarked; /* its definition has no mark */
extern long own;		  /* read through its slot, and this program has it */
extern long foreign;		  /* another module has it; the filter is told its name */

static __attribute__((noinline)) long twice(long x)
{
	return 2 * x;
}

/* As a pointer has it, --value and the process shall mean the same. */
long (*const known_hook)(long) = twice;

long add(long x)
{
	return x + amount;
}

/* All registers that a call does not keep are in use, so that a wide value has none. */
long crowded(long a, long b, long c, long d, long e, long f)
{
	long g = a ^ b, h = c ^ d, i = e ^ f;

	__asm__(""
		: "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h), "+r"(i));
	__asm__("addq %1, %0" : "+r"(a) : "m"(amount));
	__asm__(""
		: "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h), "+r"(i));
	return a + b + c + d + e + f + g + h + i;
}

unsigned divide(unsigned x)
{
	return x / divisor;
}

long decide(long x)
{
	if (settings.flag)
		x = settings.hook(x);
	return settings.level > 5 ? x + small : x - small;
}

double scale(double x)
{
	return x * ratio;
}

void count(void)
{
	amount++;
}

long through_slot(long x)
{
	return x + own;
}

long others(long x)
{
	return x + foreign - unmarked;
}
