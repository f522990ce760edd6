/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 1: the inline assembly writes %rcx, but only to bring it back, so gcc's callers rely on it.
 */
#include "rcpp.h"

__patchable long b;

static __attribute__((noinline)) long leaf(long a)
{
	__asm__ volatile("movq %%rcx, %%r8; movl $5, %%ecx; movq %%r8, %%rcx" ::: "r8");
	return a * 3 + b;
}

__attribute__((noinline)) long caller(long a, long x, long y, long c)
{
	(void)x, (void)y;
	return leaf(a) + c;
}

unsigned long trap_run(void)
{
	return (unsigned long)caller(1, 2, 3, 0x1111);
}
