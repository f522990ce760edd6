// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * wait ADDRESS:LENGTH=VALUE...: puts values into variables, at addresses as the file has them,
 * calls rcpp_patch(), says "ready" and waits until its input ends. Meanwhile compare.py reads the
 * text. It is linked with sites of any kind, which it never executes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rcpp.h"

extern const char __executable_start[];

/* What the cases of tests/execute want to be linked with. */
#ifdef EXECUTE
char execute_in[1], execute_out[1], execute_scratch[1], execute_stack[1];
#endif

/* What the cases of tests/branches, tests/turned and tests/divisions read. */
#ifdef VARIABLES
unsigned char v1;
unsigned short v2;
unsigned v4;
unsigned long v8;
#endif

/* Loaded elsewhere, a position-independent program has its addresses from 0 on. */
static uintptr_t base(void)
{
#ifdef __PIE__
	return (uintptr_t)__executable_start;
#else
	return 0;
#endif
}

static int put(const char *text)
{
	char *end;
	uintptr_t address = strtoull(text, &end, 0);
	size_t length = *end == ':' ? strtoull(end + 1, &end, 0) : 0;
	uint64_t value = *end == '=' ? strtoull(end + 1, &end, 0) : 0;

	if (*end || !length || length > sizeof(value))
		return 1;
	memcpy((void *)(base() + address), &value, length);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (put(argv[i]))
			return 2;
	if (rcpp_patch()) {
		fprintf(stderr, "wait: %s\n", rcpp_error());
		return 1;
	}
	puts("ready");
	fflush(stdout);
	return getchar() != EOF;
}
