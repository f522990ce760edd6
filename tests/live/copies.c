// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Two copies of the runtime in one process: the program has one, and a library, which is this file
 * with -DLIBRARY, another. Each has a thread that gives its variable another value and patches, as
 * often as it can, and a third thread looks at the results.
 *
 *	copies modules	each copy patches its own module, and reverts all
 *	copies all	each patches all modules, whose variables stay writable
 *
 * At first both copies wait for the dynamic linker's lock, which a third thread has: neither has
 * chosen its signal yet, and neither may take the other's thread for one that blocks it.
 */
#define _GNU_SOURCE 1
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define OLD 5
#define NEW 0x123456789abL

struct copy {
	long (*use)(long x);
	long (*divide)(long x);
	void (*change)(long to, int all);
};

static __patchable long value = OLD;

static __attribute__((noinline)) long use(long x)
{
	return x + value;
}

static __attribute__((noinline)) long divide(long x)
{
	return x / value;
}

static void change(long to, int all)
{
	CHECK(all ? !rcpp_configure(RCPP_KEEP_WRITABLE) : !rcpp_revert());
	*(long *)hide(&value) = to;
	CHECK(all ? !rcpp_patch() : !rcpp_patch_module(&value));
	CHECK(use(1) == to + 1 && divide(3 * to + 1) == 3);
}

#ifdef LIBRARY
const struct copy other = {use, divide, change};
#else
extern const struct copy other;

static const struct copy own = {use, divide, change};
static _Atomic int done, all;
static _Atomic unsigned long changes[2];

static void *keep_changing(void *context)
{
	const struct copy *copy = context;
	long to = OLD;

	while (!done) {
		to = OLD + NEW - to;
		copy->change(to, all);
		changes[copy == &own]++;
	}
	return NULL;
}

/* Long enough for both threads to wait behind it. */
static int hold(struct dl_phdr_info *info, size_t size, void *started)
{
	(void)info;
	(void)size;
	*(_Atomic int *)started = 1;
	usleep(300000);
	return 1;
}

static void *hold_lock(void *started)
{
	dl_iterate_phdr(hold, started);
	return NULL;
}

static void look(const struct copy *copy)
{
	long sum = copy->use(0);
	long quotient = copy->divide(NEW);

	CHECK(sum == OLD || sum == NEW);
	CHECK(quotient == NEW / OLD || quotient == 1);
}

/* On a machine that does much else, two seconds are not enough. */
static bool has_few_changes(void)
{
	return changes[0] <= 10 || changes[1] <= 10;
}

int main(int count, char **arguments)
{
	time_t end = time(NULL) + 2;
	_Atomic int started = 0;
	pthread_t thread[3];

	CHECK(count == 2);
	all = !strcmp(arguments[1], "all");
	CHECK(!pthread_create(&thread[2], NULL, hold_lock, (void *)&started));
	while (!started)
		usleep(100);
	CHECK(!pthread_create(&thread[0], NULL, keep_changing, (void *)&own));
	CHECK(!pthread_create(&thread[1], NULL, keep_changing, (void *)&other));
	while (time(NULL) < end || (has_few_changes() && time(NULL) < end + 60)) {
		look(&own);
		look(&other);
	}
	done = 1;
	CHECK(!pthread_join(thread[0], NULL) && !pthread_join(thread[1], NULL));
	printf("%lu and %lu changes\n", changes[0], changes[1]);
	CHECK(!has_few_changes());
	return 0;
}
#endif
