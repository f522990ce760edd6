/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A rule against an instruction. In come a rule, an instruction, and which operand or register has
 * the value; out goes whether the instruction is one that the rule names, with operands of the
 * right kinds and widths. What the rule makes of it is not looked at here: see alternatives.h.
 */
#ifndef MATCH_H
#define MATCH_H

#include "assembly.h"
#include "instruction.h"
#include "rules.h"

struct match {
	const struct rule *rule;
	int variable;		 /* operand that is VAR, or -1 */
	unsigned value_register; /* X of a consumer, or REGISTER_NONE */
};

/* The first rule of this mnemonic, or NULL; rules_next() has the others. */
const struct rule *rules_of(struct span mnemonic);

/* Does match->rule match the instruction? */
bool rule_matches(const struct match *match, const struct parsed_instruction *parsed);

/* The first rule of this role that matches, or NULL. Sets match->rule. */
const struct rule *match_find(const struct parsed_instruction *parsed, struct match *match,
			      enum rule_role role);

/* Is it this register, in any width? */
bool operand_is_register(const struct operand *operand, unsigned number);

/* Is it memory with a symbol? The runtime must carry that over to another place. */
bool operand_is_carried(const struct operand *operand);

/*
 * An address of nothing but a register and numbers: so many times the register. 0: something else,
 * as what is no memory, which has neither base nor index.
 */
unsigned operand_times_register(const struct operand *operand, unsigned number);

#endif
