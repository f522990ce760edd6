// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What do a site's bytes cost where the front end is the limit? Copies of a load, or of what can
 * stand in its place, each with four independent instructions: 64 copies, which a processor keeps
 * decoded, and 1500, which it does not. A line of JSON for each encoding, with the quartiles of its
 * times relative to the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <x86intrin.h>

#define ROUNDS 301

static long value = 7;

#define LOOP(name, copies, steps, text)                                                            \
	__attribute__((noinline, aligned(64))) static void name(void)                              \
	{                                                                                          \
		for (int i = 0; i < (steps); i++)                                                  \
			__asm__ volatile(".rept " #copies "\n\t" text                              \
					 "\n\tadd $1,%%rcx\n\tadd $1,%%rdx\n\t"                    \
					 "add $1,%%rsi\n\tadd $1,%%rdi\n\t.endr"                   \
					 :                                                         \
					 : "m"(value)                                              \
					 : "rax", "rcx", "rdx", "rsi", "rdi", "cc");               \
	}
#define COPIES(name, text)                                                                         \
	LOOP(name, 64, 400, text)                                                                  \
	LOOP(name##_decoded, 1500, 20, text)

COPIES(load, "movq %0,%%rax")
COPIES(load_nop, "movq %0,%%rax\n\t.byte 0x0f,0x1f,0x00")
COPIES(load_prefixed, ".byte 0x66,0x66,0x66\n\tmovq %0,%%rax")
COPIES(move_s32, "movq $7,%%rax")
COPIES(move_u32_nop, "movl $7,%%eax\n\t.byte 0x66,0x90")
COPIES(move_prefixed, ".byte 0x67,0x67,0x67\n\tmovq $7,%%rax")
COPIES(move_wide, "movabsq $0x123456789abcdef,%%rax")
COPIES(nop, ".byte 0x0f,0x1f,0x80,0,0,0,0")
COPIES(nop_long, ".byte 0x66,0x66,0x2e,0x0f,0x1f,0x84,0,0,0,0,0")
COPIES(nop_twice, ".byte 0x0f,0x1f,0x80,0,0,0,0,0x66,0x90")
COPIES(add, "addl %%r8d,%%eax")
COPIES(add_nop, "addl %%r8d,%%eax\n\t.byte 0x0f,0x1f,0x40,0")
COPIES(add_prefixed, ".byte 0x67,0x67,0x67,0x67\n\taddl %%r8d,%%eax")
COPIES(address, "leal 0x1234(%%r8),%%eax")

static const struct {
	const char *about;
	void (*run[2])(void);
} encodings[] = {
	{"load, 7 bytes", {load, load_decoded}},
	{"load and a NOP of 3 bytes", {load_nop, load_nop_decoded}},
	{"load, 10 bytes by prefixes", {load_prefixed, load_prefixed_decoded}},
	{"move of 32 bits, 7 bytes", {move_s32, move_s32_decoded}},
	{"move of 32 bits, 5 bytes, and a NOP", {move_u32_nop, move_u32_nop_decoded}},
	{"move of 32 bits, 10 bytes by prefixes", {move_prefixed, move_prefixed_decoded}},
	{"move of 64 bits, 10 bytes", {move_wide, move_wide_decoded}},
	{"NOP of 7 bytes", {nop, nop_decoded}},
	{"NOP of 11 bytes", {nop_long, nop_long_decoded}},
	{"NOPs of 7 and 2 bytes", {nop_twice, nop_twice_decoded}},
	{"add, 2 bytes", {add, add_decoded}},
	{"add and a NOP of 4 bytes", {add_nop, add_nop_decoded}},
	{"add, 6 bytes by prefixes", {add_prefixed, add_prefixed_decoded}},
	{"lea with 32 bits, 7 bytes", {address, address_decoded}},
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

static void print_times(const char *name, double *ratio)
{
	qsort(ratio, ROUNDS, sizeof *ratio, compare);
	printf(",\"%s\":[%.3f,%.3f,%.3f]", name, ratio[ROUNDS / 4], ratio[ROUNDS / 2],
	       ratio[ROUNDS * 3 / 4]);
}

int main(void)
{
	static double ratio[COUNT][2][ROUNDS];

	for (int round = 0; round < ROUNDS; round++)
		for (int kept = 0; kept < 2; kept++) {
			double first = ticks(encodings[0].run[kept]);

			for (size_t i = 0; i < COUNT; i++)
				ratio[i][kept][round] = ticks(encodings[i].run[kept]) / first;
		}
	for (size_t i = 0; i < COUNT; i++) {
		printf("{\"about\":\"%s\"", encodings[i].about);
		print_times("times", ratio[i][0]);
		print_times("decoded", ratio[i][1]);
		puts("}");
	}
	return 0;
}
