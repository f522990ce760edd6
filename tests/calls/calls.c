// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * calls [fault]: each case of sites.s with targets near, at both ends of what a direct call
 * reaches, behind these, in a library, and null; unpatched, patched, reverted and patched again.
 * Then callees that patch or revert while their call is under way. `fault`: unpatched sites trap.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "rcpp.h"

struct call_case {
	const char *name;
	long (*function)(long);
	void **variable;
	const uint8_t *behind; /* where the call returns to; NULL: it is a jump */
};
extern const struct call_case call_cases[]; /* the last one has no name */

#define FUNCTION_BYTES 40 /* at least as many as any of the functions has */

static unsigned failures, direct, indirect;
static sigjmp_buf trapped;
static uintptr_t trap_address, trap_return;

static void failed(const struct call_case *that, const char *target, const char *phase,
		   const char *what)
{
	printf("FAILED: %s, %s, %s: %s\n", that->name, target, phase, what);
	failures++;
}

static long near_target(long argument)
{
	return argument + 1;
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
	const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)info;
	trap_address = (uintptr_t)registers[REG_RIP];
	trap_return = signal == SIGSEGV ? *(uintptr_t *)registers[REG_RSP] : 0;
	siglongjmp(trapped, signal);
}

/* The signal that the call ended with, or 0. */
static int call(const struct call_case *that, long *result)
{
	int signal = sigsetjmp(trapped, 1);

	if (!signal)
		*result = that->function(5);
	return signal;
}

/* The end of the direct call or jump to the target, or NULL. */
static const uint8_t *direct_end(const struct call_case *that, uintptr_t target)
{
	const uint8_t *function = (const uint8_t *)(uintptr_t)that->function;

	for (const uint8_t *end = function + 5; end < function + FUNCTION_BYTES; end++) {
		int32_t distance;

		memcpy(&distance, end - 4, sizeof distance);
		if ((that->behind ? end[-5] == 0xe8 && end == that->behind : end[-5] == 0xe9) &&
		    (uintptr_t)end + (uintptr_t)(intptr_t)distance == target)
			return end;
	}
	return NULL;
}

static void must(int status)
{
	if (status == 0)
		return;
	printf("FAILED: %s\n", rcpp_error());
	exit(1);
}

/* One call in the present state, to a target that adds 1 or, if it is null, traps. */
static void check(const struct call_case *that, uintptr_t target, const char *name,
		  const char *phase, bool expect_direct)
{
	long result = 0;
	int signal = call(that, &result);

	if (!target && (signal != SIGSEGV || trap_address != 0))
		failed(that, name, phase, "does not trap at 0");
	else if (!target && that->behind && trap_return != (uintptr_t)that->behind)
		failed(that, name, phase, "another return address");
	else if (target && (signal || result != 1006))
		failed(that, name, phase, "another result");
	if (!direct_end(that, target) == expect_direct)
		failed(that, name, phase, expect_direct ? "not direct" : "direct");
}

static void one_target(const struct call_case *that, uintptr_t target, const char *name, bool near)
{
	const void *function = (const void *)(uintptr_t)that->function;
	uint8_t before[FUNCTION_BYTES];

	must(rcpp_revert());
	*that->variable = (void *)target;
	memcpy(before, function, sizeof before);
	check(that, target, name, "unpatched", false);
	for (int round = 0; round < 2; round++) {
		must(rcpp_patch());
		check(that, target, name, "patched", near);
		direct += near;
		indirect += !near;
		must(rcpp_revert());
		if (memcmp(before, function, sizeof before) != 0)
			failed(that, name, "reverted", "other bytes");
		check(that, target, name, "reverted", false);
	}
}

/* x + 1; at this address; false if something else is there. */
static bool put_code(uintptr_t address)
{
	static const uint8_t code[] = {0x48, 0x8d, 0x47, 0x01, 0xc3};
	uintptr_t page = address & ~(uintptr_t)4095;
	void *memory = mmap((void *)page, 8192, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	if (memory != (void *)page) /* a kernel that does not know the flag */
		exit(77);
	memcpy((void *)address, code, sizeof code);
	return mprotect(memory, 8192, PROT_READ | PROT_EXEC) == 0;
}

static void far_target(const struct call_case *that, int64_t distance, const char *name, bool near)
{
	uintptr_t end, target;

	must(rcpp_revert());
	*that->variable = (void *)(uintptr_t)near_target;
	must(rcpp_patch());
	end = (uintptr_t)direct_end(that, (uintptr_t)near_target);
	target = end + (uintptr_t)distance;
	if ((distance < 0 && target > end) || !put_code(target))
		return;
	one_target(that, target, name, near);
	munmap((void *)(target & ~(uintptr_t)4095), 8192);
}

static long patching_target(long argument)
{
	must(rcpp_patch());
	return argument + 1;
}

static long reverting_target(long argument)
{
	must(rcpp_revert());
	return argument + 1;
}

/* The bytes under the return address change while the call is under way. */
static void under_way(const struct call_case *that)
{
	long result;

	must(rcpp_revert());
	*that->variable = (void *)(uintptr_t)patching_target;
	if (call(that, &result) || result != 1006)
		failed(that, "a callee that patches", "unpatched", "another result");
	check(that, (uintptr_t)patching_target, "a callee that patches", "patched", true);
	must(rcpp_revert());
	*that->variable = (void *)(uintptr_t)reverting_target;
	must(rcpp_patch());
	if (!direct_end(that, (uintptr_t)reverting_target))
		failed(that, "a callee that reverts", "patched", "not direct");
	if (call(that, &result) || result != 1006)
		failed(that, "a callee that reverts", "patched", "another result");
}

int main(int argc, char **argv)
{
	long result;
	bool fault = argc > 1 && !strcmp(argv[1], "fault");
	struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	/* Before anything else: a revert brings back the loads, not the traps. */
	for (const struct call_case *that = call_cases; fault && that->name; that++)
		if (call(that, &result) != SIGILL)
			failed(that, "any", "unpatched", "does not trap");
	for (const struct call_case *that = call_cases; that->name; that++) {
		one_target(that, (uintptr_t)near_target, "near", true);
		one_target(that, 0, "null", false);
		far_target(that, INT32_MAX, "the last that it reaches", true);
		far_target(that, INT32_MAX + 1LL, "behind the last", false);
		far_target(that, INT32_MIN, "the first that it reaches", true);
		far_target(that, INT32_MIN - 1LL, "before the first", false);
		far_target(that, 1LL << 32, "4 GiB away", false);
		under_way(that);
	}
	printf("%u direct, %u indirect, %u failures\n", direct, indirect, failures);
	return failures != 0;
}
