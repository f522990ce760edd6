// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What do a site's bytes cost where the front end is the limit? 64 copies of a load, or of what can
 * stand in its place, each with four independent instructions; a line of JSON for each encoding,
 * with the quartiles of its time relative to the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <x86intrin.h>

#define ROUNDS 301
#define STEPS  400

static long value = 7;

#define COPIES(name, text)                                                                         \
	__attribute__((noinline, aligned(64))) static void name(void)                              \
	{                                                                                          \
		for (int i = 0; i < STEPS; i++)                                                    \
			__asm__ volatile(".rept 64\n\t" text                                       \
					 "\n\tadd $1,%%rcx\n\tadd $1,%%rdx\n\t"                    \
					 "add $1,%%rsi\n\tadd $1,%%rdi\n\t.endr"                   \
					 :                                                         \
					 : "m"(value)                                              \
					 : "rax", "rcx", "rdx", "rsi", "rdi", "cc");               \
	}

COPIES(load, "movq %0,%%rax")
COPIES(load_nop, "movq %0,%%rax\n\t.byte 0x0f,0x1f,0x00")
COPIES(load_prefixed, ".byte 0x66,0x66,0x66\n\tmovq %0,%%rax")
COPIES(move_s32, "movq $7,%%rax")
COPIES(move_u32_nop, "movl $7,%%eax\n\t.byte 0x66,0x90")
COPIES(move_wide, "movabsq $0x123456789abcdef,%%rax")
COPIES(nop, ".byte 0x0f,0x1f,0x80,0,0,0,0")
COPIES(nop_long, ".byte 0x66,0x66,0x2e,0x0f,0x1f,0x84,0,0,0,0,0")
COPIES(nop_twice, ".byte 0x0f,0x1f,0x80,0,0,0,0,0x66,0x90")

static const struct {
	const char *about;
	void (*run)(void);
} encodings[] = {
	{"load, 7 bytes", load},
	{"load and a NOP of 3 bytes", load_nop},
	{"load, 10 bytes by prefixes", load_prefixed},
	{"move of 32 bits, 7 bytes", move_s32},
	{"move of 32 bits, 5 bytes, and a NOP", move_u32_nop},
	{"move of 64 bits, 10 bytes", move_wide},
	{"NOP of 7 bytes", nop},
	{"NOP of 11 bytes", nop_long},
	{"NOPs of 7 and 2 bytes", nop_twice},
};
#define COUNT (sizeof encodings / sizeof *encodings)

static double ticks(void (*run)(void))
{
	unsigned processor;
	unsigned long long begin;

	run();
	_mm_lfence();
	begin = __rdtsc();
	run();
	return (double)(__rdtscp(&processor) - begin);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	static double ratio[COUNT][ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		double first = ticks(encodings[0].run);

		for (size_t i = 0; i < COUNT; i++)
			ratio[i][round] = ticks(encodings[i].run) / first;
	}
	for (size_t i = 0; i < COUNT; i++) {
		qsort(ratio[i], ROUNDS, sizeof *ratio[i], compare);
		printf("{\"about\":\"%s\",\"times\":[%.3f,%.3f,%.3f]}\n", encodings[i].about,
		       ratio[i][ROUNDS / 4], ratio[i][ROUNDS / 2], ratio[i][ROUNDS * 3 / 4]);
	}
	return 0;
}
