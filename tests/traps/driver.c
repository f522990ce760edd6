/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The main program of the tests in this directory. It is not filtered. For each value it runs
 * trap_run() unpatched, patched and reverted: all three must agree. It prints the unpatched
 * results, to be compared with those of a program that never saw rcpp.
 */
#include <stdio.h>
#include <stdlib.h>
#include "rcpp.h"

extern long b __attribute__((weak));
unsigned long trap_run(void);

/* What a test sets with a value; the long variable b if it says nothing else. */
__attribute__((weak)) void trap_set(long value)
{
	b = value;
}

static const long values[] = {
	0,
	1,
	5,
	-1,
	63,
	127,
	128,
	-128,
	0x5a5a,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	-0x80000000L,
	-0x80000001L,
	0x123456789abcdef,
	0x7edcba9876543210,
	-0x7edcba9876543210,
};

int main(void)
{
	const char *sites = getenv("TRAP_SITES");
	struct rcpp_stats stats = {0};
	unsigned long most = 0;
	int failures = 0;

	rcpp_configure(RCPP_KEEP_WRITABLE); /* some traps are stores */
	for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
		unsigned long before, patched, reverted;

		trap_set(values[i]);
		before = trap_run();
		if (rcpp_patch() || rcpp_stats(&stats)) {
			fprintf(stderr, "patching failed: %s\n", rcpp_error());
			return 2;
		}
		most = stats.patched > most ? stats.patched : most;
		patched = trap_run();
		if (rcpp_revert()) {
			fprintf(stderr, "reverting failed: %s\n", rcpp_error());
			return 2;
		}
		reverted = trap_run();
		printf("%lx: %lx\n", (unsigned long)values[i], before);
		if (patched != before || reverted != before) {
			if (failures++ < 2)
				fprintf(stderr, "value %lx: %lx, patched %lx, reverted %lx\n",
					(unsigned long)values[i], before, patched, reverted);
		}
	}
	if (sites && *sites && !most) {
		fprintf(stderr, "nothing was patched\n");
		return 3;
	}
	return failures != 0;
}
