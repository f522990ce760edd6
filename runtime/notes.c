// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "notes.h"

#ifdef __KERNEL__
#include <linux/elf.h>
typedef struct elf64_note Elf64_Nhdr;
#else
#include <elf.h>
#endif

#define ALIGNMENT 4 /* of our notes, also in a segment where others are padded to 8 */

static const char name[8] = RCPP_NOTE_NAME; /* as it is padded */

#define HEAD_SIZE (sizeof(Elf64_Nhdr) + sizeof(name))

static void skip(struct rcpp_notes *notes, size_t size)
{
	notes->next += size;
	notes->left -= size;
}

/* Go to the next note of this name; false at the end. */
static bool find_note(struct rcpp_notes *notes)
{
	while (notes->left >= HEAD_SIZE) {
		if (!memcmp(RCPP_AT(notes->next + sizeof(Elf64_Nhdr)), name, sizeof(name)))
			return true;
		skip(notes, ALIGNMENT);
	}
	return false;
}

enum rcpp_problem rcpp_next_batch(struct rcpp_notes *notes, struct rcpp_view *view)
{
	Elf64_Nhdr header;

	view->batch = NULL;
	if (!find_note(notes))
		return RCPP_FINE;
	memcpy(&header, RCPP_AT(notes->next), sizeof(header));
	skip(notes, HEAD_SIZE);
	if (header.n_namesz != sizeof(RCPP_NOTE_NAME) || header.n_descsz > notes->left)
		return RCPP_BAD_NOTE;
	view->batch = notes->next;
	view->size = header.n_descsz;
	/* Batches are whole words. Behind a batch of a wrong size, the next note is found all the
	 * same. */
	skip(notes, header.n_descsz & ~(size_t)(ALIGNMENT - 1));
	return header.n_type == RCPP_NOTE_VERSION ? RCPP_FINE : RCPP_BAD_VERSION;
}

enum rcpp_problem rcpp_walk_notes(struct rcpp_notes *notes, struct rcpp_view *view,
				  enum rcpp_action action, rcpp_visit *visit, void *context,
				  uintptr_t *where)
{
	enum rcpp_problem problem = RCPP_FINE;

	while (!problem) {
		problem = rcpp_next_batch(notes, view);
		*where = (uintptr_t)(problem == RCPP_BAD_VERSION ? view->batch : notes->next);
		if (problem || !view->batch)
			break;
		problem = rcpp_walk(view, action, visit, context, where);
	}
	return problem;
}
