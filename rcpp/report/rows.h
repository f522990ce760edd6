/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rows of a profile's table: fields of variables with all that was counted of them. */
#ifndef RCPP_REPORT_ROWS_H
#define RCPP_REPORT_ROWS_H

#include "demangle.h"
#include "locate.h"
#include "names.h"
#include "profile.h"

enum verdict {
	VERDICT_SETTLED,       /* nearly all reads follow the last write, and that was early */
	VERDICT_NEVER_WRITTEN, /* by code that was counted */
	VERDICT_ONE_WRITE,     /* settled but for one write */
	VERDICT_WRITTEN,       /* again and again */
	VERDICT_ARRAY,	       /* read by an index */
	VERDICT_UNKNOWN,       /* it may have been written, and nobody looked */
	VERDICT_NEVER_READ,
};

/* How much of a row's reads or writes a function has, or a use. */
struct share {
	const char *function; /* "" if there is none */
	unsigned use;	      /* of uses: KIND_*, or 0: none of these. Of a function that takes the
				 address, so that it may write there: KIND_ADDRESSES */
	uint64_t count;
	bool uncounted; /* there may be more */
};

struct shares {
	struct share *share; /* the largest first */
	size_t count;
	bool of_uses; /* and not of functions */
};

struct row {
	char *name;	    /* for people */
	const char *symbol; /* as in the assembly, */
	int64_t offset;	    /* the place in it, */
	uint64_t size;
	const char *unit;  /* and the unit that means it by its name; "": all do */
	uint64_t variable; /* its address in PROGRAM; 0: not known */
	bool whole;	   /* the place is all of the symbol */
	bool indexed;
	uint64_t reads, before, writes;
	bool reads_uncounted, writes_uncounted;
	bool watched;	     /* other writes than those that were counted would have been seen, */
	uint64_t unseen;     /* and so many were */
	bool before_unknown; /* another unit has written it, and does not know of these reads */
	double last;	     /* seconds to the last write; 0: never */
	bool looks_settled;  /* by what was counted, whatever the verdict */
	bool late, at_end, patched; /* as in struct profile_field */
	uint64_t late_writes;
	enum verdict verdict;
	struct shares readers, writers, uses;
};

struct rows {
	struct row *row; /* the ones with most reads after the last write first */
	size_t count;
	uint64_t reads; /* of all */
};

/* The symbols of the profile have been added to the demangler. */
void rows_make(struct rows *rows, const struct profile *profile, const struct locator *locator,
	       const struct names *names, struct demangler *demangler);
void rows_free(struct rows *rows);

/* The reads after the last write, as far as is known. */
uint64_t row_after(const struct row *row);

/* verdict.c: sets row->verdict. */
void row_judge(struct row *row, uint64_t runs);
/* A verdict in a word, for JSON. */
const char *verdict_word(enum verdict verdict);
/* For people: in new memory. */
char *verdict_text(const struct row *row, uint64_t runs, struct demangler *demangler);

#endif
