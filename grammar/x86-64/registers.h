/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of general registers, see registers.c. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of what is no general register; those have the hardware's (instructions.h). */
enum {
	REGISTER_NONE = 0xfd, /* no base, no index */
	REGISTER_PLACE = 0xfe,
	REGISTER_OTHER = 0xff, /* segment, control, vector, x87, mask */
};

struct register_name {
	uint8_t number;
	uint8_t width; /* 1, 2, 4 or 8; 0 if number is not a general register */
	bool high;     /* %ah, %ch, %dh, %bh */
};

/* The name, without the percent sign, of a general register's low `width` bytes (1, 2, 4, 8). */
const char *register_spelling(unsigned number, unsigned width);

/* %eax, %r10b, ... by the name behind the percent sign. */
struct register_name register_by_name(const char *name, size_t length);

#endif
