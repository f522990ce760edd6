/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 8 in C: addresses, stores, atomics, a thread's own. */
#include "rcpp.h"

__patchable long b;
static __thread long t __attribute__((visibility("internal")));

__attribute__((noinline)) long *address(void)
{
	long *pointer = &b;

	__asm__("" : "+r"(pointer)); /* a caller must not see through it and read b itself */
	return pointer;
}
__attribute__((noinline)) void store(long x)
{
	b = x;
}
__attribute__((noinline)) void modify(long x)
{
	b += x;
	b++;
	b |= 1;
	__atomic_fetch_add(&b, x, __ATOMIC_SEQ_CST);
	__atomic_fetch_or(&b, 2, __ATOMIC_SEQ_CST);
}
__attribute__((noinline)) long thread(long x)
{
	t += x;
	return t;
}

unsigned long trap_run(void)
{
	long old = *(volatile long *)address();
	unsigned long r;

	modify(3);
	r = (unsigned long)*(volatile long *)address();
	store(old);
	t = 0;
	return r * 31 + (unsigned long)thread(7);
}

__attribute__((noinline)) long read_it(void)
{
	return b;
}
