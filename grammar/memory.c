// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * If memory runs out the program ends: it cannot go on, and no output has been put in place yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include "memory.h"

void *reallocate(void *memory, size_t size)
{
	memory = size == SIZE_MAX ? NULL : realloc(memory, size ? size : 1);
	if (!memory) {
		fputs("rcpp: error: memory exhausted; the file is too large for this machine\n",
		      stderr);
		exit(1);
	}
	return memory;
}

void *allocate(size_t size)
{
	return reallocate(NULL, size);
}

void *make_room(void *array, uint32_t count, uint32_t *space, size_t size)
{
	if (count < *space)
		return array;
	*space = *space ? *space * 2 : 16;
	return reallocate(array, *space * size);
}
