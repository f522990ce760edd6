// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The file that a module of a process was loaded from, which has the names. The process may live in
 * another mount namespace, and the file may have been deleted or replaced. So the file is opened
 * through the process: as what is mapped (root may do that), by its path from the process's root,
 * or as the program that the process runs. It counts only if its program headers and its notes, the
 * rows and the build ID among them, are those in memory.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump_process.h"

static bool is_in_file(size_t size, uint64_t offset, uint64_t length)
{
	return offset <= size && length <= size - offset;
}

static bool has_note(const struct dump_process *process, const struct dump_module *module,
		     const Elf64_Phdr *segment, const char *bytes, size_t size)
{
	char *memory;
	bool same;

	if (!is_in_file(size, segment->p_offset, segment->p_filesz))
		return false;
	memory = dump_allocate(segment->p_filesz, 1);
	same = dump_memory_read(process->memory, module->info.dlpi_addr + segment->p_vaddr, memory,
				segment->p_filesz) &&
	       memcmp(memory, bytes + segment->p_offset, segment->p_filesz) == 0;
	free(memory);
	return same;
}

static bool is_file_of(const struct dump_process *process, const struct dump_module *module,
		       const char *bytes, size_t size)
{
	const struct dl_phdr_info *info = &module->info;
	size_t length = info->dlpi_phnum * sizeof(Elf64_Phdr);

	if (size < sizeof(Elf64_Ehdr) ||
	    memcmp(bytes, &module->header, sizeof(module->header)) != 0 ||
	    !is_in_file(size, module->header.e_phoff, length) ||
	    memcmp(bytes + module->header.e_phoff, info->dlpi_phdr, length) != 0)
		return false;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type == PT_NOTE &&
		    !has_note(process, module, &info->dlpi_phdr[i], bytes, size))
			return false;
	}
	return true;
}

/* What has this name, if it is the module's file. Should it be a pipe by now, do not wait for it.
 */
static char *read_named(const struct dump_process *process, const struct dump_module *module,
			const char *name, size_t *size)
{
	int file = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *bytes;

	if (file < 0)
		return NULL;
	bytes = dump_read_whole(file, size);
	close(file);
	if (bytes == NULL || is_file_of(process, module, bytes, *size))
		return bytes;
	free(bytes);
	errno = ESTALE;
	return NULL;
}

static char *read_mapped(const struct dump_process *process, const struct dump_module *module,
			 size_t *size)
{
	char name[PATH_MAX + 64];

	snprintf(name, sizeof(name), "/proc/%d/map_files/%" PRIxPTR "-%" PRIxPTR, (int)process->pid,
		 module->file->start, module->file->stop);
	return read_named(process, module, name, size);
}

static char *read_path(const struct dump_process *process, const struct dump_module *module,
		       size_t *size)
{
	char name[PATH_MAX + 64];

	snprintf(name, sizeof(name), "/proc/%d/root%s", (int)process->pid, module->file->path);
	return read_named(process, module, name, size);
}

static char *read_program(const struct dump_process *process, const struct dump_module *module,
			  size_t *size)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/exe", (int)process->pid);
	return read_named(process, module, name, size);
}

/* ---- Without a file ---- */

static size_t size_in_file(const struct dump_module *module)
{
	size_t size = sizeof(Elf64_Ehdr);

	for (unsigned i = 0; i < module->info.dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &module->info.dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_offset + segment->p_filesz > size)
			size = segment->p_offset + segment->p_filesz;
	}
	return size;
}

static void copy_segment(const struct dump_process *process, const struct dump_module *module,
			 const Elf64_Phdr *segment, char *bytes)
{
	dump_memory_read(process->memory, module->info.dlpi_addr + segment->p_vaddr,
			 bytes + segment->p_offset, segment->p_filesz);
}

/* What the dynamic linker has written there counts from address 0, not from the module's start. */
static void clear_slots(const Elf64_Phdr *segment, char *bytes, size_t size)
{
	if (is_in_file(size, segment->p_offset, segment->p_filesz))
		memset(bytes + segment->p_offset, 0, segment->p_filesz);
}

/* What is in memory, at its places in the file, without section headers. */
static char *make_file(const struct dump_process *process, const struct dump_module *module,
		       size_t *size)
{
	const struct dl_phdr_info *info = &module->info;
	char *bytes;

	*size = size_in_file(module);
	bytes = dump_allocate(*size, 1);
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type == PT_LOAD)
			copy_segment(process, module, &info->dlpi_phdr[i], bytes);
	}
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type == PT_GNU_RELRO)
			clear_slots(&info->dlpi_phdr[i], bytes, *size);
	}
	((Elf64_Ehdr *)bytes)->e_shoff = 0;
	((Elf64_Ehdr *)bytes)->e_shnum = ((Elf64_Ehdr *)bytes)->e_shstrndx = 0;
	return bytes;
}

char *dump_module_file(const struct dump_process *process, const struct dump_module *module,
		       size_t *size, const char **missing)
{
	char *bytes = NULL;
	int error = ENOENT;

	*missing = NULL;
	if (module->file != NULL) {
		bytes = read_mapped(process, module, size);
		if (bytes == NULL)
			bytes = read_path(process, module, size);
		error = errno;
	}
	if (bytes == NULL)
		bytes = read_program(process, module, size);
	if (bytes != NULL)
		return bytes;
	*missing = error == ESTALE ? "it has been replaced since" : strerror(error);
	return make_file(process, module, size);
}
