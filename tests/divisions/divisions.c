// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * divisions COUNT [DIVISOR]: divides by every kind of divisor, patched, and compares with the
 * processor's own division: dividends at every edge, around multiples of the divisor, and COUNT
 * random ones. Also unpatched, reverted, and what must trap. With DIVISOR it only patches that one
 * in and writes its text to standard output, for a disassembler.
 */
#include <inttypes.h>
#include <rcpp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__patchable uint32_t v4;
__patchable uint64_t v8;

struct results {
	uint64_t quotient, remainder, kept;
};

extern const struct {
	void (*divide)(uint64_t dividend, struct results *results);
	uint32_t width, is_signed, stored, always, keeps, unused;
} functions[];
extern const uint64_t function_count;
extern const char first[] __asm__("f0"), behind[] __asm__("behind");

enum { QUOTIENT, REMAINDER, BOTH };

static sigjmp_buf trapped;
static unsigned long compared, traps;

static void on_trap(int number)
{
	siglongjmp(trapped, number);
}

/* The processor's division, of the low `width` bytes; false if it would trap. */
static int divide(uint64_t dividend, uint64_t divisor, unsigned width, int is_signed,
		  struct results *results)
{
	int64_t n = (int64_t)dividend, d = (int64_t)divisor;

	if (width == 4) {
		n = is_signed ? (int32_t)dividend : (int64_t)(uint32_t)dividend;
		d = is_signed ? (int32_t)divisor : (int64_t)(uint32_t)divisor;
	}
	if (!d || (is_signed && d == -1 && n == (width == 4 ? INT32_MIN : INT64_MIN)))
		return 0;
	results->quotient = is_signed ? (uint64_t)(n / d) : (uint64_t)n / (uint64_t)d;
	results->remainder = is_signed ? (uint64_t)(n % d) : (uint64_t)n % (uint64_t)d;
	if (width == 4) {
		results->quotient = (uint32_t)results->quotient;
		results->remainder = (uint32_t)results->remainder;
	}
	return 1;
}

static void check(uint64_t i, uint64_t dividend, uint64_t divisor, const char *when)
{
	struct results right = {0, 0, 0}, got = {0, 0, 0};
	unsigned stored = functions[i].stored;
	volatile int divides;

	divides =
		divide(dividend, divisor, functions[i].width, (int)functions[i].is_signed, &right);
	if (stored == QUOTIENT)
		right.remainder = 0;
	if (stored == REMAINDER)
		right.quotient = 0;
	if (functions[i].keeps)
		right.kept =
			__builtin_bswap64(functions[i].width == 4 ? (uint32_t)divisor : divisor);
	if (!divides) {
		traps++;
		if (sigsetjmp(trapped, 0))
			return;
	}
	functions[i].divide(dividend, &got);
	compared++;
	if (divides && !memcmp(&right, &got, sizeof(got)))
		return;
	printf("f%" PRIu64 ": %#" PRIx64 " by %#" PRIx64 ", %s: ", i, dividend, divisor, when);
	if (!divides)
		printf("should trap\n");
	else
		printf("%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64 " instead of %#" PRIx64 ", %#" PRIx64
		       ", %#" PRIx64 "\n",
		       got.quotient, got.remainder, got.kept, right.quotient, right.remainder,
		       right.kept);
	exit(1);
}

static uint64_t random_number(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void check_edges(uint64_t i, uint64_t divisor, const char *when)
{
	for (int bit = 0; bit < 64; bit++)
		for (int64_t more = -2; more <= 2; more++) {
			uint64_t edge = (UINT64_C(1) << bit) + (uint64_t)more;

			check(i, edge, divisor, when);
			check(i, -edge, divisor, when);
			check(i, divisor * (UINT64_C(1) << bit) + (uint64_t)more, divisor, when);
			check(i, divisor * random_number() + (uint64_t)more, divisor, when);
			/* the last multiples that there are */
			if (divisor)
				check(i, UINT64_MAX / divisor * divisor + (uint64_t)more, divisor,
				      when);
			if ((uint32_t)divisor)
				check(i,
				      (uint64_t)(UINT32_MAX / (uint32_t)divisor *
						 (uint32_t)divisor) +
					      (uint64_t)more,
				      divisor, when);
		}
}

static void check_random(uint64_t i, uint64_t divisor, unsigned long count)
{
	while (count--) {
		uint64_t dividend = random_number();

		check(i, count & 1 ? dividend : dividend >> (dividend & 63), divisor,
		      "patched, at random");
	}
}

static void must(int result)
{
	if (result) {
		fprintf(stderr, "divisions: %s\n", rcpp_error());
		exit(2);
	}
}

static void check_divisor(uint64_t divisor, unsigned long count)
{
	must(rcpp_revert());
	v4 = (uint32_t)divisor;
	v8 = divisor;
	for (uint64_t i = 0; i < function_count; i++)
		check(i, 123456789, divisor, "unpatched"); /* the processor's own division */
	must(rcpp_patch());
	for (uint64_t i = 0; i < function_count; i++) {
		check_edges(i, divisor, "patched");
		if (functions[i].width == 4 ? (uint32_t)divisor : divisor) /* traps cost time */
			check_random(i, divisor, count);
	}
}

static void check_divisors(unsigned long count)
{
	static const uint64_t divisors[] = {0,
					    1,
					    3,
					    5,
					    6,
					    7,
					    9,
					    10,
					    11,
					    12,
					    25,
					    100,
					    125,
					    625,
					    641,
					    1000,
					    10007,
					    1000003,
					    6700417,
					    60000,
					    0x7ffffffe,
					    274177,
					    67280421310721};

	for (size_t i = 0; i < sizeof(divisors) / sizeof(*divisors); i++) {
		check_divisor(divisors[i], count);
		check_divisor(-divisors[i], count);
	}
	for (int bit = 0; bit < 64; bit++)
		for (int64_t more = -1; more <= 1; more++) {
			uint64_t divisor = (UINT64_C(1) << bit) + (uint64_t)more;
			/* The random ones for those that matter, a part for their neighbours. */
			unsigned long share = bit % 31 ? count / 16 : count;

			check_divisor(divisor, share);
			check_divisor(-divisor, share);
		}
	for (int i = 0; i < 200; i++)
		check_divisor(random_number() >> (i & 63), count / 64);
}

int main(int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = on_trap, .sa_flags = SA_NODEFER};

	sigaction(SIGFPE, &action, NULL);
	must(rcpp_configure(RCPP_KEEP_WRITABLE));
	if (argc > 2) {
		v8 = strtoull(argv[2], NULL, 0);
		v4 = (uint32_t)v8;
		must(rcpp_patch());
		return write(1, first, (size_t)(behind - first)) < 0;
	}
	check_divisors(argc > 1 ? strtoul(argv[1], NULL, 0) : 1000);
	must(rcpp_revert());
	printf("%" PRIu64 " functions, %lu results, %lu of them traps: all agree\n", function_count,
	       compared, traps);
	return 0;
}
