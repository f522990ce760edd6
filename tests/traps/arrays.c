/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 9: elements at an index are no constants, an element at a number is one. */
#include "rcpp.h"

__patchable long array[4];
__patchable struct {
	char c;
	short s[3];
	unsigned u;
	long l;
} structure;

void trap_set(long value)
{
	for (int i = 0; i < 4; i++)
		array[i] = value + i;
	structure.c = (char)value;
	structure.s[1] = (short)(value * 3);
	structure.s[2] = (short)(value >> 8);
	structure.u = (unsigned)value + 1;
	structure.l = value ^ 0x55;
}

__attribute__((noinline)) long indexed(long i)
{
	return array[i] + structure.s[i];
}

__attribute__((noinline)) long numbered(long x)
{
	return x + array[2];
}

__attribute__((noinline)) long pointed(const long *p)
{
	return p[1];
}

__attribute__((noinline)) long fields(long x)
{
	return x + structure.c + structure.s[2] + structure.u - structure.l;
}

unsigned long trap_run(void)
{
	unsigned long r = 0;

	for (long i = 0; i < 3; i++)
		r = r * 31 + (unsigned long)indexed(i);
	return r * 31 + (unsigned long)(numbered(5) + pointed(array) + fields(9));
}
