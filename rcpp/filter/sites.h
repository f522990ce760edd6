/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The sites of a function: which instructions can become what. Here is the list of them: a load or
 * another reference, and right after it in the list its consumers. In come instructions, by their
 * items; out go their sites, with the flags of their rows. choose.c fills the list, and emit.c
 * writes it. The list moves when it grows. So a site has an index, and a pointer to one is good
 * until the next site is added.
 */
#ifndef SITES_H
#define SITES_H

#include "function.h"
#include "instruction.h"
#include "rcpp_tables.h"
#include "reasons.h"
#include "rules.h"

#define SITE_ALTERNATIVES_MAX (RULE_ALTERNATIVES_MAX + 1)
#define CONSUMERS_MAX	      16 /* a walk that has appended so many ends */
#define NO_SITE		      UINT32_MAX

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
	uint8_t temporary;    /* scratch register T, or REGISTER_NONE */
	uint8_t copy;	      /* register C, the same */
	uint8_t address_of;   /* operand that holds the value as a part of its address, + 1; 0: none
			       */
	uint8_t address_reg;  /* the register there that is replaced */
	uint8_t read, flags;  /* of the row */
	bool remote;	      /* the variable is read through a register, with its address */
	uint32_t consumers;   /* that many sites behind this one consume it */
	uint32_t reach;	      /* of a load with consumers behind labels: the last item before which
				 somebody may still read what it left; else NO_ITEM */
	bool held;	      /* is such a consumer */
	struct span variable; /* symbol, as written; of a consumer: its load's */
	int64_t offset;
	struct site_condition condition; /* of what reads flags */
	struct span target; /* of a jump: the label or the function; of a call: the thunk */
	bool branches;	    /* the linker is to find the target as it finds what is called */
	char *skipped;	    /* instructions behind a jump that belong to its site, or NULL */
	uint32_t last;	    /* the last item of these */
	uint32_t label;	    /* of its first byte, in the text: emit.c numbers them */
	uint8_t leading;    /* prefix in front of it, which is no part of it: RCPP_PREFIX_*, or 0 */
	uint8_t prefix;	    /* may make it longer: RCPP_PREFIX_*; form.c sets it and `leading` */
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

/* Append a site for an item, with nothing but its number. Returns its index. */
uint32_t sites_add(struct site_list *list, uint32_t item);

/*
 * Append a site for an instruction that may consume a value, parsed. Returns its index; NO_SITE if
 * it may not, or does already. Each instruction has one site at most, however many things it reads.
 */
uint32_t sites_add_consumer(struct site_list *list, struct function *function, uint32_t item);

/* It consumes nothing after all. */
void sites_drop_consumer(struct site_list *list, struct function *function, uint32_t at);

/* Drop all consumers from `at` on. */
void sites_drop_from(struct site_list *list, struct function *function, uint32_t at);

/* What stands behind the site in the list consumes what it reads. */
void sites_bind_consumers(struct site_list *list, uint32_t index);

/* Append a line of --explain. */
void sites_add_reference(struct site_list *list, struct reference reference);

/* The flags of a reference's row: RCPP_ROW_*. */
uint8_t site_row_flags(const struct function *function, const struct site *site);

/* The operand that was found to be the variable, or -1. */
int site_variable_operand(const struct site *site);

/* Empty the list, and keep its memory for the next function. */
void sites_clear(struct site_list *list);
void sites_free(struct site_list *list);

#endif
