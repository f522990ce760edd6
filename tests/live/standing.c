// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * While threads stand the runtime makes system calls and calls nothing else of the C library, for
 * that may wait for a lock that one of them has. The same holds for what a thread runs that was
 * asked to stop. This is linked with a program whose other references to the C library's functions
 * are wrapped (--wrap): one that is called at such a time ends the program with a message.
 *
 * names.h has a line WRAP(NAME) for each of them.
 */
#include <linux/futex.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "frames.h"

__thread bool standing __attribute__((tls_model("initial-exec")));

__attribute__((noreturn, used)) void report(const char *name)
{
	standing = false;
	dprintf(2, "%s() is called while threads stand\n", name);
	_exit(1);
}

#define WRAP(name)                                                                                 \
	__asm__(".pushsection .text\n"                                                             \
		".globl __wrap_" #name "\n"                                                        \
		"__wrap_" #name ":\n"                                                              \
		"\tmovq standing@gottpoff(%rip), %r11\n"                                           \
		"\tcmpb $0, %fs:(%r11)\n"                                                          \
		"\tje __real_" #name "@PLT\n"                                                      \
		"\tleaq 1f(%rip), %rdi\n"                                                          \
		"\tjmp report@PLT\n"                                                               \
		"1:\t.asciz \"" #name "\"\n"                                                       \
		".popsection");
#include "names.h"

bool __real_rcpp_is_inside(const struct forbidden *forbidden, const ucontext_t *context);
bool __wrap_rcpp_is_inside(const struct forbidden *forbidden, const ucontext_t *context);
bool __wrap_rcpp_is_inside(const struct forbidden *forbidden, const ucontext_t *context)
{
	bool before = standing;
	bool inside;

	standing = true;
	inside = __real_rcpp_is_inside(forbidden, context);
	standing = before;
	return inside;
}

long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	long result;

	if (number == SYS_rt_tgsigqueueinfo)
		standing = true;
	result = __real_syscall(number, a, b, c, d, e, f);
	if (number == SYS_futex && b == (FUTEX_WAKE | FUTEX_PRIVATE_FLAG))
		standing = false;
	return result;
}
