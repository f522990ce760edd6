/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The instructions that compilers write most, read without flex and bison, which take ten times as
 * long for them. instruction.l and instruction.y still define the syntax: whatever is not certain
 * here is left to them.
 */
#ifndef PLAIN_INSTRUCTION_H
#define PLAIN_INSTRUCTION_H

#include "parsed.h"

/*
 * Read an instruction whose operands are registers, numbers, symbols with or without a number, and
 * addresses of these. Returns false if it may be another one; *instruction then holds anything.
 */
bool plain_instruction(struct span text, struct parsed_instruction *instruction);

#endif
