/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Types of debug information, down to the fields at an offset. */
#ifndef RCPP_REPORT_TYPES_H
#define RCPP_REPORT_TYPES_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct type_place {
	int64_t offset; /* what is left of it, in bytes; never below 0 */
	uint64_t size;	/* 0: not known */
	bool indexed;	/* any element of an array */
};

/* The type of a variable or a member, without typedefs and qualifiers. */
bool type_of(Dwarf_Die *die, Dwarf_Die *type);

/*
 * Write ".member[3].other", what leads to the place. Several fields there are the first one and
 * "...". What no field accounts for is left in place->offset.
 */
void type_describe(FILE *out, Dwarf_Die *type, struct type_place *place);

/* The outermost array at the place, from *start to *end. false: there is none. */
bool type_array(Dwarf_Die *type, struct type_place *place, int64_t *start, int64_t *end);

/* Is the place one whole number or pointer? A bit-field is not. */
bool type_is_scalar(Dwarf_Die *type, struct type_place *place);

/*
 * What a pointer to the offset points to, as C has it: the array around it, or the largest member
 * that begins there. false: that may be all of the variable.
 */
bool type_object(Dwarf_Die *type, int64_t offset, int64_t *start, int64_t *end);

#endif
