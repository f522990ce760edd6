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

/* The same of the code of one access, which is between counting_begin() and counting_end(). */
void counting_call_own(FILE *file, uint32_t access);

/* Returns a register that may be changed until counting_end(), as may the flags. */
uint8_t counting_begin(FILE *file, uint32_t access);
void counting_end(FILE *file);

/*
 * Is the value what it was when it was looked at last? If not, and no write has been counted since
 * then, a call looks into it. This changes the flags and the scratch register.
 */
void counting_compare(FILE *file, const struct counting *counting, uint32_t field, uint32_t label);

/* Count one read. This changes the flags. */
void counting_count(FILE *file, uint32_t access, uint32_t field);

/*
 * Count one write. If it is the first within a tick of the kernel's clock, or if other fields
 * overlap this one, a call does so. This changes the flags and the scratch register.
 */
void counting_write(FILE *file, const struct counting *counting, uint32_t field, uint32_t label);

#endif
