/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Machine code as text, in AT&T syntax, with the names of functions and variables. */
#ifndef RCPP_DISASSEMBLY_H
#define RCPP_DISASSEMBLY_H

#include "loaded.h"

#define DISASSEMBLY_SIZE 512 /* characters of one instruction */

struct disassembly;

struct disassembly *disassembly_open(const struct loaded *loaded);
void disassembly_close(struct disassembly *disassembly);

/*
 * The text of the instruction that these bytes hold at an address of the file. Returns its length;
 * of bytes that are no instruction the text is ".byte", and 1 is returned.
 */
unsigned disassembly_of(struct disassembly *disassembly, uint64_t address, const uint8_t *bytes,
			size_t size, char text[DISASSEMBLY_SIZE]);

/* "function" or "variable+0x8", if the value is the address of one where the program runs. */
bool disassembly_name(const struct disassembly *disassembly, uint64_t value,
		      char text[DISASSEMBLY_SIZE]);

#endif
