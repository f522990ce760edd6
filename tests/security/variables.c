// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * After rcpp_patch() a write to a patchable variable faults at that variable, all other data stays
 * writable, rcpp_revert() and RCPP_KEEP_WRITABLE open the variables. Compiled through rcpp, alone
 * or between others.
 */
#define _GNU_SOURCE 1
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rcpp.h"

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: failed: %s (%s)\n", __FILE__, __LINE__,            \
				#condition, rcpp_error());                                         \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

/* Around the patchables, wherever the linker puts them: all of this must stay writable. */
long initialized[600] = {1};
long zeroed[600];
__patchable long b = 1;
static __patchable unsigned int shift;
__patchable char tail[3];
long *volatile places[] = {initialized, initialized + 599, zeroed, zeroed + 599};

__attribute__((noinline)) static long use(long x)
{
	return (x + b) << shift;
}

static sigjmp_buf before_write;
static void *faulting;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)context;
	faulting = info->si_addr;
	siglongjmp(before_write, number);
}

/* Writes what is there already. */
static bool is_writable(void *place)
{
	volatile char *byte = place;

	faulting = NULL;
	if (sigsetjmp(before_write, 1)) {
		CHECK(faulting == place);
		return false;
	}
	*byte = *byte;
	return true;
}

static void check_others(void)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		CHECK(is_writable(places[i]));
	CHECK(is_writable((void *)places));
}

static void check_variables(bool writable)
{
	CHECK(is_writable(&b) == writable);
	CHECK(is_writable(&shift) == writable);
	CHECK(is_writable(&tail[2]) == writable);
	check_others();
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
	struct rcpp_stats stats;

	CHECK(!sigaction(SIGSEGV, &action, NULL));
	check_variables(true);
	b = 40;
	shift = 1;
	CHECK(!rcpp_patch() && !rcpp_stats(&stats) && stats.patched >= 2);
	check_variables(false);
	CHECK(use(2) == 84 && b == 40);
	CHECK(!rcpp_patch());
	check_variables(false);
	CHECK(!rcpp_revert());
	check_variables(true);

	CHECK(!rcpp_configure(RCPP_KEEP_WRITABLE));
	b = 41;
	CHECK(!rcpp_patch());
	check_variables(true);
	CHECK(use(1) == 84);
	CHECK(rcpp_configure(RCPP_KEEP_WRITABLE | 8) == -1);
	CHECK(!strcmp(rcpp_error(), "rcpp_configure: unknown flags 0x9"));
	check_variables(true);
	CHECK(!rcpp_configure(0) && !rcpp_patch());
	check_variables(false);
	CHECK(!rcpp_configure(RCPP_KEEP_WRITABLE) && !rcpp_patch());
	check_variables(true);
	return 0;
}
