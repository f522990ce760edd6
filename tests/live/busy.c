// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Threads that are nearly always in a loop which takes a value that was loaded in front of it,
 *while the value changes. Each loop computes with one value from its beginning to its end; no
 *change waits for a loop to end, or fails since there is always one.
 *
 *	busy		new values, with reverts in between
 *	busy stored	the values are stored as any others, and rcpp_patch() is called
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include <rcpp.h>

#include "check.h"

#define THREADS 2
#define SMALL	7
#define LARGE	1000003

__patchable unsigned long divisor = SMALL;
static atomic_bool ended;

/* How often something is not what it is with the value in the register. */
static inline unsigned long count_wrong(unsigned long x, unsigned long rounds)
{
	unsigned long by = divisor, same = by, wrong = 0, large = 0, i;
	volatile unsigned long jumped = 0;

	__asm__("" : "+r"(same)); /* in front of the loop, where it keeps nothing from being held */
	for (i = 0; i < rounds; i++) {
		unsigned long quotient = x / by, rest = x % by;

		wrong += quotient * same + rest != x;
		large += by > 1000;
		if (by > 500)
			jumped++;
		x = x * 5 + i;
	}
	return wrong + (large != (same > 1000) * rounds) + (jumped != large);
}

__attribute__((noinline)) static unsigned long run_once(unsigned long x)
{
	return count_wrong(x, 20000);
}

static void *call_always(void *unused)
{
	unsigned long wrong = 0, x = 0;

	while (!ended)
		wrong += run_once(x++);
	CHECK(!wrong);
	return unused;
}

/* The compiler may load the value once for ever. */
static void *loop_always(void *unused)
{
	unsigned long wrong = 0, x = 0;

	while (!atomic_load_explicit(&ended, memory_order_relaxed))
		wrong += count_wrong(x++, 20);
	CHECK(!wrong);
	return unused;
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Is a site in the loops as compiled, although its value is known? */
static unsigned long patched_sites(void)
{
	struct rcpp_stats stats;

	CHECK(!rcpp_stats(&stats));
	return stats.patched;
}

static void change(unsigned long i, bool stored)
{
	unsigned long value = i & 1 ? LARGE : SMALL;

	if (stored)
		divisor = value;
	if (stored || i % 16 == 0)
		CHECK((i % 16 || !rcpp_revert()) && !rcpp_patch());
	else
		CHECK(!RCPP_SET(divisor, value));
	CHECK(!rcpp_verify());
}

int main(int count, char **arguments)
{
	bool stored = count > 1 && !strcmp(arguments[1], "stored");
	unsigned long changes = 0, patched;
	pthread_t threads[THREADS + 1];
	double begin;
	int i;

	CHECK(!rcpp_configure(stored ? RCPP_KEEP_WRITABLE : 0) && !rcpp_patch());
	patched = patched_sites();
	for (i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&threads[i], NULL, call_always, NULL));
	CHECK(!pthread_create(&threads[THREADS], NULL, loop_always, NULL));
	for (begin = seconds(); seconds() < begin + 1; changes++)
		change(changes, stored);
	ended = true;
	for (i = 0; i <= THREADS; i++)
		CHECK(!pthread_join(threads[i], NULL));
	if (stored)
		divisor = SMALL;
	CHECK((stored || !RCPP_SET(divisor, SMALL)) && !rcpp_patch());
	CHECK(patched_sites() == patched); /* also those that threads kept as compiled */
	printf("%lu changes\n", changes);
	return 0;
}
