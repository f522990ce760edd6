// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A program that puts uprobes on its own functions, by tracefs, as bpftrace and perf probe do it,
 * and calls the functions: before and after patching, while probes come and go. Every result must
 * be right, and every call of a probed function must be counted.
 *
 *	probed TRACEFS GROUP [fault]	GROUP is the name of the events; with `fault` the sites
 *					trap until they are patched
 *
 * Exit status 77 where the machine takes no uprobe on a function that rcpp has not seen.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "rcpp.h"

__patchable long v;
__patchable unsigned s, d;
__patchable long (*p)(long);

static long twice(long x)
{
	return 2 * x;
}

static long negated(long x)
{
	return -x;
}

/* Each function and what it should return. */
#define FUNCTION(name, what)                                                                       \
	long name(long);                                                                           \
	static long name##_result(long x)                                                          \
	{                                                                                          \
		return (void)x, (what);                                                            \
	}

FUNCTION(first_load, x + v)
FUNCTION(first_vanish, x << s)
FUNCTION(first_add, x + v)
FUNCTION(first_compare, x + (v > 5 ? 2 : 1))
FUNCTION(first_bits, x < v)
FUNCTION(first_test, (s & 4) != 0)
FUNCTION(first_jump, p(x))
FUNCTION(first_push, v)
FUNCTION(first_call, p(x) + 1)
FUNCTION(first_consumer, x + v + 8)
FUNCTION(first_divide, 0)
FUNCTION(divide, (unsigned)x / d)
FUNCTION(second_vanish, x << s)
FUNCTION(second_add, x + v)
FUNCTION(compiled_load, v)
FUNCTION(compiled_add, x + v)
FUNCTION(compiled_shift, x << s)
FUNCTION(compiled_compare, v > 5 ? x + 1 : x + 2)
FUNCTION(compiled_less, x < v)
FUNCTION(compiled_divide, (unsigned)x / d)

#define ENTRY(name)                                                                                \
	{                                                                                          \
#name, name, name##_result, 0, 0                                                   \
	}

static struct function {
	const char *name;
	long (*call)(long);
	long (*result)(long);
	unsigned long offset; /* in the file */
	unsigned long calls;  /* while it was probed */
} functions[] = {
	ENTRY(first_load),     ENTRY(first_vanish),    ENTRY(first_add),
	ENTRY(first_compare),  ENTRY(first_bits),      ENTRY(first_test),
	ENTRY(first_jump),     ENTRY(first_push),      ENTRY(first_call),
	ENTRY(first_consumer), ENTRY(first_divide),    ENTRY(divide),
	ENTRY(second_vanish),  ENTRY(second_add),      ENTRY(compiled_load),
	ENTRY(compiled_add),   ENTRY(compiled_shift),  ENTRY(compiled_compare),
	ENTRY(compiled_less),  ENTRY(compiled_divide),
};
#define COUNT  (sizeof functions / sizeof *functions)
#define DIVIDE 10 /* first_divide has its operands elsewhere: divide() calls it */

static const char *tracefs, *group;
static char program[4096];
static bool attached;

__attribute__((noreturn, format(printf, 2, 3))) static void give_up(int status, const char *pattern,
								    ...)
{
	va_list arguments;

	va_start(arguments, pattern);
	vprintf(pattern, arguments);
	va_end(arguments);
	putchar('\n');
	exit(status);
}

/* Append a line to a file of tracefs; false if the kernel does not take it. */
__attribute__((format(printf, 2, 3))) static bool say(const char *file, const char *pattern, ...)
{
	char path[4200], line[4400];
	va_list arguments;
	int length, fd;
	bool taken;

	snprintf(path, sizeof path, "%s/%s", tracefs, file);
	va_start(arguments, pattern);
	length = vsnprintf(line, sizeof line, pattern, arguments);
	va_end(arguments);
	fd = open(path, O_WRONLY | O_APPEND);
	taken = fd >= 0 && write(fd, line, (size_t)length) == length;
	if (fd >= 0)
		close(fd);
	return taken;
}

/* Where the file has what is at this address. */
static unsigned long offset_of(const void *address)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start, end, offset;
	char line[4400];

	while (maps && fgets(line, sizeof line, maps))
		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &offset) == 3 &&
		    start <= (unsigned long)address && (unsigned long)address < end) {
			fclose(maps);
			return (unsigned long)address - start + offset;
		}
	give_up(1, "no mapping of a function");
}

static bool try_enable(bool on)
{
	char file[256];

	snprintf(file, sizeof file, "events/%s/enable", group);
	attached = say(file, on ? "1" : "0") && on;
	return attached == on;
}

static void enable(bool on)
{
	if (!try_enable(on))
		give_up(1, "FAILED: uprobes cannot be %s: %m", on ? "enabled" : "disabled");
}

static bool define(const char *name, unsigned long offset)
{
	return say("uprobe_events", "p:%s/%s %s:%#lx\n", group, name, program, offset);
}

static void undefine(const char *name)
{
	if (!say("uprobe_events", "-:%s/%s\n", group, name))
		give_up(1, "FAILED: a uprobe cannot be removed: %m");
}

