/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An instruction with its operands, as instruction.h makes it of a statement. As with statements,
 * all text is spans of the input.
 */
#ifndef PARSED_H
#define PARSED_H

#include "assembly.h"
#include "registers.h"

/* symbol + number; what is not of that shape is not simple. */
struct expression {
	struct span symbol; /* length 0: none */
	int64_t number;
	bool simple;
	bool symbolic; /* a symbol, a local label or `.` stands somewhere in it */
	bool modified; /* symbol@GOTPCREL and the like */
};

enum operand_kind { OPERAND_REGISTER, OPERAND_IMMEDIATE, OPERAND_MEMORY };

struct operand {
	struct span text;
	enum operand_kind kind;
	bool indirect; /* with a star */
	struct register_name reg;
	struct expression value; /* the immediate, or the memory operand's displacement */
	bool segment;		 /* memory: with a segment register */
	bool value_of;		 /* memory: $rcpp_value(b), or b(%rip) marked as that */
	bool narrow_address;	 /* memory: with a 32-bit base or index */
	uint8_t base, index, scale;
};

#define OPERANDS_MAX 5

struct parsed_instruction {
	struct span mnemonic;
	bool notrack;  /* notrack stands before the mnemonic: of an indirect call or jump */
	bool prefixed; /* rep, lock, a segment, {vex}, ... stands before the mnemonic */
	bool repeated; /* one of them is rep, repe or repne */
	uint8_t count;
	struct operand operands[OPERANDS_MAX];
};

#endif
