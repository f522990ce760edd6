// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What /proc tells about this process's memory: which file is mapped at an address, and which pages
 * differ from the file.
 *
 * An address in the text in, a private mapping of the same part of the same file out. So perf, gdb
 * and others that read the list of mappings still see the module's file where its text is. That
 * list also decides whether it is the same file. stat() cannot: on overlayfs (every container) and
 * btrfs it reports another device than the list does.
 *
 * The thread's directory is read, because the process's is empty when its first thread has ended.
 *
 * It runs under the dynamic linker's lock, where malloc() would be asking for trouble, so it reads
 * with buffers of its own. What does not fit is no error: the caller has another way.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pages.h"
#include "raw.h"

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

static bool search_mapping(uintptr_t address, struct mapping *mapping)
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

/* What is mapped at the address; mapping->path is good until the next call. */
static bool find_mapping(uintptr_t address, struct mapping *mapping)
{
	bool found;

	lines.start = lines.stop = 0;
	lines.fd = open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
	if (lines.fd < 0)
		return false;
	found = search_mapping(address, mapping);
	close(lines.fd);
	return found;
}

bool rcpp_is_file_mapped(uintptr_t address)
{
	struct mapping mapping;

	return find_mapping(address, &mapping);
}

static bool is_same_file(const struct mapping *one, const struct mapping *other)
{
	return one->inode == other->inode && one->major == other->major &&
	       one->minor == other->minor;
}

/* Pages behind the end of the file could not be touched. */
static bool reaches(int file, off_t offset, size_t length)
{
	struct stat status;

	return !fstat(file, &status) && S_ISREG(status.st_mode) &&
	       status.st_size > offset + (off_t)(length - RCPP_PAGE_SIZE);
}

/* Map what has this name now, if it is the file of the mapping; NULL if it is not. */
static void *map_named(const char *name, const struct mapping *wanted, off_t offset, size_t length,
		       int *file)
{
	struct mapping got;
	void *memory = MAP_FAILED;

	/* Should something else have the name now, a pipe say, do not wait for it. */
	*file = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*file < 0)
		return NULL;
	if (reaches(*file, offset, length))
		memory = mmap(NULL, length, PROT_READ | PROT_EXEC, MAP_PRIVATE, *file, offset);
	if (memory != MAP_FAILED) {
		if (find_mapping((uintptr_t)memory, &got) && is_same_file(&got, wanted))
			return memory;
		munmap(memory, length);
	}
	close(*file);
	return NULL;
}

void *rcpp_map_same_file(uintptr_t address, size_t length, struct rcpp_source *source)
{
	struct mapping mapping;
	void *memory;

	source->file = -1;
	if (!find_mapping(address, &mapping))
		return NULL;
	source->offset = (off_t)(address - mapping.start + mapping.offset);
	memory = map_named(mapping.path, &mapping, source->offset, length, &source->file);
	if (!memory) /* a program that was replaced while it runs, as upgrades do it */
		memory = map_named("/proc/thread-self/exe", &mapping, source->offset, length,
				   &source->file);
	if (!memory)
		source->file = -1;
	return memory;
}

/* ---- Pages ---- */

/* Documentation/admin-guide/mm/pagemap.rst in Linux */
#define PAGE_IS_PRESENT (1ULL << 63)
#define PAGE_IS_SWAPPED (1ULL << 62)
#define PAGE_IS_FILE	(1ULL << 61)

void rcpp_pagemap_open(struct rcpp_pagemap *pagemap)
{
	pagemap->file = rcpp_raw_open("/proc/thread-self/pagemap");
	pagemap->first = pagemap->count = 0;
}

bool rcpp_page_is_private(struct rcpp_pagemap *pagemap, uintptr_t address)
{
	size_t page = address / RCPP_PAGE_SIZE;
	uint64_t entry;

	if (page - pagemap->first >= pagemap->count) {
		long got = rcpp_raw_read_at(pagemap->file, pagemap->entries,
					    sizeof(pagemap->entries), page * sizeof(entry));

		if (got < (long)sizeof(entry))
			return true; /* nobody tells */
		pagemap->first = page;
		pagemap->count = (size_t)got / sizeof(entry);
	}
	entry = pagemap->entries[page - pagemap->first];
	return entry & PAGE_IS_SWAPPED || (entry & PAGE_IS_PRESENT && !(entry & PAGE_IS_FILE));
}

void rcpp_pagemap_close(struct rcpp_pagemap *pagemap)
{
	if (pagemap->file >= 0)
		rcpp_raw_close(pagemap->file);
}
