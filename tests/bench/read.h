/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a kernel reads a settled variable, in each variant of kernels.c:
 *
 *	PLAIN		a load; with rcpp between compiler and assembler, a site
 *	MACROS		Linux's runtime constants, written for this: an immediate, marked by hand
 *where it stands
 *	LABELS		flags by jump labels: a jump or a NOP, marked by hand; the rest are loads
 *	CONSTANT	the value itself, known to the compiler
 *
 * SETTLED(type, name, value) defines a variable with the value that it settles at. READ(name) and
 * IS_SET(name) read one, SHIFT_RIGHT(x, name) shifts a 32-bit x by one.
 */
#ifndef READ_H
#define READ_H

#include <stdbool.h>
#include <stdint.h>
#include "rcpp.h"

/* One place to patch, with the bytes of the immediate, or of the jump's distance, at its end. */
struct place {
	int32_t end, variable; /* relative to these fields */
	int32_t target;	       /* jump labels: relative to this field */
	int16_t size;	       /* of the immediate; 0: a jump label, of 5 bytes */
	int16_t width;	       /* of the variable */
};

#define VALUE_(name) name##_value
#define VALUE(name)  VALUE_(name)
#define SETTLED(type, name, value)                                                                 \
	static type const VALUE(name) = (value);                                                   \
	static __patchable PLACED type name = (value)

#ifndef PLACED
#define PLACED
#endif

/* The operands are something, the variable's address, its size. */
#define PLACE(target, size)                                                                        \
	"\n1:\t.pushsection places, \"a\"\n\t.long 1b - ., %c1 - ., " target "\n\t.short " #size   \
	", %c2\n\t.popsection"
#define VARIABLE(name) "i"(&(name)), "i"(sizeof(name))

#if defined(CONSTANT)
#define READ(name)	     VALUE(name)
#define IS_SET(name)	     VALUE(name)
#define SHIFT_RIGHT(x, name) ((x) >> VALUE(name))

#elif defined(MACROS)
#define READ(name)                                                                                 \
	({                                                                                         \
		uint64_t read_;                                                                    \
		if (sizeof(name) == 8)                                                             \
			__asm__("movabsq $0x0123456789abcdef, %0" PLACE("0", 8)                    \
				: "=r"(read_)                                                      \
				: VARIABLE(name));                                                 \
		else                                                                               \
			__asm__("movl $0x12345678, %k0" PLACE("0", 4)                              \
				: "=r"(read_)                                                      \
				: VARIABLE(name));                                                 \
		(__typeof__(name))read_;                                                           \
	})
#define IS_SET(name) READ(name)
#define SHIFT_RIGHT(x, name)                                                                       \
	({                                                                                         \
		uint32_t shifted_ = (x);                                                           \
		__asm__("shrl $12, %0" PLACE("0", 1) : "+r"(shifted_) : VARIABLE(name));           \
		shifted_;                                                                          \
	})

#else
#define READ(name)	     (name)
#define SHIFT_RIGHT(x, name) ((x) >> (name))
#if defined(LABELS)
#define IS_SET(name)                                                                               \
	({                                                                                         \
		__label__ set_, end_;                                                              \
		bool is_set_ = false;                                                              \
		__asm__ goto(".byte 0x0f, 0x1f, 0x44, 0, 0" PLACE("%l[set_] - .", 0)               \
			     :                                                                     \
			     : "i"(0), VARIABLE(name)                                              \
			     :                                                                     \
			     : set_);                                                              \
		goto end_;                                                                         \
	set_:                                                                                      \
		is_set_ = true;                                                                    \
	end_:                                                                                      \
		is_set_;                                                                           \
	})
#else
#define IS_SET(name) (name)
#endif
#endif

#endif
