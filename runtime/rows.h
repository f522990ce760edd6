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

/* How many bytes from the address on lie in the range. */
static inline size_t rcpp_left_in(const struct rcpp_range *range, uintptr_t address)
{
	return address >= range->start && address < range->stop ? range->stop - address : 0;
}

/* How many bytes from the address on are memory of this kind; the platform is asked. */
size_t rcpp_ask_extent(struct batch *batch, enum rcpp_memory kind, uintptr_t address);

static inline size_t rcpp_extent(struct batch *batch, enum rcpp_memory kind, uintptr_t address)
{
	size_t left = rcpp_left_in(&batch->known[kind], address);

	return left ? left : rcpp_ask_extent(batch, kind, address);
}

/* Find what the view's batch has. False if it is damaged. */
bool rcpp_enter_batch(struct batch *batch, const struct rcpp_view *view);

static inline uintptr_t rcpp_follow(uintptr_t field, int32_t offset)
{
	return field + (uintptr_t)(int64_t)offset;
}

static inline void rcpp_read_row(uintptr_t address, struct row *row)
{
	memcpy(&row->raw, RCPP_AT(address), sizeof(row->raw));
	row->site = rcpp_follow(address + offsetof(struct rcpp_row, site), row->raw.site);
	row->variable =
		rcpp_follow(address + offsetof(struct rcpp_row, variable), row->raw.variable);
	row->form = rcpp_follow(address + offsetof(struct rcpp_row, form), row->raw.form);
	row->remote = 0;
	row->offset = 0;
	row->absent = false;
}

/* The row names a remote: row->variable becomes what the slot says now. */
enum rcpp_problem rcpp_find_remote(struct batch *batch, struct row *row);

/*
 * Where a row's variable is. The slot of a remote must not be writable any more, for the values of
 * what it says go into the code.
 */
static inline enum rcpp_problem rcpp_find_variable(struct batch *batch, struct row *row)
{
	return rcpp_left_in(&batch->remotes, row->variable) ? rcpp_find_remote(batch, row)
							    : RCPP_FINE;
}

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

/* Is the row one that can be, whatever it refers to? */
static inline bool rcpp_row_is_valid(const struct rcpp_row *raw)
{
	return raw->length >= 1 && raw->length <= RCPP_SITE_MAX &&
	       (raw->read >> RCPP_READ_TO_SHIFT & RCPP_READ_WIDTH_MASK) >=
		       (raw->read & RCPP_READ_WIDTH_MASK);
}

#endif
