/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the test programs share: a check that says where it failed and exits, the functions and
 * variables of sites.s, and a look at /proc/self/maps.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rcpp.h"

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: failed: %s (%s)\n", __FILE__, __LINE__,            \
				#condition, rcpp_error());                                         \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

extern volatile int64_t b;
extern volatile int32_t w, s;
extern volatile int64_t out;

long add64(long);
int load32(void);
unsigned int shift(unsigned int);
unsigned int load_u8(void);
int load_s8(void);
unsigned int load_u16(void);
long load_s16(void);
long load_s32(void);
long store(void);
long element(long);
int declared_in(void);
int declared_out(void);
int fault(void);
int longest(void);
long absolute(void);
int far(void);

/* Not const: patching changes them, and the compiler must look again. */
extern uint8_t text_start[], text_end[], s_load32[], s_fault[];

/* Does some mapping of this process have the text in its line, and hold the address? */
static inline bool address_is_mapped_from(const void *address, const char *text)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4352];
	bool found = false;

	CHECK(maps);
	while (fgets(line, sizeof(line), maps)) {
		uintptr_t start, stop;

		if (sscanf(line, "%lx-%lx", &start, &stop) == 2 && (uintptr_t)address >= start &&
		    (uintptr_t)address < stop)
			found = strstr(line, text);
	}
	fclose(maps);
	return found;
}

#endif
