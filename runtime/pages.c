// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * New text without memory that is ever writable and executable at once, and without an instant at
 * which the code is half old and half new.
 *
 * All pages from the first site that changes to the last are mapped a second time from their file,
 * made writable, written, made executable again, and moved over the text by one mremap(). Pages
 * that are not written stay shared with the file, so a site at each end of a large text costs two
 * pages. While the kernel moves the pages it holds the lock of the address space, and before it
 * returns it has invalidated the old translations on every processor. So another thread, a signal
 * handler or a forked child executes all old pages or all new ones, or waits in a page fault for
 * the new ones. The new pages are other physical memory and were written before, and x86 keeps its
 * instruction caches coherent with memory, so nothing needs a flush. The code that does all this
 * may itself lie in those pages (in a static program).
 *
 * What others have written into the text is kept: text relocations, breakpoints, other patches. A
 * uprobe's breakpoint belongs to the kernel, which puts it into each executable mapping of the
 * file, and removes it from any mapping. So the second mapping is executable at first. Whatever a
 * debugger writes after the text was copied, when it sets or removes a breakpoint, shows in sums of
 * the pages; then there is no exchange, and the caller copies again.
 *
 * Most calls exchange one segment. With several, of several modules or of a linker script's making,
 * each is exchanged by a call of its own. If one fails, those before it are undone: their old text
 * was copied in advance, and the other copies are freed first.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"

/* The caller has a lock, and stacks may be small. */
static struct rcpp_pagemap pagemap;
static bool exchanged; /* some text of this process */

static bool refuse(struct pages *pages, const struct module *module, const char *call)
{
	pages->module = module;
	pages->failed = call;
	pages->error = errno;
	return false;
}

/* NULL, with the reason, if this segment cannot be exchanged. */
static struct exchange *find_exchange(struct pages *pages, const struct module *module,
				      uintptr_t address)
{
	const Elf64_Phdr *segment;
	unsigned int i;

	for (i = 0; i < pages->count; i++)
		if (address - pages->list[i].segment < pages->list[i].size)
			return &pages->list[i];
	errno = E2BIG;
	if (pages->count == RCPP_EXCHANGES_MAX) {
		refuse(pages, module, "too many segments of text");
		return NULL;
	}
	errno = ENOEXEC;
	segment = rcpp_module_text(module, address);
	if (rcpp_shares_page(module, segment)) {
		refuse(pages, module, "two segments of text have a page together");
		return NULL;
	}
	pages->list[pages->count] = (struct exchange){
		.module = module,
		.segment = module->info.dlpi_addr + segment->p_vaddr,
		.size = segment->p_memsz,
		.source.file = -1,
	};
	return &pages->list[pages->count++];
}

/* Nearly always: a page has many sites. */
static bool is_added(const struct pages *pages, uintptr_t address, size_t length)
{
	const struct exchange *last = &pages->list[pages->count ? pages->count - 1 : 0];

	return address >= last->start && address + length <= last->start + last->length;
}

bool rcpp_pages_add(struct pages *pages, const struct module *module, uintptr_t address,
		    size_t length)
{
	uintptr_t start = rcpp_page_down(address);
	uintptr_t stop = rcpp_page_up(address + length);
	struct exchange *exchange;

	if (is_added(pages, address, length))
		return true;
	exchange = find_exchange(pages, module, address);
	if (!exchange)
		return false;
	if (exchange->length && exchange->start < start)
		start = exchange->start;
	if (exchange->length && exchange->start + exchange->length > stop)
		stop = exchange->start + exchange->length;
	exchange->start = start;
	exchange->length = stop - start;
	return true;
}

void rcpp_pages_widen(struct pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++) {
		struct exchange *exchange = &pages->list[i];

		exchange->start = rcpp_page_down(exchange->segment);
		exchange->length =
			rcpp_page_up(exchange->segment + exchange->size) - exchange->start;
	}
}

/* ---- Copies ---- */

