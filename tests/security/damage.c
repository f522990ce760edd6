// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Each byte of a program's own tables is changed, in its memory, each time by one bit and once by
 * all. With the wrong byte rcpp_patch() either fails and leaves the text as it was, or it succeeds;
 * all functions give the right results in both cases, and with the byte put right all is well
 * again. (The message is for people: so the last part of each form, its text, may be anything.)
 */
#define _GNU_SOURCE 1
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "rcpp.h"

extern uint8_t __start_rcpp_rows[], __stop_rcpp_rows[], __start_rcpp_forms[], __stop_rcpp_forms[];

static __patchable long offset, other = 77;
static __patchable unsigned int shift;
static __patchable signed char small;
static __patchable long *pointer;
static __patchable long (*operation)(long);
long remote, remotes[4]; /* by option, and read through the global offset table */
static long plain_offset, plain_small, plain_factor, table[8] = {3, 1, 4, 1, 5, 9, 2, 6};
static unsigned int plain_shift;
static long sink;

__attribute__((noinline)) static long add(long x)
{
	return x + offset;
}

__attribute__((noinline)) static long load(void)
{
	return offset;
}

__attribute__((noinline)) static unsigned int shifted(unsigned int x, unsigned int y)
{
	return (x >> shift) + (y << shift);
}

__attribute__((noinline)) static long widen(long x)
{
	return x * 3 + small;
}

__attribute__((noinline)) static long element(long i)
{
	return pointer[i];
}

__attribute__((noinline)) static void store(void)
{
	sink = other;
}

static long twice(long x)
{
	return 2 * x;
}

static long thrice(long x)
{
	return 3 * x;
}

__attribute__((noinline)) static long call(long x)
{
	return operation(x) + 1;
}

__attribute__((noinline)) static long jump(long x)
{
	return operation(x + 1);
}

#define ADDRESS_OF(variable, address)                                                              \
	__asm__("movq " #variable "@GOTPCREL(%%rip), %0" : "=r"(address))

__attribute__((noinline)) static long add_remote(long x)
{
	const long *address;

	ADDRESS_OF(remote, address);
	return x + *address;
}

__attribute__((noinline)) static long load_remote(void)
{
	const long *address;

	ADDRESS_OF(remotes, address);
	return address[0] - address[2];
}

static void require(int condition, const char *what)
{
	if (!condition) {
		fprintf(stderr, "damage: %s (%s)\n", what, rcpp_error());
		exit(1);
	}
}

static void set(long value)
{
	offset = plain_offset = value;
	remote = value / 2;
	remotes[0] = value * 3;
	remotes[2] = (int)value - 9; /* there is no register for a wide one */
	small = (signed char)value;
	plain_small = small;
	shift = plain_shift = (unsigned int)value & 31;
	pointer = table;
	operation = value & 2 ? thrice : twice;
	plain_factor = value & 2 ? 3 : 2;
}

static void check_results(void)
{
	store();
	require(add(4) == 4 + plain_offset && load() == plain_offset, "add or load");
	require(shifted(100, 7) == (100U >> plain_shift) + (7U << plain_shift), "shifts");
	require(call(5) == 5 * plain_factor + 1 && jump(5) == 6 * plain_factor, "a call or a jump");
	require(add_remote(1) == plain_offset / 2 + 1 &&
			load_remote() == 3 * plain_offset - (int)plain_offset + 9,
		"what is remote");
	require(widen(2) == 6 + plain_small && element(5) == 9 && sink == 77, "the rest");
}

/* The program comes first. */
static int add_text(struct dl_phdr_info *info, size_t size, void *context)
{
	uint64_t *sum = context;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[i];
		const uint8_t *bytes = (const uint8_t *)(info->dlpi_addr + segment->p_vaddr);

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
			continue;
		for (size_t j = 0; j < segment->p_memsz; j++)
			*sum = (*sum ^ bytes[j]) * 0x100000001b3;
	}
	return 1;
}

static uint64_t text_sum(void)
{
	uint64_t sum = 0;

	dl_iterate_phdr(add_text, &sum);
	return sum;
}

static void protect(uint8_t *start, uint8_t *stop, int protection)
{
	uintptr_t first = (uintptr_t)start & ~4095UL;

	require(!mprotect((void *)first, (uintptr_t)stop - first, protection), "mprotect");
}

/* Returns whether it was noticed. */
static int try_change(uint8_t *byte, unsigned int bits)
{
	uint64_t good = text_sum(), before;
	int result;

	*byte ^= (uint8_t)bits;
	before = text_sum(); /* the tables may lie in the same segment */
	result = rcpp_patch();
	require(!result || text_sum() == before, "the text was changed");
	check_results();
	*byte ^= (uint8_t)bits;
	require(!rcpp_revert(), "cannot revert");
	require(text_sum() == good, "revert is not the text before");
	return result != 0;
}

static void change_all(uint8_t *start, uint8_t *stop, unsigned long *tried, unsigned long *noticed)
{
	protect(start, stop, PROT_READ | PROT_WRITE);
	for (uint8_t *byte = start; byte < stop; byte++)
		for (unsigned int bit = 0; bit < 9; bit++) {
			*noticed += try_change(byte, bit < 8 ? 1U << bit : 0xff);
			++*tried;
		}
	protect(start, stop, PROT_READ);
}

int main(void)
{
	static const long values[] = {5, 1L << 40, -1};
	struct rcpp_stats stats;
	unsigned long tried = 0, noticed = 0;

	for (int i = 0; i < 3; i++) {
		set(values[i]);
		check_results();
		require(!rcpp_patch() && !rcpp_stats(&stats) && stats.patched == stats.sites &&
				stats.sites >= 11,
			"not patched");
		check_results();
		require(!rcpp_revert(), "not reverted");
		change_all(__start_rcpp_rows, __stop_rcpp_rows, &tried, &noticed);
		change_all(__start_rcpp_forms, __stop_rcpp_forms, &tried, &noticed);
	}
	printf("%lu wrong bytes, %lu noticed\n", tried, noticed);
	return noticed < tried / 2;
}
