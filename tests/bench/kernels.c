// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The functions that are measured, compiled three times: as they are, and twice through rcpp, of
 * which one stays unpatched. VARIANT is the suffix that tells the copies apart.
 */
#include "kernels.h"
#include "rcpp.h"

#define JOIN(a, b)   a##_##b
#define EXPAND(a, b) JOIN(a, b)
#define VARIED(name) EXPAND(name, VARIANT)
#define STEPS	     4096

static __patchable unsigned long *table;
static __patchable unsigned shift;
static __patchable long wide, narrow;
static __patchable int limit;
static __patchable unsigned buckets;
static __patchable long interval;

void VARIED(setup)(unsigned long *slots, unsigned bits)
{
	table = slots;
	shift = 64 - bits;
	wide = 0x123456789abcdefl;
	narrow = 7;
	limit = 1 << 30;
	buckets = 1021;
	interval = 1000000007;
}

/* Out of the cache with what the functions below read. */
void VARIED(forget)(void)
{
	__builtin_ia32_clflush(&table);
	__builtin_ia32_clflush(&shift);
	__builtin_ia32_mfence();
}

/* One lookup: called with the variables out of the cache. */
unsigned long VARIED(lookup_cold)(unsigned long seed)
{
	return table[seed >> shift];
}

/* table[hash >> shift], as a hash table's lookup begins */
unsigned long VARIED(lookup)(unsigned long seed)
{
	unsigned long sum = 0;

	for (int i = 0; i < STEPS; i++) {
		seed = seed * 0x9e3779b97f4a7c15ul + 1;
		sum += table[seed >> shift];
	}
	return sum;
}

unsigned long VARIED(add_narrow)(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		a += narrow;
		__asm__ volatile("" : "+r"(a)::"memory");
	}
	return a;
}

unsigned long VARIED(add_wide)(unsigned long a)
{
	unsigned long b = 1;

	for (int i = 0; i < STEPS; i++) {
		a += wide;
		__asm__ volatile("" : "+r"(a), "+r"(b)::"memory", "rcx");
	}
	return a + b;
}

unsigned long VARIED(compare)(unsigned long a)
{
	unsigned long count = 0;

	for (int i = 0; i < STEPS; i++) {
		count += (int)(a + i) < limit;
		__asm__ volatile("" : "+r"(a), "+r"(count)::"memory");
	}
	return count;
}

/* The bucket of a hash, each asked for by a call, and depending on the one before. */
static __attribute__((noinline)) unsigned bucket_of(unsigned hash)
{
	return hash % buckets;
}

unsigned long VARIED(remainder)(unsigned long a)
{
	unsigned hash = (unsigned)a;

	for (int i = 0; i < STEPS; i++)
		hash = bucket_of(hash + 0x9e3779b1u) + (unsigned)i * 0x85ebca6bu;
	return hash;
}

static __attribute__((noinline)) long interval_of(long time, long base)
{
	return time / interval + base * 7;
}

unsigned long VARIED(quotient_wide)(unsigned long a)
{
	for (int i = 0; i < STEPS; i++)
		a = (unsigned long)interval_of((long)a, i) + 0x9e3779b97f4a7c15ul;
	return a;
}
