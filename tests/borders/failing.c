// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Patches, patches other values, updates, and reverts, while system calls fail: after each step the
 * results are right, and no site disagrees with its variable; the variables are open if no site
 * holds a value, and not opened otherwise. When nothing fails any more, everything succeeds.
 *
 * With the argument `lock`, memory is locked.
 */
#define _GNU_SOURCE 1
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "far.h"
#include "marks.h"

__patchable long wide = 1L << 40, narrow = 5;
__patchable unsigned int divisor = 10, shift = 3;

/* A load and its consumer 100 kB apart. */
DEFINE_FAR(narrow)

__attribute__((noinline)) long add(long x)
{
	return x + wide;
}

__attribute__((noinline)) unsigned int divide(unsigned int x)
{
	return x / divisor;
}

__attribute__((noinline)) int compare(void)
{
	return narrow > 5 ? 1 : 2;
}

__attribute__((noinline)) unsigned long shifted(unsigned long x)
{
	return (x >> shift) ^ (x << shift);
}

static void check(void)
{
	long n = *(volatile long *)hide(&narrow), w = *(volatile long *)hide(&wide);
	unsigned int d = *(volatile unsigned int *)hide(&divisor);
	unsigned int s = *(volatile unsigned int *)hide(&shift);

	CHECK(far(1) == many_steps(1) + (unsigned long)n);
	CHECK(add(1) == 1 + w);
	CHECK(divide(1234567) == 1234567 / d);
	CHECK(compare() == (n > 5 ? 1 : 2));
	CHECK(shifted(0xf0f0f0f0f0ul) == ((0xf0f0f0f0f0ul >> s) ^ (0xf0f0f0f0f0ul << s)));
	CHECK(rcpp_verify() == 0);
}

static void set(long value)
{
	*(long *)hide(&narrow) = value;
	*(long *)hide(&wide) = value << 34 | value;
	*(unsigned int *)hide(&divisor) = (unsigned int)value * 3 + 1;
	*(unsigned int *)hide(&shift) = (unsigned int)value & 15;
}

/* All of them to new values; if it fails, none of them. */
static int update(void)
{
	static long value = 11;
	long narrow_before = *(volatile long *)hide(&narrow);
	long w = value << 34 | value, n = value++;
	unsigned int d = (unsigned int)n * 5 + 1, s = (unsigned int)n & 15;
	const struct rcpp_change changes[] = {
		{&narrow, &n, sizeof(n)},
		{&wide, &w, sizeof(w)},
		{&divisor, &d, sizeof(d)},
		{&shift, &s, sizeof(s)},
	};
	int result = rcpp_update(changes, 4);

	if (result && strstr(rcpp_error(), "changed")) /* nothing is, or the text, but not they */
		CHECK(*(volatile long *)hide(&narrow) == narrow_before);
	else
		CHECK(*(volatile long *)hide(&narrow) == n);
	return result;
}

static unsigned long patched(void)
{
	struct rcpp_stats stats;

	CHECK(rcpp_stats(&stats) == 0);
	return stats.patched;
}

static int marked(int (*call)(void))
{
	int result;

	getpgid(BEGIN);
	result = call();
	getpgid(END);
	return result;
}

static void step(int (*call)(void), long value)
{
	bool open = is_open(&narrow);
	int result = marked(call);
	char message[256];

	snprintf(message, sizeof(message), "%s", rcpp_error());
	CHECK(!result == !*message);
	if (strstr(message, "a part of the text")) { /* where writing back fails, too */
		CHECK(call == update);
		CHECK(!update());
	}
	check();
	if (patched()) {
		CHECK(!is_open(&narrow) || (open && (result || call == update)) ||
		      strstr(message, "stay writable"));
	} else if (!strstr(message, "stay read-only")) {
		CHECK(is_open(&narrow));
		set(value);
		check();
	}
}

int main(int count, char **arguments)
{
	if (count > 1 && !strcmp(arguments[1], "lock"))
		CHECK(!mlockall(MCL_CURRENT));
	check();
	step(rcpp_patch, 3);
	rcpp_configure(RCPP_KEEP_WRITABLE);
	CHECK(!rcpp_patch());
	set(1000);
	marked(rcpp_patch);
	CHECK(!rcpp_patch());
	check();
	rcpp_configure(0);
	step(rcpp_patch, 4);
	step(update, 5);
	step(rcpp_revert, 7);
	CHECK(!rcpp_revert());
	CHECK(!patched());
	set(8);
	CHECK(!rcpp_patch());
	CHECK(patched());
	check();
	CHECK(!rcpp_revert());
	set(9);
	check();
	return 0;
}
