/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One batch of rows with what a platform knows about memory, what is reported of a site, and what
 * can be wrong. Freestanding as core.h is.
 */
#ifndef RCPP_VIEW_H
#define RCPP_VIEW_H

#include "freestanding.h"
#include "rcpp_tables.h"

enum rcpp_memory {
	RCPP_TEXT,     /* the module's code: where its sites lie */
	RCPP_TABLES,   /* the module's read-only memory: where its rows and forms lie */
	RCPP_VARIABLES /* readable memory of any module */
};

#define RCPP_MEMORY_KINDS 3

struct rcpp_forms; /* forms.h */

struct rcpp_range {
	uintptr_t start;
	uintptr_t stop;
};

/* What variables shall hold: a later value of the same bytes is the one that counts. */
struct rcpp_value {
	uintptr_t address;
	const uint8_t *bytes;
	size_t size;
};

struct rcpp_values {
	const struct rcpp_value *list;
	size_t count;
};

/* One batch of rows, and what the platform knows about memory. */
struct rcpp_view {
	const void *batch; /* struct rcpp_batch and what follows it; need not be aligned */
	size_t size;	   /* of all of it, in bytes */
	/* Memory of this kind around the address, without a hole; empty: there is none. */
	struct rcpp_range (*memory)(const void *context, enum rcpp_memory kind, uintptr_t address);
	const void *context;
	struct rcpp_forms *forms;  /* memory to keep forms in from batch to batch */
	struct rcpp_range settled; /* if not empty: variables elsewhere are not */
	/* If not NULL: RCPP_PATCH changes only the sites that read these, as if they were stored.
	 */
	const struct rcpp_values *values;
	bool one_by_one; /* sites are written one after the other, while code may run */
	bool unheld;	 /* RCPP_PATCH leaves the consumers of a load with a reach as compiled */
	/*
	 * If not NULL: most sites that stay as they are, and have no consumers, are not visited;
	 * set if one of them holds a value.
	 */
	bool *holds;
	bool summed; /* and those that change may be visited together, see rcpp_site.count */
};

/* What a walk tells about a site. */
struct rcpp_site {
	uintptr_t address;
	unsigned int length; /* bytes, padding included */
	uint32_t reach;	     /* bytes from its first on in which what it loads is still read; 0:
				its consumers say it */
	unsigned int flags;  /* RCPP_ROW_* */
	bool asks;	     /* it reads the flags of a row before it */
	bool patched;	     /* it holds neither the original nor ud2 now */
	bool empty;	     /* it holds nothing but NOPs now */
	bool wide;	     /* it holds the value, or what is computed of it, in 64 bits */
	bool changes;	     /* bytes differs from what it holds; never with RCPP_LOOK */
	const char *form;    /* the form's text, see struct rcpp_form */
	/*
	 * 1; or of sites that are visited together how many. They all change, and none has
	 * consumers. They lie in the `length` bytes from address on, other code between them, and
	 * nothing else is said of them but whether one is patched; form is NULL.
	 */
	unsigned int count;
	unsigned int holds;	      /* number of the alternative; 0: the original, or ud2 */
	bool settled;		      /* its variable may become an immediate */
	uint64_t value;		      /* the variable's, if it is settled; not with RCPP_LOOK */
	uint8_t bytes[RCPP_SITE_MAX]; /* what it should hold; not with RCPP_LOOK */
};

enum rcpp_problem {
	RCPP_FINE,
	RCPP_BAD_NOTE,	   /* a batch's size, bounds or anchor are not what they were */
	RCPP_BAD_VERSION,  /* the note is of another version than RCPP_NOTE_VERSION */
	RCPP_BAD_MEMORY,   /* the note lies in memory that can be written */
	RCPP_BAD_SLOT,	   /* the slot that says where the variable is lies in such memory */
	RCPP_BAD_ROW,	   /* its check fails, or it consumes and follows no load of its own */
	RCPP_BAD_SITE,	   /* the site is not within the text */
	RCPP_BAD_FORM,	   /* the form is not within the tables, or is none that this knows */
	RCPP_BAD_VARIABLE, /* the variable is not within loaded memory */
	RCPP_BAD_REACH,	   /* a displacement does not fit into 32 bits */
	RCPP_BAD_TEXT	   /* the site holds other bytes than the form says */
};

#endif
