// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Has somebody else written into the text since it was copied, a debugger that set or removed a
 * breakpoint for example? An exchange would undo that. So each page that was private, or gets new
 * bytes, has a sum of what was copied. The text is compared with it when all other threads are
 * stopped, immediately before the exchange. The other pages are the file's, and must still be.
 */
#include "pages.h"

static struct rcpp_pagemap pagemap; /* stacks may be small */

/*
 * Never 0. Four sums at once, because each multiplication waits for the one before it in its sum:
 * all other threads may be waiting for this.
 */
#define LANES 4
static uint64_t sum_page(const uint8_t *page)
{
	uint64_t sums[LANES] = {1, 2, 3, 4};
	uint64_t words[LANES];
	uint64_t sum = 0;
	size_t i, lane;

	for (i = 0; i < RCPP_PAGE_SIZE; i += sizeof(words)) {
		memcpy(words, page + i, sizeof(words));
		for (lane = 0; lane < LANES; lane++) {
			sums[lane] = (sums[lane] ^ words[lane]) * 0x9e3779b97f4a7c15;
			sums[lane] ^= sums[lane] >> 32;
		}
	}
	for (lane = 0; lane < LANES; lane++)
		sum = (sum ^ sums[lane]) * 0x9e3779b97f4a7c15;
	return sum | 1;
}

void rcpp_note_sum(const struct exchange *exchange, size_t page)
{
	uint64_t *sum = &exchange->sums[page / RCPP_PAGE_SIZE];

	if (!*sum)
		*sum = sum_page(exchange->fresh + page);
}

void rcpp_note_sums(const struct exchange *exchange)
{
	size_t page;

	rcpp_pagemap_open(&pagemap);
	for (page = 0; page < exchange->length; page += RCPP_PAGE_SIZE)
		if (rcpp_page_is_private(&pagemap, exchange->start + page))
			rcpp_note_sum(exchange, page);
	rcpp_pagemap_close(&pagemap);
}

/* And the kernel says so. */
static bool is_certainly_private(uintptr_t address)
{
	return rcpp_page_is_private(&pagemap, address) &&
	       address / RCPP_PAGE_SIZE - pagemap.first < pagemap.count;
}

static bool have_all_sums(const struct exchange *exchange)
{
	size_t page;

	for (page = 0; page < exchange->length; page += RCPP_PAGE_SIZE)
		if (!exchange->sums[page / RCPP_PAGE_SIZE])
			return false;
	return true;
}

/* Is a page written now that was the file's, and where nothing changes? */
static bool is_written(const struct exchange *exchange)
{
	bool written = false;
	size_t page;

	if (have_all_sums(exchange))
		return false;
	rcpp_pagemap_open(&pagemap);
	for (page = 0; page < exchange->length && !written; page += RCPP_PAGE_SIZE)
		written = !exchange->sums[page / RCPP_PAGE_SIZE] &&
			  is_certainly_private(exchange->start + page);
	rcpp_pagemap_close(&pagemap);
	return written;
}

/* Makes no system call. */
static bool is_other_sum(const struct exchange *exchange)
{
	size_t page;

	for (page = 0; page < exchange->length; page += RCPP_PAGE_SIZE) {
		uint64_t sum = exchange->sums[page / RCPP_PAGE_SIZE];

		if (sum && sum != sum_page((const uint8_t *)exchange->start + page))
			return true;
	}
	return false;
}

const struct exchange *rcpp_find_overtaken(const struct pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++)
		if (is_written(&pages->list[i]))
			return &pages->list[i];
	for (i = 0; i < pages->count; i++)
		if (is_other_sum(&pages->list[i]))
			return &pages->list[i];
	return NULL;
}
