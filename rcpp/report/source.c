// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Addresses in, source lines out. libdw finds the debug information, in the program or in a
 * separate file. Sources are read where the compiler found them; if one is missing, or is not plain
 * text, its lines have no text.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <elfutils/libdwfl.h>

#include "dump.h"
#include "source.h"

/* A file's lines; the name is the path that was opened. */
struct file {
	char *name, *text;
	const char **lines;
	size_t count;
};

struct source {
	Dwfl *dwfl;
	Dwfl_Module *module;
	struct file **files;
	size_t count;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct source *source_open(const char *program)
{
	struct source *source = dump_allocate(1, sizeof(*source));
	int file = open(program, O_RDONLY | O_CLOEXEC);

	source->dwfl = dwfl_begin(&callbacks);
	if (source->dwfl && file >= 0)
		source->module = dwfl_report_elf(source->dwfl, program, program, file, 0, false);
	if (!source->module && file >= 0)
		close(file); /* else it is libdwfl's */
	if (source->dwfl)
		dwfl_report_end(source->dwfl, NULL, NULL);
	return source;
}

static void free_file(struct file *file)
{
	free(file->name);
	free(file->text);
	free(file->lines);
	free(file);
}

void source_close(struct source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->count; i++)
		free_file(source->files[i]);
	free(source->files);
	if (source->dwfl)
		dwfl_end(source->dwfl);
	free(source);
}

/* ---- Files ---- */

static void split_lines(struct file *file, size_t size)
{
	char *text = file->text, *stop = text + size;

	while (text < stop) {
		char *end = memchr(text, '\n', (size_t)(stop - text));

		if (file->count % 256 == 0)
			file->lines = dump_grow(file->lines, file->count + 256, sizeof(char *));
		file->lines[file->count++] = text;
		text = end ? end + 1 : stop;
		if (end)
			*end = '\0';
	}
}

static struct file *read_file(const char *name)
{
	struct file *file = dump_allocate(1, sizeof(*file));
	size_t size = 0;
	char *bytes = dump_read_file(name, &size);

	file->name = strdup(name);
	if (!bytes || !file->name)
		return file;
	file->text = dump_allocate(size + 1, 1); /* with an end for the last line */
	memcpy(file->text, bytes, size);
	free(bytes);
	if (!memchr(file->text, '\0', size))
		split_lines(file, size);
	return file;
}

static struct file *find_file(struct source *source, const char *name)
{
	for (size_t i = 0; i < source->count; i++)
		if (source->files[i]->name && !strcmp(source->files[i]->name, name))
			return source->files[i];
	source->files = dump_grow(source->files, source->count + 1, sizeof(*source->files));
	return source->files[source->count++] = read_file(name);
}

const char *source_line(struct source *source, const char *file, unsigned line)
{
	const struct file *found = find_file(source, file);

	return line && line <= found->count ? found->lines[line - 1] : NULL;
}

/* ---- Places ---- */

/* A relative name counts from the directory that the compiler ran in. */
static const char *full_name(struct source *source, Dwfl_Line *line, const char *name)
{
	const char *directory = dwfl_line_comp_dir(line);
	char *joined = NULL;

	if (*name == '/' || !directory)
		return find_file(source, name)->name;
	if (asprintf(&joined, "%s/%s", directory, name) < 0)
		return NULL;
	name = find_file(source, joined)->name;
	free(joined);
	return name;
}

const char *source_place(struct source *source, uint64_t address, unsigned *line)
{
	Dwfl_Line *found = source->module ? dwfl_module_getsrc(source->module, address) : NULL;
	const char *name;
	int number;

	if (!found)
		return NULL;
	name = dwfl_lineinfo(found, NULL, &number, NULL, NULL, NULL);
	if (!name || number <= 0)
		return NULL;
	*line = (unsigned)number;
	return full_name(source, found, name);
}

const char *source_file(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
