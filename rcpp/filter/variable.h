/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The variable in an instruction: which of its operands is a patchable in memory, by its name or
 * through a register that has its address (pointers.h).
 */
#ifndef VARIABLE_H
#define VARIABLE_H

#include "function.h"
#include "instruction.h"

struct variable {
	int operand;	    /* its index; -1: there is none */
	struct span symbol; /* as written */
	int64_t offset;
	bool remote; /* through a register */
};

/* The variable in an item of an analysed function, whose instruction is `parsed`. */
struct variable variable_find(const struct function *function, uint32_t item,
			      const struct parsed_instruction *parsed);

#endif
