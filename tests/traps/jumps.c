/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Traps 5 and 14 in C: jump tables, computed gotos, asm goto, setjmp. */
#include <setjmp.h>
#include "rcpp.h"

__patchable long b;
__patchable unsigned shift;

void trap_set(long value)
{
	b = value;
	shift = value & 31;
}

__attribute__((noinline)) long switched(unsigned which, long x)
{
	long s = shift;

	switch (which) {
	case 0:
		x += b;
		break;
	case 1:
		x <<= s;
		break;
	case 2:
		x -= b;
	/* fall through */
	case 3:
		x ^= b << 1;
		break;
	case 4:
		x >>= shift;
		break;
	case 5:
		return x < b;
	case 6:
		x *= b;
		break;
	case 7:
		x |= b;
	}
	return x + s;
}

__attribute__((noinline)) long computed(const unsigned char *program, long x)
{
	static const void *const labels[] = {&&add, &&shift_left, &&compare, &&done};

	goto *labels[*program++];
add:
	x += b;
	goto *labels[*program++];
shift_left:
	x <<= shift;
	goto *labels[*program++];
compare:
	x += x > b;
	goto *labels[*program++];
done:
	return x;
}

__attribute__((noinline)) long assembled(long x, int way)
{
	unsigned s = 3;

	__asm__ goto("testl %0, %0; jne %l1" : : "r"(way) : "cc" : there);
	s = shift;
there:
	return (x << s) + b;
}

/* The jump is written in a table only, as the kernel's static branches are. */
__attribute__((noinline)) long patched_branch(long x)
{
	unsigned s = 3;

	__asm__ goto("1: .byte 0x0f, 0x1f, 0x44, 0, 0\n\t"
		     ".pushsection .rodata.jumps, \"a\"\n\t.long 1b - ., %l0 - .\n\t.popsection"
		     :
		     :
		     :
		     : there);
	s = shift;
there:
	return (x << s) - b;
}

static jmp_buf buffer;

__attribute__((noinline)) void leave(long x)
{
	if (x > b)
		longjmp(buffer, 1);
	longjmp(buffer, 2);
}

__attribute__((noinline)) long returned_twice(long x)
{
	volatile long y = x + b;
	int way = setjmp(buffer);

	if (!way)
		leave(x);
	return y + (way == 1 ? b : x << shift);
}

unsigned long trap_run(void)
{
	unsigned long r = 0;

	for (unsigned i = 0; i < 9; i++)
		r = r * 31 + (unsigned long)switched(i, 1234567);
	r = r * 31 + (unsigned long)computed((const unsigned char[]){0, 1, 2, 2, 1, 0, 3}, 99);
	r = r * 31 + (unsigned long)assembled(5, 0);
	r = r * 31 + (unsigned long)assembled(5, 1);
	r = r * 31 + (unsigned long)patched_branch(6);
	return r * 31 + (unsigned long)returned_twice(7);
}
