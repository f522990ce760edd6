// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The variables are open exactly when no site holds a value, whatever has failed.
 *
 *	variables second SITE  rcpp_patch() again, with a breakpoint in a site: they stay closed
 *	variables first SITE   a breakpoint before the first one: they stay open
 *	variables limit	   no memory is to be had: they stay open
 *	variables blocked  a thread cannot be stopped, when they are closed already: they are opened
 *			   again, but not while sites hold values
 *	variables verify   a variable that changes behind its sites' back is found
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"

__patchable long value = 5;
__patchable long other = 7;

__attribute__((noinline)) long use(long x)
{
	return x + value;
}

__attribute__((noinline)) long use_other(long x)
{
	return x + other;
}

/* Returns what was there. */
static char put_byte(const char *place, char byte)
{
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	char before = *place;

	CHECK(memory >= 0);
	CHECK(pwrite(memory, &byte, 1, (off_t)(unsigned long)place) == 1);
	close(memory);
	return before;
}

static void write_value(long new)
{
	*(long *)hide(&value) = new;
	CHECK(use(1) == new + 1);
}

static void *block_signals(void *barrier)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	pthread_barrier_wait(barrier);
	pause();
	return NULL;
}

static void check_blocked(void)
{
	pthread_barrier_t barrier;
	pthread_t thread;

	CHECK(!pthread_barrier_init(&barrier, NULL, 2));
	CHECK(!pthread_create(&thread, NULL, block_signals, &barrier));
	pthread_barrier_wait(&barrier);
	rcpp_set_timeout(100);
	CHECK(rcpp_patch() == -1 && is_open(&value));
	write_value(6);
	rcpp_configure(RCPP_NO_STOP | RCPP_KEEP_WRITABLE);
	CHECK(!rcpp_patch() && is_open(&value) && use(1) == 7);
	rcpp_configure(RCPP_KEEP_WRITABLE);
	*(long *)hide(&value) = 8;
	CHECK(rcpp_patch() == -1 && is_open(&value) && use(1) == 7);
	rcpp_configure(0);
	CHECK(rcpp_patch() == -1 && !is_open(&value) && use(1) == 7);
	CHECK(rcpp_revert() == -1 && !is_open(&value) && use(1) == 7);
	rcpp_configure(RCPP_NO_STOP);
	CHECK(!rcpp_patch() && !is_open(&value) && use(1) == 9);
	CHECK(!rcpp_revert() && is_open(&value) && use(1) == 9);
	write_value(10);
}

static void check_verify(void)
{
	rcpp_configure(RCPP_KEEP_WRITABLE);
	CHECK(!rcpp_patch());
	CHECK(rcpp_verify() == 0 && !*rcpp_error());
	*(long *)hide(&value) = 6;
	*(long *)hide(&other) = 8;
	CHECK(rcpp_verify() == 2);
	CHECK(strstr(rcpp_error(), "variables: site 0x") && strstr(rcpp_error(), "in its file"));
	CHECK(!rcpp_patch() && rcpp_verify() == 0);
}

extern const char __ehdr_start[]; /* the linker's: where the file begins */

static void check_breakpoint(bool second, const char *site)
{
	const char *place = __ehdr_start + strtol(site, NULL, 0);
	char byte;

	if (second)
		CHECK(!rcpp_patch());
	byte = put_byte(place, '\xcc');
	CHECK(rcpp_patch() == -1);
	put_byte(place, byte);
	CHECK(is_open(&value) == !second && use(1) == 6);
	if (!second)
		write_value(6);
}

static void check_limit(void)
{
	static const struct rlimit limit = {4096, 4096};

	CHECK(!setrlimit(RLIMIT_DATA, &limit));
	CHECK(rcpp_patch() == -1);
	CHECK(!strstr(rcpp_error(), "read-only"));
	write_value(6);
}

int main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";

	if (!strcmp(what, "verify"))
		check_verify();
	else if (!strcmp(what, "blocked"))
		check_blocked();
	else if (!strcmp(what, "limit"))
		check_limit();
	else
		check_breakpoint(!strcmp(what, "second"), arguments[2]);
	return 0;
}
