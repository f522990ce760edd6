// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * As many mappings as vm.max_map_count allows, but for a few: rcpp_patch() succeeds, or nothing is
 * changed and the variables are open. Each number of free mappings in a child of its own.
 */
#define _GNU_SOURCE 1
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define SPARE_MAX 40

enum { PATCHED = 10, REFUSED = 11 };

__patchable long value = 5;

/* A load and its consumer far apart, in two functions. */
#define FAR(name)                                                                                  \
	__attribute__((noinline)) long name(long x)                                                \
	{                                                                                          \
		long y = value;                                                                    \
		__asm__ volatile("" : "+r"(y));                                                    \
		__asm__ volatile(".skip 200000, 0x90");                                            \
		return (x << value) + y;                                                           \
	}
FAR(one)
FAR(two)

static long limit(void)
{
	FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
	long count = 0;

	CHECK(file && fscanf(file, "%ld", &count) == 1);
	fclose(file);
	return count;
}

/* Every second page has another protection. Returns the pages up to which that went. */
static long fill(char *area, long pages)
{
	long page = 1;

	while (page < pages && !mprotect(area + page * 4096, 4096, PROT_READ))
		page += 2;
	return page;
}

static void check_results(long expected)
{
	CHECK(one(3) == (3L << expected) + expected);
	CHECK(two(3) == (3L << expected) + expected);
}

static int child(void)
{
	int result = rcpp_patch();
	struct rcpp_stats stats;

	check_results(5);
	CHECK(!rcpp_stats(&stats));
	CHECK(stats.patched == (result ? 0 : stats.sites));
	if (result) {
		*(long *)hide(&value) = 6;
		check_results(6);
	}
	return result ? REFUSED : PATCHED;
}

int main(void)
{
	long pages = limit() * 2 + 2, full, spare;
	char *area = mmap(NULL, pages * 4096, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int patched = 0, refused = 0;

	CHECK(area != MAP_FAILED);
	full = fill(area, pages);
	CHECK(full < pages);
	for (spare = 0; spare <= SPARE_MAX; spare += 2) {
		int status;

		fflush(stdout);
		if (!fork())
			_exit(child());
		CHECK(wait(&status) > 0 && WIFEXITED(status));
		patched += WEXITSTATUS(status) == PATCHED;
		refused += WEXITSTATUS(status) == REFUSED;
		full -= 2;
		CHECK(!mprotect(area + full * 4096, 4096, PROT_NONE));
	}
	printf("%d patched, %d refused\n", patched, refused);
	CHECK(patched + refused == SPARE_MAX / 2 + 1);
	return !patched || !refused;
}
