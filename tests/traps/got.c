/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 13: a variable that another module can take over. */
#ifdef LIBRARY
long shared = 5, reader_calls;
__attribute__((noinline)) long library_reads(long x)
{
	reader_calls++;
	return x + shared;
}
#else
extern long library_reads(long x);
long shared = 7; /* this one counts */

void trap_set(long value)
{
	shared = value;
}

unsigned long trap_run(void)
{
	return (unsigned long)library_reads(3);
}
#endif