/* Does the machine take a probe on a function without sites? What it refuses later is our fault. */
static void try_machine(void)
{
	if (!define("machine", offset_of((void *)twice)))
		give_up(77, "the kernel lets us define no uprobe: %m");
	if (!try_enable(true))
		give_up(77, "the kernel lets us enable no uprobe: %m");
	enable(false);
	undefine("machine");
}

static void define_all(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		functions[i].offset = offset_of((void *)functions[i].call);
		if (!define(functions[i].name, functions[i].offset))
			give_up(1, "FAILED: no uprobe on %s: %m", functions[i].name);
	}
}

static void undefine_all(void)
{
	for (size_t i = 0; i < COUNT; i++)
		undefine(functions[i].name);
}

/* Call all functions with these values of the variables, as they are. */
static void check(const char *when)
{
	static const long arguments[] = {0, 1, 7, -3, 0x7fffffff, 0x123456789abcd};

	for (size_t i = 0; i < COUNT; i++)
		for (size_t a = 0; a < sizeof arguments / sizeof *arguments; a++) {
			struct function *function = &functions[i];
			long expected, got;

			if (i == DIVIDE)
				continue;
			expected = function->result(arguments[a]);
			got = function->call(arguments[a]);
			if (expected != got)
				give_up(1, "FAILED: %s: %s(%#lx) is %#lx, not %#lx", when,
					function->name, arguments[a], got, expected);
			function->calls += attached;
			functions[DIVIDE].calls += attached && function->call == divide;
		}
}

/* Has the kernel counted what we have? */
static void check_hits(void)
{
	char path[4200], line[4400], name[64];
	unsigned long hits;
	size_t found = 0;
	FILE *profile;

	snprintf(path, sizeof path, "%s/uprobe_profile", tracefs);
	profile = fopen(path, "r");
	while (profile && fgets(line, sizeof line, profile)) {
		if (!strstr(line, program) ||
		    sscanf(strstr(line, program) + strlen(program), "%63s %lu", name, &hits) != 2)
			continue;
		for (size_t i = 0; i < COUNT; i++)
			if (!strcmp(functions[i].name, name)) {
				found++;
				if (!hits || hits != functions[i].calls)
					give_up(1, "FAILED: %s: %lu hits of %lu", name, hits,
						functions[i].calls);
			}
	}
	if (found != COUNT)
		give_up(1, "FAILED: %zu of %zu probes are counted", found, COUNT);
	fclose(profile);
}

static void patch(void)
{
	struct rcpp_stats stats;

	if (rcpp_patch() || rcpp_stats(&stats))
		give_up(1, "FAILED: %s", rcpp_error());
	if (!stats.patched)
		give_up(1, "FAILED: nothing was patched");
}

static void revert(void)
{
	if (rcpp_revert())
		give_up(1, "FAILED: %s", rcpp_error());
}

static void set(long value)
{
	v = value;
	s = (unsigned)value & 31;
	d = (unsigned)value | 1;
	p = value & 1 ? twice : negated;
}

static const long values[] = {30, 5, -1, 0x123456789abcdef, 0x7fffffff};

/* A program that is being traced when it patches itself. */
static void traced_before(bool fault)
{
	set(values[0]);
	enable(true);
	if (!fault)
		check("attached, unpatched");
	patch();
	check("attached, then patched");
	for (size_t i = 1; i < sizeof values / sizeof *values; i++) {
		revert();
		set(values[i]);
		if (!fault)
			check("attached, reverted");
		patch();
		check("attached, patched with another value");
	}
	enable(false);
	check("attached, patched, then detached");
	patch();
	check("attached, patched, detached, patched again");
	revert();
	if (!fault)
		check("attached, patched, detached, reverted");
}

/* A program that is traced when it has long been patched. */
static void traced_after(bool fault)
{
	/* Each probe that comes or goes takes the kernel a while: one narrow value, one wide. */
	for (size_t i = 2; i < 4; i++) {
		set(values[i]);
		patch();
		check("patched");
		enable(true);
		check("patched, then attached");
		patch();
		check("patched, attached, patched again");
		enable(false);
		check("patched, attached, then detached");
		enable(true);
		check("patched, attached a second time");
		revert();
		if (!fault)
			check("patched, attached, then reverted");
		enable(false);
		if (!fault)
			check("patched, attached, reverted, detached");
	}
}

int main(int argc, char **argv)
{
	bool fault = argc > 3;
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

	if (argc < 3 || length < 0)
		give_up(2, "usage: probed TRACEFS GROUP [fault]");
	program[length] = '\0';
	tracefs = argv[1];
	group = argv[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	rcpp_configure(RCPP_KEEP_WRITABLE);
	try_machine();
	define_all();
	traced_before(fault);
	traced_after(fault);
	check_hits();
	undefine_all();
	for (size_t i = 0, calls = 0; i < COUNT; i++) {
		calls += functions[i].calls;
		if (i == COUNT - 1)
			printf("%zu probes, %zu hits\n", COUNT, calls);
	}
	return 0;
}
