// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * joined                    each function of joined.py returns patched, and after each change of
 * the values, what it returns unpatched joined code VALUE NAME    write the function's code,
 * patched for the value, to standard output joined breakpoints N A... the same with a debugger's
 * breakpoint at each of the addresses A: as gdb does it, the byte is put back when it is met joined
 * bytes N A+S...     how many other bytes in these S bytes go unnoticed The addresses are the
 * file's, where near() has the address N.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include "../runtime/check.h"

__patchable int level;
__patchable long wide;
RCPP_EXTERN(level);
RCPP_EXTERN(wide);

int near(void), loaded(void), tested(void), kept(void), several(void), both(void),
	long_(void) __asm__("long"), skips(void), probed(void), entered(void);

static volatile int one = 1;

static __attribute__((noinline)) int seven(void)
{
	return one + 6;
}

/* Its first instruction is a compare, so a prefix stands in front of the site. */
static __attribute__((noinline)) int led(void)
{
	return wide > 3 ? seven() * one : one;
}

static const struct {
	const char *name;
	int (*function)(void);
} functions[] = {
	{"near", near},	  {"far", far},		{"loaded", loaded}, {"tested", tested},
	{"kept", kept},	  {"several", several}, {"both", both},	    {"long", long_},
	{"skips", skips}, {"probed", probed},	{"led", led},	    {"entered", entered},
};
#define COUNT (sizeof(functions) / sizeof(functions[0]))

static const int values[] = {0, 1, 2, 3, 4, 5, -1, 70000, 69999, INT_MAX, INT_MIN};
#define VALUES (sizeof(values) / sizeof(values[0]))

static int expected[VALUES][COUNT];
static int memory;
static uintptr_t bias;
static volatile sig_atomic_t met;
static uint8_t *breakpoint;
static uint8_t saved;

static void poke(uint8_t *place, uint8_t byte)
{
	CHECK(pwrite(memory, &byte, 1, (off_t)(uintptr_t)place) == 1);
}

static void on_trap(int number, siginfo_t *info, void *context)
{
	ucontext_t *frame = context;

	(void)number;
	(void)info;
	if ((uint8_t *)frame->uc_mcontext.gregs[REG_RIP] != breakpoint + 1)
		_exit(3);
	poke(breakpoint, saved);
	frame->uc_mcontext.gregs[REG_RIP]--;
	met++;
}

/* As it is unpatched. */
static void ask(void)
{
	for (size_t v = 0; v < VALUES; v++) {
		level = values[v];
		wide = values[v];
		for (size_t i = 0; i < COUNT; i++)
			expected[v][i] = functions[i].function();
	}
}

static void compare(size_t v)
{
	for (size_t i = 0; i < COUNT; i++) {
		int result = functions[i].function();

		if (result != expected[v][i]) {
			fprintf(stderr, "%s() of %d is %d, not %d\n", functions[i].name, values[v],
				result, expected[v][i]);
			exit(1);
		}
	}
}

static void set_values(size_t v)
{
	const int new_level = values[v];
	const long new_wide = values[v];
	const struct rcpp_change changes[] = {{&level, &new_level, sizeof(level)},
					      {&wide, &new_wide, sizeof(wide)}};

	CHECK(rcpp_update(changes, 2) == 0);
}

static bool all_patched(void)
{
	struct rcpp_stats stats;

	return rcpp_stats(&stats) == 0 && stats.patched == stats.sites;
}

static void check_values(void)
{
	for (size_t from = 0; from < VALUES; from++) {
		for (size_t to = 0; to < VALUES; to++) {
			set_values(from);
			compare(from);
			set_values(to);
			compare(to);
			CHECK(rcpp_verify() == 0 && all_patched());
		}
		CHECK(rcpp_revert() == 0);
		compare(VALUES - 1);
		CHECK(rcpp_patch() == 0);
	}
}

static void check_breakpoint(size_t v, uintptr_t address)
{
	breakpoint = (uint8_t *)(bias + address);
	saved = *breakpoint;
	poke(breakpoint, 0xcc);
	compare(v);
	poke(breakpoint, saved);
}

static void check_breakpoints(char **addresses)
{
	struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
	unsigned count = 0;

	CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
	for (size_t v = 0; v < VALUES; v++) {
		set_values(v);
		for (char **address = addresses; *address; address++, count++)
			check_breakpoint(v, strtoul(*address, NULL, 0));
	}
	printf("%u breakpoints, %d met\n", count, (int)met);
}

static unsigned check_byte(uint8_t *place)
{
	unsigned unnoticed = 0;

	saved = *place;
	for (unsigned other = 0; other < 256; other++) {
		if (other == saved)
			continue;
		poke(place, (uint8_t)other);
		unnoticed += !rcpp_verify();
	}
	poke(place, saved);
	CHECK(rcpp_verify() == 0);
	return unnoticed;
}

static void check_bytes(char **ranges)
{
	unsigned unnoticed = 0;

	set_values(0);
	for (char **range = ranges; *range; range++) {
		char *end;
		uintptr_t start = strtoul(*range, &end, 0);
		uintptr_t stop = start + strtoul(end + 1, NULL, 0);

		for (uintptr_t at = start; at < stop; at++)
			unnoticed += check_byte((uint8_t *)(bias + at));
	}
	printf("%u unnoticed\n", unnoticed);
}

int main(int argc, char **argv)
{
	bias = argc > 2 && argv[1][0] != 'c' ? (uintptr_t)near - strtoul(argv[2], NULL, 0) : 0;
	memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	ask();
	CHECK(memory >= 0 && rcpp_patch() == 0);
	if (argc == 1)
		check_values();
	else if (!strcmp(argv[1], "breakpoints"))
		check_breakpoints(argv + 3);
	else if (!strcmp(argv[1], "bytes"))
		check_bytes(argv + 3);
	for (size_t i = 0; argc == 4 && i < COUNT; i++) {
		if (strcmp(argv[1], "code") || strcmp(argv[3], functions[i].name))
			continue;
		CHECK(RCPP_SET(level, atoi(argv[2])) == 0 &&
		      RCPP_SET(wide, (long)atoi(argv[2])) == 0 &&
		      fwrite((const void *)functions[i].function, 64, 1, stdout) == 1);
	}
	return 0;
}
