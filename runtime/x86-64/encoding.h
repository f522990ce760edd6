/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What core.c, site.c and forms.c must know of machine code: how numbers and distances are encoded,
 * jumps, calls, traps. Padding is in nops.h, conditions in flags.h. Freestanding as core.h is.
 *
 * The comment at each function says what another processor would answer, with arm64 as the example:
 * if there were no answer, the question would be wrong.
 */
#ifndef RCPP_ENCODING_H
#define RCPP_ENCODING_H

#include "freestanding.h"
#include "rcpp_tables.h"

/* arm64: 4, an instruction, of which the distance is a part. */
#define RCPP_DISPLACEMENT_SIZE 4

/*
 * The number in these bytes, with its sign. arm64: the sixteen bits of movz and movk, the twelve of
 * add; there the field's kind says which bits of the instruction they are.
 */
static inline int64_t rcpp_get_signed(const uint8_t *bytes, unsigned int width)
{
	uint64_t value = 0;

	memcpy(&value, bytes, width); /* x86 is little-endian */
	return (int64_t)(value << (64 - 8 * width)) >> (64 - 8 * width);
}

/* Write it: so many low bytes of the value. */
static inline void rcpp_put_number(uint8_t *bytes, unsigned int width, uint64_t value)
{
	memcpy(bytes, &value, width);
}

/* Can a field of this width say so? arm64: 26 bits and two zeros for a jump, 19 for a condition. */
static inline bool rcpp_fits(int64_t distance, unsigned int width)
{
	return width == 1 ? distance == (int8_t)distance : distance == (int32_t)distance;
}

/*
 * Is this code, of so many bytes, a jump, with a condition or without, in the encoding that reaches
 * furthest? The distance is the last of its bytes. arm64: b, b.cond, cbz, tbz.
 */
bool rcpp_is_jump(const uint8_t *code, unsigned int length);

/* Is it a call by a distance? arm64: bl. */
bool rcpp_is_call(const uint8_t *code, unsigned int length);

/*
 * Make it the same jump in the encoding of RCPP_SHORT_JUMP bytes, which assemblers choose where it
 * reaches. arm64: does nothing, for all jumps have one length.
 */
void rcpp_shorten_jump(uint8_t *code, unsigned int length);

/* Of such a jump: whatever the flags? arm64: b. */
bool rcpp_always_jumps(const uint8_t *code);

/*
 * Write the shortest jump from an address to another one. Returns its length; 0 if there is no room
 * for one that reaches. arm64: b.
 */
unsigned int rcpp_put_jump(uint8_t *bytes, unsigned int room, uintptr_t from, uintptr_t to);

/* Do these RCPP_FAULT_LENGTH bytes trap? arm64: udf. */
bool rcpp_is_trap(const uint8_t *code);

/* Does it jump, set a register or move, if a condition holds? arm64: b.cond, cset, csel. */
bool rcpp_asks(const uint8_t *code, unsigned int length);

/* May this be a form's prefix that changes nothing? arm64: none may. */
bool rcpp_is_prefix(uint8_t prefix);

#endif
