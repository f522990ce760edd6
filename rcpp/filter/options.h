/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the command line asks for; read by every stage, changed by none. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "assembly.h"

/* A list of texts that belong to the options. */
struct texts {
	char **text;
	uint32_t count, space;
};

/* --symbol NAME, or NAME+OFF:LEN for a field of it. */
struct symbol_option {
	struct span name;
	int64_t offset;
	int64_t length; /* 0: all of it */
};

enum stats_format { STATS_NONE, STATS_TEXT, STATS_JSON };

struct options {
	const char *input;  /* NULL: standard input */
	const char *output; /* NULL: standard output */
	struct symbol_option *symbols;
	uint32_t symbol_count, symbol_space;
	struct texts sections;	    /* globs: symbols defined there are patchable */
	struct texts init_sections; /* globs: code there runs before patching */
	bool fault;		    /* --unpatched=fault ... */
	struct texts early;	    /* ... but not in these functions, which run early */
	bool objtool;		    /* --objtool: tell it what follows a trap */
	bool as_lines;		    /* --as-lines: as makes lines where there are none */
	bool wide_load;		    /* --wide=load */
	bool calls_abi;		    /* --calls=abi */
	bool no_fuse;
	bool profile;	   /* --profile: counters in the place of sites */
	unsigned only;	   /* the kinds (kinds.h) of --only=; 0: all */
	unsigned left_out; /* those of --no-branch, --no-call, --no-div */
	bool explain;
	const char *explain_file; /* NULL: standard error */
	enum stats_format stats;
	bool help, version;
	struct texts owned; /* what the spans above point into */
};

/*
 * Fill in *options from the arguments, argv[0] being the program's name. Returns an exit status: 0,
 * or 2 (wrong usage) or 1 (a damaged --symbols-from file) with the message printed.
 */
int options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

/* Do the options leave out this kind of site? */
bool options_leave_out(const struct options *options, unsigned kind);

/* Does a function of that name run before the patching (--early-from)? */
bool options_early(const struct options *options, struct span function);

/*
 * The options that objects keep for the link (lasting.h), in new memory, as in RCPP_FLAGS; "" if
 * there are none. They say what is patchable and what is left out. Options for a whole program
 * (--unpatched, --calls) must be given at the link.
 */
char *options_lasting(const struct options *options);

#endif