/* Copy what others have written: pages that were written in this process, and differ. */
static void carry_over(const struct exchange *exchange, uint8_t *copy)
{
	const uint8_t *text = (const uint8_t *)exchange->start;
	size_t page;

	rcpp_pagemap_open(&pagemap);
	for (page = 0; page < exchange->length; page += RCPP_PAGE_SIZE)
		if (rcpp_page_is_private(&pagemap, exchange->start + page) &&
		    memcmp(copy + page, text + page, RCPP_PAGE_SIZE) != 0)
			memcpy(copy + page, text + page, RCPP_PAGE_SIZE);
	rcpp_pagemap_close(&pagemap);
}

/*
 * The kernel knows a uprobe by the file of its mapping. It does not know a breakpoint in anonymous
 * memory, and that would kill the program. (Its byte may also stand between functions, so it counts
 * only in a page that was written in this process, and only before the runtime has written any.)
 */
static bool has_probe(const struct exchange *exchange)
{
	uintptr_t stop = exchange->start + exchange->length;
	uintptr_t page;

	rcpp_pagemap_open(&pagemap);
	for (page = exchange->start; page < stop; page += RCPP_PAGE_SIZE)
		if (rcpp_page_is_private(&pagemap, page) &&
		    memchr((const void *)page, RCPP_BREAKPOINT, RCPP_PAGE_SIZE) &&
		    rcpp_is_file_mapped(page))
			break;
	rcpp_pagemap_close(&pagemap);
	return page < stop;
}

static uint8_t *copy_to_anonymous(struct pages *pages, const struct exchange *exchange)
{
	void *copy;

	if (!exchanged && has_probe(exchange)) {
		errno = EBUSY;
		refuse(pages, exchange->module, "a probe in text whose file is gone");
		return NULL;
	}
	copy = mmap(NULL, exchange->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	if (copy == MAP_FAILED) {
		refuse(pages, exchange->module, "mmap");
		return NULL;
	}
	return memcpy(copy, (const void *)exchange->start, exchange->length);
}

static void forget_source(struct rcpp_source *source)
{
	if (source->file >= 0)
		close(source->file);
	source->file = -1;
}

/* The text as it is in memory, writable; mapped from its file if possible. */
static uint8_t *copy_text(struct pages *pages, struct exchange *exchange)
{
	uint8_t *copy = rcpp_map_same_file(exchange->start, exchange->length, &exchange->source);

	if (!copy)
		return copy_to_anonymous(pages, exchange);
	if (mprotect(copy, exchange->length, PROT_READ | PROT_WRITE)) {
		refuse(pages, exchange->module, "mprotect");
		munmap(copy, exchange->length);
		return NULL;
	}
	carry_over(exchange, copy);
	return copy;
}

/* Executable, and locked in memory if the text is: msync(MS_INVALIDATE) fails on locked pages. */
static bool protect(struct pages *pages, const struct exchange *exchange, uint8_t *copy)
{
	bool locked = msync((void *)exchange->start, exchange->length, MS_ASYNC | MS_INVALIDATE) &&
		      errno == EBUSY;

	if (mprotect(copy, exchange->length, PROT_READ | PROT_EXEC))
		return refuse(pages, exchange->module, "mprotect");
	if (locked && mlock(copy, exchange->length))
		return refuse(pages, exchange->module, "mlock");
	return true;
}

static size_t sums_size(const struct exchange *exchange)
{
	return exchange->length / RCPP_PAGE_SIZE * sizeof(*exchange->sums);
}

static size_t notes_size(const struct exchange *exchange)
{
	return rcpp_page_up(sums_size(exchange) + exchange->length / 8 + sizeof(uint64_t));
}

/* The sums and the marks. Of these memory is touched only where a site changes. */
static bool make_notes(struct pages *pages, struct exchange *exchange)
{
	void *memory = mmap(NULL, notes_size(exchange), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return refuse(pages, exchange->module, "mmap");
	exchange->sums = memory;
	exchange->marks = (uint8_t *)memory + sums_size(exchange);
	return true;
}

bool rcpp_pages_copy(struct pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++) {
		struct exchange *exchange = &pages->list[i];

		if (pages->count > 1) { /* a single exchange never has to be undone */
			exchange->old = copy_text(pages, exchange);
			forget_source(&exchange->source);
			if (!exchange->old || !protect(pages, exchange, exchange->old))
				return false;
		}
		exchange->fresh = copy_text(pages, exchange);
		if (!exchange->fresh || !make_notes(pages, exchange))
			return false;
		rcpp_note_sums(exchange);
	}
	return true;
}

/* The one that these bytes lie in; NULL if there is none. */
static struct exchange *exchange_with(struct pages *pages, uintptr_t address, size_t length)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++) {
		uintptr_t offset = address - pages->list[i].start;

