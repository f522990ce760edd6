// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Copies of a process's memory. The runtime's code asks for an address of the process and gets a
 * pointer into the copy. Code, tables and what the dynamic linker has made read-only are copied
 * whole, because forms are read without a limit known in advance. Data is copied by pages: a
 * program may have gigabytes that no site reads, and reading them would make the kernel provide
 * page tables for them.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dump_process.h"

#define PAGE   ((size_t)4096)
#define WINDOW ((size_t)RCPP_SITE_MAX) /* of data: more than what is read at once */
#define RECENT 1024		       /* how many pages it is remembered of which part they are */

static struct dump_process *process;
static struct dump_part *recent[RECENT];
static uintptr_t failed_at;
static int failed_error;

bool dump_memory_read(int memory, uintptr_t address, void *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got =
			pread(memory, (char *)to + done, size - done, (off_t)(address + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = 0; /* its memory is gone */
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

void dump_memory_of(struct dump_process *whose)
{
	process = whose;
	memset(recent, 0, sizeof(recent));
	failed_at = 0;
}

const char *dump_memory_problem(void)
{
	static char text[128];
	uintptr_t address = failed_at;

	failed_at = 0;
	if (address == 0)
		return NULL;
	if (failed_error == 0)
		return DUMP_ENDED;
	snprintf(text, sizeof(text),
		 "cannot read the process's memory at 0x%" PRIxPTR ": %s: try again", address,
		 strerror(failed_error));
	return text;
}

/* ---- The parts of a module ---- */

static void add_part(struct dump_module *module, const Elf64_Phdr *segment, bool whole)
{
	module->parts[module->part_count++] = (struct dump_part){
		.start = module->info.dlpi_addr + segment->p_vaddr,
		.size = segment->p_memsz,
		.whole = whole,
	};
}

/* What the dynamic linker has made read-only comes first: it is a part of a segment of data. */
void dump_module_divide(struct dump_module *module)
{
	const Elf64_Phdr *segments = module->info.dlpi_phdr;

	module->parts = dump_allocate(module->info.dlpi_phnum, sizeof(*module->parts));
	for (unsigned i = 0; i < module->info.dlpi_phnum; i++) {
		if (segments[i].p_type == PT_GNU_RELRO)
			add_part(module, &segments[i], true);
	}
	for (unsigned i = 0; i < module->info.dlpi_phnum; i++) {
		if (segments[i].p_type == PT_LOAD)
			add_part(module, &segments[i], !(segments[i].p_flags & PF_W));
	}
}

static size_t mapped_size(const struct dump_part *part)
{
	return part->size + WINDOW;
}

void dump_module_free(struct dump_module *module)
{
	for (size_t i = 0; i < module->part_count; i++) {
		if (module->parts[i].bytes != NULL)
			munmap(module->parts[i].bytes, mapped_size(&module->parts[i]));
		free(module->parts[i].present);
	}
	free(module->parts);
	free((void *)module->info.dlpi_phdr);
}

static struct dump_part *search_part(uintptr_t address)
{
	for (size_t i = 0; process != NULL && i < process->module_count; i++) {
		const struct dump_module *module = &process->modules[i];

		for (size_t j = 0; j < module->part_count; j++) {
			if (address - module->parts[j].start < module->parts[j].size)
				return &module->parts[j];
		}
	}
	return NULL;
}

static struct dump_part *find_part(uintptr_t address)
{
	struct dump_part **found = &recent[address / PAGE % RECENT];

	if (*found == NULL || address - (*found)->start >= (*found)->size)
		*found = search_part(address);
	return *found;
}

/* ---- Copying ---- */

static void fail(uintptr_t address)
{
	if (failed_at != 0)
		return;
	failed_at = address;
	failed_error = errno;
}

static void copy(struct dump_part *part, size_t offset, size_t size)
{
	if (!dump_memory_read(process->memory, part->start + offset, part->bytes + offset, size))
		fail(part->start + offset);
}

/* The pages count from the part's start. */
static void copy_page(struct dump_part *part, size_t page)
{
	size_t size = part->size - page * PAGE;

	if (part->present[page])
		return;
	part->present[page] = true;
	copy(part, page * PAGE, size < PAGE ? size : PAGE);
}

static void prepare(struct dump_part *part)
{
	void *bytes = mmap(NULL, mapped_size(part), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (bytes == MAP_FAILED) {
		fputs("rcpp-dump: error: out of memory\n", stderr);
		exit(1);
	}
	part->bytes = bytes;
	if (part->whole)
		copy(part, 0, part->size);
	else
		part->present = dump_allocate(part->size / PAGE + 1, sizeof(*part->present));
}

/* At least a window from the offset on. */
static void provide(struct dump_part *part, size_t offset)
{
	size_t last = offset + WINDOW < part->size ? offset + WINDOW : part->size - 1;

	if (part->bytes == NULL)
		prepare(part);
	for (size_t page = offset / PAGE; !part->whole && page <= last / PAGE; page++)
		copy_page(part, page);
}

const void *dump_at(uintptr_t address)
{
	static const uint8_t nothing[PAGE]; /* who asks has seen that there is memory */
	struct dump_part *part = find_part(address);

	if (part == NULL) {
		errno = EFAULT;
		fail(address);
		return nothing;
	}
	provide(part, address - part->start);
	return part->bytes + (address - part->start);
}

void dump_memory_refresh(uintptr_t address, size_t size)
{
	struct dump_part *part = find_part(address);
	size_t offset;

	if (part == NULL)
		return;
	offset = address - part->start;
	if (size > part->size - offset)
		size = part->size - offset;
	provide(part, offset);
	copy(part, offset, size);
}
