/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a site may hold, as text for people or for the assembler.
 */
#ifndef CODE_H
#define CODE_H

#include <stdio.h>
#include "sites.h"

enum style { FOR_PEOPLE, FOR_ASSEMBLER };

/* The site's operand that is the variable, or NULL. */
const struct operand *site_variable(const struct site *site);

/* Is the variable read through a register that has its address? */
static inline bool has_base(const struct operand *variable)
{
	return variable->base < 16;
}

void print_span(FILE *file, struct span span);
/* The site's instruction; the operand `address_of` with V in its address if with_value. */
void print_instruction(FILE *file, const struct site *site, bool with_value, enum style style);
/*
 * A rule's code. Behind each V's instruction, where its field ends, stands a label: `label` and a
 * letter from a on; NULL: none.
 */
void print_code(FILE *file, const struct site *site, const struct rule_alternative *a,
		const char *label, enum style style);

/* The whole form as people read it: "movl VAR,%eax => any: movl $V,%eax". */
void print_form(FILE *file, const struct site *site);
/* The same, in new memory. */
char *describe_form(const struct site *site);

#endif
