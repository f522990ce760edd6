/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A function's code as compiled and as patched, line by line, for the outputs. A line has an
 * address, and what begins there in each of the two.
 */
#ifndef RCPP_LISTING_H
#define RCPP_LISTING_H

#include "disassembly.h"
#include "patched.h"
#include "source.h"
#include "summary.h"

struct listing_line {
	uint64_t address;
	char *before, *after;		 /* instructions; "" if none begins there */
	const struct patched_site *site; /* that it is a part of; NULL: of none */
	const char *file;		 /* the place in the source; NULL: unknown */
	unsigned line;
};

/* A reference of the function that reads memory, whatever its value is or because of it. */
struct listing_load {
	const char *file; /* NULL: unknown; may be relative, as the compiler was told */
	unsigned line;
	char *variable; /* as people name it */
	const char *reason, *advice;
	bool by_value; /* it has a site, which has nothing for this value */
};

struct listing {
	const struct dump_symbol *function;
	const char *name; /* the function's, as people write it */
	uint64_t stop;	  /* the address behind it */
	struct listing_line *lines;
	size_t count;
	struct listing_load *loads;
	size_t load_count;
	size_t site_count; /* those of loads; consumers are a part of theirs */
	size_t patched_count;
};

/* What a listing is made of. */
struct listing_inputs {
	const struct patched *patched;
	struct report *report;
	struct disassembly *disassembly;
	struct source *source;
};

void listing_make(struct listing *listing, const struct listing_inputs *inputs,
		  const struct dump_symbol *function);
void listing_free(struct listing *listing);

/*
 * The function that holds the first site from number *at on, which becomes the number of the first
 * one behind it; NULL at the end. Sites in no function are passed over.
 */
const struct dump_symbol *listing_next_function(const struct patched *patched, size_t *at);

/* Does a line of a listing begin another place in the source than the one in front of it? */
bool listing_new_place(const struct listing *listing, size_t number);

/* Is it a reference on this line of the source? */
bool listing_load_is_at(const struct listing_load *load, const char *file, unsigned line);

#endif
