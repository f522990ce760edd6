/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The part of a random program that is the same for all of them: main(), and what the generated
 * code uses. In: the generated set_values() and check(). Out, on standard output: a line for every
 * result in every phase -- before patching, patched, reverted, and again with other values --, to
 * be compared with the lines of the same program without sites.
 *
 * All phases start from the same memory. Programs with variables that this file does not know need
 * a process for each phase. The patchables are written only while the sites read memory.
 *
 * Reads: RANDOM_SITES, a file with the address and the length of every site; then the last line of
 * standard error says which of them have ever changed (1), and main() watches that rcpp_revert()
 * brings all bytes back. RANDOM_FAULT: nothing runs before the first patching. RANDOM_TIME: how
 * many milliseconds of processor time all of it may take. RANDOM_FORK: a process for each phase.
 */
#define _GNU_SOURCE 1
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rcpp.h"

#define REGIONS	      6
#define REGION_BEFORE 128 /* what the generated code may reach through a pointer, in bytes */
#define REGION_BEHIND 256
#define SHARED	      16
#define FUEL	      150
#define TOO_LONG      8 /* exit status */

/* Of the generated program. */
extern const int rounds;
void set_values(int round);
void check(void);

/* For the generated program: memory at addresses that are the same in every run. */
char *region[REGIONS];
uint64_t shared[SHARED];
int fuel; /* bounds calls: a function that calls others gives up when there is none left */

typedef uint64_t binary(uint64_t, uint64_t);
typedef void unary(uint64_t);

static uint64_t first_target(uint64_t a, uint64_t b)
{
	return a * 3 - b;
}

static uint64_t second_target(uint64_t a, uint64_t b)
{
	return a ^ b >> 3;
}

static uint64_t third_target(uint64_t a, uint64_t b)
{
	shared[1] += a;
	return b;
}

static void first_hook(uint64_t a)
{
	shared[2] ^= a;
}

static void second_hook(uint64_t a)
{
	shared[3] = shared[3] * 5 + a;
}

binary *const targets[3] = {first_target, second_target, third_target};
unary *const hooks[3] = {NULL, first_hook, second_hook};

void rare(uint64_t a, uint64_t b)
{
	shared[4] += a * b + 1;
}

/* What a pointer in a variable is freed by when its scope ends: __attribute__((cleanup)). */
void clean_up(uint64_t *a)
{
	shared[5] = shared[5] * 7 + *a;
}

static char phase_letter;
static int phase_round;
static uint64_t results;

/* A result of the function that is being tested. */
uint64_t escape[32]; /* a jmp_buf: where functions come back that gave up, */
uint64_t escaped;    /* and with what */
_Static_assert(sizeof(escape) >= sizeof(jmp_buf), "a jmp_buf has room");

__attribute__((noreturn)) void give_up(uint64_t why)
{
	escaped = why;
	longjmp((void *)escape, 1);
}

void report(uint64_t result)
{
	results = results * 0x100000001b3 + result;
	fuel = FUEL;
}

/* All results of the function, and all that it did to memory: one line. */
void finish(const char *function)
{
	char line[128];
	uint64_t memory = 0;
	int length;

	for (int i = 0; i < REGIONS; i++)
		for (int k = -REGION_BEFORE; k < REGION_BEHIND; k++)
			memory = memory * 31 + (unsigned char)region[i][k];
	for (int i = 0; i < SHARED; i++)
		memory = memory * 31 + shared[i];
	length = snprintf(line, sizeof(line), "%c%d %s %016lx %016lx\n", phase_letter, phase_round,
			  function, (unsigned long)results, (unsigned long)memory);
	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
	results = 0;
}

/*
 * Low addresses are narrow values, some of them with a carry or a sign about to happen. None is
 * below 1.25 GiB: there the heap of a program without PIE begins, at random.
 */
