// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "notes.h"

#ifdef __KERNEL__
#include <linux/elf.h>
typedef struct elf64_note Elf64_Nhdr;
#else
#include <elf.h>
#endif

static size_t align_up(size_t size, size_t align)
{
	return (size + align - 1) & ~(align - 1);
}

/*
 * Ours are always padded to 4 bytes, as rcpp writes them, also should a linker put them into a
 * segment of notes that are padded to 8.
 */
enum rcpp_problem rcpp_next_batch(struct rcpp_notes *notes, struct rcpp_view *view)
{
	static const char name[8] = RCPP_NOTE_NAME;
	Elf64_Nhdr header;

	while (notes->left >= sizeof(header)) {
		const uint8_t *body = notes->next + sizeof(header);
		size_t room = notes->left - sizeof(header);
		size_t align = notes->align;
		size_t start; /* of the descriptor, from the body */
		size_t end;
		bool ours;

		memcpy(&header, notes->next, sizeof(header));
		ours = header.n_namesz == sizeof(RCPP_NOTE_NAME) && room >= sizeof(name) &&
		       !memcmp(body, name, sizeof(name));
		if (ours)
			align = 4;
		start = align_up(sizeof(header) + header.n_namesz, align) - sizeof(header);
		if (start > room || header.n_descsz > room - start)
			return RCPP_BAD_NOTE;
		view->batch = body + start;
		view->size = header.n_descsz;
		end = align_up(sizeof(header) + start + header.n_descsz, align);
		if (end > notes->left) /* the last one's padding may be missing */
			end = notes->left;
		notes->next += end;
		notes->left -= end;
		if (ours)
			return header.n_type == RCPP_NOTE_VERSION ? RCPP_FINE : RCPP_BAD_VERSION;
	}
	view->batch = NULL;
	return RCPP_FINE;
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
