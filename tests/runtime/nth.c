// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Each system call of patching and reverting fails once, the first, the second and so on; then each
 * and all after it, so that the undoing fails, too. The call says which one it was, the text is
 * what it was or each site is old or new (then the message says so), the variables can be written
 * if the text reads them, and the next call does what this one could not.
 *
 * Linked with --wrap for the three calls: the kernel cannot be told to count.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "check.h"

#ifndef SEGMENTS
#define SEGMENTS 1
#endif
#define NEVER (-1)

static int left = NEVER; /* calls until one fails */
static bool all;	 /* all after it fail, too */
static const char *failed;

void *__real_mmap(void *, size_t, int, int, int, off_t);
int __real_mprotect(void *, size_t, int);
void *__real_mremap(void *, size_t, size_t, int, ...);

static bool fails(const char *call)
{
	if (left == NEVER || left-- > 0)
		return false;
	if (!failed)
		failed = call;
	left = all ? 0 : NEVER;
	errno = ENOMEM;
	return true;
}

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
	if (fails("mmap"))
		return MAP_FAILED;
	return __real_mmap(address, length, protection, flags, file, offset);
}

int __wrap_mprotect(void *address, size_t length, int protection)
{
	return fails("mprotect") ? -1 : __real_mprotect(address, length, protection);
}

void *__wrap_mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	va_list arguments;
	void *address;

	va_start(arguments, flags);
	address = va_arg(arguments, void *);
	va_end(arguments);
	return fails("mremap") ? MAP_FAILED : __real_mremap(old, old_size, size, flags, address);
}

static void check_results(void)
{
	CHECK(add64(1) == 1 + b);
	CHECK(load32() == w);
	CHECK(far() == w);
	CHECK(shift(64) == 3 * (64U >> s) || s);
}

/* Returns whether there was an nth call to fail. */
static bool check_nth(int (*call)(void), int nth)
{
	static uint8_t before[4096], far_before[16];
	size_t size = (size_t)(text_end - text_start);
	const char *text = "; the text is unchanged";
	int result;

	CHECK(size <= sizeof(before));
	memcpy(before, text_start, size);
	memcpy(far_before, (const void *)(uintptr_t)far, sizeof(far_before));
	failed = NULL;
	left = nth;
	result = call();
	left = NEVER;
	check_results();
	if (!failed) {
		CHECK(!result);
		return false;
	}
	if (!result) {
		/* The text's file could not be mapped: anonymous memory does as well. */
		CHECK(!strcmp(failed, "mmap"));
		return true;
	}
	/* The first to fail may be one that has another way. */
	CHECK(all || strstr(rcpp_error(), failed));
	CHECK(strstr(rcpp_error(), "Cannot allocate memory"));
	if (all && strstr(rcpp_error(), "; a part of the text is changed")) {
		/* Sites hold values, so nobody has tried to open the variables. */
		CHECK(!strstr(rcpp_error(), "read-only"));
		return true;
	}
	CHECK(strstr(rcpp_error(), text) || strstr(rcpp_error(), "its variables stay read-only"));
	if (strstr(rcpp_error(), text) || call == rcpp_patch) {
		CHECK(!memcmp(before, text_start, size));
		CHECK(!memcmp(far_before, (const void *)(uintptr_t)far, sizeof(far_before)));
	}
	if (call == rcpp_patch && !all)
		b = b + 1 - 1; /* it is read from memory: a write must not fault */
	return true;
}

static int check_all(int (*call)(void), int (*back)(void))
{
	int nth = 0;

	CHECK(!back());
	while (check_nth(call, nth)) {
		nth++;
		CHECK(!call());
		check_results();
		CHECK(!back());
		check_results();
	}
	return nth;
}

int main(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		all = i;
		b = 1L << 40;
		w = 77;
		s = 3;
		/* map, protect twice and move; and the variables' pages */
		CHECK(check_all(rcpp_patch, rcpp_revert) >= 5 * SEGMENTS);
		CHECK(check_all(rcpp_revert, rcpp_patch) >= 5 * SEGMENTS);
		CHECK(!rcpp_revert());
	}
	return 0;
}
