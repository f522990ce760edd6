// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What does it cost to change values? Linked with FUNCTIONS functions of SITES sites each, f0() and
 * so on, that read the elements of values[] in turn.
 *
 *	changes calls		the time of each call, and that of memcpy() of the bytes in the
 *				sites; the memory that the runtime takes
 *	changes modules FILE...	the time of a change of one value in one of these libraries, which
 *				have the same functions and values of their own
 *	changes stop		how long threads stand, at most: from before the first one is asked
 *				to stop until all may go on, median and 99th percentile; and the
 *				whole call, whose thread may have to wait behind the others
 *
 * As JSON, in microseconds and bytes.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "rcpp.h"

#define ROUNDS	    15
#define SAMPLES	    200
#define THREADS_MAX 64

extern int values[];
int f0(int);

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static void require(int status)
{
	if (status) {
		fprintf(stderr, "%s\n", rcpp_error());
		exit(1);
	}
}

static int *changing = &values[VALUES / 2];

static int update(void)
{
	static int value;
	const struct rcpp_change change = {changing, &value, sizeof(value)};

	value++;
	return rcpp_update(&change, 1);
}

static size_t bytes;

static int copy(void)
{
	static char *from, *to;

	if (!from) {
		from = malloc(bytes);
		to = malloc(bytes);
		if (!from || !to)
			exit(1);
		memset(from, 1, bytes);
		memset(to, 2, bytes);
	}
	memcpy(to, from, bytes);
	return to[bytes / 2] != 1;
}

/* Of the pages that hold the sites, between which are 3 bytes. */
static size_t text_length(void)
{
	return (bytes * 9 / 6 + 4095) & ~(size_t)4095;
}

/* What a first patch cannot do without: pages that are copied, protected and moved over others. */
static int exchange(void)
{
	size_t length = text_length();
	static char *text;
	char *fresh =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!text)
		text = mmap(NULL, length, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(fresh, text, length);
	return mprotect(fresh, length, PROT_READ | PROT_EXEC) ||
	       mremap(fresh, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, text) != text;
}

static double smallest(double *best, int (*call)(void))
{
	double begin = now(), took;

	require(call());
	took = now() - begin;
	if (took < *best)
		*best = took;
	return took;
}

/* A number of kilobytes in /proc/self/status, as bytes. */
static long memory_of(const char *name)
{
	char line[256];
	FILE *file = fopen("/proc/self/status", "r");
	long kilobytes = -1;

	while (file && kilobytes < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			kilobytes = strtol(line + strlen(name), NULL, 10);
	if (!file || kilobytes < 0)
		exit(1);
	fclose(file);
	return kilobytes * 1024;
}

/* From here on the peak, VmHWM, is a new one. */
static void forget_peak(void)
{
	int file = open("/proc/self/clear_refs", O_WRONLY);

	if (file < 0 || write(file, "5", 1) != 1)
		exit(1);
	close(file);
}

/* rcpp_stats() has read the text and the tables into memory; the values should be there, too. */
static void print_memory(void)
{
	long before, after;

	for (int i = 0; i < VALUES; i++)
		values[i] = i;
	before = memory_of("VmRSS:");
	forget_peak();
	require(rcpp_patch());
	printf(",\"peak\":%ld", memory_of("VmHWM:") - before - (long)text_length());
	after = memory_of("VmRSS:");
	require(update());
	printf(",\"index_bytes\":%ld", memory_of("VmRSS:") - after);
	require(rcpp_revert());
}

static void print_call(const char *name, double took)
{
	printf(",\"%s\":%.1f", name, took);
}

static void print_calls(void)
{
	double memory = 1e9, pages = 1e9, first = 1e9, same = 1e9;
	double index = 1e9, one = 1e9, back = 1e9;
	struct rcpp_stats stats;

	require(rcpp_stats(&stats));
	bytes = stats.bytes;
	printf("{\"sites\":%lu,\"updated\":%lu", (unsigned long)stats.sites,
	       (unsigned long)stats.sites / VALUES);
	print_memory();
	require(copy());
	for (int i = 0; i < ROUNDS; i++) {
		smallest(&memory, copy);
		smallest(&pages, exchange);
		smallest(&first, rcpp_patch);
		smallest(&same, rcpp_patch);
		smallest(&index, update); /* it makes the index */
		smallest(&one, update);
		smallest(&one, update);
		smallest(&back, rcpp_revert);
	}
	print_call("memcpy", memory);
	print_call("exchange", pages);
	print_call("first", first);
	print_call("same", same);
	print_call("revert", back);
	print_call("index", index);
	print_call("update", one);
	puts("}");
}

static void print_modules(int count, char **files)
{
	double index = 1e9, one = 1e9;
	struct rcpp_stats stats;
	void *module = NULL;

	for (int i = 0; i < count; i++) {
		module = dlopen(files[i], RTLD_NOW);
		if (!module)
			fprintf(stderr, "%s\n", dlerror());
		require(!module);
	}
	changing = (int *)dlsym(module, "values") + VALUES / 2;
	require(rcpp_stats(&stats));
	for (int i = 0; i < ROUNDS; i++) {
		require(rcpp_patch());
		smallest(&index, update);
		smallest(&one, update);
		smallest(&one, update);
		require(rcpp_revert());
	}
	printf("{\"modules\":%d,\"sites\":%lu", count, (unsigned long)stats.sites);
	print_call("index", index);
	print_call("update", one);
	puts("}");
}

static atomic_bool stop, busy;
static atomic_int started;

static void *run(void *unused)
{
	started++;
	while (!stop)
		if (busy)
			f0(1);
		else
			usleep(10000);
	return unused;
}

static double asked, stood;

/* The first thread is asked to stop. */
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (number == SYS_rt_tgsigqueueinfo && !asked)
		asked = now();
	return __real_syscall(number, a, b, c, d, e, f);
}

/* All may go on. */
void __real_rcpp_go(void);
void __wrap_rcpp_go(void);
void __wrap_rcpp_go(void)
{
	stood = now() - asked;
	asked = 0;
	__real_rcpp_go();
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_stop(int threads)
{
	static double calls[SAMPLES], stops[SAMPLES];

	for (int i = 0; i < SAMPLES; i++) {
		double begin = now();

		require(update());
		calls[i] = now() - begin;
		stops[i] = stood;
		usleep(200);
	}
	qsort(calls, SAMPLES, sizeof(*calls), compare);
	qsort(stops, SAMPLES, sizeof(*stops), compare);
	printf("{\"threads\":%d,\"busy\":%s,\"median\":%.1f,\"most\":%.1f,\"call\":%.1f}\n",
	       threads, busy ? "true" : "false", stops[SAMPLES / 2], stops[SAMPLES * 99 / 100],
	       calls[SAMPLES / 2]);
}

static void print_stops(void)
{
	static const int counts[] = {1, 2, 8, THREADS_MAX};
	pthread_t thread;
	int running = 0;

	rcpp_set_timeout(60000);
	require(rcpp_patch());
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		for (; running < counts[i]; running++)
			require(pthread_create(&thread, NULL, run, NULL));
		while (started < running)
			usleep(1000);
		for (int in_sites = 0; in_sites < 2; in_sites++) {
			busy = in_sites;
			usleep(20000);
			print_stop(running);
		}
	}
}

int main(int count, char **arguments)
{
	if (count > 1 && !strcmp(arguments[1], "stop"))
		print_stops();
	else if (count > 2 && !strcmp(arguments[1], "modules"))
		print_modules(count - 2, arguments + 2);
	else
		print_calls();
	return 0;
}
