// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Patching to and fro leaves nothing behind: as many mappings and as much address space after a
 * thousand rounds as after one, and the lowest free descriptor is the same.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

struct use {
	size_t mappings;
	size_t bytes;
	int descriptor;
};

static struct use measure(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4352];
	struct use use = {0};

	CHECK(maps);
	use.descriptor = fileno(maps);
	while (fgets(line, sizeof(line), maps)) {
		uintptr_t start, stop;

		CHECK(sscanf(line, "%lx-%lx", &start, &stop) == 2);
		use.mappings++;
		use.bytes += stop - start;
	}
	fclose(maps);
	return use;
}

static void round_trip(int value)
{
	b = w = value;
	CHECK(rcpp_patch() == 0);
	CHECK(load32() == value);
	CHECK(rcpp_revert() == 0);
}

int main(void)
{
	struct use before;
	struct use after;
	int i;

	measure();
	round_trip(0);
	before = measure();
	for (i = 1; i <= 1000; i++)
		round_trip(i);
	after = measure();
	CHECK(after.mappings == before.mappings);
	CHECK(after.bytes == before.bytes);
	CHECK(after.descriptor == before.descriptor);
	return 0;
}
