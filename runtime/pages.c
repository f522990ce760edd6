// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * New text without memory that is ever writable and executable, and without an instant at which
 * the code is half old and half new.
 *
 * A run of pages is copied aside, the copy is written, made executable instead of writable, and
 * moved over the text by one mremap(). While the kernel does that it holds the lock of the address
 * space, and before it returns it has shot the old translations down on every processor: another
 * thread executes the old page or the new one, or waits in a page fault for the new one. The new
 * page is other physical memory and was written long before, and x86 keeps its instruction caches
 * coherent with memory, so nothing needs a flush. The code that does all this may lie in those
 * pages itself (a static program).
 *
 * mremap() checks what it can before it unmaps the old pages. Only if the kernel runs out of memory
 * for itself in between, a hole is left; nothing in user space can mend that.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/mman.h>

#include "pages.h"

/* Fewer untouched pages than this between two runs are cheaper to copy than another run is. */
#define GAP 16

static bool refuse(struct pages *pages, const char *call)
{
	pages->failed = call;
	pages->error = errno;
	return false;
}

/* All of it will be written: populated at once, a page costs half of what a page fault does. */
static void *map_memory(size_t length)
{
	void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* The pages of a text segment. */
static void segment_pages(const struct module *module, const Elf64_Phdr *segment, uintptr_t *start,
			  uintptr_t *stop)
{
	uintptr_t address = module->info->dlpi_addr + segment->p_vaddr;

	*start = rcpp_page_down(address);
	*stop = rcpp_page_up(address + segment->p_memsz);
}

bool rcpp_pages_open(struct pages *pages, const struct module *module)
{
	uintptr_t first = UINTPTR_MAX;
	uintptr_t last = 0;
	size_t marks;
	size_t runs;
	unsigned int i;

	*pages = (struct pages){.module = module};
	for (i = 0; i < module->info->dlpi_phnum; i++) {
		uintptr_t start;
		uintptr_t stop;

		if (!rcpp_is_text(&module->info->dlpi_phdr[i]))
			continue;
		segment_pages(module, &module->info->dlpi_phdr[i], &start, &stop);
		if (start < first)
			first = start;
		if (stop > last)
			last = stop;
	}
	pages->first = first;
	pages->count = (last - first) / RCPP_PAGE_SIZE;
	marks = rcpp_page_up(pages->count);
	/* Runs of one segment are more than GAP pages apart. */
	runs = pages->count / GAP + module->info->dlpi_phnum + 1;
	pages->scratch = marks + rcpp_page_up(runs * sizeof(struct run));
	pages->marks = map_memory(pages->scratch);
	if (!pages->marks)
		return refuse(pages, "mmap");
	pages->runs = (struct run *)(void *)(pages->marks + marks);
	return true;
}

void rcpp_pages_mark(struct pages *pages, uintptr_t address, size_t length)
{
	pages->marks[(address - pages->first) / RCPP_PAGE_SIZE] = 1;
	pages->marks[(address + length - 1 - pages->first) / RCPP_PAGE_SIZE] =
		1; /* may be the next */
}

/* The run that starts at the first marked page from *page on; false if there is none up to stop. */
static bool next_run(struct pages *pages, size_t *page, size_t stop, struct run *run)
{
	size_t start;
	size_t end;
	size_t i;

	while (*page < stop && !pages->marks[*page])
		++*page;
	start = end = *page;
	for (i = start; i < stop && i < end + GAP; i++)
		if (pages->marks[i]) {
			pages->marks[i] = 0; /* a page of two segments belongs to the first */
			end = i + 1;
		}
	run->start = pages->first + start * RCPP_PAGE_SIZE;
	run->length = (end - start) * RCPP_PAGE_SIZE;
	*page = end;
	return end > start;
}

/* Runs never cross the end of a segment: behind it may be anything. */
static void find_runs(struct pages *pages)
{
	const struct dl_phdr_info *info = pages->module->info;
	unsigned int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		uintptr_t start;
		uintptr_t stop;
		size_t page;

		if (!rcpp_is_text(&info->dlpi_phdr[i]))
			continue;
		segment_pages(pages->module, &info->dlpi_phdr[i], &start, &stop);
		page = (start - pages->first) / RCPP_PAGE_SIZE;
		stop = (stop - pages->first) / RCPP_PAGE_SIZE;
		while (next_run(pages, &page, stop, &pages->runs[pages->run_count]))
			pages->run_count++;
	}
}

/* The text as it is in memory, mapped from its file if possible: perf and gdb want to know it. */
static uint8_t *copy_run(const struct run *run)
{
	void *copy = rcpp_map_same_file(run->start, run->length);

	if (!copy)
		copy = map_memory(run->length);
	if (copy)
		memcpy(copy, (const void *)run->start, run->length);
	return copy;
}

static bool protect(struct pages *pages, const struct run *run, uint8_t *copy)
{
	if (mprotect(copy, run->length, PROT_READ | PROT_EXEC))
		return refuse(pages, "mprotect");
	return true;
}

bool rcpp_pages_copy(struct pages *pages)
{
	size_t i;

	find_runs(pages);
	for (i = 0; i < pages->run_count; i++) {
		struct run *run = &pages->runs[i];

		run->fresh = copy_run(run);
		if (!run->fresh)
			return refuse(pages, "mmap");
		if (pages->run_count == 1)
			return true; /* one swap is done or not, there is nothing to undo */
		run->old = copy_run(run);
		if (!run->old)
			return refuse(pages, "mmap");
		if (!protect(pages, run, run->old))
			return false;
	}
	return true;
}

/* The address was marked, so one of the runs has it. */
void rcpp_pages_write(struct pages *pages, uintptr_t address, const uint8_t *bytes, size_t length)
{
	size_t low = 0;
	size_t high = pages->run_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (address < pages->runs[middle].start)
			high = middle;
		else
			low = middle;
	}
	memcpy(pages->runs[low].fresh + (address - pages->runs[low].start), bytes, length);
}

static bool move_over(const struct run *run, uint8_t *copy)
{
	return mremap(copy, run->length, run->length, MREMAP_MAYMOVE | MREMAP_FIXED,
		      (void *)run->start) != MAP_FAILED;
}

bool rcpp_pages_swap(struct pages *pages)
{
	size_t i;

	for (i = 0; i < pages->run_count; i++)
		if (!protect(pages, &pages->runs[i], pages->runs[i].fresh))
			return false;
	for (i = 0; i < pages->run_count; i++) {
		if (!move_over(&pages->runs[i], pages->runs[i].fresh)) {
			refuse(pages, "mremap");
			break;
		}
		pages->runs[i].fresh = NULL; /* it is the text now */
	}
	if (i == pages->run_count)
		return true;
	while (i-- > 0) {
		if (move_over(&pages->runs[i], pages->runs[i].old))
			pages->runs[i].old = NULL;
		else
			pages->stuck = true;
	}
	return false;
}

void rcpp_pages_close(struct pages *pages)
{
	size_t i;

	for (i = 0; i < pages->run_count; i++) {
		if (pages->runs[i].fresh)
			munmap(pages->runs[i].fresh, pages->runs[i].length);
		if (pages->runs[i].old)
			munmap(pages->runs[i].old, pages->runs[i].length);
	}
	if (pages->marks)
		munmap(pages->marks, pages->scratch);
}
