// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * New values for a few of very many sites, so many that the runtime makes an index of them: it must
 * find exactly the sites that read what changes. With -DLIBRARY=N it is a library with other sites
 * at the same places.
 *
 *	many values	the sites against their variables, for changes of all kinds
 *	many libraries	one library after the other, at the same address
 *	many maps	nothing is left of it all
 *	many moves	how many mappings an update moves
 *	many opens	how often it opens variables
 *	many overtaken	somebody writes into a site while an update is under way
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "check.h"

#define VARIABLES 32

#ifndef LIBRARY
#define LIBRARY 0
#endif

/* One site for each size; those of v[0] are more than can be written where they are. */
struct group {
	unsigned char bytes[4];
	short halves[2];
	int word;
	long wide;
};

static __patchable struct group v[VARIABLES];

/* More than can be written where it is, and hardly read. */
static __patchable char large[8192];

struct group *variables(void);
struct group *variables(void)
{
	return v;
}

/* So that forms differ, too, which lie at the same place. */
#if LIBRARY == 5
#define OP |
#else
#define OP ^
#endif

/* Only one of the libraries begins with other variables. */
#define VARIABLE(n) ((n) % 5 ? 0 : ((n) / 5 + LIBRARY * 7) % VARIABLES)

#define READ(n)                                                                                    \
	__attribute__((noinline)) static long read##n(long x)                                      \
	{                                                                                          \
		const struct group *g = &v[VARIABLE(n)];                                           \
		x = x * 3 OP g->bytes[n % 4];                                                      \
		x = x * 3 OP g->halves[n % 2];                                                     \
		x = x * 3 OP g->word;                                                              \
		return x * 3 OP g->wide;                                                           \
	}
