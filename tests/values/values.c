// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Executes value-of operands: those of sites.s (unless WITHOUT_RCPP is defined), and inline
 * assembly by RCPP_VALUE(), unpatched, patched and reverted, with values from every range that a
 * guard tells apart. Prints how many sites held an immediate, in the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include "values.h"

VARIABLE unsigned long u8;
VARIABLE unsigned u4;
VARIABLE unsigned short u2;
VARIABLE unsigned char u1;
VARIABLE unsigned long pair[2];
unsigned long other __attribute__((visibility("hidden")));

#define FUNCTIONS(F)                                                                               \
	F(move_absolute, u8)                                                                       \
	F(move_bare, u8)                                                                           \
	F(move_quad, u8)                                                                           \
	F(move_field, pair[1])                                                                     \
	F(move_long, u4)                                                                           \
	F(move_by_register, u4)                                                                    \
	F(move_sign, (unsigned long)(int)u4)                                                       \
	F(move_word, u2)                                                                           \
	F(move_byte, u1)                                                                           \
	F(add_quad, x + u8)                                                                        \
	F(multiply, x *u8)                                                                         \
	F(below, x < u8)                                                                           \
	F(mask, (x & u4) != 0)                                                                     \
	F(push, u8)                                                                                \
	F(shift, x >> (u1 & 63))                                                                   \
	F(in_macro, u8)                                                                            \
	F(in_repetition, x + 3 * u8)                                                               \
	F(in_condition, u8)                                                                        \
	F(of_other, other)                                                                         \
	F(in_init, u8)

#define INLINE_FUNCTIONS(F)                                                                        \
	F(inline_quad, u8)                                                                         \
	F(inline_field, pair[1])                                                                   \
	F(inline_long, u4)                                                                         \
	F(inline_word, u2)                                                                         \
	F(inline_byte, u1)                                                                         \
	F(inline_add, x + u8)                                                                      \
	F(inline_literal, u8)

#define DECLARE(name, value) unsigned long name(unsigned long);
#ifndef WITHOUT_RCPP
FUNCTIONS(DECLARE)
#endif
INLINE_FUNCTIONS(DECLARE)

static const unsigned long edges[] = {
	0,
	1,
	-1UL,
	0x7f,
	0x80,
	0xff,
	0x7fff,
	0x8000,
	0xffff,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xffffffff80000000,
	0xffffffff7fffffff,
	0x123456789abcdef0,
};
#define EDGES (sizeof edges / sizeof *edges)

/* What the expressions of the lists read; the compiler is to read it each time. */
#define LOOK(variable) (*(volatile __typeof__(variable) *)&(variable))

static void check(const char *state)
{
	for (size_t i = 0; i < EDGES; i++) {
		unsigned long x = edges[i], wanted, got;

		/* `other` must follow the variable even where everything is patched. */
		other = x;
#define CHECK(name, value)                                                                         \
	__asm__ volatile("" ::: "memory");                                                         \
	wanted = (value);                                                                          \
	got = name(x);                                                                             \
	if (got != wanted) {                                                                       \
		fprintf(stderr, "%s: %s(%#lx) is %#lx, not %#lx; u8 is %#lx\n", state, #name, x,   \
			got, wanted, LOOK(u8));                                                    \
		exit(1);                                                                           \
	}
#ifndef WITHOUT_RCPP
		FUNCTIONS(CHECK)
#endif
		INLINE_FUNCTIONS(CHECK)
	}
}

int main(void)
{
	struct rcpp_stats stats;
	unsigned long patched = 0;

	for (size_t i = 0; i < EDGES; i++) {
		u8 = edges[i];
		u4 = (unsigned)edges[i];
		u2 = (unsigned short)edges[i];
		u1 = (unsigned char)edges[i];
		pair[0] = ~edges[i];
		pair[1] = edges[i];
		if (!FAULT)
			check("unpatched");
		if (rcpp_patch()) {
			fprintf(stderr, "%s\n", rcpp_error());
			return 1;
		}
		check("patched");
		if (rcpp_stats(&stats))
			return 1;
		patched = stats.patched > patched ? stats.patched : patched;
		if (rcpp_revert())
			return 1;
	}
	if (!FAULT)
		check("reverted");
	printf("%lu patched\n", patched);
	return 0;
}
