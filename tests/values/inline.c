// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Inline assembly that reads patchables by RCPP_VALUE(): the compiler sees none of these reads, and
 * leaves no mark of the declarations.
 */
#include "values.h"

#define FUNCTION(name, code)                                                                       \
	unsigned long name(unsigned long x)                                                        \
	{                                                                                          \
		unsigned long result = x;                                                          \
                                                                                                   \
		__asm__ volatile(code : "+r"(result));                                             \
		return result;                                                                     \
	}

FUNCTION(inline_quad, "movq " RCPP_VALUE(u8) ", %0")
FUNCTION(inline_field, "movq " RCPP_VALUE(pair + 8) ", %0")
FUNCTION(inline_long, "movl " RCPP_VALUE(u4) ", %k0")
FUNCTION(inline_word, "movzwl " RCPP_VALUE(u2) ", %k0")
FUNCTION(inline_byte, "movzbl " RCPP_VALUE(u1) ", %k0")
FUNCTION(inline_add, "addq " RCPP_VALUE(u8) ", %0")
#ifdef WITHOUT_RCPP
FUNCTION(inline_literal, "movq " RCPP_VALUE(u8) ", %0")
#else
FUNCTION(inline_literal, "movabsq $rcpp_value(u8), %0")
#endif
