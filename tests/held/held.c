// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The loops of loops.h twice, of plain variables and of patchable ones: unpatched, patched and
 * reverted they return the same, for values at the edges.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "rcpp.h"

uint64_t plain_u64;
uint32_t plain_u32;
int64_t plain_s64;
int32_t plain_s32;
__patchable uint64_t patchable_u64;
__patchable uint32_t patchable_u32;
__patchable int64_t patchable_s64;
__patchable int32_t patchable_s32;

#define F(name) plain_##name
#define V(name) plain_##name
#include "loops.h"
#undef F
#undef V
#define F(name) patchable_##name##_of
#define V(name) patchable_##name
#include "loops.h"

#define LOOPS(X)                                                                                   \
	X(quotients)                                                                               \
	X(rests)                                                                                   \
	X(both)                                                                                    \
	X(halves)                                                                                  \
	X(with_sign)                                                                               \
	X(half_with_sign) X(elsewhere) X(ways) X(until_call) X(nested) X(settings)

static const struct {
	const char *name;
	uint64_t (*plain)(const uint64_t *, unsigned int);
	uint64_t (*patchable)(const uint64_t *, unsigned int);
} loops[] = {
#define LOOP_ENTRY(name) {#name, plain_##name, patchable_##name##_of},
	LOOPS(LOOP_ENTRY)};
#define LOOP_COUNT (sizeof(loops) / sizeof(*loops))

static const uint64_t values[] = {
	1,
	2,
	3,
	5,
	6,
	7,
	10,
	641,
	1000003,
	1ULL << 16,
	(1ULL << 31) - 1,
	1ULL << 31,
	(1ULL << 32) + 15,
	0x100000001,
	1ULL << 40,
	0x123456789abcdef,
	(1ULL << 63) - 1,
	(1ULL << 63) + 1,
	0xfffffffffffffff9, /* -7, where there are signs */
	0xfffffffffffffffe,
};
#define VALUE_COUNT (sizeof(values) / sizeof(*values))

#define NUMBERS 61
static uint64_t numbers[NUMBERS];
static unsigned long results;

static void fill_numbers(void)
{
	uint64_t x = 88172645463325252;

	for (unsigned int i = 0; i < NUMBERS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		numbers[i] = i % 5 ? x >> i % 64 : i;
	}
	numbers[9] = 12;
	numbers[30] = UINT64_MAX;
	numbers[31] = UINT64_MAX << 32;
}

/* No divisor is 0, whatever is left of the number in fewer bits. */
static void set(uint64_t value)
{
	uint32_t half = (uint32_t)value ? (uint32_t)value : (uint32_t)(value >> 32);

	plain_u64 = patchable_u64 = value;
	plain_u32 = patchable_u32 = half;
	plain_s64 = patchable_s64 = (int64_t)value;
	plain_s32 = patchable_s32 = (int32_t)half;
}

static void compare(const char *state)
{
	for (unsigned int i = 0; i < LOOP_COUNT; i++) {
		for (unsigned int n = 0; n <= NUMBERS; n += n < 4 ? 1 : 19) {
			uint64_t plain = loops[i].plain(numbers, n);
			uint64_t patchable = loops[i].patchable(numbers, n);

			results++;
			if (plain == patchable)
				continue;
			fprintf(stderr, "%s %s: by %#llx, %u numbers: %#llx is %#llx\n", state,
				loops[i].name, (unsigned long long)plain_u64, n,
				(unsigned long long)patchable, (unsigned long long)plain);
			exit(1);
		}
	}
}

int main(void)
{
	fill_numbers();
	for (unsigned int i = 0; i < VALUE_COUNT; i++) {
		set(values[i]);
		compare("unpatched");
		CHECK(!rcpp_patch());
		compare("patched");
		CHECK(!rcpp_verify());
		CHECK(!rcpp_revert());
		compare("reverted");
	}
	printf("%u loops, %lu results agree\n", (unsigned int)LOOP_COUNT, results);
	return 0;
}
