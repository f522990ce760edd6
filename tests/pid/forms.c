// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A program with sites of all kinds that does what it is told, one word a line on its standard
 * input, and answers each with a line. So a test decides in which state rcpp-dump sees it.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>

#include <rcpp.h>

#define SITES __attribute__((noinline, used))

static __patchable int number = 12;
static __patchable long wide = 0x123456789abcdef;
static __patchable signed char little = -3;
static __patchable unsigned shift = 5, size = 16, divisor = 7;
static __patchable int flag = 1, dividend = -9;
static __patchable unsigned long mask = 0xff;
static __patchable const char *(*name)(void);
static __patchable const char *(*nobody)(void);
int by_name = 3; /* patchable by --symbol only: nobody keeps it from being written */

static const char *one(void)
{
	return "one";
}

static const char *two(void)
{
	return "two";
}

SITES int load(void)
{
	return number;
}

SITES long add(long x)
{
	return x + wide;
}

SITES long widen(void)
{
	return little;
}

SITES unsigned long shifted(unsigned long x)
{
	return x >> shift << (shift + 1);
}

SITES unsigned divide(unsigned x)
{
	return x / divisor + x % size;
}

SITES unsigned long power(unsigned x)
{
	return x / size;
}

SITES long divide_signed(long x)
{
	return x / dividend;
}

SITES int branch(int x)
{
	if (flag > 2)
		return load() * x;
	return x + 1;
}

SITES unsigned long masked(unsigned long x)
{
	return (x & mask) + 4 * mask;
}

SITES const char *call(void)
{
	return name();
}

SITES const char *call_nobody(void)
{
	return nobody ? nobody() : "nobody";
}

SITES int read_by_name(void)
{
	return by_name;
}

static int patch(void)
{
	return rcpp_patch();
}

/* All variables get other values, and no site knows. */
static int write_all(void)
{
	number = 99;
	wide = 5;
	little = 4;
	shift = 6;
	size = 32;
	divisor = 8;
	flag = 7;
	dividend = 11;
	mask = 0xfff;
	name = two;
	return 0;
}

static int keep_writable(void)
{
	return rcpp_configure(RCPP_KEEP_WRITABLE);
}

static int write_by_name(void)
{
	by_name = 4;
	return 0;
}

static int verify(void)
{
	return rcpp_verify();
}

static int count(void)
{
	struct rcpp_stats stats;

	return rcpp_stats(&stats) ? -1 : (int)stats.patched;
}

static void *update_for_ever(void *unused)
{
	for (int i = 0;; i++) {
		long i8 = i % 2 ? i : -0x123456789abcdefL;
		unsigned u = (unsigned)i % 30 + 1;
		struct rcpp_change changes[] = {{&number, &i, sizeof(i)},
						{&wide, &i8, sizeof(i8)},
						{&shift, &u, sizeof(u)},
						{&divisor, &u, sizeof(u)}};

		if (rcpp_update(changes, 4))
			abort();
	}
	return unused;
}

static int update(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, update_for_ever, NULL);
}

static void *wait_for_ever(void *unused)
{
	pause();
	return unused;
}

/* The first thread ends, another one stays. */
static int leave(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL))
		return -1;
	puts("0");
	pthread_exit(NULL);
}

/* The file of another program, mapped to be read, and to be executed. */
static int map_file(void)
{
	int file = open("other", O_RDONLY);

	if (file < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		int protection = i ? PROT_READ | PROT_EXEC : PROT_READ;

		if (mmap(NULL, (size_t)lseek(file, 0, SEEK_END), protection, MAP_PRIVATE, file,
			 0) == MAP_FAILED)
			return -1;
	}
	return close(file);
}

/* From now on all memory that can be read can be executed, as in old programs. */
static int make_executable(void)
{
	return personality(READ_IMPLIES_EXEC) < 0;
}

