// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A process ID in, its loaded modules out. A module is known by its ELF header in memory, at the
 * start of a mapping, and by its segments, which are mapped where its program headers say. So it is
 * found whatever happened to its file, and also while its text is patched: then parts of the text
 * are other mappings, of the same file or of none. A file that is only mapped for reading is not
 * taken for a module: its segments lie at their file offsets.
 */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump_process.h"

#define PAGE	     ((uint64_t)4096)
#define SEGMENTS_MAX 1024
#define ADDRESS_BITS 56 /* of any process */

__attribute__((format(printf, 2, 3))) static bool fail(struct dump_process *process,
						       const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(process->error, sizeof(process->error), format, arguments);
	va_end(arguments);
	return false;
}

/* ---- Mappings ---- */

static void add_mapping(struct dump_process *process, const struct dump_mapping *mapping)
{
	process->mappings = dump_grow(process->mappings, process->mapping_count + 1,
				      sizeof(*process->mappings));
	process->mappings[process->mapping_count++] = *mapping;
}

static void read_line(struct dump_process *process, const char *line)
{
	struct dump_mapping mapping = {0};
	char protection[5] = "";
	int path = 0;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %" SCNx64 " %*x:%*x %*u %n", &mapping.start,
		   &mapping.stop, protection, &mapping.offset, &path) < 4)
		return;
	mapping.readable = protection[0] == 'r';
	mapping.executable = protection[2] == 'x';
	mapping.path = dump_allocate(strlen(line + path) + 1, 1);
	memcpy(mapping.path, line + path, strcspn(line + path, "\n"));
	add_mapping(process, &mapping);
}

static bool refuse(struct dump_process *process, const char *what, const char *help)
{
	if (errno == ENOENT || errno == ESRCH)
		return fail(process, "no such process: give the number of one that runs");
	if (errno == EACCES || errno == EPERM)
		return fail(process, "cannot read %s: %s: run rcpp-dump as root%s", what,
			    strerror(errno), help);
	return fail(process, "cannot read %s: %s: is /proc mounted?", what, strerror(errno));
}

static bool read_mappings(struct dump_process *process)
{
	char name[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/maps", (int)process->pid);
	file = fopen(name, "re");
	if (file == NULL)
		return refuse(process, "its list of mappings",
			      " or as the user whose process it is");
	while (getline(&line, &size, file) > 0)
		read_line(process, line);
	free(line);
	fclose(file);
	return true;
}

/* A process whose first thread has ended has its memory where its other threads are listed. */
static bool read_mappings_of_threads(struct dump_process *process)
{
	const struct dirent *entry;
	char name[64];
	DIR *threads;

	snprintf(name, sizeof(name), "/proc/%d/task", (int)process->pid);
	threads = opendir(name);
	if (threads == NULL)
		return refuse(process, "its list of threads", "");
	while (process->mapping_count == 0 && (entry = readdir(threads)) != NULL) {
		process->pid = atoi(entry->d_name);
		if (process->pid > 0)
			read_mappings(process);
	}
	closedir(threads);
	return process->mapping_count > 0 ||
	       fail(process, "it has no memory: it has ended, or is a thread of the kernel");
}

static bool open_memory(struct dump_process *process)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/mem", (int)process->pid);
	process->memory = open(name, O_RDONLY | O_CLOEXEC);
	return process->memory >= 0 ||
	       refuse(process, "its memory", ", or set kernel.yama.ptrace_scope to 0");
}

static const struct dump_mapping *find_mapping(const struct dump_process *process,
					       uintptr_t address)
{
	size_t low = 0, high = process->mapping_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct dump_mapping *mapping = &process->mappings[middle];

		if (address < mapping->start)
			high = middle;
		else if (address >= mapping->stop)
			low = middle + 1;
		else
			return mapping;
	}
	return NULL;
}

/* ---- Modules ---- */

static bool is_header(const Elf64_Ehdr *header)
{
	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_machine == EM_X86_64 &&
	       (header->e_type == ET_EXEC || header->e_type == ET_DYN) &&
	       header->e_phentsize == sizeof(Elf64_Phdr) && header->e_phnum > 0 &&
	       header->e_phnum <= SEGMENTS_MAX;
}

/* Only where a file begins, or code: a process may have very many other mappings. */
static bool may_begin(const struct dump_mapping *mapping)
{
	return mapping->readable &&
	       ((mapping->path[0] == '/' && mapping->offset == 0) || mapping->executable);
}

/*
 * The mapping of the segment's first page, if it is one that the segment can have: of its part of
 * the file, or of what takes the place of patched text.
 */
static const struct dump_mapping *segment_mapping(const struct dump_process *process,
						  const struct dump_module *module,
						  const Elf64_Phdr *segment)
{
	uintptr_t address = (module->info.dlpi_addr + segment->p_vaddr) & -PAGE;
	const struct dump_mapping *mapping = find_mapping(process, address);

	if (mapping == NULL || mapping->path[0] != '/' || segment->p_flags & PF_X ||
	    mapping->offset + (address - mapping->start) == (segment->p_offset & -PAGE))
		return mapping;
	return NULL;
}

/* Programs are not believed either: no sum of these may be too large for 64 bits. */
static bool is_possible(const Elf64_Phdr *segment)
{
	return ((segment->p_offset | segment->p_filesz | segment->p_vaddr | segment->p_memsz) >>
		ADDRESS_BITS) == 0 &&
	       segment->p_filesz <= segment->p_memsz;
}

