/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A division's dividend is %rdx:%rax, but in nearly all of them only %rax matters.
 */
#ifndef DIVIDEND_H
#define DIVIDEND_H

#include "function.h"

/*
 * Does %rdx hold, at the item, what extends the low `width` bytes of %rax: zeros, or copies of
 * their top bit if is_signed? Decided by the instructions of the same block; false if in doubt.
 */
bool dividend_is_extended(const struct function *function, uint32_t index, unsigned width,
			  bool is_signed);

/*
 * The register that holds all of what %rax holds at the item, because %rax was moved from it in the
 * same block; REGISTER_NONE if there is none.
 */
uint8_t dividend_copy(const struct function *function, uint32_t index);

/*
 * Call it before liveness is solved. A division's code may read such a copy, so the copy is added
 * to the registers that the division uses: then it is no scratch register, and no load into it
 * vanishes.
 */
void dividend_use_copies(struct function *function);

#endif
