// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The functions that are measured (kernels.h), compiled once for each variant of read.h. MIX stands
 * between the steps of a loop: for all the compiler knows the variables have changed.
 */
#include <string.h>
#include <sys/mman.h>
#include "kernels.h"
#include "read.h"

#define STEPS	 2048
#define PACKETS	 64
#define GOLDEN	 0x9e3779b97f4a7c15ul
#define MIX(a)	 __asm__ volatile("" : "+r"(a)::"memory")
#define NOINLINE __attribute__((noinline))
#define FOR_16(F)                                                                                  \
	F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) F(15)

static unsigned long slots[1 << 12], others[1 << 19];

static struct packet {
	unsigned long address;
	unsigned length, tag, version, sum, fragment, lifetime, words, port, bits;
} packets[PACKETS];

__attribute__((constructor)) static void fill(void)
{
	for (unsigned i = 0; i < PACKETS; i++)
		packets[i] = (struct packet){.address = i * GOLDEN,
					     .length = 100 + i * 20,
					     .tag = i % 4 ? 0 : 0x8100,
					     .version = 4,
					     .lifetime = 60,
					     .words = i % 3,
					     .port = i % 5 ? 80 : 179};
}

/* --- hash tables ---------------------------------------------------------------------------- */

SETTLED(unsigned long *, table, slots);
SETTLED(unsigned, table_shift, 32 - 12);

unsigned long lookup(unsigned long seed)
{
	unsigned long sum = 0;

	for (int i = 0; i < STEPS; i++) {
		seed = seed * GOLDEN + 1;
		sum += READ(table)[SHIFT_RIGHT((uint32_t)(seed >> 32), table_shift)];
		MIX(sum);
	}
	return sum;
}

unsigned long lookup_crowded(unsigned long seed)
{
	unsigned long sum = 0;

	for (int i = 0; i < STEPS / 8; i++) {
		for (int j = 0; j < 8; j++) {
			seed = seed * GOLDEN + 1;
			sum += others[seed >> 45];
		}
		sum += READ(table)[SHIFT_RIGHT((uint32_t)(seed >> 32), table_shift)];
		MIX(sum);
	}
	return sum;
}

#undef PLACED
#define PLACED __attribute__((aligned(64)))
#define TABLE(i)                                                                                   \
	SETTLED(unsigned long *, table##i, slots);                                                 \
	SETTLED(unsigned, shift##i, 32 - 12);
FOR_16(TABLE)
#undef PLACED
#define PLACED

unsigned long lookup_flushed(unsigned long seed)
{
	unsigned long sum = 0;

#define LOOKUP(i)                                                                                  \
	seed = seed * GOLDEN + 1;                                                                  \
	sum += READ(table##i)[SHIFT_RIGHT((uint32_t)(seed >> 32), shift##i)];
	FOR_16(LOOKUP)
	return sum;
}

/* --- arithmetic ----------------------------------------------------------------------------- */

SETTLED(long, narrow, 7);
SETTLED(long, wide, 0x123456789abcdef);
SETTLED(unsigned, bits, 5);

unsigned long add_narrow(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		a += (unsigned long)READ(narrow);
		MIX(a);
	}
	return a;
}

unsigned long add_wide(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		a += (unsigned long)READ(wide);
		MIX(a);
	}
	return a;
}

unsigned long shift(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		a += SHIFT_RIGHT((uint32_t)a, bits);
		MIX(a);
	}
	return a;
}

/* --- conditions ----------------------------------------------------------------------------- */

SETTLED(int, limit, 1 << 30);
SETTLED(int, verbosity, 1);
SETTLED(bool, tracing, false);
SETTLED(bool, checking, true);
SETTLED(bool, counting, false);

unsigned long compare(unsigned long a)
{
	unsigned long below = 0;

	for (int i = 0; i < STEPS; i++) {
		below += (int)(a + (unsigned)i) < READ(limit);
		MIX(below);
	}
	return below;
}

unsigned long level(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		if (READ(verbosity) > 3)
			a ^= a >> 3;
		MIX(a);
		if (READ(verbosity) > 2)
			a *= 5;
		MIX(a);
		if (READ(verbosity) > 1)
			a += a << 7;
		MIX(a);
	}
	return a;
}

unsigned long flags(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		if (IS_SET(tracing))
			a ^= a >> 3;
		MIX(a);
		if (IS_SET(checking))
			a *= 5;
		MIX(a);
		if (IS_SET(counting))
			a += a << 7;
		MIX(a);
	}
	return a;
}

