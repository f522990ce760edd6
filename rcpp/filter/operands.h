/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Value-of operands: $rcpp_value(b), in handwritten assembly, is the value of the variable b where
 * $b is its address. It is another way to write b(%rip), so it is replaced by that before anything
 * else looks at the text, and everything about references holds for it.
 */
#ifndef OPERANDS_H
#define OPERANDS_H

#include "assembly.h"

#define VALUE_NAME "rcpp_value" /* text without this word has none of them */

/* One of them: a read of `width` bytes at symbol + offset. */
struct value_use {
	struct span symbol;
	int64_t offset;
	unsigned width; /* 0: nobody has to check it */
	struct span statement;
};

struct values {
	const char *input_name;
	const char *input; /* the text as it was: the spans point into it */
	char *text;    /* the same with operands written out, in new memory; NULL: there are none */
	size_t length; /* of text; two NULs follow */
	struct value_use *uses;
	uint32_t count, space;
};

/*
 * Find the value-of operands, and operands that RCPP_VALUE() of rcpp.h has marked as such. Lines
 * stay where they are. Returns 0, or 1 if one stands where memory cannot be read, with a message
 * for each. text[length] and text[length + 1] must be NUL; text is written to while it is read.
 */
int values_write_out(struct values *values, const char *input_name, char *text, size_t length);
void values_free(struct values *values);

#endif
