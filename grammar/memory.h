/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Allocation that ends the program with a message if memory runs out. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>
#include <stdint.h>

void *allocate(size_t size);
void *reallocate(void *memory, size_t size);
/*
 * Room for one more than `count` elements of `size` bytes in an array with room for `*space`, which
 * may be NULL and 0. Returns the array.
 */
void *make_room(void *array, uint32_t count, uint32_t *space, size_t size);

#endif