static void map_regions(void)
{
	static const uintptr_t base[] = {0x60000000, 0x7fff0000, 0xffff0000, 0x500000000000};
	static const size_t size = 0x20000;
	static const int offset[REGIONS][2] = {{0, 0x1000},  {1, 0xfff0},  {2, 0xfff8},
					       {3, 0x10000}, {1, 0x10000}, {0, 0x2000}};
	/* AddressSanitizer keeps the low addresses for itself, but for some, and heaps: clang 19
	 * one at 0x500000000000. */
	static const uintptr_t safe[] = {0x60000000, 0x68000000, 0x70000000, 0x300000000000};
	extern void __asan_init(void) __attribute__((weak));
	char *memory[4];

	for (int i = 0; i < 4; i++) {
		void *wanted = (void *)(__asan_init != NULL ? safe : base)[i];

		memory[i] = mmap(wanted, size, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (memory[i] != wanted) {
			perror("harness: mmap");
			exit(9);
		}
	}
	for (int i = 0; i < REGIONS; i++)
		region[i] = memory[offset[i][0]] + offset[i][1];
}

static void fill_memory(void)
{
	for (int i = 0; i < REGIONS; i++) {
		for (int k = -REGION_BEFORE; k < REGION_BEHIND; k++)
			region[i][k] = (k * 7 + i * 13) ^ (k >> 3);
	}
	for (int i = 0; i < SHARED; i++)
		shared[i] = (uint64_t)i * 0x1111111111111111;
}

/* The sites: which bytes they had at first, and whether they have ever had others. */
static struct site {
	unsigned char *text;
	int length;
	unsigned char original[64];
	char changed;
} * sites;
static size_t site_count;

static int add_base(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	*(uintptr_t *)context = info->dlpi_addr;
	return 1; /* the first one is the program */
}

static void read_sites(void)
{
	const char *name = getenv("RANDOM_SITES");
	FILE *file = name != NULL ? fopen(name, "r") : NULL;
	unsigned long address;
	uintptr_t base = 0;
	int length;

	if (file == NULL)
		return;
	dl_iterate_phdr(add_base, &base);
	while (fscanf(file, "%li %d", (long *)&address, &length) == 2) {
		sites = realloc(sites, (site_count + 1) * sizeof(*sites));
		if (sites == NULL || length > (int)sizeof(sites->original))
			exit(9);
		sites[site_count] =
			(struct site){(unsigned char *)(base + address), length, {0}, '0'};
		memcpy(sites[site_count].original, sites[site_count].text, length);
		site_count++;
	}
	fclose(file);
}

/* Notes which sites differ from what they were at first; returns how many. */
static size_t look_at_sites(void)
{
	size_t differ = 0;

	for (size_t i = 0; i < site_count; i++) {
		if (memcmp(sites[i].text, sites[i].original, sites[i].length) != 0) {
			sites[i].changed = '1';
			differ++;
		}
	}
	return differ;
}

static void print_sites(void)
{
	for (size_t i = 0; i < site_count; i++)
		fputc(sites[i].changed, stderr);
	fputc('\n', stderr);
}

/* One line for everything that has gone wrong: none of the plain program's lines is like it. */
static void complain(const char *what, const char *why)
{
	printf("round %d: %s: %s\n", phase_round, what, why);
	fflush(stdout);
}

static void limit_time(void)
{
	const char *limit = getenv("RANDOM_TIME");
	int milliseconds = limit != NULL ? atoi(limit) : 1000;
	struct itimerval timer = {
		.it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};

	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

static void run_phase(char letter)
{
	int status;
	pid_t child;

	fflush(stdout);
	phase_letter = letter;
	fill_memory();
	fuel = FUEL;
	if (getenv("RANDOM_FORK") == NULL) {
		check();
		return;
	}
	child = fork();
	if (child == 0) {
		limit_time();
		check();
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(9);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGVTALRM)
		exit(TOO_LONG);
	if (WIFSIGNALED(status))
		printf("%c%d signal %d\n", letter, phase_round, WTERMSIG(status));
	else if (status != 0)
		printf("%c%d exit status %d\n", letter, phase_round, WEXITSTATUS(status));
	fflush(stdout);
}

static void patch(void)
{
	struct rcpp_stats stats;

	if (rcpp_patch() != 0)
		complain("rcpp_patch() failed", rcpp_error());
	if (rcpp_stats(&stats) != 0)
		complain("rcpp_stats() failed", rcpp_error());
	else if (stats.patched + stats.loads != stats.sites)
		complain("rcpp_stats()", "the sums are wrong");
	look_at_sites();
}

static void revert(void)
{
	struct rcpp_stats stats;

	if (rcpp_revert() != 0)
		complain("rcpp_revert() failed", rcpp_error());
	if (rcpp_stats(&stats) != 0 || stats.patched != 0)
		complain("rcpp_revert()", "sites are still patched");
	if (getenv("RANDOM_FAULT") == NULL && look_at_sites() != 0)
		complain("rcpp_revert()", "the bytes are not the original ones");
}

int main(void)
{
	bool fault = getenv("RANDOM_FAULT") != NULL;

	map_regions();
	read_sites();
	limit_time();
	for (int round = 0; round < rounds; round++) {
		phase_round = round;
		set_values(round);
		if (round > 0 || !fault)
			run_phase('u');
		patch();
		run_phase('p');
		if (round == 1) {
			patch();
			run_phase('q');
		}
		revert();
		if (round == 0)
			run_phase('r');
	}
	print_sites();
	return 0;
}
