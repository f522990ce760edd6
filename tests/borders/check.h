/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the programs of this directory and of tests/live/ share. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rcpp.h"

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, rcpp_error());  \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

/* The variable where it lies: the compiler does not see which one it is, so nothing is a site. */
static inline void *hide(void *variable)
{
	__asm__("" : "+r"(variable));
	return variable;
}

/* Can it be written? The kernel writes what it holds, and faults for nobody. */
static inline bool is_open(long *variable)
{
	int ends[2];
	bool open;

	CHECK(!pipe(ends));
	CHECK(write(ends[1], variable, sizeof(*variable)) == sizeof(*variable));
	open = read(ends[0], variable, sizeof(*variable)) == sizeof(*variable);
	close(ends[0]);
	close(ends[1]);
	return open;
}

/* In seconds; it does not jump. */
static inline double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

#endif
