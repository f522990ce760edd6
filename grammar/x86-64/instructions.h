// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What an x86-64 instruction reads and writes, found by its AT&T spelling.
 *
 * In: a mnemonic as it stands in assembly ("addq", "movzbl") and the number of operands written
 * after it.  Out: one constant row of facts, or NULL for a spelling GNU as does not take with so
 * many operands; the caller must then assume the worst.  Every fact errs to the safe side: reads
 * and clobbers are upper bounds over all operand shapes of the spelling, writes lower bounds, so a
 * backward liveness analysis may trust them without looking at the encoding.  The rows come from
 * instructions.tbl, which generate-instructions.c makes from GNU as and Zydis.
 *
 * A row of instructions.tbl reads, in this order:
 *
 *   INSTRUCTION("mulq", 1, ACCESS(R, N, N, N, N), 8, OPERAND(0),
 *               RAX, RAX | RDX, RAX | RDX,             registers read, written, clobbered
 *               0, C | O, C | P | A | Z | S | O,       flags read, written, clobbered
 *               ORDINARY, 0)                           kind, vector
 *
 * (on one line), with 0 for an empty set.  Prefixes (lock, rep, notrack, ...) have no rows.
 */
#ifndef RCPP_GRAMMAR_INSTRUCTIONS_H
#define RCPP_GRAMMAR_INSTRUCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSTRUCTION_OPERANDS_MAXIMUM 5
#define INSTRUCTION_NAME_MAXIMUM     20 /* characters, with the one that ends it */

/* General registers carry their hardware numbers; a set of them is a mask of 1 << number. */
enum instruction_register {
	REGISTER_RAX = 0,
	REGISTER_RCX = 1,
	REGISTER_RDX = 2,
	REGISTER_RBX = 3,
	REGISTER_RSP = 4,
	REGISTER_RBP = 5,
	REGISTER_RSI = 6,
	REGISTER_RDI = 7,
	REGISTER_R8 = 8,
	REGISTER_R11 = 11,
	REGISTER_R15 = 15,
};

enum instruction_flag {
	FLAG_CARRY = 1 << 0,
	FLAG_PARITY = 1 << 1,
	FLAG_ADJUST = 1 << 2,
	FLAG_ZERO = 1 << 3,
	FLAG_SIGN = 1 << 4,
	FLAG_OVERFLOW = 1 << 5,
	FLAGS_ALL = (1 << 6) - 1,
};

/*
 * How an explicit operand is used.  For a memory operand this is about the memory: the registers
 * of its address are read always.  ACCESS_W promises that the whole operand, as wide as it is
 * spelled, is written on every execution; it says nothing about the rest of the register.
 */
enum instruction_access {
	ACCESS_N = 0,			 /* no such operand, or a decoration such as {sae} */
	ACCESS_R = 1,			 /* read (immediates and branch targets too) */
	ACCESS_W = 2,			 /* written completely, always, and not read */
	ACCESS_RW = ACCESS_R | ACCESS_W, /* read and written, or perhaps not written */
	ACCESS_A = 4,			 /* only the address is formed: no memory is touched */
};

enum instruction_kind {
	INSTRUCTION_ORDINARY,
	INSTRUCTION_JUMP,    /* jmp, near */
	INSTRUCTION_BRANCH,  /* jcc, loop, jrcxz: may also fall through */
	INSTRUCTION_CALL,    /* call, near */
	INSTRUCTION_RETURN,  /* ret, near */
	INSTRUCTION_BARRIER, /* leaves the flow, or does what these facts do not tell */
	INSTRUCTION_TRAP,    /* ud2 and its like: never goes on */
};

struct instruction {
	char name[INSTRUCTION_NAME_MAXIMUM]; /* no pointer: thousands would be relocated at start */
	uint8_t operands;
	/* In AT&T order: sources first. */
	uint8_t access[INSTRUCTION_OPERANDS_MAXIMUM];
	/*
	 * Bytes of the memory operand, when the spelling alone fixes them; of the general register
	 * operands if none may be memory; 0 if a register operand must tell, the shapes disagree,
	 * or the instruction does not touch exactly so many bytes there (bt with its bit string).
	 */
	uint8_t width;
	/* Bit i: explicit operand i is a general register in some shape. */
	uint8_t general;
	/*
	 * Implicit general registers.  Written is completely and always (32 or 64 bits); clobbered
	 * is possibly changed, and holds the written ones.  What is changed but partly or
	 * sometimes counts as read, too.  A register spelled as an operand is not implicit.
	 */
	uint16_t reads;
	uint16_t writes;
	uint16_t clobbers;
	/* Written is always and with a defined value; clobbered holds the undefined ones, too. */
	uint8_t flags_read;
	uint8_t flags_written;
	uint8_t flags_clobbered;
	uint8_t kind;
	/*
	 * Some operand in some shape, perhaps a hidden one, is a vector, x87, mmx, mask, tile or
	 * bound register.  True for movq, too: there the mask "general" tells what may be general.
	 */
	bool vector;
};

/* The name need not end at the length.  Needs no preparation, allocates nothing, thread-safe. */
const struct instruction *instruction_find(const char *name, size_t length, int operands);

#endif
