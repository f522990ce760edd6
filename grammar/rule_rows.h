/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules: a rule as it is written, and the rows made from it, one a spelling of its
 * mnemonic. What the tables have no room for, and forms that the runtime would refuse, are errors
 * here.
 */
#ifndef RULE_ROWS_H
#define RULE_ROWS_H

#include "rule_code.h"

struct draft {
	int line;
	const char *kind;   /* the heading above it */
	struct names bases; /* its mnemonics without their suffix */
	const char *suffixes;
	bool is_signed;	     /* it looks at a number with a sign */
	const char *through; /* the register that takes the variable's place */
	const char *into;    /* the register that the value moves to */
	struct rule rule;    /* role, alone and operands */
	struct written written[RULE_ALTERNATIVES_MAX];
	int count;
};

void draft_add_operand(struct draft *draft, const char *text);
void draft_add_alternative(struct draft *draft, struct written alternative);

/* The rows of this rule. */
void add_rule(const struct draft *draft);

/* The tables of all rules, as C. */
void print_tables(void);

#endif
