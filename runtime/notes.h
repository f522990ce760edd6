/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The batches of rows in a run of ELF notes: a segment of a program, a section of a kernel or of a
 * module of it.
 *
 * Linkers put the notes of others beside ours, some with another alignment, some malformed. So the
 * lengths of those are not used: ours are looked for at every multiple of 4 bytes, where one may
 * begin.
 */
#ifndef RCPP_NOTES_H
#define RCPP_NOTES_H

#include "core.h"

struct rcpp_notes {
	const uint8_t *next; /* 4-byte aligned */
	size_t left;	     /* bytes from there on; all of them are readable */
};

/*
 * The next note of ours: its batch goes to *view, NULL at the end. Returns a problem if the note
 * ends behind its segment, or has a version that this runtime does not know.
 */
enum rcpp_problem rcpp_next_batch(struct rcpp_notes *notes, struct rcpp_view *view);

/* rcpp_walk() over all batches; view says only what the platform knows about memory. */
enum rcpp_problem rcpp_walk_notes(struct rcpp_notes *notes, struct rcpp_view *view,
				  enum rcpp_action action, rcpp_visit *visit, void *context,
				  uintptr_t *where);

#endif
