/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What each item does to registers and flags.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include "function.h"

/*
 * What a function may change by its ABI, by that of Windows (ms_abi), too; and of these the one
 * with nothing in it where a function is entered: %al may count arguments, %r10 be the static
 * chain.
 */
#define CALLER_SAVED ((resources)0x0f07)
#define ENTERED_DEAD RESOURCE(REGISTER_R11)

/* In which functions get their arguments, by either ABI. */
#define ARGUMENTS ((resources)0x03c6)

/* Fill in flow, use, kill, clobber and whole, and what the function gathers of them. */
void item_effects(struct function *function, struct item *item);

/* Does the directive leave nothing in the text but instructions that do nothing? */
bool is_neutral(struct span name);

/* Of what kind is what stands behind this instruction: PLACE_OPEN, if it is no mere prefix. */
enum item_place place_behind(const struct statement *statement);

#endif
