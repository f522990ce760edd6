/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 11: two files with statics of the same name, compiled as one program. */
#include "rcpp.h"

#ifdef SECOND
static __patchable long same;
static __patchable unsigned shift;
__patchable long b;

__asm__(".text\n\t.globl from_assembly\n\t.type from_assembly, @function\nfrom_assembly:\n\t"
	"movq %rdi, %rax\n\taddq b(%rip), %rax\n\tret\n\t.size from_assembly, .-from_assembly");

void second_set(long value)
{
	same = value * 3;
	shift = value & 15;
	b = value;
}

__attribute__((noinline)) long second(long x)
{
	return (x + same) << shift;
}
#else
static __patchable long same;
static __patchable unsigned shift;
extern __patchable long b;
RCPP_EXTERN(b);

void second_set(long value);
long second(long x);
long from_assembly(long x);

void trap_set(long value)
{
	same = value;
	shift = value & 31;
	second_set(value);
}

__attribute__((noinline)) long first(long x)
{
	return ((x - same) << shift) + b;
}

unsigned long trap_run(void)
{
	return (unsigned long)(first(12345) * 31 + second(54321) + from_assembly(3));
}
#endif
