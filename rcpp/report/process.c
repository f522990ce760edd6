// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A process in, where a module lies in it and what its variables hold out. The module is recognized
 * by what it has in memory (its ELF header, program headers and notes, with the build ID and our
 * tables), so it does not matter under which path the process, or a container, sees the file.
 *
 * Only data is read: the text comes from the file, since the process may have patched its own.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

struct process {
	struct loaded *loaded;
	pid_t pid;
	int memory; /* /proc/PID/mem */
	FILE *maps;
};

static bool read_all(int file, void *to, size_t size, uint64_t address)
{
	char *bytes = to;

	while (size) {
		ssize_t count = pread(file, bytes, size, (off_t)address);

		if (count <= 0)
			return false;
		bytes += count;
		address += (uint64_t)count;
		size -= (size_t)count;
	}
	return true;
}

/* Does the process have the same bytes there as the file? */
static bool holds(const struct process *process, uint64_t address, const void *wanted, size_t size)
{
	void *bytes = dump_allocate(size, 1);
	bool same = read_all(process->memory, bytes, size, address) && !memcmp(bytes, wanted, size);

	free(bytes);
	return same;
}

static bool holds_notes(const struct process *process, uint64_t base)
{
	const struct loaded *loaded = process->loaded;

	for (size_t i = 0; i < loaded->image->segment_count; i++) {
		const GElf_Phdr *segment = &loaded->image->segments[i];
		const uint8_t *notes = loaded_at(loaded, segment->p_vaddr, segment->p_memsz);

		if (segment->p_type == PT_NOTE && notes &&
		    !holds(process, base + segment->p_vaddr, notes, segment->p_memsz))
			return false;
	}
	return true;
}

/* The module begins here if the ELF header does, and the rest is where it should be. */
static bool begins_at(const struct process *process, uint64_t address)
{
	const struct loaded *loaded = process->loaded;

	return holds(process, address, loaded->memory, sizeof(Elf64_Ehdr)) &&
	       holds_notes(process, address - loaded->start);
}

static bool find_base(struct process *process)
{
	struct loaded *loaded = process->loaded;
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (!found && getline(&line, &size, process->maps) > 0) {
		uint64_t start;

		if (sscanf(line, "%" SCNx64 "-%*x r", &start) != 1)
			continue;
		found = begins_at(process, start);
		if (found)
			loaded->base = start - loaded->start;
	}
	free(line);
	return found || dump_fail(loaded->image,
				  "process %d does not run this file: give the file that it runs "
				  "(see /proc/%d/maps), or values by --value",
				  (int)process->pid, (int)process->pid);
}

static bool read_data(const struct process *process)
{
	const struct loaded *loaded = process->loaded;

	for (size_t i = 0; i < loaded->image->segment_count; i++) {
		const GElf_Phdr *segment = &loaded->image->segments[i];

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W))
			continue;
		if (!read_all(process->memory,
			      loaded_at(loaded, segment->p_vaddr, segment->p_memsz),
			      segment->p_memsz, loaded->base + segment->p_vaddr))
			return dump_fail(loaded->image,
					 "the data of process %d cannot be read: has it ended?",
					 (int)process->pid);
	}
	return true;
}

static bool open_process(struct process *process)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)process->pid);
	process->memory = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)process->pid);
	process->maps = fopen(path, "re");
	if (process->memory >= 0 && process->maps)
		return true;
	return dump_fail(process->loaded->image,
			 "process %d cannot be read: %s; give a process that runs, as its user or "
			 "as root",
			 (int)process->pid, strerror(errno));
}

bool loaded_read_process(struct loaded *loaded, pid_t pid)
{
	struct process process = {.loaded = loaded, .pid = pid};
	bool done = open_process(&process) && find_base(&process) && read_data(&process);

	if (process.memory >= 0)
		close(process.memory);
	if (process.maps)
		fclose(process.maps);
	return done;
}
