// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Variables of a program and of a library change at one instant. With -DLIBRARY it is the library.
 *
 *	together threads	two threads compare what both hold
 *	together fails		each system call may fail (tests/borders/fail.c)
 */
#include "rcpp.h"

#ifdef LIBRARY
__patchable long theirs = 1;

long *their_address(void);
long *their_address(void)
{
	return &theirs;
}

long times(long x);
long times(long x)
{
	return x * theirs;
}
#else
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "check.h"
#include "marks.h"

__patchable long mine = 1, generation = 1;

long *their_address(void);
long times(long x);

__attribute__((noinline)) long plus(long x)
{
	return x + mine;
}

__attribute__((noinline)) long read_generation(void)
{
	return generation;
}

/* Narrow and wide in turn. */
static long value_of(long number)
{
	return number % 2 ? number : number << 33 | number;
}

static atomic_bool stop;
static atomic_long equal;

static void *run(void *unused)
{
	while (!stop) {
		long before = read_generation(), ours = plus(0), library = times(1);

		if (read_generation() != before)
			continue;
		CHECK(ours == value_of(before) && library == value_of(before));
		equal++;
	}
	return unused;
}

static int update(long number)
{
	long value = value_of(number);
	const struct rcpp_change changes[] = {
		{&mine, &value, sizeof(value)},
		{their_address(), &value, sizeof(value)},
		{&generation, &number, sizeof(number)},
	};

	return rcpp_update(changes, 3);
}

static void check(long number)
{
	long value = value_of(number);

	CHECK(plus(0) == value && times(1) == value && read_generation() == number);
	CHECK(*(long *)hide(&mine) == value && *(long *)hide(their_address()) == value);
	CHECK(!rcpp_verify());
}

static void check_threads(void)
{
	pthread_t threads[2];

	rcpp_set_timeout(60000);
	CHECK(!rcpp_patch());
	for (int i = 0; i < 2; i++)
		CHECK(!pthread_create(&threads[i], NULL, run, NULL));
	for (long i = 2; i < 200 || equal < 100000; i++) {
		CHECK(!update(i));
		check(i);
	}
	stop = true;
	for (int i = 0; i < 2; i++)
		CHECK(!pthread_join(threads[i], NULL));
}

static void check_fails(void)
{
	int result;

	CHECK(!rcpp_patch());
	getpgid(BEGIN);
	result = update(2);
	getpgid(END);
	if (!result || !strstr(rcpp_error(), "a part of the text"))
		check(result && strstr(rcpp_error(), "changed") ? 1 : 2);
	CHECK(!update(7));
	check(7);
	CHECK(!rcpp_revert());
	CHECK(!update(8));
	check(8);
}

int main(int count, char **arguments)
{
	if (count > 1 && !strcmp(arguments[1], "threads"))
		check_threads();
	else
		check_fails();
	return 0;
}
#endif
