/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 1: a function without .size before it must not lend leaf() its registers. */
#include "rcpp.h"

__asm__(".globl helper\n\t.type helper,@function\nhelper:\n\txorl %ecx, %ecx\n\tret");

__patchable long b;

static __attribute__((noinline)) long leaf(long a)
{
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