		if (offset < pages->list[i].length && pages->list[i].length - offset >= length)
			return &pages->list[i];
	}
	return NULL;
}

/*
 * Nearly all sites are short. They are copied as the words that the bytes were made as: a processor
 * waits where a load takes parts of two stores, as those of memcpy() do.
 */
#define WORD  sizeof(uint64_t)
#define SHORT (2 * WORD)

static void copy_bytes_of_word(uint8_t *to, const uint8_t *from, size_t count)
{
	uint64_t mask = count < WORD ? ((uint64_t)1 << 8 * count) - 1 : UINT64_MAX;
	uint64_t fresh, word;

	memcpy(&word, from, WORD);
	memcpy(&fresh, to, WORD);
	fresh ^= (fresh ^ word) & mask;
	memcpy(to, &fresh, WORD);
}

static void copy_short(uint8_t *to, const uint8_t *from, size_t length)
{
	copy_bytes_of_word(to, from, length);
	if (length > WORD)
		copy_bytes_of_word(to + WORD, from + WORD, length - WORD);
}

static void note_page(const struct exchange *exchange, size_t offset)
{
	if (!exchange->sums[offset / RCPP_PAGE_SIZE])
		rcpp_note_sum(exchange, rcpp_page_down(offset));
}

bool rcpp_pages_write(struct pages *pages, uintptr_t address, const uint8_t bytes[RCPP_SITE_MAX],
		      size_t length)
{
	const struct exchange *exchange = exchange_with(pages, address, length);
	size_t offset;

	if (!exchange)
		return false;
	offset = address - exchange->start;
	note_page(exchange, offset);
	note_page(exchange, offset + length - 1);
	if (length <= SHORT && exchange->length - offset >= SHORT)
		copy_short(exchange->fresh + offset, bytes, length);
	else
		memcpy(exchange->fresh + offset, bytes, length);
	return true;
}

/* Mark so many bytes from this one of the exchange on, up to MARKS_MAX. */
#define MARKS_MAX 32
static void mark(const struct exchange *exchange, size_t first, size_t count)
{
	uint8_t *marks = exchange->marks + first / 8;
	uint64_t word;

	memcpy(&word, marks, sizeof(word));
	word |= ((1ull << count) - 1) << first % 8;
	memcpy(marks, &word, sizeof(word));
}

/* Those of the bytes from the first to the last that the exchange has. Returns how many. */
static size_t mark_part(const struct exchange *exchange, uintptr_t first, uintptr_t stop)
{
	uintptr_t end = exchange->start + exchange->length;
	size_t marked = 0;

	if (first < exchange->start) /* only a part of a group may change */
		first = exchange->start;
	if (stop > end)
		stop = end;
	while (first < stop) {
		size_t left = stop - first;
		size_t count = left < MARKS_MAX ? left : MARKS_MAX;

		mark(exchange, first - exchange->start, count);
		marked += count;
		first += count;
	}
	return marked;
}

bool rcpp_pages_forbid(struct pages *pages, uintptr_t address, size_t length)
{
	const struct exchange *exchange = exchange_with(pages, address, length);
	size_t marked = 1; /* the first, where a thread may be */
	unsigned int i;

	if (exchange && length <= MARKS_MAX) {
		mark(exchange, address + 1 - exchange->start, length - 1);
		return true;
	}
	for (i = 0; i < pages->count; i++)
		marked += mark_part(&pages->list[i], address + 1, address + length);
	return marked == length;
}

bool rcpp_pages_forbidden(const struct pages *pages, uintptr_t address)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++) {
		const struct exchange *exchange = &pages->list[i];
		uintptr_t offset = address - exchange->start;

		if (offset < exchange->length && exchange->marks[offset / 8] >> offset % 8 & 1)
			return true;
	}
	return false;
}

