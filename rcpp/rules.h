/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rules of grammar/x86-64.rules as compile-rules (grammar/rules.y) lays them out at build time:
 * one row a spelling of the mnemonic, sorted by it, rows of the same name in the file's order.
 */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "rcpp_tables.h"

enum rule_role { ROLE_LOAD, ROLE_USE, ROLE_CONSUME, ROLE_ADDRESS, ROLE_COMPARE, ROLE_SETTLE };

#define RULE_OPERANDS_MAX     3
#define RULE_ALTERNATIVES_MAX 16

struct rule_operand {
	char letter;   /* one of V (VAR) X R W S D M I L K A */
	uint8_t width; /* of a register; bytes */
	bool suffix;   /* its width is the suffix's: it can say it */
	bool indirect; /* a call or a jump goes to the address that it holds */
};

/* The n-th V in the code is the n-th field; each is the last thing in its instruction. */
struct rule_field {
	uint8_t kind, function; /* as in struct rcpp_field */
};

/* Where an alternative may be used: bits. */
#define RULE_FLAGS_DEAD 1  /* nobody looks at the flags behind it, */
#define RULE_RAX_DEAD	2  /* at %rax, */
#define RULE_RDX_DEAD	4  /* at %rdx */
#define RULE_EXTENDED	8  /* %rdx is seen to hold %rax's extension, as a division's dividend */
#define RULE_TEMPORARY	16 /* there is a register for T */
#define RULE_COPIED	32 /* a register C is seen to hold what %rax holds */

struct rule_alternative {
	uint8_t guard;	/* RCPP_GUARD_* */
	uint8_t number; /* what it and the functions look at, as in struct rcpp_alternative */
	uint8_t needs;	/* RULE_* */
	bool carries;	/* one instruction: a %rip-relative operand can be carried over */
	uint8_t fields;
	struct rule_field field[RCPP_FIELDS_MAX];
	const char *code; /* operands by letter, T with a width behind a dot, V as V; "": nothing */
};

struct rule {
	const char *mnemonic;
	const char *kind; /* the heading: what --stats counts by */
	enum rule_role role;
	bool alone;	   /* a consumer that gains even if the load stays */
	bool follows;	   /* ... and for which it must stay: the original may be needed */
	uint8_t condition; /* of a settled instruction: the hardware's number */
	uint8_t width;	   /* bytes that the suffix says; 0: there is no suffix */
	bool bare;	   /* spelled without the suffix: a register must say the width */
	uint8_t operands;
	uint8_t alternatives;
	struct rule_operand operand[RULE_OPERANDS_MAX];
	const struct rule_alternative *alternative;
};

extern const struct rule rules[];
extern const size_t rule_count;

/*
 * The first rule of this mnemonic, of so many characters, or NULL; rules_next() of one of them is
 * the next, or NULL.
 */
const struct rule *rules_find(const char *mnemonic, size_t length);
const struct rule *rules_next(const struct rule *rule);

#endif