#define EACH10(m, n) m(n##0) m(n##1) m(n##2) m(n##3) m(n##4) m(n##5) m(n##6) m(n##7) m(n##8) m(n##9)
#define EACH100(m, n)                                                                              \
	EACH10(m, n##0)                                                                            \
	EACH10(m, n##1)                                                                            \
	EACH10(m, n##2)                                                                            \
	EACH10(m, n##3)                                                                            \
	EACH10(m, n##4)                                                                            \
	EACH10(m, n##5) EACH10(m, n##6) EACH10(m, n##7) EACH10(m, n##8) EACH10(m, n##9)

/* 1000 to 1199: no number begins with 0, which would be octal. */
EACH100(READ, 10)
EACH100(READ, 11)

#define NAME(n) read##n,
static long (*const readers[])(long) = {EACH100(NAME, 10) EACH100(NAME, 11)};

#define READERS ((int)(sizeof(readers) / sizeof(*readers)))

/* What the functions return, and what memory says that they should. */
int count_wrong(void);
int count_wrong(void)
{
	const struct group *memory = hide(v);
	int wrong = 0;

	for (int i = 0; i < READERS; i++) {
		int n = 1000 + i;
		const struct group *g = &memory[VARIABLE(n)];
		unsigned long x = 1;

		x = x * 3 OP g->bytes[n % 4];
		x = x * 3 OP(unsigned long) g->halves[n % 2];
		x = x * 3 OP(unsigned long) g->word;
		x = x * 3 OP(unsigned long) g->wide;
		wrong += readers[i](1) != (long)x;
	}
	return wrong;
}

#if !LIBRARY
#ifdef OVERTAKE
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
#endif

static unsigned long random_number(void)
{
	static unsigned long state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* Some bytes somewhere, aligned or not, in one variable or over its end. */
static struct rcpp_change random_change(unsigned long *value)
{
	size_t size = random_number() % 9;
	size_t last = sizeof(v) - size;

	*value = random_number() % 3 ? random_number() % 2 : random_number();
	return (struct rcpp_change){(char *)hide(v) + random_number() % (last + 1), value, size};
}

static void check_values(void)
{
	CHECK(!rcpp_patch());
	for (int i = 0; i < 2000; i++) {
		unsigned long values[3];
		struct rcpp_change changes[3];
		size_t count = 1 + random_number() % 3;

		for (size_t j = 0; j < count; j++)
			changes[j] = random_change(&values[j]);
		if (i == 1000)
			CHECK(!rcpp_revert() && !rcpp_patch());
		CHECK(!rcpp_update(changes, count));
		CHECK(!rcpp_verify());
		if (i % 10 == 0)
			CHECK(!count_wrong());
	}
	CHECK(!count_wrong());
}

static void check_library(const char *name, uintptr_t *where)
{
	void *library = dlopen(name, RTLD_NOW);
	struct group *(*find)(void);
	int (*count)(void);
	Dl_info info;

	CHECK(library);
	*(void **)&find = dlsym(library, "variables");
	*(void **)&count = dlsym(library, "count_wrong");
	CHECK(find && count);
	CHECK(dladdr((void *)(uintptr_t)find, &info));
	*where = (uintptr_t)info.dli_fbase;
	CHECK(!rcpp_patch());
	for (int i = 0; i < VARIABLES; i++) {
		CHECK(!RCPP_SET(find()[i].word, i + 5));
		CHECK(!RCPP_SET(find()[i].bytes[i % 4], (unsigned char)i));
		CHECK(!count());
	}
	CHECK(!rcpp_verify());
	dlclose(library);
}

static void check_libraries(void)
{
	uintptr_t one = 0, other = 0;
	int same = 0;

	for (int i = 0; i < 20; i++) {
		check_library("./one.so", &one);
		check_library("./other.so", &other);
		same += one == other;
	}
	CHECK(same);
}

static int count_lines(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int lines = 0;

	CHECK(maps);
	for (int c; (c = getc(maps)) != EOF;)
		lines += c == '\n';
	fclose(maps);
	return lines;
}

static void check_maps(void)
{
	int before = count_lines();

	for (int i = 0; i < 3; i++) {
		CHECK(!rcpp_patch());
		CHECK(!RCPP_SET(v[3].wide, (long)i << 40));
		CHECK(!count_wrong());
		CHECK(!rcpp_revert());
		CHECK(!count_wrong());
	}
	CHECK(count_lines() == before);
}

static int moves;
static int unmovable;

#if defined(REFUSE) || defined(OPENS)
static int opens;
static int actions; /* of signals, that were read */
static int writes;
static int refused; /* the write of this number fails, */
static int cut;	    /* or ends after so many bytes */
#ifdef REFUSE
#define FAILS (writes >= refused) /* and all behind it */
#else
#define FAILS (writes == refused)
#endif

long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	opens += number == SYS_mprotect && c & PROT_WRITE;
	actions += number == SYS_rt_sigaction;
	if (number == SYS_pwrite64 && ++writes && refused && FAILS) {
		if (cut)
			return __real_syscall(number, a, b, cut, d, e, f);
		errno = EIO;
		return -1;
	}
	return __real_syscall(number, a, b, c, d, e, f);
}
#endif

#ifdef REFUSE
__attribute__((constructor)) static void refuse(void)
{
	refused = 1;
}
#endif

void *__real_mremap(void *old, size_t size, size_t new_size, int flags, void *address);
void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags, void *address);
void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags, void *address)
{
	moves++;
	if (unmovable) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return __real_mremap(old, size, new_size, flags, address);
}

static void check_moves(void)
{
	CHECK(!rcpp_patch() && moves == 1);
	CHECK(!RCPP_SET(v[3].wide, 1L << 40) && moves == 1);
	CHECK(!RCPP_SET(v[0].wide, 1L << 40) && moves == 2);
	CHECK(!RCPP_SET(v[3].wide, 1L) && moves == 2);
	CHECK(!count_wrong() && !rcpp_verify());
}

#ifdef OPENS
/*
 * Where one write fails or ends early, of a site or of the variable, what is written is undone;
 * then pages are exchanged. If that fails, too, nothing is changed.
 */
static void check_refused(void)
{
	const struct group *memory = hide(v);
	int status;
	pid_t child = fork();

	CHECK(child >= 0);
	if (!child) {
		writes = 0;
		CHECK(!RCPP_SET(v[4].word, 1000) == !unmovable);
		CHECK(memory[4].word == (unmovable ? 1 : 1000) && (opens || unmovable));
		CHECK(!count_wrong() && !rcpp_verify());
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && !status);
}

/* What looks like signal frames, where none can be: below what the library uses of the stack. */
__attribute__((noinline)) static void leave_frames(void)
{
	volatile long words[4096];

	for (size_t i = 0; i < sizeof(words) / sizeof(*words) - 512; i++)
		words[i] = 0x33;
}

/* With few sites, with many, of many bytes, and with another one. */
static void check_opens(void)
{
	static const char other[sizeof(large)] = {7};
	const struct rcpp_change many_bytes = {large, other, sizeof(other)};
	const int word = 9;
	const struct rcpp_change two[] = {{&v[3].word, &word, sizeof(word)},
					  {&v[4].word, &word, sizeof(word)}};
	const struct group *memory = hide(v);

	leave_frames();
	CHECK(!large[0] && !rcpp_patch() && !opens && !actions);
	CHECK(!RCPP_SET(v[3].wide, 1L << 40) && memory[3].wide == 1L << 40 && !opens && !actions);
	CHECK(!RCPP_SET(v[0].wide, 1L << 40) && opens == 1);
	CHECK(!rcpp_update(&many_bytes, 1) && opens == 2 && large[0] == 7);
	CHECK(!rcpp_update(two, 2) && opens == 3 && memory[3].word == 9 && memory[4].word == 9);
	CHECK(!count_wrong() && !rcpp_verify());
	writes = 0;
	CHECK(!RCPP_SET(v[4].word, 1) && writes > 1);
	for (refused = writes, opens = 0; refused; refused--) {
		for (cut = 0; cut < 4; cut++)
			for (unmovable = 0; unmovable < 2; unmovable++)
				check_refused();
	}
}
#endif

#ifdef OVERTAKE
#define BREAKPOINT 0xcc
#define VALUE	   0x12345678

static unsigned char *place; /* in a site, in front of a value */

/* As a debugger writes. */
static void write_place(unsigned char byte)
{
	int file = __real_open("/proc/self/mem", O_RDWR);

	CHECK(pwrite(file, &byte, 1, (off_t)(uintptr_t)place) == 1);
	close(file);
}

/* When the update begins to write, its bytes are ready. */
int __wrap_open(const char *path, int flags, ...)
{
	if (place && strstr(path, "/mem"))
		write_place(BREAKPOINT);
	return __real_open(path, flags, 0);
}

static void check_overtaken(void)
{
	int value = VALUE;
	unsigned char *code = (unsigned char *)(uintptr_t)readers[135], *found, before;

	CHECK(VARIABLE(1135) == 3);
	CHECK(!rcpp_patch() && !RCPP_SET(v[3].word, value));
	found = memmem(code, 128, &value, sizeof(value));
	CHECK(found);
	before = found[-1];
	place = found - 1;
	CHECK(RCPP_SET(v[3].word, value + 1) && strstr(rcpp_error(), "holds other bytes"));
	CHECK(*place == BREAKPOINT && ((struct group *)hide(v))[3].word == value);
	write_place(before);
	place = NULL;
	CHECK(!RCPP_SET(v[3].word, value + 1) && !count_wrong());
}
#endif

int main(int count, char **arguments)
{
	CHECK(count == 2);
	rcpp_set_timeout(60000);
	if (!strcmp(arguments[1], "values"))
		check_values();
	else if (!strcmp(arguments[1], "libraries"))
		check_libraries();
	else if (!strcmp(arguments[1], "maps"))
		check_maps();
#ifdef OPENS
	else if (!strcmp(arguments[1], "opens"))
		check_opens();
#endif
#ifdef OVERTAKE
	else if (!strcmp(arguments[1], "overtaken"))
		check_overtaken();
#endif
	else
		check_moves();
	return 0;
}
#endif
