/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules: the code of an alternative, from its notation in a rule to that of the tables: one
 * letter an operand, each V a field.
 */
#ifndef RULE_CODE_H
#define RULE_CODE_H

#include "rule_words.h"

/* One spelling of a rule's mnemonic. */
struct spelling {
	const char *base; /* without its suffix */
	int condition;	  /* that it names, or NO_CONDITION */
	char suffix;	  /* or 0 */
};

/* An alternative as it is written. */
struct written {
	char *guard, *code;
	uint8_t needs;
	int line;
};

/* `into[SUFFIXES] R => ...`: how a value of this width comes into a register. */
void declare_into(const char *suffixes, const char *operand, const struct written *ways, int count);

/* The ways for this suffix: how many, and the code of each with `operand` in R's place. */
int into_count(char suffix);
struct written into_way(char suffix, int number, const char *operand);

/*
 * The code with &, @ and ~ replaced, words as letters, `V into T` as what that is, and T with its
 * width.
 */
char *code_expand(const char *code, const struct spelling *spelling);

/* Find the V of expanded code, which loses their functions and widths. */
void code_describe(struct rule_alternative *alternative, char *code);

/* Where the code is in the table of codes, from now on. */
uint16_t code_place(const char *code);

void code_print_all(void);

#endif
