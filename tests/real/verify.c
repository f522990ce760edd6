/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Linked to programs that patch themselves: when one ends, it appends a line to the file that
 * VERIFIED names: how many sites it has, how many of them are patched, and how many disagree with
 * their variables, with the name of the first. So each process of a test suite is looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include "rcpp.h"

__attribute__((destructor)) static void verify(void)
{
	const char *name = getenv("VERIFIED");
	FILE *file = name ? fopen(name, "a") : NULL;
	struct rcpp_stats stats = {0};
	int disagree;

	if (!file)
		return;
	disagree = rcpp_stats(&stats) ? -1 : rcpp_verify();
	fprintf(file, "%lu %lu %d %s\n", stats.sites, stats.patched, disagree,
		disagree ? rcpp_error() : "");
	fclose(file);
}
