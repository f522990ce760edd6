// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Which file is mapped at an address? Only /proc/self/maps knows.
 *
 * In goes an address in the text, out comes a private mapping of the same part of the same file, so
 * that perf, gdb and whoever else reads the list of mappings still sees the module's file where its
 * text is. It runs under the dynamic linker's lock, where malloc() would be asking for trouble, so
 * it reads with a buffer of its own. Whatever does not fit is no error: the caller has another way.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "pages.h"

/* A line: addresses, protection, offset, device, inode, path. */
#define LINE_SIZE (PATH_MAX + 128)

struct lines {
	int fd;
	size_t start;
	size_t stop;
	char buffer[LINE_SIZE];
};

struct mapping {
	unsigned long start;
	unsigned long stop;
	unsigned long offset;
	unsigned int major;
	unsigned int minor;
	unsigned long inode;
	const char *path;
};

/* The caller is alone (rcpp_patch() has a lock), and stacks of threads may be small. */
static struct lines lines;

/* The next line without its end, or NULL. */
static char *next_line(void)
{
	for (;;) {
		char *start = lines.buffer + lines.start;
		char *end = memchr(start, '\n', lines.stop - lines.start);
		ssize_t got;

		if (end) {
			*end = 0;
			lines.start = (size_t)(end + 1 - lines.buffer);
			return start;
		}
		memmove(lines.buffer, start, lines.stop - lines.start);
		lines.stop -= lines.start;
		lines.start = 0;
		if (lines.stop == LINE_SIZE)
			return NULL;
		do
			got = read(lines.fd, lines.buffer + lines.stop, LINE_SIZE - lines.stop);
		while (got < 0 && errno == EINTR);
		if (got <= 0)
			return NULL;
		lines.stop += (size_t)got;
	}
}

static bool find_mapping(uintptr_t address, struct mapping *mapping)
{
	char *line;

	while ((line = next_line())) {
		int path = 0;

		if (sscanf(line, "%lx-%lx %*s %lx %x:%x %lu %n", &mapping->start, &mapping->stop,
			   &mapping->offset, &mapping->major, &mapping->minor, &mapping->inode,
			   &path) < 6 ||
		    !path)
			continue;
		mapping->path = line + path;
		if (address >= mapping->start && address < mapping->stop)
			return mapping->path[0] == '/';
	}
	return false;
}

static bool is_same_file(int fd, const struct mapping *mapping, uintptr_t stop)
{
	struct stat status;

	/* Pages behind the end of the file could not be touched. */
	return !fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_ino == mapping->inode &&
	       major(status.st_dev) == mapping->major && minor(status.st_dev) == mapping->minor &&
	       (uintptr_t)status.st_size > stop - 4096 - mapping->start + mapping->offset;
}

void *rcpp_map_same_file(uintptr_t address, size_t length)
{
	struct mapping mapping;
	void *memory = MAP_FAILED;
	bool found;
	int fd;

	lines.start = lines.stop = 0;
	lines.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	if (lines.fd < 0)
		return NULL;
	found = find_mapping(address, &mapping);
	close(lines.fd);
	if (!found)
		return NULL;
	/* Should something else have the name now, a pipe say, do not wait for it. */
	fd = open(mapping.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	if (is_same_file(fd, &mapping, address + length))
		memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd,
			      (off_t)(address - mapping.start + mapping.offset));
	close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}
