/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is measured: kernels.c defines these functions, and once for each of its variants it becomes
 * a library that speed.c opens. A kernel gets a number that the compiler does not know and returns
 * one that depends on all that it did.
 */
#ifndef KERNELS_H
#define KERNELS_H

#include <stdbool.h>

typedef unsigned long kernel(unsigned long);

/* KERNEL(name, flushed: is it called once with its variables out of the cache?, what it is) */
#define KERNELS(KERNEL)                                                                            \
	KERNEL(lookup, false, "table[hash >> shift], in the cache")                                \
	KERNEL(lookup_crowded, false, "the same among 4 MB of other data")                         \
	KERNEL(lookup_flushed, true, "16 such tables, out of the cache")                           \
	KERNEL(add_narrow, false, "64-bit addition of a small value")                              \
	KERNEL(add_wide, false, "64-bit addition of a wide value")                                 \
	KERNEL(shift, false, "32-bit shifts")                                                      \
	KERNEL(compare, false, "a number against a limit")                                         \
	KERNEL(level, false, "three tests of a level")                                             \
	KERNEL(flags, false, "three flags")                                                        \
	KERNEL(flags_many, false, "4096 flags")                                                    \
	KERNEL(flags_flushed, true, "4096 flags, out of the cache")                                \
	KERNEL(call, false, "a call through a pointer")                                            \
	KERNEL(call_thunk, false, "the same by a retpoline")                                       \
	KERNEL(quotient_u32, false, "unsigned 32-bit quotient, a prime")                           \
	KERNEL(remainder_u32, false, "unsigned 32-bit remainder, a prime")                         \
	KERNEL(remainder_power, false, "the same, a power of two")                                 \
	KERNEL(quotient_s32, false, "signed 32-bit quotient")                                      \
	KERNEL(quotient_s64, false, "signed 64-bit quotient")                                      \
	KERNEL(quotient_u64, false, "unsigned 64-bit quotient")                                    \
	KERNEL(remainder_u64, false, "unsigned 64-bit remainder, in a function")                   \
	KERNEL(hoisted, false, "a divisor loaded before the loop")                                 \
	KERNEL(interpreter, false, "an interpreter with twenty settings")                          \
	KERNEL(parser, false, "a packet parser with twenty settings")                              \
	KERNEL(parser_pages, false, "the same, each setting on its own page")                      \
	KERNEL(parser_flushed, true, "the same, out of the cache")

/* Puts the variables out of the cache. */
void forget(void);
/* Of the variants that are patched by hand: do it. Returns 0, or -1. */
int patch_by_hand(void);

#endif
