/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rules of grammar/x86-64/rules as compile-rules (compile-rules.y, rule_*.c) lays them out at
 * build time: one row a spelling of the mnemonic, sorted by it, rows of the same name in the file's
 * order. There are no pointers in the tables: they would be relocated whenever the tool starts.
 */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "rcpp_tables.h"

enum rule_role {
	ROLE_LOAD,
	ROLE_USE,
	ROLE_CONSUME,
	ROLE_ADDRESS,
	ROLE_COMPARE,
	ROLE_SETTLE,
	ROLE_SKIP,
	ROLE_CARRY,
	ROLE_STEP,
	ROLE_TURN,
	ROLE_MIRROR,
	ROLE_LAST = ROLE_MIRROR
};

#define RULE_OPERANDS_MAX     3
#define RULE_ALTERNATIVES_MAX 16
#define RULE_NAME_MAX	      16 /* characters, with the one that ends it */

struct rule_operand {
	char letter;   /* for its word in the rules: letter_of() in rule_words.c */
	uint8_t width; /* of a register; bytes */
	bool suffix;   /* its width is the suffix's: it can say it */
	bool indirect; /* a call or a jump goes to the address that it holds */
};

/* The n-th V in the code is the n-th field; each is the last thing in its instruction. */
struct rule_field {
	uint8_t kind, function; /* as in struct rcpp_field */
};

/* Where an alternative may be used: bits. */
#define RULE_FLAGS_DEAD	    1  /* nothing behind it reads the flags */
#define RULE_QUOTIENT_DEAD  2  /* nothing behind a division reads its quotient */
#define RULE_REMAINDER_DEAD 4  /* nothing behind a division reads its remainder */
#define RULE_EXTENDED	    8  /* the dividend's upper half is seen to extend the lower one */
#define RULE_TEMPORARY	    16 /* there is a scratch register for T */
#define RULE_COPIED	    32 /* a register C is seen to hold the dividend's lower half, too */
#define RULE_KEPT	    64 /* X may hold something else meanwhile */

struct rule_alternative {
	uint8_t guard;	/* RCPP_GUARD_* */
	uint8_t number; /* what it and the functions look at, as in struct rcpp_alternative */
	uint8_t needs;	/* RULE_* */
	bool carries;	/* one instruction: a %rip-relative operand can be carried over */
	uint8_t fields;
	struct rule_field field[RCPP_FIELDS_MAX];
	uint16_t code; /* where in rule_codes; RULE_CODE_* */
};

/*
 * The guards of consumers under which their load may vanish, from the weakest to the strongest.
 * Each implies all before it, so the strongest guard of several consumers decides for the load.
 */
static const uint8_t consumer_guards[] = {RCPP_GUARD_ANY, RCPP_GUARD_S32, RCPP_GUARD_A32};

/* The guard's place in that order, or -1. */
static inline int consumer_guard_rank(uint8_t guard)
{
	for (int rank = 0; rank < (int)sizeof consumer_guards; rank++)
		if (consumer_guards[rank] == guard)
			return rank;
	return -1;
}

/* Two that are no code: no instruction at all, and the one that is matched, by a jump if need be.
 */
#define RULE_CODE_NOTHING  0
#define RULE_CODE_ORIGINAL 1

struct rule {
	char mnemonic[RULE_NAME_MAX];
	char kind[RULE_NAME_MAX]; /* the heading: what --stats counts by */
	enum rule_role role;
	bool alone;	   /* a consumer that gains even if the load stays */
	bool follows;	   /* ... and for which it must stay: the original may be needed */
	uint8_t condition; /* of a settled instruction: the hardware's number */
	uint8_t width;	   /* bytes that the suffix says; 0: there is no suffix */
	bool bare;	   /* spelled without the suffix: a register must say the width */
	uint8_t operands;
	uint8_t alternatives;
	struct rule_operand operand[RULE_OPERANDS_MAX];
	uint16_t alternative; /* the first, in rule_alternatives */
};

extern const struct rule rules[];
extern const size_t rule_count;
extern const struct rule_alternative rule_alternatives[];
extern const char rule_codes[];

static inline const struct rule_alternative *rule_alternative(const struct rule *rule, int number)
{
	return &rule_alternatives[rule->alternative + number];
}

/* Operands by letter, T with a width behind a dot, V as V. */
static inline const char *rule_code(const struct rule_alternative *alternative)
{
	return rule_codes + alternative->code;
}

/*
 * The first rule of this mnemonic, of so many characters, or NULL; rules_next() of one of them is
 * the next, or NULL.
 */
const struct rule *rules_find(const char *mnemonic, size_t length);
const struct rule *rules_next(const struct rule *rule);

#endif
