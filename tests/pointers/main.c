/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sets the variables to values of all sizes. For each, what use() computes is printed unpatched;
 * patched and reverted it must be the same. The number of patched sites goes to standard error.
 *
 * With -DOPENING, use() is in the library that the environment variable LIBRARY names, which is
 * opened after the first call of rcpp_patch().
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rcpp.h"
#include "variables.h"

#ifdef OPENING
#define use NULL
#else
extern long use(long);
#endif
static long (*used)(long);

static const long values[] = {
	0,
	1,
	2,
	-1,
	7,
	64,
	127,
	128,
	-129,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	-0x80000000L,
	-0x80000001L,
	0x123456789abcdef,
	-0x7edcba9876543210,
};

static long same(long x)
{
	return x;
}

static long negated(long x)
{
	return -x;
}

static void set(long value)
{
	on = (int)value;
	base = value;
	divisor = (unsigned)value | 1;
	mask = (unsigned long)value ^ 0x55;
	settings.mode = (int)(value & 3);
	settings.limit = value - 1;
	settings.level = (unsigned char)value;
	settings.sign = (signed char)value;
	settings.step = (unsigned short)value;
	settings.shift = (unsigned)value;
	settings.list[1] = value * 3;
	settings.list[2] = -value;
	choice = value & 1 ? same : negated;
	if (&maybe)
		maybe = value + 5;
}

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, rcpp_error());
	exit(2);
}

static unsigned long sum(void)
{
	unsigned long result = 0;

	for (long x = -20; x < 40; x++)
		result = result * 31 + (unsigned long)used(x * 7919);
	return result;
}

/* New values for what is patched, while it is patched. */
static void update(long value)
{
	int new_on = (int)value + 1;
	long new_base = value ^ 0x1234567;
	struct settings new_settings = settings;

	new_settings.limit += 77;
	new_settings.mode = !new_settings.mode;
	const struct rcpp_change changes[] = {
		{&on, &new_on, sizeof(on)},
		{&base, &new_base, sizeof(base)},
		{&settings, &new_settings, sizeof(settings)},
	};

	if (rcpp_update(changes, 3) || rcpp_verify())
		fail("rcpp_update");
}

static void check(const char *what, long value, unsigned long got, unsigned long right)
{
	if (got == right)
		return;
	fprintf(stderr, "%s, value 0x%lx: %lx instead of %lx\n", what, value, got, right);
	exit(3);
}

static unsigned long run(long value)
{
	struct rcpp_stats stats;
	unsigned long before, updated;

	set(value);
	before = sum();
	if (rcpp_patch() || rcpp_stats(&stats) || rcpp_verify())
		fail("rcpp_patch");
	check("patched", value, sum(), before);
	update(value);
	updated = sum();
	if (rcpp_revert())
		fail("rcpp_revert");
	check("updated", value, updated, sum());
	set(value);
	check("reverted", value, sum(), before);
	printf("%lx: %lx %lx\n", value, before, updated);
	return stats.patched;
}

static void *open_library(const char *name)
{
	void *library;

	if (rcpp_patch())
		fail("rcpp_patch, before the library is opened");
	library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
	if (!library) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	*(void **)&used = dlsym(library, "use");
	return library;
}

int main(void)
{
	const char *name = getenv("LIBRARY");
	unsigned long most = 0;

	used = use;
	if (name)
		open_library(name);
	printf("%lx\n", sum()); /* with the values that the variables begin with */
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		unsigned long patched = run(values[i]);

		most = patched > most ? patched : most;
	}
	fprintf(stderr, "%lu patched\n", most);
	return 0;
}
