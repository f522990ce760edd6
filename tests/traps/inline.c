/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 6: what people write between quotes. */
#include "rcpp.h"

__patchable long b;
__patchable unsigned shift;

void trap_set(long value)
{
	b = value;
	shift = value & 31;
}

/* several on a line, comments, local labels */
__attribute__((noinline)) long several(long x)
{
	__asm__("addq b(%%rip), %0; addq b(%%rip), %0 # addq b(%%rip), %0; hlt\n\t"
		"/* hlt */ testq %0, %0 ; jns 1f ; negq %0 ; subq b(%%rip), %0\n"
		"1:\tincq %0"
		: "+r"(x)
		:
		: "cc");
	return x + b;
}

/* the load stands before a label that the assembly jumps to */
__attribute__((noinline)) long labels(long x)
{
	long c = 2;

	__asm__("testq %0, %0; jns 1f; movl shift(%%rip), %%ecx; 1: shlq %%cl, %0"
		: "+r"(x), "+c"(c)
		:
		: "cc");
	return x + c;
}

__attribute__((noinline)) long sections(long x)
{
	__asm__(".pushsection .text.other, \"ax\"\n"
		"77:\taddq b(%%rip), %0\n\tjmp 78f\n\t.popsection\n\t"
		"jmp 77b\n78:"
		: "+r"(x)
		:
		: "cc");
	return x + b;
}

__attribute__((noinline)) long macros(long x)
{
	__asm__(".macro add_it to\n\taddq b(%%rip), \\to\n\t.endm\n\t"
		"add_it %0\n\tadd_it %0\n\t.purgem add_it"
		: "+r"(x)
		:
		: "cc");
	return x + b;
}

/* the compiler does not know that the call keeps what it keeps */
__asm__(".text\n\t.type keeps_all, @function\nkeeps_all:\n\tpushq %rax\n\txorl %eax, %eax\n\t"
	"popq %rax\n\tret\n\t.size keeps_all, .-keeps_all");

__attribute__((noinline)) long calls(long x, long y, long z, long w)
{
	long r = x * 3 + b;

	__asm__ volatile("leaq -128(%%rsp), %%rsp; call keeps_all; subq $-128, %%rsp" ::
				 : "memory", "cc");
	return (r ^ w) + y * z + b;
}

__attribute__((noinline)) long data(long x)
{
	__asm__("jmp 1f; .byte 0xcc, 0xcc; .ascii \"; addq b(%%rip), %0 # \"; 1: addq b(%%rip), %0"
		: "+r"(x)
		:
		: "cc");
	return x - b;
}

__attribute__((noinline)) long repeated(long x)
{
	__asm__(".rept 3\n\taddq b(%%rip), %0\n\t.endr\n\t.irp i, 1, 2\n\tsubq $\\i, "
		"%0\n\t.endr\n\t"
		".if 1\n\taddq b(%%rip), %0\n\t.else\n\thlt\n\t.endif"
		: "+r"(x)
		:
		: "cc");
	return x ^ b;
}

__attribute__((noinline)) long strings(long x)
{
	char to[64], from[64] = "0123456789";
	long count = 9;
	void *d = to, *s = from;

	__asm__ volatile("rep; movsb" : "+c"(count), "+D"(d), "+S"(s) : : "memory");
	__asm__ volatile("lock; addq %1, %0" : "+m"(x) : "r"(b) : "cc");
	return x + to[3] + count + b;
}

/* a flag out of the assembly, with references around it */
__attribute__((noinline)) long flag(long x, long y)
{
	_Bool less;

	__asm__("cmpq %2, %1" : "=@ccb"(less) : "r"(x), "r"(y));
	return less ? x + b : y << shift;
}

unsigned long trap_run(void)
{
	unsigned long r = (unsigned long)several(3);

	r = r * 31 + (unsigned long)labels(3);
	r = r * 31 + (unsigned long)labels(-3);
	r = r * 31 + (unsigned long)sections(3);
	r = r * 31 + (unsigned long)macros(3);
	r = r * 31 + (unsigned long)calls(3, 4, 5, 6);
	r = r * 31 + (unsigned long)data(3);
	r = r * 31 + (unsigned long)repeated(3);
	r = r * 31 + (unsigned long)strings(3);
	return r * 31 + (unsigned long)flag(3, 4);
}
