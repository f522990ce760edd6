// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What patching leaves as it was. After rcpp_revert() the list of mappings is what it was, and no
 * page of the text is a copy; locked memory stays locked; a page that somebody else wrote to keeps
 * what was written. Sealed memory is refused, with the reason.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#ifndef SYS_mseal
#define SYS_mseal 462
#endif

__patchable long value = 5;
extern const unsigned char foreign[];

__attribute__((noinline)) long use(long x)
{
	return x + value;
}

/* Not executed: somebody else's to write. */
__asm__(".text; .globl foreign; foreign: .byte 1, 2, 3, 4");

__attribute__((noinline)) long again(long x)
{
	return x - value;
}

/* The lines of /proc/self/maps that are of the program's file. */
static void read_maps(char *text, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4352];

	CHECK(maps);
	text[0] = 0;
	while (fgets(line, sizeof(line), maps))
		if (strstr(line, "/kept") && strlen(text) + strlen(line) < size)
			strcat(text, line);
	fclose(maps);
	CHECK(*text);
}

/* A number of kB from /proc/self/smaps: of all that is mapped with these permissions. */
static long count_kilobytes(const char *permissions, const char *key)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	char line[4352], word[64];
	unsigned long start, stop;
	long number, sum = 0;
	int wanted = 0;

	CHECK(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %63s", &start, &stop, word) == 3)
			wanted = !strcmp(word, permissions) && strstr(line, "/kept");
		else if (wanted && sscanf(line, "%63s %ld", word, &number) == 2 &&
			 !strcmp(word, key))
			sum += number;
	}
	fclose(maps);
	return sum;
}

static void check_mappings(void)
{
	static char before[8192], after[8192];
	int i;

	read_maps(before, sizeof(before));
	for (i = 0; i < 3; i++) {
		CHECK(!rcpp_patch());
		CHECK(use(1) == 6 && again(1) == -4);
		CHECK(count_kilobytes("r-xp", "Anonymous:") > 0);
		CHECK(!rcpp_revert());
		CHECK(use(1) == 6 && again(1) == -4);
		read_maps(after, sizeof(after));
		CHECK(!strcmp(before, after));
		CHECK(count_kilobytes("r-xp", "Anonymous:") == 0);
	}
}

static void check_locked(void)
{
	long locked;

	CHECK(!mlockall(MCL_CURRENT));
	locked = count_kilobytes("r-xp", "Locked:");
	CHECK(locked > 0);
	CHECK(!rcpp_patch());
	/* A page of the file that mold has in two mappings counts half, its copy does not. */
	CHECK(count_kilobytes("r-xp", "Locked:") >= locked);
	CHECK(!rcpp_revert());
	CHECK(count_kilobytes("r-xp", "Locked:") == locked);
	CHECK(!munlockall());
}

static void check_foreign(void)
{
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	CHECK(memory >= 0);
	CHECK(pwrite(memory, "\xcc", 1, (off_t)(unsigned long)(foreign + 1)) == 1);
	close(memory);
	CHECK(!rcpp_patch() && use(1) == 6);
	CHECK(!memcmp(foreign, "\1\xcc\3\4", 4));
	CHECK(!rcpp_revert() && use(1) == 6);
	CHECK(!memcmp(foreign, "\1\xcc\3\4", 4));
}

static void check_sealed(void)
{
	if (syscall(SYS_mseal, (unsigned long)use & -4096UL, 4096UL, 0UL)) {
		CHECK(errno == ENOSYS);
		puts("this kernel has no mseal()");
		return;
	}
	CHECK(rcpp_patch() == -1);
	CHECK(strstr(rcpp_error(), "Operation not permitted; the text is unchanged"));
	*(long *)hide(&value) = 6;
	CHECK(use(1) == 7);
}

int main(void)
{
	check_mappings();
	check_locked();
	check_foreign();
	check_sealed();
	return 0;
}