/* Its code, and where the data should follow, its beginning once more. */
static int map_beginnings(void)
{
	int file = open("other", O_RDONLY);
	size_t size = (size_t)lseek(file, 0, SEEK_END), data;
	Elf64_Ehdr header;
	Elf64_Phdr segment = {0};
	char *start;

	if (pread(file, &header, sizeof(header), 0) != sizeof(header))
		return -1;
	for (unsigned i = 0; i < header.e_phnum && !(segment.p_flags & PF_W); i++)
		if (pread(file, &segment, sizeof(segment),
			  (off_t)(header.e_phoff + i * sizeof(segment))) != sizeof(segment))
			return -1;
	data = segment.p_vaddr & -4096UL;
	start = mmap(NULL, data + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mmap(start, data, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0) != start ||
	    mmap(start + data, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) != start + data)
		return -1;
	return close(file);
}

/* Code that begins as a module with a table does, and has a segment that cannot be. */
static int pretend(void)
{
	static const Elf64_Phdr first = {PT_LOAD, PF_R | PF_X, 0, 0, 0, 4096, 4096, 4096};
	static const Elf64_Phdr note = {PT_NOTE, PF_R, 1024, 1024, 0, 64, 64, 4};
	static const Elf64_Phdr absurd[] = {
		{PT_LOAD, PF_R | PF_X, 0, 0, 0, -1UL, -1UL, 4096},
		{PT_LOAD, PF_R | PF_X, 1UL << 60, 0, 0, 4096, 4096, 4096},
		{PT_LOAD, PF_R | PF_X, 0, 0, 0, 4096, 1UL << 50, 4096},
		{PT_LOAD, PF_R | PF_X, 64, -4096UL, 0, 4096, 4096, 4096},
		{PT_NOTE, PF_R, 0, 0, 0, -1UL, -1UL, 4},
	};
	static const unsigned count = sizeof(absurd) / sizeof(absurd[0]);

	for (unsigned i = 0; i < count; i++) {
		const Elf64_Phdr segments[] = {first, absurd[i], note};
		const struct {
			Elf64_Nhdr head;
			char name[8];
		} table = {{5, 4096, 1}, "rcpp"};
		Elf64_Ehdr header = {.e_type = ET_DYN,
				     .e_machine = EM_X86_64,
				     .e_phoff = i == count - 1 ? -8UL : sizeof(header),
				     .e_phentsize = sizeof(Elf64_Phdr),
				     .e_phnum = 3};
		char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				    -1, 0);

		memcpy(header.e_ident, ELFMAG "\2\1\1", 7);
		memcpy(memory, &header, sizeof(header));
		memcpy(memory + sizeof(header), segments, sizeof(segments));
		memcpy(memory + note.p_offset, &table, sizeof(table));
		if (mprotect(memory, 4096, PROT_READ | PROT_EXEC))
			return -1;
	}
	return 0;
}

static void *library;

static int load_library(void)
{
	library = dlopen("./plugin.so", RTLD_NOW);
	return library ? 0 : -1;
}

static int unload_library(void)
{
	return dlclose(library);
}

static int use(void)
{
	return (int)(add(1) + widen() + (long)shifted(1000) + divide(100) + (long)power(100) +
		     divide_signed(100) + branch(4) + (long)masked(100) + call()[0] +
		     call_nobody()[0] + read_by_name());
}

static const struct {
	const char *word;
	int (*function)(void);
} commands[] = {
	{"patch", patch},
	{"revert", rcpp_revert},
	{"verify", verify},
	{"count", count},
	{"keep", keep_writable},
	{"write-all", write_all},
	{"write-by-name", write_by_name},
	{"update", update},
	{"map", map_file},
	{"map-beginnings", map_beginnings},
	{"pretend", pretend},
	{"executable", make_executable},
	{"leave", leave},
	{"load", load_library},
	{"unload", unload_library},
	{"use", use},
};

static int obey(const char *word)
{
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(word, commands[i].word) == 0)
			return commands[i].function();
	}
	return -1;
}

int main(void)
{
	char word[64];

	name = one;
	setlinebuf(stdout);
	puts("ready");
	while (scanf("%63s", word) == 1)
		printf("%d\n", obey(word));
	return 0;
}
