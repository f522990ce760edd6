/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The name of an instruction as objdump and GNU as have it in AT&T syntax. */
#ifndef RCPP_MNEMONIC_H
#define RCPP_MNEMONIC_H

#include <stddef.h>
#include <Zydis/Zydis.h>

void mnemonic_text(const ZydisDecodedInstruction *instruction, const ZydisDecodedOperand *operands,
		   char *text, size_t size);

#endif
