// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The smallest program: main() settles `greeting`, then hello() has it as an immediate. */
#include <stdio.h>
#include <rcpp.h>

static __patchable const char *greeting;

__attribute__((noinline)) static void hello(void)
{
	puts(greeting);
}

int main(int argc, char **argv)
{
	greeting = argc > 1 ? argv[1] : "Hello, world";
	if (rcpp_patch())
		fprintf(stderr, "hello: %s\n", rcpp_error());
	hello();
	return 0;
}
