/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Trap 7: conditions in front of what does not return, which compilers move away: calls, ud2,
 * abort(). Somebody comes back from there all the same, with what he has kept.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include "rcpp.h"

__patchable long b;
static __patchable int level;
static __patchable unsigned char on;

void trap_set(long value)
{
	b = value;
	level = (int)value;
	on = (unsigned char)(value & 2);
}

static sigjmp_buf back;

__attribute__((noreturn, noinline, cold)) static void leave(int way)
{
	siglongjmp(back, way);
}

static void on_signal(int number)
{
	siglongjmp(back, number + 100);
}

#define NOINLINE __attribute__((noinline)) long

NOINLINE called(const long *p, long x)
{
	if (level > 3)
		leave(5);
	return *p + x;
}

NOINLINE aborted(const long *p, long x)
{
	if (on)
		abort();
	return *p - x;
}

NOINLINE trapped(const long *p, long x)
{
	if (b < 0)
		__builtin_trap();
	return *p * x;
}

/* Compared with what is not settled, too. */
NOINLINE limited(const long *p, long x)
{
	if (x > b)
		leave(6);
	if (*p == 77 || level == 5)
		leave(7);
	return *p ^ x;
}

NOINLINE several(const long *p, long x)
{
	if (!p)
		leave(8);
	if (b == 63)
		leave(9);
	if (on && x == 4)
		__builtin_trap();
	return level & 1 ? *p : x;
}

typedef long function(const long *, long);

static unsigned long run(function *f, const long *p, long x)
{
	int way = sigsetjmp(back, 1);

	return way ? (unsigned long)way * 1000003 : (unsigned long)f(p, x);
}

unsigned long trap_run(void)
{
	static function *const functions[] = {called, aborted, trapped, limited, several};
	static const long numbers[] = {0, 1, -1, 4, 77, 1L << 40};
	unsigned long r = 0;

	signal(SIGILL, on_signal);
	signal(SIGABRT, on_signal);
	signal(SIGTRAP, on_signal);
	for (unsigned i = 0; i < 5; i++)
		for (unsigned j = 0; j < 36; j++)
			r = r * 31 + run(functions[i], &numbers[j / 6], numbers[j % 6]);
	return r * 31 + run(several, NULL, 3);
}
