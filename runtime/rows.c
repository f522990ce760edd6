// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A table may be damaged, so every offset is checked before it is followed.
 */
#include "rows.h"

size_t rcpp_ask_extent(struct batch *batch, enum rcpp_memory kind, uintptr_t address)
{
	struct rcpp_range *known = &batch->known[kind];

	*known = batch->view->memory(batch->view->context, kind, address);
	return rcpp_left_in(known, address);
}

static bool within(struct batch *batch, enum rcpp_memory kind, uintptr_t address, size_t length)
{
	return rcpp_extent(batch, kind, address) >= length;
}

/* Where the slot of a remote is, which both of its halves say; 0 if they differ. */
static uintptr_t slot_of(uintptr_t address, struct rcpp_remote *remote)
{
	uintptr_t slot;
	uintptr_t again;

	memcpy(remote, RCPP_AT(address), sizeof(*remote));
	slot = rcpp_follow(address + offsetof(struct rcpp_remote, slot), remote->slot);
	again = rcpp_follow(address + offsetof(struct rcpp_remote, slot_again), remote->slot_again);
	return slot == again && remote->offset == remote->offset_again &&
			       remote->offset >= -RCPP_OFFSET_MAX &&
			       remote->offset <= RCPP_OFFSET_MAX
		       ? slot
		       : 0;
}

enum rcpp_problem rcpp_find_remote(struct batch *batch, struct row *row)
{
	uintptr_t distance = row->variable - batch->remotes.start;
	struct rcpp_remote remote;
	uintptr_t slot;
	uintptr_t address;

	if (distance % sizeof(remote))
		return RCPP_BAD_ROW;
	slot = slot_of(row->variable, &remote);
	if (!slot || slot % sizeof(address))
		return RCPP_BAD_ROW;
	if (!within(batch, RCPP_TABLES, slot, sizeof(address)))
		return within(batch, RCPP_VARIABLES, slot, sizeof(address)) ? RCPP_BAD_SLOT
									    : RCPP_BAD_ROW;
	memcpy(&address, RCPP_AT(slot), sizeof(address));
	row->variable = rcpp_follow(address, remote.offset);
	row->remote = (unsigned int)(distance / sizeof(remote)) + 1;
	row->offset = remote.offset;
	row->absent = !address;
	return RCPP_FINE;
}

static struct rcpp_range follow_bounds(uintptr_t field, const struct rcpp_bounds *bounds)
{
	return (struct rcpp_range){
		.start = rcpp_follow(field + offsetof(struct rcpp_bounds, start), bounds->start),
		.stop = rcpp_follow(field + offsetof(struct rcpp_bounds, stop), bounds->stop),
	};
}

/* Does a batch without rows lead to a struct rcpp_unloading, which is not closed itself? */
static bool is_unloading(struct batch *batch, uintptr_t address)
{
	static const char mark[] = RCPP_UNLOADING_MARK;

	return within(batch, RCPP_VARIABLES, address, sizeof(struct rcpp_unloading)) &&
	       !memcmp(RCPP_AT(address), mark, sizeof(mark)) &&
	       address % _Alignof(struct rcpp_unloading) == 0 &&
	       (address < batch->patchable.start || address >= batch->patchable.stop);
}

/* Are there as many rows and remotes as the batch says? Without rows there are no remotes. */
static bool size_fits(const struct rcpp_view *view, const struct rcpp_batch *batch)
{
	uint64_t rows = (uint64_t)batch->rows * sizeof(struct rcpp_row);
	uint64_t remotes = (uint64_t)batch->remotes * sizeof(struct rcpp_remote);

	return view->size == sizeof(*batch) + rows + remotes && (batch->rows || !remotes);
}

/*
 * The head of a batch: as many rows as it says, its bounds twice the same. Without rows it leads to
 * the module's struct rcpp_unloading.
 */
static bool read_head(struct batch *batch)
{
	uintptr_t address = (uintptr_t)batch->view->batch;
	uintptr_t field = address + offsetof(struct rcpp_batch, patchable);
	struct rcpp_batch head;
	struct rcpp_range again;

	if (batch->view->size < sizeof(head) ||
	    !within(batch, RCPP_TABLES, address, batch->view->size))
		return false;
	memcpy(&head, RCPP_AT(address), sizeof(head));
	if (!size_fits(batch->view, &head))
		return false;
	batch->rows.start = address + sizeof(head);
	batch->remotes.stop = address + batch->view->size;
	batch->remotes.start = batch->remotes.stop - head.remotes * sizeof(struct rcpp_remote);
	batch->rows.stop = batch->remotes.start;
	batch->anchor = rcpp_follow(address + offsetof(struct rcpp_batch, anchor), head.anchor);
	if (!head.patchable[0].start && !head.patchable[0].stop) /* then it is for its rows */
		return head.rows && !head.patchable[1].start && !head.patchable[1].stop;
	batch->patchable = follow_bounds(field, &head.patchable[0]);
	again = follow_bounds(field + sizeof(struct rcpp_bounds), &head.patchable[1]);
	return batch->patchable.start == again.start && batch->patchable.stop == again.stop &&
	       again.start <= again.stop && (head.rows || is_unloading(batch, batch->anchor));
}

bool rcpp_enter_batch(struct batch *batch, const struct rcpp_view *view)
{
	*batch = (struct batch){.view = view};
	return read_head(batch);
}

bool rcpp_patchable_range(const struct rcpp_view *view, struct rcpp_range *range)
{
	struct batch batch;
	bool fine = rcpp_enter_batch(&batch, view);

	*range = batch.patchable;
	return fine && range->start < range->stop;
}

uintptr_t rcpp_unloading_of(const struct rcpp_view *view)
{
	struct batch batch;

	return rcpp_enter_batch(&batch, view) && view->size == sizeof(struct rcpp_batch)
		       ? batch.anchor
		       : 0;
}

void rcpp_list_loads(const struct rcpp_view *view,
		     void (*visit)(void *context, uint32_t row, uintptr_t variable), void *context)
{
	struct batch batch;
	uintptr_t address;
	uint32_t number = 0;

	if (!rcpp_enter_batch(&batch, view))
		return;
	for (address = batch.rows.start; address < batch.rows.stop;
	     address += sizeof(struct rcpp_row), number++) {
		struct row row;

		rcpp_read_row(address, &row);
		if (!rcpp_find_variable(&batch, &row) && !row.absent &&
		    !(row.raw.flags & RCPP_ROW_CONSUMER))
			visit(context, number, row.variable);
	}
}
