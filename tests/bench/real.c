// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Linked into each program of real.sh. At the first call of ENTRY (-Wl,--wrap) all is settled:
 * PATCH=1 patches there, and what is measured begins. It ends at exit; then a line goes to the file
 * that REPORT names. With -DWATCH that is the list of the bytes of .data and .bss that were written
 * in between: gcc -fsanitize=thread calls the functions below at each store.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <valgrind/callgrind.h>
#include "rcpp.h"

#define JOIN(a, b)    a##b
#define WRAPPER(name) JOIN(__wrap_, name)
#define REAL(name)    JOIN(__real_, name)

static volatile int running;

#ifdef WATCH
extern char __data_start[], _end[];
static char *values, *written; /* of the bytes from __data_start on */

static void note(const char *p, size_t size)
{
	if (running && p >= __data_start && p < _end)
		memset(written + (p - __data_start), 1, size);
}

/* What the C library and the kernel write shows in the values, if somebody looks often. */
static void compare(void)
{
	size_t size = _end - __data_start;

	if (memcmp(values, __data_start, size))
		for (size_t i = 0; i < size; i++)
			written[i] |= values[i] != __data_start[i];
}

static void begin(void)
{
	values = malloc(_end - __data_start);
	written = calloc(_end - __data_start, 1);
	memcpy(values, __data_start, _end - __data_start);
	running = 1;
}

static void end(FILE *report)
{
	compare();
	for (size_t i = 0; i < (size_t)(_end - __data_start); i++)
		if (written[i])
			fprintf(report, "%zu\n", i);
}

void __tsan_func_entry(void *caller)
{
	static unsigned calls;

	(void)caller;
	if (running && ++calls % 4096 == 0)
		compare();
}

// clang-format off
void __tsan_init(void) {}
void __tsan_func_exit(void) {}
void __tsan_atomic_thread_fence(void) { __sync_synchronize(); }
void __tsan_read_range(void) {}
void __tsan_write_range(void *p, size_t size) { note(p, size); }
#define ACCESS(size) \
	void __tsan_read##size(void) {} \
	void __tsan_unaligned_read##size(void) {} \
	void __tsan_write##size(void *p) { note(p, size); } \
	void __tsan_unaligned_write##size(void *p) { note(p, size); }
#define ATOMIC(bits, type) \
	type __tsan_atomic##bits##_load(type *p) \
	{ return __atomic_load_n(p, __ATOMIC_SEQ_CST); } \
	void __tsan_atomic##bits##_store(type *p, type v) \
	{ note((char *)p, sizeof(v)); __atomic_store_n(p, v, __ATOMIC_SEQ_CST); } \
	type __tsan_atomic##bits##_fetch_add(type *p, type v) \
	{ note((char *)p, sizeof(v)); return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); } \
	type __tsan_atomic##bits##_fetch_sub(type *p, type v) \
	{ note((char *)p, sizeof(v)); return __atomic_fetch_sub(p, v, __ATOMIC_SEQ_CST); } \
	int __tsan_atomic##bits##_compare_exchange_strong(type *p, type *old, type v) \
	{ note((char *)p, sizeof(v)); return __atomic_compare_exchange_n(p, old, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); }
ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)
ATOMIC(16, short)
ATOMIC(32, int)
ATOMIC(64, long)
// clang-format on
#else
static long start;
static struct rcpp_stats stats;

static long user_time(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
}

static void begin(void)
{
	if ((atoi(getenv("PATCH") ?: "0") && rcpp_patch()) || rcpp_stats(&stats)) {
		fprintf(stderr, "%s\n", rcpp_error());
		abort();
	}
	running = 1;
	start = user_time(); // until end(): then what has passed
	CALLGRIND_TOGGLE_COLLECT;
}

static void end(FILE *report)
{
	CALLGRIND_TOGGLE_COLLECT;
	start = user_time() - start;
	fprintf(report, "%ld %lu %lu %d\n", start, stats.sites, stats.patched, rcpp_verify());
}
#endif

static void finish(void)
{
	FILE *report = running ? fopen(getenv("REPORT") ?: "/dev/null", "a") : NULL;

	running = 0;
	if (report) {
		end(report);
		fclose(report);
	}
}

long REAL(ENTRY)(long, long, long, long, long, long);
long WRAPPER(ENTRY)(long a, long b, long c, long d, long e, long f)
{
	static int called;

	if (!called++) {
		begin();
		atexit(finish); // behind what rcpp_patch() leaves to exit(), so before it
	}
	return REAL(ENTRY)(a, b, c, d, e, f);
}

/* dash ends so. */
void REAL(_exit)(int status);
void WRAPPER(_exit)(int status)
{
	finish();
	REAL(_exit)(status);
}

/* What would make two runs of redis differ: random seeds, timers, threads in the background. */
void WRAPPER(srand)(unsigned seed)
{
	(void)seed;
}
void WRAPPER(srandom)(unsigned seed)
{
	(void)seed;
}
void WRAPPER(init_genrand64)(unsigned long long seed)
{
	(void)seed;
}
void WRAPPER(getRandomBytes)(unsigned char *bytes, size_t count)
{
	memset(bytes, 7, count);
}
long long REAL(aeCreateTimeEvent)(void *, long long, void *, void *, void *) __attribute__((weak));
long long WRAPPER(aeCreateTimeEvent)(void *loop, long long ms, void *call, void *data, void *end)
{
#ifdef WATCH /* what timers write is not settled */
	return REAL(aeCreateTimeEvent)(loop, ms, call, data, end);
#else
	(void)loop, (void)ms, (void)call, (void)data, (void)end;
	return 0;
#endif
}
void WRAPPER(bioInit)(void)
{
}
