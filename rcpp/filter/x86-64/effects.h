/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What each item does to registers and flags.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include "function.h"

/*
 * What a function may change by the System V ABI and by that of Windows (ms_abi) alike. Of these
 * only %r11 holds nothing where a function is entered: %al may count arguments, and %r10 be the
 * static chain.
 */
#define CALLER_SAVED ((resources)0x0f07)
#define ENTERED_DEAD RESOURCE(REGISTER_R11)

/* What a callee keeps, by the ABI. */
#define CALLEE_SAVED                                                                               \
	(RESOURCE(REGISTER_RBX) | RESOURCE(REGISTER_RSP) | RESOURCE(REGISTER_RBP) |                \
	 (resources)0xf000)

/* The registers in which functions get arguments, by either ABI. */
#define ARGUMENTS ((resources)0x03c6)

/* Fill in flow, use, kill, clobber and whole, and what the function gathers of them. */
void item_effects(struct function *function, struct item *item);

/* Is it a prefix and nothing else? Is it lock? */
bool is_prefix(const struct statement *statement, bool *locks);
bool ends_in_prefix(const struct statement *directive);

/* Does the callee keep what the ABI makes it keep? */
bool keeps_registers(const struct function *function, const struct item *item);

#endif
