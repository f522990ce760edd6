/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line of GNU as, as far as it matters to a program that runs it.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"
#include "filter.h"

/* Options that add code, and would add it to sites: against attacks. */
enum addition {
	ADDITION_FENCE_LOADS,
	ADDITION_FENCE_BRANCHES,
	ADDITION_FENCE_RETURNS,
	ADDITION_BOUNDS,
	ADDITION_COUNT
};

struct command {
	struct words words; /* with response files expanded, without what rcpp-cc put in */
	struct request request;
	size_t *inputs;			 /* which words are input files */
	size_t input_count;		 /* 0: standard input */
	const char *output;		 /* the object file, */
	char *product;			 /* or the text in its place */
	bool dependencies;		 /* the files that were read are listed (--MD) */
	bool not_for_filter;		 /* nothing is assembled, or not as 64-bit AT&T text */
	bool makes_lines;		 /* for debuggers, where the text has none */
	bool *moves_branches;		 /* for each word: does its option move branches? */
	char *additions[ADDITION_COUNT]; /* the options, or NULL */
	bool input_exhausted;		 /* standard input has been read: */
	struct text standard_input;
};

/*
 * Remove the word of rcpp-cc. Returns whether there was one; if not, the options are in the
 * environment. If one rcpp-cc has run another, there are two words, and one right word is enough.
 */
bool take_request(struct command *command);

/*
 * Find the inputs, the output, and what else matters. What is not known is left to the assembler:
 * it may be newer than this table, or it prints the message. A word "--" ends the command line
 * there, and here.
 */
void parse_command(struct command *command);

#endif
