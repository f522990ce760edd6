// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the tracer watches: patches, reverts and patches again. With the argument "open" it also
 * does what the tracer must notice, memory that is writable and executable; with "views" the same
 * pages once writable and once executable.
 */
#define _GNU_SOURCE 1
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "rcpp.h"

__patchable long b;

__attribute__((noinline)) static long use(long x)
{
	return x + b;
}

static int open_memory(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(memory, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) ||
	       mprotect(memory, 4096, PROT_READ);
}

static int open_views(void)
{
	int file = memfd_create("views", 0);

	return file < 0 || ftruncate(file, 4096) ||
	       mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED ||
	       mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0) == MAP_FAILED;
}

int main(int argc, char **argv)
{
	for (int round = 1; round < 4; round++) {
		struct rcpp_stats stats;

		b = round;
		if (rcpp_patch() || rcpp_stats(&stats) || !stats.patched || use(1) != 1 + round ||
		    rcpp_revert() || use(1) != 1 + round)
			return 1;
	}
	if (argc > 1)
		return strcmp(argv[1], "open") ? open_views() : open_memory();
	return 0;
}