#include "flags.h"

/* --- calls ---------------------------------------------------------------------------------- */

static NOINLINE unsigned long callee(unsigned long a)
{
	return a * 5 + 1;
}

SETTLED(kernel *, hook, callee);

unsigned long call(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		a = READ(hook)(a);
		MIX(a);
	}
	return a;
}

#ifndef __CET__ /* with which there are no thunks */
__attribute__((indirect_branch("thunk")))
#endif
unsigned long
call_thunk(unsigned long a)
{
	for (int i = 0; i < STEPS; i++) {
		a = READ(hook)(a);
		MIX(a);
	}
	return a;
}

/* --- divisions ------------------------------------------------------------------------------ */

SETTLED(unsigned, buckets, 1021);
SETTLED(unsigned, pages, 4096);
SETTLED(int, interval, 1000);
SETTLED(long, long_interval, 1000000007);
SETTLED(unsigned long, long_buckets, 1000003);

/* Each dividend depends on the result before. */
#define DIVISION(name, type, expression)                                                           \
	unsigned long name(unsigned long a)                                                        \
	{                                                                                          \
		type x = (type)a;                                                                  \
                                                                                                   \
		for (int i = 0; i < STEPS; i++) {                                                  \
			x = (type)((expression) + (type)GOLDEN);                                   \
			MIX(x);                                                                    \
		}                                                                                  \
		return (unsigned long)x;                                                           \
	}

DIVISION(quotient_u32, uint32_t, x / READ(buckets))
DIVISION(remainder_u32, uint32_t, x % READ(buckets))
DIVISION(remainder_power, uint32_t, x % READ(pages))
DIVISION(quotient_s32, int32_t, x / READ(interval))
DIVISION(quotient_s64, int64_t, x / READ(long_interval))
DIVISION(quotient_u64, uint64_t, x / READ(long_buckets))

static NOINLINE uint64_t bucket_of(uint64_t hash)
{
	return hash % READ(long_buckets);
}

DIVISION(remainder_u64, uint64_t, bucket_of(x))

unsigned long hoisted(unsigned long a)
{
	unsigned divisor = READ(buckets);

	for (unsigned i = 0; i < STEPS; i++) {
		unsigned x = (unsigned)a;

		__asm__ volatile("" : "+r"(x)); /* no more than this may have changed */
		a = x / divisor + i * 0x9e3779b1u;
	}
	return a;
}

/* --- programs with many settings ------------------------------------------------------------ */

#include "interpreter.h"

#define OF(name) near_##name
#include "parser.h"
#undef OF
#undef PLACED
#define PLACED	 __attribute__((aligned(4096)))
#define OF(name) far_##name
#include "parser.h"

unsigned long parser(unsigned long seed)
{
	return near_parser(seed);
}

unsigned long parser_pages(unsigned long seed)
{
	return far_parser(seed);
}

unsigned long parser_flushed(unsigned long seed)
{
	return far_parse(&packets[seed % PACKETS]);
}

/* --- for speed.c ---------------------------------------------------------------------------- */

extern const char patchables[] __asm__("__start_rcpp_patchable");
extern const char patchables_end[] __asm__("__stop_rcpp_patchable");

void forget(void)
{
	for (const char *at = patchables; at < patchables_end; at += 64)
		__builtin_ia32_clflush(at);
	__builtin_ia32_mfence();
}

int patch_by_hand(void)
{
#if defined(MACROS) || defined(LABELS)
	extern const struct place first[] __asm__("__start_places"),
		last[] __asm__("__stop_places");

	for (const struct place *place = first; place < last; place++) {
		char *end = (char *)&place->end + place->end;
		const char *variable = (const char *)&place->variable + place->variable;
		uint64_t value = 0;
		char *page = (char *)((uintptr_t)(end - 8) & -4096ul);

		if (mprotect(page, 2 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC))
			return -1;
		memcpy(&value, variable, (size_t)place->width);
		if (place->size) {
			memcpy(end - place->size, &value, (size_t)place->size);
		} else if (value) {
			int32_t distance = (int32_t)((char *)&place->target + place->target - end);

			end[-5] = (char)0xe9;
			memcpy(end - 4, &distance, 4);
		}
		mprotect(page, 2 * 4096, PROT_READ | PROT_EXEC);
	}
#endif
	return 0;
}
