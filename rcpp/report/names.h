/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What debug information says of PROGRAM's variables: their names and those of their fields. */
#ifndef RCPP_REPORT_NAMES_H
#define RCPP_REPORT_NAMES_H

#include "report.h"

struct names;

/* Debug information is no must: without it names are those of symbols, with offsets. */
struct names *names_open(const struct program *program);
void names_close(struct names *names);

/* Bytes of a variable. */
struct names_place {
	uint64_t variable; /* its address in PROGRAM; 0: not known */
	int64_t offset;	   /* of the bytes in it */
	uint64_t size;	   /* how many; 0: not known */
	bool indexed;	   /* one of them, anywhere in an array */
	const char *name;  /* of the variable, if debug information has no better one */
};

/* "server.maxmemory", "table[].size", "counter+4": in new memory. */
char *names_of(const struct names *names, const struct names_place *place);

/* The outermost array that holds the offset: where in the variable it lies. false: none does. */
bool names_array(const struct names *names, const struct names_place *place, int64_t *start,
		 int64_t *end);

/* The same for what a pointer to the offset points to. false: that may be all of the variable. */
bool names_object(const struct names *names, const struct names_place *place, int64_t *start,
		  int64_t *end);

/* Are the bytes one whole number or pointer? Also false if nothing says what they are. */
bool names_scalar(const struct names *names, const struct names_place *place);

#endif
