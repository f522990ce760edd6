// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Patching under the eyes of others: one thread executes code in the pages that are replaced, and
 * its results are right at every moment; another reads /proc/self/maps and must never see memory
 * that is writable and executable.
 *
 * From one narrow value to another no instruction moves, so there the thread may execute the sites
 * themselves. Between the original and an immediate the instructions have other lengths, a thread
 * between an instruction and its padding would resume in the middle of a NOP (rcpp.h asks to patch
 * before there are threads): there it executes what stands around the sites.
 */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"

static atomic_bool stop;
static atomic_ulong executed;
static atomic_ulong looked;

static void *execute_sites(void *unused)
{
	while (!stop) {
		CHECK((add64(0) | 1) == 43);
		CHECK((load32() | 1) == 43);
		CHECK((longest() | 1) == 43);
		CHECK((far() | 1) == 43);
		executed++;
	}
	return unused;
}

static void *execute_around(void *unused)
{
	while (!stop) {
		char text[16];

		CHECK(declared_out() == 11);
		snprintf(text, sizeof(text), "%d", 42); /* of the same text in a static program */
		CHECK(!strcmp(text, "42"));
		executed++;
	}
	return unused;
}

static void *look(void *unused)
{
	char line[4352];

	while (!stop) {
		FILE *maps = fopen("/proc/self/maps", "re");

		CHECK(maps);
		while (fgets(line, sizeof(line), maps)) {
			char protection[5];

			CHECK(sscanf(line, "%*x-%*x %4s", protection) == 1);
			CHECK(protection[1] != 'w' || protection[2] != 'x');
		}
		fclose(maps);
		looked++;
	}
	return unused;
}

static void change_value(int round)
{
	b = w = 42 + (round & 1);
	CHECK(rcpp_patch() == 0);
}

static void change_to_and_fro(int round)
{
	CHECK((round & 1 ? rcpp_revert() : rcpp_patch()) == 0);
}

static void watch(int rounds, void *(*execute)(void *), void (*change)(int))
{
	pthread_t threads[2];
	int i;

	stop = false;
	executed = looked = 0;
	change(0);
	CHECK(!pthread_create(&threads[0], NULL, execute, NULL));
	CHECK(!pthread_create(&threads[1], NULL, look, NULL));
	for (i = 1; i < rounds || executed < 100 || looked < 20; i++)
		change(i);
	stop = true;
	CHECK(!pthread_join(threads[0], NULL));
	CHECK(!pthread_join(threads[1], NULL));
}

int main(int count, char **arguments)
{
	int rounds = count > 1 ? atoi(arguments[1]) : 500;

	watch(rounds, execute_sites, change_value);
	watch(rounds, execute_around, change_to_and_fro);
	return 0;
}
