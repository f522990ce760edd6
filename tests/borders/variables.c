// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The variables are open exactly when no site holds a value, whatever has failed.
 *
 *	variables second SITE  rcpp_patch() again, with a breakpoint in a site: they stay closed
 *	variables first SITE   a breakpoint before the first one: they stay open
 *	variables limit	  no memory is to be had: they stay open
 *	variables verify  a variable that changes behind its sites' back is found
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
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

static void put_breakpoint(const void *place)
{
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	CHECK(memory >= 0);
	CHECK(pwrite(memory, "\xcc", 1, (off_t)(unsigned long)place) == 1);
	close(memory);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	_exit(info->si_addr == (void *)&value ? 42 : 1);
}

static void write_value(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &action, NULL);
	*(long *)hide(&value) = 6;
	CHECK(use(1) == 7);
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

int main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";
	struct rlimit limit = {4096, 4096};

	if (!strcmp(what, "verify")) {
		check_verify();
		return 0;
	}
	if (!strcmp(what, "second"))
		CHECK(!rcpp_patch());
	if (!strcmp(what, "limit"))
		CHECK(!setrlimit(RLIMIT_DATA, &limit));
	else
		put_breakpoint(__ehdr_start + strtol(arguments[2], NULL, 0));
	CHECK(rcpp_patch() == -1);
	CHECK(!strstr(rcpp_error(), "read-only"));
	write_value();
	return 0;
}
