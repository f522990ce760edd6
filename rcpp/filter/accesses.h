/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What --profile counts. In comes an analysed function; out go the fields of variables that its
 * instructions name, and the accesses to them: by function, read or write, and use. Where code
 * could not be given a counter, or takes an address, the access says so: nothing is passed over in
 * silence.
 */
#ifndef ACCESSES_H
#define ACCESSES_H

#include "function.h"

/* `size` bytes at `offset` in a symbol: struct rcpp_profile_field. */
struct field {
	struct span symbol;
	int64_t offset;
	uint32_t size, flags;
	uint32_t first, last; /* its accesses, a list; NO_ITEM: none */
	uint32_t count;
};

/* struct rcpp_profile_access */
struct access {
	uint32_t field;
	struct span function;
	uint16_t flags, use;
	uint32_t line, sites;
	uint32_t next;	     /* access of the same field, or NO_ITEM */
	struct span operand; /* of a read that is compared, if its text says the same everywhere */
	bool called;	     /* some of it is counted out of line */
};

/* An instruction, and the access whose counter goes up in front of it. */
struct counting {
	uint32_t item, access;
	bool flags_free;     /* the flags may be changed there */
	struct span operand; /* it reads this, to be compared with the last value; length 0: not, */
	uint32_t width;	     /* so many bytes: 1, 2, 4 or 8, */
	uint8_t scratch;     /* by this register, if it may be changed there, or REGISTER_NONE */
};

struct accesses {
	const struct survey *survey;
	struct field *fields;
	uint32_t field_count, field_space;
	struct access *accesses;
	uint32_t access_count, access_space;
	struct counting *counting; /* of the function that was looked at last */
	uint32_t counting_count, counting_space;
	uint32_t unread;			    /* instructions that are not understood */
	struct names field_numbers, access_numbers; /* by their keys */
	struct texts keys;
};

void accesses_init(struct accesses *accesses, const struct survey *survey);
/* Adds those of a function that has been through liveness.c and pointers.c. */
void accesses_find(struct accesses *accesses, const struct function *function);
/* May code be added in front of the instruction? */
bool can_count(const struct function *function, const struct item *item);
void accesses_free(struct accesses *accesses);

#endif
