/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 12: this file never writes its statics: compilers would fold them, or read them narrowly. */
#include "rcpp.h"

static __patchable unsigned shift;
static __patchable long value;
static __patchable int is_on;

__attribute__((noinline)) unsigned long shifted(unsigned long x)
{
	return x >> shift;
}

__attribute__((noinline)) long added(long x)
{
	return x + value;
}

__attribute__((noinline)) long chosen(long x)
{
	return is_on ? x : -x;
}

unsigned long trap_run(void)
{
	return shifted(0xfedcba9876543210) ^ (unsigned long)added(5) * 31 ^
	       (unsigned long)chosen(77) << 3;
}

/* As a debugger would: by address. The symbols are the assembler's, so the compiler does not see
 * it. */
void trap_set(long v)
{
	unsigned *shift_at;
	long *value_at;
	int *is_on_at;

	__asm__ volatile("leaq shift(%%rip), %0; leaq value(%%rip), %1; leaq is_on(%%rip), %2"
			 : "=r"(shift_at), "=r"(value_at), "=r"(is_on_at));
	*shift_at = v & 63;
	*value_at = v;
	*is_on_at = v & 1;
	__asm__ volatile("" ::: "memory");
}
