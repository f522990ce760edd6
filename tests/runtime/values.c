// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every kind of site with values at the edges: right before patching, after it, after a revert,
 * which must restore every byte, and after patching again. Run with the sites linked into programs
 * of all kinds (static, static-pie, PIE, non-PIE).
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <setjmp.h>
#include <signal.h>

#include "check.h"

static const uint64_t values[] = {
	0,
	1,
	-1,
	INT32_MAX,
	1UL << 31,
	UINT32_MAX,
	1UL << 32,
	1UL << 63,
	0x80,
	0x8000,
	-129,
	INT32_MIN,
	INT32_MAX - (1L << 20),
	INT32_MAX - (1L << 20) + 1,
	INT32_MIN + (1L << 20),
	INT32_MIN + (1L << 20) - 1,
	0x1122334455667788,
};

static sigjmp_buf before_fault;

static void on_fault(int number)
{
	siglongjmp(before_fault, number);
}

/* Is the site of fault() one that traps? */
static bool traps(void)
{
	struct sigaction action = {.sa_handler = on_fault};
	int number;

	sigaction(SIGILL, &action, NULL);
	number = sigsetjmp(before_fault, 1);
	if (!number)
		fault();
	CHECK(!number || number == SIGILL);
	return number;
}

/* All sites compute with the value; the count of shift() is its low 5 bits. */
static void check_sites(uint64_t value)
{
	CHECK(add64(1000) == (long)(1000 + value));
	CHECK(load32() == (int)value);
	CHECK(shift(0x80000001) ==
	      (0x80000001 >> (value & 31)) + (unsigned int)(0x80000001UL << (value & 31)));
	CHECK(load_u8() == (uint8_t)value);
	CHECK(load_s8() == (int8_t)value);
	CHECK(load_u16() == (uint16_t)(value >> 16));
	CHECK(load_s16() == (int16_t)value);
	CHECK(load_s32() == (int32_t)value);
	CHECK(store() == (long)value);
	CHECK(element(4096) == (long)(4096 + 16 + value));
	CHECK(declared_in() == (int)value);
	CHECK(longest() == (int)value);
	CHECK(far() == (int)value);
#ifdef NON_PIE
	CHECK(absolute() == (long)value);
#endif
}

static void set(uint64_t value)
{
	b = (int64_t)value;
	w = s = (int32_t)value;
}

static void check_value(uint64_t value, const uint8_t *original)
{
	size_t size = (size_t)(text_end - text_start);

	set(value);
	check_sites(value);
	CHECK(rcpp_patch() == 0);
	check_sites(value);
	CHECK(fault() == (int)value);
	CHECK(memcmp(text_start, original, size) != 0);
	out = 99;
	CHECK(declared_out() == 99);

	/* Immediates do not look at memory. */
	set(~value);
	CHECK(add64(1000) == (long)(1000 + value));
	CHECK(load32() == (int)value);

	/* From one value to another without a revert. */
	CHECK(rcpp_patch() == 0);
	check_sites(~value);
	CHECK(fault() == (int)~value);

	CHECK(rcpp_revert() == 0);
	set(value);
	check_sites(value);
	CHECK(fault() == (int)value);
	CHECK(!memcmp(text_start, original, size));
}

static void check_stats(unsigned long patched)
{
	struct rcpp_stats stats;
	unsigned long sites = 15;

#ifdef NON_PIE
	sites++;
	if (patched)
		patched++;
#endif
	CHECK(rcpp_stats(&stats) == 0);
	CHECK(stats.sites == sites);
	CHECK(stats.patched == patched);
	CHECK(stats.loads == sites - patched);
	CHECK(stats.bytes > 100);
}

int main(void)
{
	size_t size = (size_t)(text_end - text_start);
	uint8_t *original = malloc(size);
	unsigned int i;

	CHECK(original);
	CHECK(traps());
	check_stats(0);
	CHECK(rcpp_patch() == 0);
	CHECK(!traps());
	check_stats(14); /* all but declared_out() */
	CHECK(address_is_mapped_from(text_start, "r-xp"));
	CHECK(address_is_mapped_from(text_start, program_invocation_short_name));
	CHECK(rcpp_revert() == 0);
	CHECK(!traps());
	check_stats(0);
	memcpy(original, text_start, size);
	for (i = 0; i < sizeof(values) / sizeof(*values); i++)
		check_value(values[i], original);
	CHECK(!*rcpp_error());
	free(original);
	return 0;
}
