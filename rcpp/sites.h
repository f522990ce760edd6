/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The sites of a function: which instructions can become what. Chosen here, written by emit.c.
 */
#ifndef SITES_H
#define SITES_H

#include "function.h"
#include "rcpp_tables.h"
#include "rules.h"

#define SITE_ALTERNATIVES_MAX (RULE_ALTERNATIVES_MAX + 1)

/* Why a reference stayed a load. */
enum reason {
	REASON_NONE, /* it is a site */
	REASON_SYNTAX,
	REASON_INIT,
	REASON_DATA,
	REASON_TEMPLATE,
	REASON_REPEATED,
	REASON_CONDITIONAL,
	REASON_ASSEMBLY,
	REASON_FOREIGN,
	REASON_INCLUDED,
	REASON_FIXED,
	REASON_ARRAY,
	REASON_THREAD_LOCAL,
	REASON_GOT,
	REASON_EXPRESSION,
	REASON_SEGMENT,
	REASON_MODIFIED,
	REASON_PREFIX,
	REASON_FAR,
	REASON_VECTOR,
	REASON_NO_RULE,
	REASON_SYMBOLIC,
	REASON_NO_REGISTER,
	REASON_FLAGS,
	REASON_READERS,
	REASON_OPTION,
	REASON_SWITCH,
	REASON_OUTSIDE,
	REASON_COUNT,
};

/* A word for --stats, a sentence for --explain. */
extern const struct reason_text {
	const char *word, *sentence;
} reason_texts[REASON_COUNT];

/* What is done to the value before it is compared, as in struct rcpp_step. */
struct site_step {
	uint8_t operation, width;
	int32_t constant;
};

/* The flags of a compare of the value with a constant, as in struct rcpp_condition. */
struct site_condition {
	uint8_t steps;
	struct site_step step[RCPP_STEPS_MAX];
	uint8_t compare; /* RCPP_COMPARE_* */
	uint8_t width;	 /* bytes that are compared; 0: there is no condition */
	uint8_t code;	 /* what is asked of the flags, the hardware's number */
	int32_t constant;
};

struct site {
	uint32_t item;
	enum rule_role role;
	const char *kind; /* heading of its rule */
	bool alone;	  /* a consumer that gains even if the load stays, */
	bool follows;	  /* and for which it must stay */
	bool together;	  /* it is right only if others of its group change at the same instant */
	struct parsed_instruction parsed;
	char letters[OPERANDS_MAX]; /* what each operand is in the rule; 0: itself */
	uint8_t widths[OPERANDS_MAX];
	uint8_t alternatives;
	struct rule_alternative alternative[SITE_ALTERNATIVES_MAX]; /* those that hold here */
	uint8_t temporary;    /* register T, or REGISTER_NONE */
	uint8_t copy;	      /* register C, the same */
	uint8_t address_of;   /* operand that holds the value as a part of its address, + 1; 0: none
			       */
	uint8_t address_reg;  /* the register there that is replaced */
	uint8_t read, flags;  /* of the row */
	bool remote;	      /* the variable is read through a register, with its address */
	uint32_t consumers;   /* that many sites behind this one consume it */
	struct span variable; /* symbol, as written; of a consumer: its load's */
	int64_t offset;
	struct site_condition condition; /* of what reads flags */
	struct span target; /* of a jump: the label or the function; of a call: the thunk */
	bool branches;	    /* the linker is to find the target as it finds what is called */
	char *skipped;	    /* instructions behind a jump that belong to its site, or NULL */
	uint32_t last;	    /* the last item of these */
	uint8_t leading;    /* prefix in front of it, which is no part of it: RCPP_PREFIX_*, or 0 */
	bool lengthens;	    /* prefixes may make its instruction longer */
	bool joined;	    /* it has become a part of the site before it */
	struct span jump;   /* the jump's mnemonic, if the site begins with a compare before it */
};

/* One line of --explain. */
struct reference {
	uint32_t item;
	enum reason reason;
	struct span variable;
	int64_t offset;
	uint32_t site; /* if it is one */
};

struct site_list {
	struct site *sites;
	uint32_t count, space;
	struct reference *references;
	uint32_t reference_count, reference_space;
};

/* Find the references of an analysed function with liveness, and the sites they become. */
void sites_choose(struct site_list *list, struct function *function);
void sites_clear(struct site_list *list);
void sites_free(struct site_list *list);

#endif
