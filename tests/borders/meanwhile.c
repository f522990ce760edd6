// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A variable is written while rcpp_patch() has chosen the pages that change and not yet read the
 * values: its site lies in another page. The program's own mprotect() does it.
 */
#define _GNU_SOURCE 1
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "far.h"

__patchable long early = 1, late = 2;
static long *written;

int mprotect(void *address, size_t length, int protection);
int mprotect(void *address, size_t length, int protection)
{
	if (written)
		*written = 200;
	written = NULL;
	return (int)syscall(SYS_mprotect, address, length, protection);
}

__attribute__((noinline)) long read_early(void)
{
	return early;
}

__attribute__((noinline)) unsigned long between(unsigned long x)
{
	MANY_STEPS(x)
	return x;
}

__attribute__((noinline)) long read_late(void)
{
	return late;
}

int main(void)
{
	CHECK(!rcpp_configure(RCPP_KEEP_WRITABLE) && !rcpp_patch());
	*(long *)hide(&early) = 100;
	written = hide(&late);
	CHECK(!rcpp_patch());
	CHECK(!written && read_early() == 100 && read_late() == 200 && !rcpp_verify());
	return between(1) == 0;
}
