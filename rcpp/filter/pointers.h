/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Variables that are read through a register: position-independent code takes the address of a
 * variable that another module may define from the global offset table.
 *
 *	movq	x@GOTPCREL(%rip), %rax
 *	movl	8(%rax), %ecx
 */
#ifndef POINTERS_H
#define POINTERS_H

#include "function.h"
#include "instruction.h"

/*
 * Follow these addresses through an analysed function. Fills in item.pointer and item.followed. An
 * instruction that reads a patchable through a register becomes a candidate.
 */
void pointers_follow(struct function *function);

/* Which operand is the memory that item.pointer is about? Its index, or -1: none may be. */
int pointers_operand(const struct parsed_instruction *parsed);

/* The symbol whose address the load of item.pointer has taken. */
struct span pointers_symbol(const struct function *function, uint32_t pointer);

#endif
