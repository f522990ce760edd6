// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How fast is the code? Each function is timed plain, through rcpp but unpatched, and patched, in
 * one process and in turns, so that the machine's moods hit all alike; the best of many rounds
 * counts. Prints a line a function: name, then the times relative to the plain one.
 */
#define _GNU_SOURCE 1
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "kernels.h"
#include "rcpp.h"

#define BITS   12
#define ROUNDS 400

static unsigned long slots[1 << BITS];
static volatile unsigned long sink;

/* Time of some calls; with `forget`, of one call after the variables left the cache. */
static double seconds(unsigned long (*function)(unsigned long), void (*forget)(void))
{
	struct timespec begin, end;

	if (forget) {
		sink += function(1); /* the code and the slot are in the cache, */
		forget();	     /* the variables are not */
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < (forget ? 1 : 4); i++)
		sink += function(forget ? 1 : sink);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
}

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

static void require(int status)
{
	if (status) {
		fprintf(stderr, "%s\n", rcpp_error());
		exit(1);
	}
}

static void measure(const char *name, unsigned long (*plain)(unsigned long),
		    unsigned long (*filtered)(unsigned long), void (*forget_plain)(void),
		    void (*forget_filtered)(void))
{
	double best[3] = {1, 1, 1};

	for (int round = 0; round < ROUNDS; round++) {
		best[0] = smaller(best[0], seconds(plain, forget_plain));
		require(rcpp_revert());
		best[1] = smaller(best[1], seconds(filtered, forget_filtered));
		require(rcpp_patch());
		best[2] = smaller(best[2], seconds(filtered, forget_filtered));
	}
	printf("%s\t1.00\t%.2f\t%.2f\n", name, best[1] / best[0], best[2] / best[0]);
}

int main(void)
{
	setup_plain(slots, BITS);
	setup_rcpp(slots, BITS);
	printf("function\tplain\tunpatched\tpatched\n");
	measure("lookup_cold", lookup_cold_plain, lookup_cold_rcpp, forget_plain, forget_rcpp);
	measure("lookup", lookup_plain, lookup_rcpp, NULL, NULL);
	measure("add_narrow", add_narrow_plain, add_narrow_rcpp, NULL, NULL);
	measure("add_wide", add_wide_plain, add_wide_rcpp, NULL, NULL);
	measure("compare", compare_plain, compare_rcpp, NULL, NULL);
	measure("remainder", remainder_plain, remainder_rcpp, NULL, NULL);
	measure("quotient_wide", quotient_wide_plain, quotient_wide_rcpp, NULL, NULL);
	return 0;
}
