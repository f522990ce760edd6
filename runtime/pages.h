/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Exchange parts of the text: say which bytes change, copy all pages of a segment from the first of
 * these bytes to the last, write into the copy, and move it over the text. The text itself does not
 * change before the move. All segments are exchanged or none.
 */
#ifndef RCPP_PAGES_H
#define RCPP_PAGES_H

#include <sys/types.h>

#include "machine.h"
#include "modules.h"

#pragma GCC visibility push(hidden)

static inline uintptr_t rcpp_page_down(uintptr_t address)
{
	return address & ~(RCPP_PAGE_SIZE - 1);
}

static inline uintptr_t rcpp_page_up(uintptr_t address)
{
	return rcpp_page_down(address + RCPP_PAGE_SIZE - 1);
}

/* The part of a file that is mapped somewhere; file is -1 where there is none. */
struct rcpp_source {
	int file;
	off_t offset;
};

/* The pages of one segment of text, from the first that changes to the last. */
struct exchange {
	const struct module *module;
	uintptr_t segment; /* where it begins, */
	size_t size;	   /* and how long it is */
	uintptr_t start;
	size_t length;
	uint8_t *fresh; /* the copy that is written to */
	uint8_t *old;	/* a copy to undo the exchange with, if there are several exchanges */
	uint8_t *marks; /* a bit for each byte where no thread may stand, and some more */
	uint64_t *sums; /* of each page as it was copied; 0: it is the file's, and stays so */
	struct rcpp_source source;
};

#define RCPP_EXCHANGES_MAX 16 /* linkers make one segment of text in a module */

struct pages {
	struct exchange list[RCPP_EXCHANGES_MAX];
	unsigned int count;
	const struct module *module; /* for this one a call was refused: */
	const char *failed;	     /* its name; its reason is in error */
	int error;
	bool stuck;	/* some exchanges are done and could not be undone */
	bool overtaken; /* somebody else has written into the text since it was copied */
};

/*
 * These bytes of the module change. Each returns false if it cannot be done, and says why in
 * module, failed and error. At the start a struct pages is all zeros.
 */
bool rcpp_pages_add(struct pages *pages, const struct module *module, uintptr_t address,
		    size_t length);
bool rcpp_pages_copy(struct pages *pages);

/*
 * Exchange the whole segments instead. Each is then one mapping again, as the dynamic linker made
 * it. (The kernel does not join mappings of two open() calls.)
 */
void rcpp_pages_widen(struct pages *pages);

/* False if they are not within what was added. */
bool rcpp_pages_write(struct pages *pages, uintptr_t address, const uint8_t bytes[RCPP_SITE_MAX],
		      size_t length);

/*
 * When the pages are exchanged, no thread may be behind the first of these bytes and before their
 * end. False if not all of them are within what was added.
 */
bool rcpp_pages_forbid(struct pages *pages, uintptr_t address, size_t length);
bool rcpp_pages_forbidden(const struct pages *pages, uintptr_t address);

/* Where a copy equals the file, share the file's pages again. */
void rcpp_pages_share(struct pages *pages);

/* The copies become executable instead of writable; then they can take the text's place. */
bool rcpp_pages_protect(struct pages *pages);
/* Nothing is done, and pages->overtaken is set, if the copies are out of date. */
bool rcpp_pages_swap(struct pages *pages);
void rcpp_pages_close(struct pages *pages);

/* ---- maps.c: it has static buffers, so the caller must have a lock ---- */

/*
 * Map length bytes of the file that is mapped at address now, private and executable, elsewhere;
 * NULL if there is no such file any more. *source is then the file, which the caller closes.
 */
void *rcpp_map_same_file(uintptr_t address, size_t length, struct rcpp_source *source);

/* Is a file mapped at the address? */
bool rcpp_is_file_mapped(uintptr_t address);

struct rcpp_pagemap {
	int file;
	size_t first; /* number of the first page in entries */
	size_t count;
	uint64_t entries[512];
};

void rcpp_pagemap_open(struct rcpp_pagemap *pagemap);
void rcpp_pagemap_close(struct rcpp_pagemap *pagemap);

/* May the page at the address differ from its file's? True if that is unknown. */
bool rcpp_page_is_private(struct rcpp_pagemap *pagemap, uintptr_t address);

/* ---- sums.c: it has one, too ---- */

/* Of the page at this offset, before it is written in the copy; again it changes nothing. */
void rcpp_note_sum(const struct exchange *exchange, size_t page);

/* Of all pages that this process has written, in the text. */
void rcpp_note_sums(const struct exchange *exchange);

/* One whose text is not what was copied; NULL if there is none. */
const struct exchange *rcpp_find_overtaken(const struct pages *pages);

#pragma GCC visibility pop

#endif
