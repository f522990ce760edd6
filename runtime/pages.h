/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Replace pages of a module's text: mark the pages that hold sites, copy them aside, write the
 * sites into the copies, swap the copies in. Up to the swap, nothing of the text is changed.
 */
#ifndef RCPP_PAGES_H
#define RCPP_PAGES_H

#include "modules.h"

#pragma GCC visibility push(hidden)

#define RCPP_PAGE_SIZE ((uintptr_t)4096) /* on x86-64, always */

static inline uintptr_t rcpp_page_down(uintptr_t address)
{
	return address & ~(RCPP_PAGE_SIZE - 1);
}

static inline uintptr_t rcpp_page_up(uintptr_t address)
{
	return rcpp_page_down(address + RCPP_PAGE_SIZE - 1);
}

/* Neighbouring pages that are replaced together. */
struct run {
	uintptr_t start;
	size_t length;
	uint8_t *fresh; /* the copy that is written to */
	uint8_t *old;	/* a copy to undo the swap with, if there is more than one run */
};

struct pages {
	const struct module *module;
	uintptr_t first; /* address of the module's first page of text */
	size_t count;	 /* pages from there to the end of its last text */
	uint8_t *marks;	 /* one for each */
	struct run *runs;
	size_t run_count;
	size_t scratch;	    /* bytes at marks, the runs included */
	const char *failed; /* the call that was refused, its reason in error */
	int error;
	bool stuck; /* some runs were swapped in and could not be swapped back */
};

/* Each returns false if the kernel refuses something; rcpp_pages_close() is then still due. */
bool rcpp_pages_open(struct pages *pages, const struct module *module);
void rcpp_pages_mark(struct pages *pages, uintptr_t address, size_t length);
bool rcpp_pages_copy(struct pages *pages);
void rcpp_pages_write(struct pages *pages, uintptr_t address, const uint8_t *bytes, size_t length);
bool rcpp_pages_swap(struct pages *pages);
void rcpp_pages_close(struct pages *pages);

/*
 * Map length bytes of the file that is mapped at address now, private and writable, elsewhere; NULL
 * if there is no such file any more.
 */
void *rcpp_map_same_file(uintptr_t address, size_t length);

#pragma GCC visibility pop

#endif
