/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A batch's rows, with their offsets followed. Freestanding as core.h is.
 */
#ifndef RCPP_ROWS_H
#define RCPP_ROWS_H

#include "view.h"

struct row {
	uintptr_t site;
	uintptr_t variable;
	uintptr_t form;
	unsigned int remote; /* the number of its struct rcpp_remote, from 1 on; 0: it has none */
	int32_t offset;	     /* of the remote */
	bool absent;	     /* the remote's symbol is weak, and nothing defines it */
	struct rcpp_row raw;
};

struct batch {
	const struct rcpp_view *view;
	struct rcpp_range patchable;
	struct rcpp_range rows;			    /* where it has them, */
	struct rcpp_range remotes;		    /* and its remotes */
	uintptr_t anchor;			    /* what struct rcpp_batch says */
	struct rcpp_range known[RCPP_MEMORY_KINDS]; /* memory that was asked about last */
};

/* How many bytes from the address on are memory of this kind. */
size_t rcpp_extent(struct batch *batch, enum rcpp_memory kind, uintptr_t address);

/* Find what the view's batch has. False if it is damaged. */
bool rcpp_enter_batch(struct batch *batch, const struct rcpp_view *view);

void rcpp_read_row(uintptr_t address, struct row *row);

/*
 * Where a row's variable is: if the row names a remote, then row->variable becomes what the slot
 * says now. The slot must not be writable any more, for the values of what it says go into the
 * code.
 */
enum rcpp_problem rcpp_find_variable(struct batch *batch, struct row *row);

/* Is the row one that can be, whatever it refers to? */
bool rcpp_row_is_valid(const struct rcpp_row *raw);

/* Which row loads which variable? Nothing is checked: a walk will do that. */
void rcpp_list_loads(const struct rcpp_view *view,
		     void (*visit)(void *context, uint32_t number, uintptr_t variable),
		     void *context);

/* Where the module has its patchable variables; false if the batch does not tell. */
bool rcpp_patchable_range(const struct rcpp_view *view, struct rcpp_range *range);

/* Where the module has its struct rcpp_unloading; 0 if the batch does not tell. */
uintptr_t rcpp_unloading_of(const struct rcpp_view *view);

/* So many bytes are loaded, */
static inline unsigned int rcpp_read_width(uint8_t read)
{
	return 1U << (read & RCPP_READ_WIDTH_MASK);
}

/* and extended to so many. */
static inline unsigned int rcpp_read_to(uint8_t read)
{
	return 1U << (read >> RCPP_READ_TO_SHIFT & RCPP_READ_WIDTH_MASK);
}

#endif
