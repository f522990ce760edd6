/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A program or a library, laid out in memory as the dynamic linker does it, without being run. The
 * runtime's own code can then walk its tables, for which it is a loaded module like any other.
 */
#ifndef RCPP_LOADED_H
#define RCPP_LOADED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "dump.h"
#include "modules.h"

struct loaded {
	struct dump_image *image;
	uint8_t *memory; /* all segments, at their own distances */
	uint64_t start;	 /* the file's address of memory[0] */
	size_t size;
	uint64_t base; /* where it runs: what is added to the file's addresses */
	struct module module;
};

/*
 * Lay the image out. With pid 0 it runs where Linux puts it without randomization, and its data is
 * the file's; else the module is looked for in that process, and its data is read there. Returns
 * false and sets image->error if that cannot be done; loaded_close() is to be called in either
 * case.
 */
bool loaded_open(struct loaded *loaded, struct dump_image *image, pid_t pid);
void loaded_close(struct loaded *loaded);

/* What the memory holds at one of the file's addresses; NULL if that many bytes are not in it. */
uint8_t *loaded_at(const struct loaded *loaded, uint64_t address, size_t size);

/* process.c: find the module in a process, set loaded->base, and read its data. */
bool loaded_read_process(struct loaded *loaded, pid_t pid);

#endif
