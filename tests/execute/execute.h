/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the generator (generate.c) knows about each case, for the runner (run.c): the two functions
 * to compare, which sites the filter must have made of the second one, and which of its results
 * the processor leaves undefined. The generator writes the tables below as cases.c.
 */
#ifndef EXECUTE_H
#define EXECUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXECUTE_SITES_MAX	 6
#define EXECUTE_ALTERNATIVES_MAX 16
#define EXECUTE_SCRATCH		 512
/* Where the snippets find %rsp, in the scratch memory. */
#define EXECUTE_STACK 256

enum execute_feature {
	FEATURE_NONE,
	FEATURE_POPCNT,
	FEATURE_LZCNT,
	FEATURE_BMI,
	FEATURE_BMI2,
	FEATURE_ADX,
	FEATURE_SSE42,
	FEATURE_COUNT
};

/* Shifts define their flags depending on the count. */
enum execute_shift { SHIFT_NONE, SHIFT_LOGICAL, SHIFT_ARITHMETIC, SHIFT_ROTATE, SHIFT_DOUBLE };

/* A site as it must be: guards in order (the original left out), each with where it is from. */
struct execute_site {
	int16_t rule;	/* index in execute_rules */
	uint8_t width;	/* bytes that its instruction works with, */
	bool is_signed; /* and how */
	uint8_t count;
	uint8_t guard[EXECUTE_ALTERNATIVES_MAX];
	int8_t alternative[EXECUTE_ALTERNATIVES_MAX]; /* of the rule; -1: nothing is left */
};

struct execute_facts {
	uint8_t width, to; /* bytes that are read, bytes they are extended to */
	bool is_signed;
	uint16_t undefined;  /* flags nobody defines, as they stand in %rflags */
	uint8_t shift;	     /* enum execute_shift: more undefined flags, by the count V */
	uint8_t shift_width; /* bytes */
	uint8_t feature;
	bool dereferences; /* memory at V + window must be there */
	int32_t window;
	uint8_t site_count;
	struct execute_site site[EXECUTE_SITES_MAX];
};

struct execute_case {
	const char *name;
	const char *family;
	void (*plain)(void);
	void (*filtered)(void);
	struct execute_facts facts;
};

struct execute_rule {
	const char *pattern;
	const char *family; /* whose cases must execute it */
	uint8_t feature;
	uint8_t alternatives;
	bool reachable[EXECUTE_ALTERNATIVES_MAX]; /* with the options the filter got */
};

extern const struct execute_case execute_cases[];
extern const size_t execute_case_count;
extern const struct execute_rule execute_rules[];
extern const size_t execute_rule_count;

struct execute_state {
	uint64_t reg[16]; /* by hardware number; %rsp is not loaded */
	uint64_t flags;
};

/* What the functions load, store and work on. */
extern struct execute_state execute_in, execute_out;
extern uint8_t execute_scratch[EXECUTE_SCRATCH];
extern uint64_t execute_stack; /* the caller's %rsp */

/* The variable, patchable and not. Offset 8 is read, too. */
extern uint64_t b[2], plain_v[2];

#endif
