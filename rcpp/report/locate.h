/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which variable of PROGRAM a field of a profile belongs to. */
#ifndef RCPP_REPORT_LOCATE_H
#define RCPP_REPORT_LOCATE_H

#include "profile.h"

/* A field and the variable that it is a part of. */
struct piece {
	const struct profile_field *field;
	uint64_t variable;  /* its address in PROGRAM; 0: not known */
	const char *symbol; /* its name, if the address is not known or for people */
	const char *unit;   /* with STATIC and no address: whose variable it is; else "" */
	uint64_t whole;	    /* size of the variable; 0: not known */
	int64_t offset;	    /* of the field in the variable */
};

/* PROGRAM's variables by their names and addresses. */
struct locator;

struct locator *locator_open(const struct program *program);
void locator_close(struct locator *locator);

/* The address of the variable of this name, if only one has it or it is global; 0: none. */
uint64_t locator_address(const struct locator *locator, const char *symbol);

/* One piece for each field of the profile, in new memory; those of one variable are together. */
struct piece *locate(const struct profile *profile, const struct locator *locator);

/* Whether two pieces are of one variable. */
bool same_variable(const struct piece *one, const struct piece *other);

#endif
