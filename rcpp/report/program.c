// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * PROGRAM in, its ELF image and its sites out. All of it comes from rcpp-dump's reader, which
 * checks every byte that it uses; here is only what a report asks for beyond that: the file is
 * linked.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "report.h"

static bool refuse(const struct program *program, const char *message)
{
	return report_error(program->path, "%s", message);
}

static bool open_image(struct program *program)
{
	if (!program->elf || elf_kind(program->elf) != ELF_K_ELF)
		return refuse(program,
			      "not an ELF file: give an executable or a shared library first");
	if (!dump_image_open(&program->image, program->elf))
		return refuse(program, program->image.error);
	if (program->image.relocatable)
		return refuse(program, "an object that is not linked yet: give the executable or "
				       "the shared library that it becomes a part of");
	return dump_tables_read(&program->image, &program->tables) ||
	       refuse(program, program->image.error);
}

bool program_open(struct program *program, const char *path)
{
	*program = (struct program){.path = path};
	elf_version(EV_CURRENT);
	program->bytes = dump_read_file(path, &program->size);
	if (!program->bytes)
		return report_error(path,
				    "cannot read it: %s: give an executable or a shared library",
				    strerror(errno));
	program->elf = elf_memory(program->bytes, program->size);
	return open_image(program);
}

void program_close(struct program *program)
{
	dump_tables_free(&program->tables);
	dump_image_close(&program->image);
	elf_end(program->elf);
	free(program->bytes);
}
