// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs what groups.py has made: each function once on a plain variable and once with its sites,
 * unpatched, patched and reverted, with values around each edge that a guard has. All registers
 * that they write, and the memory, must be the same. A module that rcpp_patch() refuses is a
 * failure.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rcpp.h"

#define MARGIN INT64_C(0x100000) /* RCPP_ADDEND_MAX */
#define NARROW INT64_C(0x80000000)

/* What a function gets and what it leaves, in the order of `run`. */
enum { RAX, RDX, RSI, R8, R9, R10, R11, RBX, R12, R13, REGISTERS };

struct state {
	uint64_t reg[REGISTERS];
	uint64_t memory[8];
};

extern const struct group {
	void (*plain)(void);
	void (*sites)(void);
	int64_t load; /* in groups.py's LOADS */
	int64_t addend[3];
} groups[];

uint64_t b, plain_v;

static const int64_t values[] = {
	0,
	1,
	-1,
	5,
	128,
	-129,
	0x8000,
	NARROW - 1,
	NARROW - 1 - MARGIN,
	NARROW - MARGIN,
	NARROW - 2 - MARGIN,
	-NARROW,
	-NARROW + MARGIN,
	-NARROW + MARGIN - 1,
	-NARROW + MARGIN + 1,
	-NARROW - 1,
	NARROW,
	2 * NARROW - 1,
	2 * NARROW,
	INT64_MAX,
	INT64_MIN,
	0x123456789abcdef,
	-0x123456789abcdef,
};

/* The value as the load extends it. */
static uint64_t loaded(int64_t load, uint64_t value)
{
	switch (load) {
	case 1:
		return (uint32_t)value;
	case 2:
		return (uint64_t)(int32_t)value;
	case 3:
		return (uint8_t)value;
	case 4:
		return (uint32_t)(int16_t)value;
	default:
		return value;
	}
}

static void run(void (*function)(void), struct state *state)
{
	/* A leaf that pushes: below the red zone. */
	__asm__ volatile("leaq -256(%%rsp), %%rsp\n\t"
			 "pushq %[function]\n\t"
			 "pushq %[reg]\n\t"
			 "movq 0(%[reg]), %%rax\n\t"
			 "movq 8(%[reg]), %%rdx\n\t"
			 "movq 24(%[reg]), %%r8\n\t"
			 "movq 32(%[reg]), %%r9\n\t"
			 "movq 40(%[reg]), %%r10\n\t"
			 "movq 48(%[reg]), %%r11\n\t"
			 "movq 56(%[reg]), %%rbx\n\t"
			 "movq 64(%[reg]), %%r12\n\t"
			 "movq 72(%[reg]), %%r13\n\t"
			 "movq 16(%[reg]), %%rsi\n\t"
			 "call *8(%%rsp)\n\t"
			 "popq %%rcx\n\t"
			 "movq %%rax, 0(%%rcx)\n\t"
			 "movq %%rdx, 8(%%rcx)\n\t"
			 "movq %%rsi, 16(%%rcx)\n\t"
			 "movq %%r8, 24(%%rcx)\n\t"
			 "movq %%r9, 32(%%rcx)\n\t"
			 "movq %%r10, 40(%%rcx)\n\t"
			 "movq %%r11, 48(%%rcx)\n\t"
			 "leaq 264(%%rsp), %%rsp\n\t"
			 :
			 : [function] "r"(function), [reg] "r"(state->reg), "D"(state->memory)
			 : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "rbx", "r12",
			   "r13", "memory", "cc");
}

/* Everything but a part of the memory is the same for each; what has an address points there. */
static struct state begin(const struct group *group, uint64_t value, struct state *in)
{
	struct state state = {{0x1111222233334444, 0x5555666677778888, 0x9999aaaabbbbcccc, 0x1357,
			       0x2468, 0x3579, 0x468a},
			      {1, 2, 3, 0x7654321076543210, 5, 6, 7, 8}};

	for (int i = 0; i < 3; i++)
		state.reg[RBX + i] = (uintptr_t)&in->memory[i] - (uint64_t)group->addend[i] -
				     loaded(group->load, value);
	return state;
}

static int compare(const struct group *group, uint64_t value, const char *when)
{
	static struct state plain, sites;
	long number = group - groups + 1;

	plain = begin(group, value, &plain);
	run(group->plain, &plain);
	sites = begin(group, value, &sites);
	run(group->sites, &sites);
	/* These differ by where the memory is. */
	memset(&plain.reg[RBX], 0, 3 * sizeof plain.reg[0]);
	memset(&sites.reg[RBX], 0, 3 * sizeof sites.reg[0]);
	if (!memcmp(&plain, &sites, sizeof plain))
		return 0;
	printf("FAILED: sites_%ld with %#lx, %s\n", number, (unsigned long)value, when);
	return 1;
}

static int compare_all(uint64_t value, const char *when)
{
	int failures = 0;

	for (const struct group *group = groups; group->plain; group++)
		if (failures < 20)
			failures += compare(group, value, when);
	return failures;
}

static unsigned long patched(void)
{
	struct rcpp_stats stats;

	if (rcpp_stats(&stats)) {
		printf("FAILED: %s\n", rcpp_error());
		exit(1);
	}
	return stats.patched;
}

int main(void)
{
	const size_t count = sizeof values / sizeof *values;
	unsigned long most = 0, least = -1UL;
	int failures = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned long now;

		b = plain_v = (uint64_t)values[i];
		failures += compare_all(b, "unpatched");
		if (rcpp_patch()) {
			printf("FAILED: %#lx: %s\n", (unsigned long)b, rcpp_error());
			return 1;
		}
		now = patched();
		most = now > most ? now : most;
		least = now < least ? now : least;
		failures += compare_all(b, "patched");
		if (rcpp_revert()) {
			printf("FAILED: %s\n", rcpp_error());
			return 1;
		}
		if (patched())
			failures += printf("FAILED: still patched\n");
	}
	printf("%zu values, %lu to %lu sites patched, %d failures\n", count, least, most, failures);
	return failures || !least;
}
