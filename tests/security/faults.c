// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * faults HOW [own]: dies of a write. With `own`, the program has a handler itself.
 *
 *	global static field library	to a variable that is closed
 *	other null			to other memory
 *	sent				of a signal that somebody sends
 *	off				to a closed variable, when nothing is to be said any more
 */
#define _GNU_SOURCE 1
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rcpp.h"

#ifdef LIBRARY
static __patchable long theirs = 3;

long *their_address(void);
long *their_address(void)
{
	return &theirs;
}

long their_value(void);
long their_value(void)
{
	return theirs;
}
#else
struct pair {
	long first, second;
};

__patchable long global = 1;
static __patchable long hidden = 2;
__patchable struct pair pair = {3, 4};
static long other[512] __attribute__((aligned(4096)));

long *their_address(void);

__attribute__((noinline)) long sum(void)
{
	return global + hidden + pair.first + pair.second;
}

__attribute__((noinline)) void late_write(volatile long *to)
{
	*to = 5;
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	static const char text[] = "our own handler\n";

	(void)number;
	(void)info;
	(void)context;
	if (write(1, text, sizeof(text) - 1) < 0)
		_exit(2);
	_exit(3);
}

static void write_late(const char *how)
{
	if (!strcmp(how, "global") || !strcmp(how, "off"))
		late_write(&global);
	else if (!strcmp(how, "static"))
		late_write(&hidden);
	else if (!strcmp(how, "field"))
		late_write(&pair.second);
	else if (!strcmp(how, "library"))
		late_write(their_address());
	else if (!strcmp(how, "other"))
		late_write(other);
	else if (!strcmp(how, "null"))
		late_write(NULL);
	else
		kill(getpid(), SIGSEGV);
}

int main(int count, char **arguments)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};

	if (count < 2 || sum() != 10 || mprotect(other, 4096, PROT_READ))
		return 2;
	if (count > 2)
		sigaction(SIGSEGV, &action, NULL);
	if (rcpp_configure(RCPP_EXPLAIN_FAULTS) || rcpp_configure(RCPP_EXPLAIN_FAULTS) ||
	    rcpp_patch())
		return 2;
	if (!strcmp(arguments[1], "off") && rcpp_configure(0))
		return 2;
	write_late(arguments[1]);
	return 1;
}
#endif
