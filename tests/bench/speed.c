// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How fast are the kernels? The libraries of DIRECTORY are kernels.c in its variants, three of them
 * through rcpp: one is never patched, one reverted, one patched. All are measured in one process
 *and in turns, so that the machine's moods hit all alike.
 *
 *	speed time DIRECTORY [KERNEL]		a line of JSON for each kernel
 *	speed count DIRECTORY KERNEL LIBRARY	call it once, through measured(), for callgrind
 *	speed text DIRECTORY			the patched library's executable segment
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <link.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <x86intrin.h>
#include "kernels.h"
#include "rcpp.h"

#define ROUNDS 301
#define TICKS  60000 /* that one measurement takes, about */

/* What a library is brought into once it is open, and stays in. */
static int patch(void *anything)
{
	return rcpp_patch_module(anything);
}

static int patch_and_revert(void *anything)
{
	return rcpp_patch_module(anything) || rcpp_revert();
}

/* The one that is reverted comes before the one that stays patched: a revert is for all. */
static struct state {
	const char *name;
	int (*enter)(void *);
	void *handle;
} states[] = {
	{"plain", NULL, NULL},	  {"unpatched", NULL, NULL}, {"reverted", patch_and_revert, NULL},
	{"patched", patch, NULL}, {"macros", NULL, NULL},    {"labels", NULL, NULL},
	{"constant", NULL, NULL}};
#define STATES (sizeof states / sizeof *states)

#define DESCRIBE(name, flushed, about) {#name, about, flushed},
static const struct description {
	const char *name, *about;
	bool flushed;
} kernels[] = {KERNELS(DESCRIBE)};
#define COUNT (sizeof kernels / sizeof *kernels)

static volatile unsigned long sink;

__attribute__((noreturn)) static void fail(const char *what, const char *why)
{
	fprintf(stderr, "speed: error: %s: %s\n", what, why);
	exit(1);
}

static void *symbol(const struct state *state, const char *name)
{
	void *address = dlsym(state->handle, name);

	if (!address)
		fail(state->name, dlerror());
	return address;
}

static void open_libraries(const char *directory)
{
	char path[4096];

	for (struct state *state = states; state < states + STATES; state++) {
		snprintf(path, sizeof path, "%s/%s.so", directory, state->name);
		state->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		if (!state->handle)
			fail(path, dlerror());
		if (((int (*)(void))symbol(state, "patch_by_hand"))())
			fail(path, "its code cannot be changed");
		if (state->enter && state->enter(symbol(state, "lookup")))
			fail(path, rcpp_error());
	}
}

__attribute__((noinline)) unsigned long measured(kernel *function, unsigned long seed)
{
	return function(seed);
}

/* Ticks of so many calls. Of code and data only the variables may be out of the cache. */
static double ticks(kernel *function, void (*forget)(void), unsigned calls)
{
	unsigned processor;
	unsigned long long begin;

	sink += function(1);
	if (forget)
		forget();
	_mm_lfence();
	begin = __rdtsc();
	_mm_lfence();
	for (unsigned i = 0; i < calls; i++)
		sink += function(i + 1);
	return (double)(__rdtscp(&processor) - begin) / calls;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* All variants compute the same, or the comparison means nothing. */
static void compare_results(const struct description *kernel_)
{
	unsigned long expected[4];

	for (size_t s = 0; s < STATES; s++) {
		kernel *function = (kernel *)symbol(&states[s], kernel_->name);

		for (unsigned long seed = 0; seed < 4; seed++) {
			unsigned long result = function(seed * 0x123456789);

			if (s && result != expected[seed])
				fail(kernel_->name, states[s].name);
			expected[seed] = result;
		}
	}
}

/* Each state's time relative to the plain one's of the same round: quartiles and median. */
static void time_kernel(const struct description *kernel_)
{
	static double ratio[STATES][ROUNDS], plain[ROUNDS];
	kernel *function[STATES];
	void (*forget[STATES])(void);
	unsigned calls = 1;

	for (size_t s = 0; s < STATES; s++) {
		function[s] = (kernel *)symbol(&states[s], kernel_->name);
		forget[s] = kernel_->flushed ? (void (*)(void))symbol(&states[s], "forget") : NULL;
	}
	if (!kernel_->flushed)
		calls += (unsigned)(TICKS / ticks(function[0], NULL, 4));
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t s = 0; s < STATES; s++) {
			ratio[s][round] = ticks(function[s], forget[s], calls);
		}
		plain[round] = ratio[0][round];
		for (size_t s = 0; s < STATES; s++)
			ratio[s][round] /= plain[round];
	}
	qsort(plain, ROUNDS, sizeof *plain, compare_doubles);
	printf("{\"kernel\":\"%s\",\"about\":\"%s\",\"ticks\":%.0f,\"times\":{", kernel_->name,
	       kernel_->about, plain[ROUNDS / 2]);
	for (size_t s = 0; s < STATES; s++) {
		qsort(ratio[s], ROUNDS, sizeof *ratio[s], compare_doubles);
		printf("%s\"%s\":[%.3f,%.3f,%.3f]", s ? "," : "", states[s].name,
		       ratio[s][ROUNDS / 4], ratio[s][ROUNDS / 2], ratio[s][ROUNDS * 3 / 4]);
	}
	puts("}}");
	fflush(stdout);
}

/* One processor for all: its caches and predictors are what is measured. */
static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned)sched_getcpu(), &set);
	sched_setaffinity(0, sizeof set, &set);
}

static void time_kernels(const char *only)
{
	pin();
	for (size_t k = 0; k < COUNT; k++) {
		if (only && strcmp(only, kernels[k].name))
			continue;
		compare_results(&kernels[k]);
		time_kernel(&kernels[k]);
	}
}

static const struct state *find_state(const char *name)
{
	for (size_t s = 0; s < STATES; s++)
		if (!strcmp(states[s].name, name))
			return &states[s];
	fail(name, "no such library");
}

/* What lies in memory where the file has the executable segment. */
static void print_text(const struct state *state)
{
	struct link_map *map;

	if (dlinfo(state->handle, RTLD_DI_LINKMAP, &map))
		fail(state->name, dlerror());
	const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)map->l_addr;
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(map->l_addr + header->e_phoff);

	for (unsigned i = 0; i < header->e_phnum; i++)
		if (segment[i].p_type == PT_LOAD && segment[i].p_flags & PF_X)
			fwrite((const void *)(map->l_addr + segment[i].p_vaddr), 1,
			       segment[i].p_filesz, stdout);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		fail("usage", "speed time|count|text DIRECTORY [KERNEL [LIBRARY]]");
	open_libraries(argv[2]);
	if (!strcmp(argv[1], "time"))
		time_kernels(argv[3]);
	else if (!strcmp(argv[1], "count") && argc == 5)
		sink += measured((kernel *)symbol(find_state(argv[4]), argv[3]), 1);
	else if (!strcmp(argv[1], "text"))
		print_text(find_state("patched"));
	else
		fail(argv[1], "no such command");
	return fflush(stdout) || ferror(stdout);
}
