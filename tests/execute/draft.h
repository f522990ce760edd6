/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A case in the making: generate.c and special.c fill it in, draft.c writes it out as two functions
 * and a row of cases.c.
 */
#ifndef DRAFT_H
#define DRAFT_H

#include <stdio.h>
#include "execute.h"
#include "rules.h"

struct draft {
	char name[160];
	const char *family;
	char prelude[256]; /* after the registers are loaded, before the flags are */
	char body[1024];   /* the snippet; VAR is the variable, VAR+ what is 8 bytes further */
	unsigned kill;	 /* registers that the function zeroes before it stores them: 1 << number */
	bool kill_flags; /* nobody sees the snippet's flags */
	bool extended;	 /* a division's %rdx is set in sight of it, */
	bool copied;	 /* and its %rax from another register */
	bool kept;	 /* X may hold something else meanwhile */
	struct execute_facts facts;
};

struct output {
	FILE *plain, *filtered, *cases;
	unsigned count;
	bool absolute, wide_load, no_fuse;
	bool entries;	      /* a symbol stands where the snippet begins */
	bool remote;	      /* VAR is read through a register that has its address from the GOT */
	const char *families; /* "load|groups": only cases of these; NULL: all */
};

__attribute__((format(printf, 2, 3))) void draft_name(struct draft *draft, const char *format, ...);
/* Append a line. */
__attribute__((format(printf, 2, 3))) void draft_body(struct draft *draft, const char *format, ...);
__attribute__((format(printf, 2, 3))) void draft_prelude(struct draft *draft, const char *format,
							 ...);

/* Take the undefined flags and the needed feature of an instruction of the body into account. */
void draft_instruction(struct draft *draft, const char *mnemonic, int operands);
uint8_t feature_of(const char *mnemonic);

/* How the load with this rule reads the variable. */
void draft_read(struct draft *draft, const struct rule *load);

/* The rule of this role with this mnemonic, the n-th of that name. Exits if there is none. */
const struct rule *rule_named(enum rule_role role, const char *mnemonic, int nth);

/* Append a site with no alternatives, for the rule with this index. */
struct execute_site *draft_site(struct draft *draft, size_t rule);
void site_alternative(struct execute_site *site, uint8_t guard, int alternative);
/* Does it move the value itself to a temporary, as --wide=load does not want it? */
bool is_wide(const struct rule_alternative *a);
/* The alternatives of the rule that the filter can use here. A site without any is none. */
void draft_rule_site(struct draft *draft, const struct output *output, const struct rule *rule,
		     bool temporary);
/* The site of a load in front of consumers with this guard; of a load alone: RCPP_GUARD_ORIGINAL.
 */
void draft_load_site(struct draft *draft, const struct rule *load, uint8_t guard);

/* A number below the limit; the same ones in each run with the same seed. */
void random_seed(unsigned long long seed);
unsigned random_below(unsigned limit);

/* A register that is not in *taken, which then it is, too. */
uint8_t draw_register(unsigned *taken);
/* Note that the register stood for a letter, and exit unless each one has stood for all. */
void note_register(char letter, unsigned number);
void expect_all_registers(void);

void draft_write(const struct draft *draft, struct output *output);
void output_begin(struct output *output);
void output_end(struct output *output);

/* special.c: consumers that use the value as an address; several consumers; what must stay. */
void generate_addresses(struct output *output);
/* Is there an instruction that this row of role address can match? */
bool address_row_exists(const struct rule *rule);
void generate_groups(struct output *output);

#endif
