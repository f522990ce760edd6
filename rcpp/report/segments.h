/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The memory in which a program or a library is laid out (loaded.h).
 */
#ifndef RCPP_SEGMENTS_H
#define RCPP_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Get the memory, and fill it from the file. Returns false and sets image->error if that fails. */
bool segments_lay_out(struct loaded *loaded);

/* What the memory holds at one of the file's addresses; NULL if that many bytes are not in it. */
uint8_t *loaded_at(const struct loaded *loaded, uint64_t address, size_t size);

#endif
