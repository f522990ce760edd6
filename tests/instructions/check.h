/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A sample: a statement, the code as made of it, what rcpp takes it to do, and what Zydis says of
 * the code. check.c compares the two; processor.c executes the code and compares with the first.
 * Where rcpp has a prefix for the statement, both look whether the code does the same behind it.
 */
#ifndef CHECK_H
#define CHECK_H

#include <Zydis/Zydis.h>
#include "function.h"

struct sample {
	const char *text;
	const uint8_t *code;
	uint8_t length;
	/* What rcpp thinks. */
	uint8_t flow;
	bool understood; /* the mnemonic is in the table, and no barrier */
	resources use, kill, clobber;
	uint8_t prefix; /* that makes it longer, or 0 */
	/* What Zydis says of the registers and flags read, surely written, perhaps written. */
	resources reads, surely, perhaps;
	resources addresses; /* bases of memory operands */
	resources indices;
	ZydisDecodedInstruction instruction; /* the last one, if there are several */
	bool vector; /* has vector, x87, mask or other operands that are no general registers */
	bool memory;
	bool writes_segment;
};

/* The sample as it is with prefixes, in `code`, which has room for RCPP_INSTRUCTION_MAX bytes. */
struct sample lengthened(const struct sample *sample, uint8_t *code);

/*
 * Execute the samples that can be executed here, each in this many random states, and in states
 * that differ in one register or flag. Returns how many did what rcpp does not expect. With a name,
 * only those of that name.
 */
unsigned processor_check(const struct sample *samples, size_t count, unsigned states,
			 const char *name);

/* A register's or flag's name, for messages. */
const char *resource_name(unsigned number);

#endif
