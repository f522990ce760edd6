// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Calls every function of generate.py for values at the edges of each width: unpatched, which is
 * what the processor says, patched, reverted and patched again. Prints how many results agreed.
 */
#include <rcpp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__patchable uint8_t v1;
__patchable uint16_t v2;
__patchable uint32_t v4;
__patchable uint64_t v8;

typedef uint64_t function(uint8_t scratch[16], uint64_t garbage, uint64_t other);
extern function *const functions[];
extern const uint64_t function_count;

/* With their neighbours, shifted to the top of each width. */
static const uint64_t edges[] = {
	0,
	5,
	0x7f,
	0x80,
	0xff,
	0x7fff,
	0x8000,
	0xffff,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xffffffff80000000,
	0x5a5a5a5a5a5a5a5a,
};

static uint64_t call(uint64_t i)
{
	uint8_t scratch[16] = "fifteen letters";

	return functions[i](scratch, 0x1122334455667788, 0x99aabbccddeeff00);
}

static void must(int result)
{
	if (result) {
		fprintf(stderr, "branches: %s\n", rcpp_error());
		exit(2);
	}
}

static unsigned long compare(const uint64_t *expected, uint64_t value, const char *when)
{
	for (uint64_t i = 0; i < function_count; i++) {
		uint64_t result = call(i);

		if (result != expected[i]) {
			fprintf(stderr, "f%lu of %#lx, %s: %#lx instead of %#lx\n", i, value, when,
				result, expected[i]);
			exit(1);
		}
	}
	return function_count;
}

static unsigned long try_value(uint64_t value, uint64_t *expected)
{
	unsigned long agreed = 0;
	struct rcpp_stats stats;

	v1 = (uint8_t)value;
	v2 = (uint16_t)value;
	v4 = (uint32_t)value;
	v8 = value;
	for (uint64_t i = 0; i < function_count; i++)
		expected[i] = call(i);
	must(rcpp_patch());
	must(rcpp_stats(&stats));
	if (stats.patched != stats.sites || stats.sites < function_count) {
		fprintf(stderr, "branches: %lu of %lu sites are patched\n",
			(unsigned long)stats.patched, (unsigned long)stats.sites);
		exit(1);
	}
	agreed += compare(expected, value, "patched");
	must(rcpp_revert());
	agreed += compare(expected, value, "reverted");
	must(rcpp_patch());
	agreed += compare(expected, value, "patched again");
	must(rcpp_revert());
	return agreed;
}

int main(void)
{
	uint64_t *expected = calloc(function_count, sizeof *expected);
	unsigned long agreed = 0;

	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
		for (uint64_t near = 0; near < 3; near++)
			agreed += try_value(edges[i] + near - 1, expected);
	free(expected);
	printf("%lu functions, %lu results agree\n", (unsigned long)function_count, agreed);
	return 0;
}
