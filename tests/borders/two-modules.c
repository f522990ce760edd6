// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The variables of two modules change in one call, and those of the first cannot be closed again:
 * those of the second are, and the call says what it could not do.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "check.h"

struct wide {
	long before[512], value, behind[512];
};

#ifdef LIBRARY
__patchable struct wide theirs = {.value = 5};

long *their_value(void)
{
	return &theirs.value;
}

long use_theirs(void)
{
	return theirs.value;
}
#else
__patchable struct wide ours = {.value = 5};

long *their_value(void);
long use_theirs(void);
long __real_syscall(long, long, long, long, long, long, long);

static bool failing;

/* As the linker calls it for syscall(), with --wrap. */
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	long value = (long)&ours.value;

	if (failing && number == SYS_mprotect && c == PROT_READ && a <= value && value < a + b) {
		errno = ENOMEM;
		return -1;
	}
	return __real_syscall(number, a, b, c, d, e, f);
}

__attribute__((noinline)) static long use_ours(void)
{
	return ours.value;
}

int main(void)
{
	const long value = 7;
	const struct rcpp_change changes[] = {{&ours.value, &value, 8}, {their_value(), &value, 8}};

	CHECK(!rcpp_patch());
	CHECK(!is_open(&ours.value) && !is_open(their_value()));
	failing = true;
	CHECK(rcpp_update(changes, 2) == -1);
	CHECK(strstr(rcpp_error(), "its variables stay writable"));
	failing = false;
	CHECK(is_open(&ours.value) && !is_open(their_value()));
	CHECK(use_ours() == 7 && use_theirs() == 7);
	CHECK(!rcpp_patch());
	CHECK(!is_open(&ours.value));
	return 0;
}
#endif
