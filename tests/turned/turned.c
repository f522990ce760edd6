// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Calls every function of generate.py for values and numbers at the edges of each width, equal ones
 * among them: unpatched, which is what the processor says, patched, reverted and patched again, and
 * patched with the next value without a revert. Prints how many results agreed.
 */
#include <rcpp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__patchable uint8_t v1;
__patchable uint16_t v2;
__patchable uint32_t v4;
__patchable uint64_t v8;

typedef uint64_t function(uint8_t scratch[16], uint64_t garbage, uint64_t other, uint64_t number);
extern function *const functions[];
extern const uint64_t function_count;

static const uint64_t edges[] = {
	0,
	1,
	-1UL,
	0x7f,
	0x80,
	0xff7f,
	0x7fff,
	0x8000,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xffffffff80000000,
	0xffffffff7fffffff,
	0x5a5a5a5a5a5a5a5a,
};

#define EDGES (sizeof edges / sizeof *edges)

static void must(int result)
{
	if (result) {
		fprintf(stderr, "turned: %s\n", rcpp_error());
		exit(2);
	}
}

static uint64_t call(uint64_t i, uint64_t number)
{
	uint8_t scratch[16] = "fifteen letters";

	return functions[i](scratch, 0x1122334455667788, 0x99aabbccddeeff00, number);
}

static void set_value(uint64_t value)
{
	v1 = (uint8_t)value;
	v2 = (uint16_t)value;
	v4 = (uint32_t)value;
	v8 = value;
}

/* Of this value, with all numbers. */
static void expect(uint64_t *expected)
{
	for (uint64_t n = 0; n < EDGES; n++)
		for (uint64_t i = 0; i < function_count; i++)
			*expected++ = call(i, edges[n]);
}

static unsigned long compare(const uint64_t *expected, uint64_t value, const char *when)
{
	for (uint64_t n = 0; n < EDGES; n++)
		for (uint64_t i = 0; i < function_count; i++) {
			uint64_t result = call(i, edges[n]);

			if (result == *expected++)
				continue;
			fprintf(stderr, "f%lu of %#lx with %#lx, %s: %#lx instead of %#lx\n", i,
				value, edges[n], when, result, expected[-1]);
			exit(1);
		}
	return EDGES * function_count;
}

static uint64_t patched_sites(void)
{
	struct rcpp_stats stats;

	must(rcpp_stats(&stats));
	return stats.patched;
}

int main(void)
{
	uint64_t *expected[EDGES];
	unsigned long agreed = 0;

	for (uint64_t v = 0; v < EDGES; v++) {
		expected[v] = calloc(EDGES * function_count, sizeof **expected);
		set_value(edges[v]);
		expect(expected[v]);
		must(rcpp_patch());
		if (patched_sites() < function_count / 2) {
			fprintf(stderr, "turned: only %lu sites are patched\n", patched_sites());
			return 1;
		}
		agreed += compare(expected[v], edges[v], "patched");
		must(rcpp_revert());
		agreed += compare(expected[v], edges[v], "reverted");
	}
	must(rcpp_configure(RCPP_KEEP_WRITABLE));
	for (uint64_t v = 0; v < EDGES; v++) {
		uint64_t other = v * 5 % EDGES;

		set_value(edges[other]);
		must(rcpp_patch());
		agreed += compare(expected[other], edges[other], "patched over another value");
	}
	must(rcpp_revert());
	for (uint64_t v = 0; v < EDGES; v++)
		free(expected[v]);
	printf("%lu functions, %lu results agree\n", (unsigned long)function_count, agreed);
	return 0;
}