static bool ends_in_memory(const struct dump_process *process, const struct dump_module *module,
			   const Elf64_Phdr *segment)
{
	uintptr_t start = module->info.dlpi_addr + segment->p_vaddr;

	return find_mapping(process, start + segment->p_memsz - 1) != NULL;
}

/*
 * Are all segments where the module has them? Also finds its file. A file that is only mapped has
 * its data in the mapping of its code.
 */
static bool is_loaded(const struct dump_process *process, struct dump_module *module)
{
	const struct dump_mapping *code = NULL;

	for (unsigned i = 0; i < module->info.dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &module->info.dlpi_phdr[i];
		const struct dump_mapping *mapping;

		if (segment->p_type != PT_LOAD || segment->p_memsz == 0)
			continue;
		mapping = segment_mapping(process, module, segment);
		if (mapping == NULL || !is_possible(segment) ||
		    !ends_in_memory(process, module, segment))
			return false;
		if (segment->p_flags & PF_X)
			code = mapping;
		else if (segment->p_flags & PF_W && mapping == code)
			return false;
		if (module->file == NULL && mapping->path[0] == '/')
			module->file = mapping;
	}
	return true;
}

/* Where the segment with the ELF header is says how far the module lies from its addresses. */
static bool find_bias(struct dump_module *module)
{
	for (unsigned i = 0; i < module->info.dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &module->info.dlpi_phdr[i];

		if (segment->p_type != PT_LOAD || segment->p_offset >= PAGE)
			continue;
		module->info.dlpi_addr = module->start - (segment->p_vaddr & -PAGE);
		return true;
	}
	return false;
}

static bool read_segments(const struct dump_process *process, struct dump_module *module)
{
	size_t size = module->header.e_phnum * sizeof(Elf64_Phdr);
	Elf64_Phdr *segments = dump_allocate(size, 1);

	module->info.dlpi_phdr = segments;
	module->info.dlpi_phnum = module->header.e_phnum;
	return dump_memory_read(process->memory, module->start + module->header.e_phoff, segments,
				size);
}

static bool read_module(const struct dump_process *process, const struct dump_mapping *mapping,
			struct dump_module *module)
{
	*module = (struct dump_module){.start = mapping->start};
	return dump_memory_read(process->memory, module->start, &module->header,
				sizeof(module->header)) &&
	       is_header(&module->header) && read_segments(process, module) && find_bias(module) &&
	       is_loaded(process, module);
}

static void add_module(struct dump_process *process, struct dump_module *module)
{
	module->info.dlpi_name = module->file != NULL ? module->file->path : "(no file)";
	dump_module_divide(module);
	process->modules =
		dump_grow(process->modules, process->module_count + 1, sizeof(*process->modules));
	process->modules[process->module_count++] = *module;
}

/* Behind its last segment. */
static uintptr_t module_stop(const struct dump_module *module)
{
	uintptr_t stop = 0;

	for (unsigned i = 0; i < module->info.dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &module->info.dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && stop < segment->p_vaddr + segment->p_memsz)
			stop = segment->p_vaddr + segment->p_memsz;
	}
	return module->info.dlpi_addr + stop;
}

/*
 * No module begins within another one. What looks like that is its first page once more: linkers
 * (mold) put the end of one segment and the beginning of the next into one page of the file.
 */
static void find_modules(struct dump_process *process)
{
	uintptr_t stop = 0;

	for (size_t i = 0; i < process->mapping_count; i++) {
		const struct dump_mapping *mapping = &process->mappings[i];
		struct dump_module module;

		if (mapping->start < stop || !may_begin(mapping))
			continue;
		if (read_module(process, mapping, &module)) {
			stop = module_stop(&module);
			add_module(process, &module);
		} else {
			dump_module_free(&module);
		}
	}
}

static struct dump_process *current;

int dump_iterate_modules(int (*visit)(struct dl_phdr_info *info, size_t size, void *context),
			 void *context)
{
	int result = 0;

	for (size_t i = 0; !result && i < current->module_count; i++)
		result = visit(&current->modules[i].info, sizeof(struct dl_phdr_info), context);
	return result;
}

struct module dump_runtime_module(const struct dump_module *module)
{
	struct module runtime;

	rcpp_module_init(&runtime, &module->info);
	return runtime;
}

/* At the end of its life a process's memory is a file without contents. */
bool dump_process_lives(const struct dump_process *process)
{
	char byte;

	return dump_memory_read(process->memory, process->mappings[0].start, &byte, 1) ||
	       errno != 0;
}

bool dump_process_open(struct dump_process *process, pid_t pid)
{
	*process = (struct dump_process){.pid = pid, .memory = -1};
	current = process;
	if (!read_mappings(process) ||
	    (process->mapping_count == 0 && !read_mappings_of_threads(process)) ||
	    !open_memory(process))
		return false;
	find_modules(process);
	dump_memory_of(process);
	return dump_process_lives(process) || fail(process, DUMP_ENDED);
}

void dump_process_close(struct dump_process *process)
{
	dump_memory_of(NULL);
	for (size_t i = 0; i < process->module_count; i++)
		dump_module_free(&process->modules[i]);
	for (size_t i = 0; i < process->mapping_count; i++)
		free(process->mappings[i].path);
	free(process->modules);
	free(process->mappings);
	if (process->memory >= 0)
		close(process->memory);
}
