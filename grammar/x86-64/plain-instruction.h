/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The instructions that compilers write most, read by hand, since flex and bison take ten times as
 * long for them. They define the syntax: whatever is not certain is left to them.
 */
#ifndef PLAIN_INSTRUCTION_H
#define PLAIN_INSTRUCTION_H

#include "parsed.h"

/*
 * An instruction of registers, numbers, symbols with a number, and addresses of these. Returns
 * false, with anything in *instruction, if it may be another one.
 */
bool plain_instruction(struct span text, struct parsed_instruction *instruction);

#endif
