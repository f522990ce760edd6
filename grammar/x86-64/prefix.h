/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Prefixes that make an instruction longer and change nothing else.
 */
#ifndef PREFIX_H
#define PREFIX_H

#include "instruction.h"
#include "rcpp_tables.h"

/* What may stand in front of the instruction, up to RCPP_PREFIXES_MAX() times: RCPP_PREFIX_*. */
unsigned prefix_for(const struct parsed_instruction *instruction);

/* Does a REX without bits in front of the instruction change nothing, and have no prefix behind? */
bool prefix_can_be_rex(const struct parsed_instruction *instruction);

/* Does the instruction have a REX.W, so that RCPP_PREFIX_OPERAND changes nothing? */
bool prefix_is_overruled(const struct parsed_instruction *instruction);

#endif
