/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of general registers, see registers.c. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "instruction.h"

/* The name, without the percent sign, of a general register's low `width` bytes (1, 2, 4, 8). */
const char *register_spelling(unsigned number, unsigned width);

/* %eax, %r10b, ... by the name behind the percent sign. */
struct register_name register_by_name(const char *name, size_t length);

#endif