/* ---- Sharing ---- */

static bool equals_file(const struct exchange *exchange, size_t page)
{
	static uint8_t bytes[RCPP_PAGE_SIZE];
	ssize_t got = pread(exchange->source.file, bytes, sizeof(bytes),
			    exchange->source.offset + (off_t)page);

	/* Behind the end of the file a mapping holds zeros. */
	if (got <= 0)
		return false;
	memset(bytes + got, 0, sizeof(bytes) - (size_t)got);
	return !memcmp(exchange->fresh + page, bytes, sizeof(bytes));
}

/* Drop each page of the copy that equals the file's. Returns whether all pages do. */
static bool drop_copied(const struct exchange *exchange)
{
	bool all = true;
	size_t page;

	rcpp_pagemap_open(&pagemap);
	for (page = 0; page < exchange->length; page += RCPP_PAGE_SIZE) {
		uint8_t *copied = exchange->fresh + page;

		if (rcpp_page_is_private(&pagemap, (uintptr_t)copied) &&
		    (!equals_file(exchange, page) ||
		     madvise(copied, RCPP_PAGE_SIZE, MADV_DONTNEED)))
			all = false;
	}
	rcpp_pagemap_close(&pagemap);
	return all;
}

/*
 * A mapping that was never written costs no memory. If it cannot be made, the copy is used.
 */
void rcpp_pages_share(struct pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++) {
		struct exchange *exchange = &pages->list[i];
		void *memory;

		if (exchange->source.file < 0 || !drop_copied(exchange))
			continue;
		memory = mmap(NULL, exchange->length, PROT_READ | PROT_EXEC, MAP_PRIVATE,
			      exchange->source.file, exchange->source.offset);
		if (memory == MAP_FAILED)
			continue;
		munmap(exchange->fresh, exchange->length);
		exchange->fresh = memory;
	}
}

/* ---- The exchange ---- */

static bool move_over(const struct exchange *exchange, uint8_t *copy)
{
	return mremap(copy, exchange->length, exchange->length, MREMAP_MAYMOVE | MREMAP_FIXED,
		      (void *)exchange->start) != MAP_FAILED;
}

static void free_copies(struct exchange *exchange)
{
	if (exchange->fresh)
		munmap(exchange->fresh, exchange->length);
	if (exchange->old)
		munmap(exchange->old, exchange->length);
	if (exchange->sums)
		munmap(exchange->sums, notes_size(exchange));
	exchange->fresh = exchange->old = exchange->marks = NULL;
	exchange->sums = NULL;
	forget_source(&exchange->source);
}

/*
 * Bring back the text of all exchanges before this one. The copies of the others are freed first,
 * because the process may be at its limit of mappings.
 */
static void undo(struct pages *pages, unsigned int failed)
{
	unsigned int i;

	for (i = failed; i < pages->count; i++)
		free_copies(&pages->list[i]);
	for (i = 0; i < failed; i++) {
		if (move_over(&pages->list[i], pages->list[i].old))
			pages->list[i].old = NULL;
		else
			pages->stuck = true;
	}
}

bool rcpp_pages_protect(struct pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++)
		if (!protect(pages, &pages->list[i], pages->list[i].fresh))
			return false;
	return true;
}

bool rcpp_pages_swap(struct pages *pages)
{
	const struct exchange *overtaken = rcpp_find_overtaken(pages);
	unsigned int i;

	if (overtaken) {
		pages->overtaken = true;
		errno = EAGAIN;
		return refuse(pages, overtaken->module, "somebody else writes into the text");
	}
	for (i = 0; i < pages->count; i++) {
		struct exchange *exchange = &pages->list[i];

		if (!move_over(exchange, exchange->fresh)) {
			refuse(pages, exchange->module, "mremap");
			undo(pages, i);
			return false;
		}
		exchange->fresh = NULL; /* it is the text now */
		exchanged = true;
	}
	return true;
}

void rcpp_pages_close(struct pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++)
		free_copies(&pages->list[i]);
}
