/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The code that counts, as text. The processor's folder defines it: x86-64/counting.c.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include <stdio.h>
#include "accesses.h"

/*
 * A call that leaves registers, flags and the stack as they are. The function finds the access by
 * its label, which is in a NOP behind the call. NO_ITEM: there is no access.
 */
void counting_call(FILE *file, const char *function, uint32_t access);

/* Is the value what it was when it was read or written last? If not, a call looks into it. */
void counting_compare(FILE *file, const struct counting *counting, uint32_t field, uint32_t label);

/* Count one access. This changes the flags. */
void counting_count(FILE *file, uint32_t access, uint32_t field);

#endif
