// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An index is made for a module when it is first asked for. It is one mapping: the head, the
 * batches, and 16 bytes a load. It is filled in the order of the rows, sorted digit by digit, and
 * closed to writes. What it leads to is checked as every row is.
 */
#define _GNU_SOURCE 1
#include <sys/mman.h>

#include "index.h"
#include "rows.h"

#define ROWS_MIN 256 /* with fewer an index brings nothing */
#define WIDEST	 8   /* bytes that a load reads */

struct entry {
	uintptr_t variable;
	uint32_t batch; /* its number in the module */
	uint32_t row;	/* its number in the batch */
};

struct indexed_batch {
	const void *start;
	size_t size;
};

struct index {
	const struct index *next;
	const Elf64_Phdr *module; /* whose program headers these are */
	size_t size;		  /* of the whole mapping */
	uint32_t batch_count;
	uint32_t count;
	const struct indexed_batch *batches;
	const struct entry *list; /* by variables */
};

/* Of a sort: so many bits at once. */
#define DIGIT_BITS 11
#define DIGITS	   (1U << DIGIT_BITS)

static const struct index *indexes;
static unsigned long long seen_subs; /* when the oldest of them was made */

/* ---- Building ---- */

static void count_load(void *context, uint32_t number, uintptr_t variable)
{
	struct index *sizes = context;

	(void)number;
	(void)variable;
	sizes->count++;
}

static enum rcpp_problem count_batch(void *context, const struct rcpp_view *view, uintptr_t *where)
{
	struct index *sizes = context;

	(void)where;
	sizes->batch_count++;
	rcpp_list_loads(view, count_load, sizes);
	return RCPP_FINE;
}

/* What is filled: `index` counts how far. */
struct filling {
	struct index *index;
	struct indexed_batch *batches;
	struct entry *list;
};

static void add_load(void *context, uint32_t number, uintptr_t variable)
{
	struct filling *filling = context;

	filling->list[filling->index->count++] = (struct entry){
		.variable = variable,
		.batch = filling->index->batch_count,
		.row = number,
	};
}

static enum rcpp_problem add_batch(void *context, const struct rcpp_view *view, uintptr_t *where)
{
	struct filling *filling = context;

	(void)where;
	rcpp_list_loads(view, add_load, filling);
	filling->batches[filling->index->batch_count++] =
		(struct indexed_batch){view->batch, view->size};
	return RCPP_FINE;
}

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static size_t entries_size(uint32_t count)
{
	return count * sizeof(struct entry);
}

/* By one digit of the distances from `lowest`; what has the same keeps its order. */
static void sort_by_digit(struct entry *to, const struct entry *from, uint32_t count,
			  uintptr_t lowest, unsigned int shift)
{
	static uint32_t place[DIGITS + 1];
	uint32_t i;

	memset(place, 0, sizeof(place));
	for (i = 0; i < count; i++)
		place[((from[i].variable - lowest) >> shift) % DIGITS + 1]++;
	for (i = 1; i < DIGITS; i++)
		place[i] += place[i - 1];
	for (i = 0; i < count; i++)
		to[place[((from[i].variable - lowest) >> shift) % DIGITS]++] = from[i];
}

static struct rcpp_range bounds_of(const struct entry *list, uint32_t count)
{
	struct rcpp_range bounds = {UINTPTR_MAX, 0};
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (list[i].variable < bounds.start)
			bounds.start = list[i].variable;
		if (list[i].variable > bounds.stop)
			bounds.stop = list[i].variable;
	}
	return bounds;
}

/* False if there is no memory. */
static bool sort(struct entry *list, uint32_t count)
{
	struct rcpp_range bounds = bounds_of(list, count);
	struct entry *other = map(entries_size(count));
	unsigned int shift;

	if (!other)
		return false;
	for (shift = 0; shift < 64 && (bounds.stop - bounds.start) >> shift;
	     shift += 2 * DIGIT_BITS) {
		sort_by_digit(other, list, count, bounds.start, shift);
		if (shift + DIGIT_BITS < 64)
			sort_by_digit(list, other, count, bounds.start, shift + DIGIT_BITS);
		else
			memcpy(list, other, entries_size(count));
	}
	munmap(other, entries_size(count));
	return true;
}

static size_t head_size(uint32_t batches)
{
	return sizeof(struct index) + batches * sizeof(struct indexed_batch);
}

static const struct index *build(const struct module *module)
{
	struct index sizes = {0};
	struct filling filling;
	struct index *index;
	uintptr_t unused;
	size_t size;

	if (rcpp_module_batches(module, count_batch, &sizes, &unused) || sizes.count < ROWS_MIN)
		return NULL;
	size = head_size(sizes.batch_count) + entries_size(sizes.count);
	index = map(size);
	if (!index)
		return NULL;
	filling.index = index;
	filling.batches = (struct indexed_batch *)(index + 1);
	filling.list = (struct entry *)(filling.batches + sizes.batch_count);
	rcpp_module_batches(module, add_batch, &filling, &unused);
	index->batches = filling.batches;
	index->list = filling.list;
	index->module = module->info.dlpi_phdr;
	index->size = size;
	index->next = indexes;
	if (!sort(filling.list, index->count) || mprotect(index, size, PROT_READ)) {
		munmap(index, size);
		return NULL;
	}
	indexes = index;
	return index;
}

/* ---- Looking up ---- */

void rcpp_forget_indexes(void)
{
	while (indexes) {
		const struct index *next = indexes->next;

		munmap((void *)indexes, indexes->size);
		indexes = next;
	}
}

/* Another module may be where one was that has been unloaded. */
static void forget_unloaded(const struct module *module)
{
	if (module->info.dlpi_subs != seen_subs)
		rcpp_forget_indexes();
	seen_subs = module->info.dlpi_subs;
}

static const struct index *index_of(const struct module *module)
{
	const struct index *index;

	forget_unloaded(module);
	for (index = indexes; index; index = index->next)
		if (index->module == module->info.dlpi_phdr)
			return index;
	return build(module);
}

static uint32_t find(const struct index *index, uintptr_t variable)
{
	uint32_t first = 0;
	uint32_t count = index->count;

	while (count) {
		uint32_t half = count / 2;

		if (index->list[first + half].variable < variable) {
			first += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return first;
}

static enum rcpp_problem walk_value(const struct index *index, struct rcpp_view *view,
				    const struct rcpp_value *value, enum rcpp_action action,
				    rcpp_visit *visit, void *context, uintptr_t *where)
{
	enum rcpp_problem problem = RCPP_FINE;
	uint32_t i = find(index, value->address - (WIDEST - 1));

	for (; !problem && i < index->count; i++) {
		const struct entry *entry = &index->list[i];

		if (entry->variable >= value->address + value->size)
			break;
		view->batch = index->batches[entry->batch].start;
		view->size = index->batches[entry->batch].size;
		problem = rcpp_walk_group(view, action, entry->row, visit, context, where);
	}
	return problem;
}

enum rcpp_problem rcpp_walk_readers(const struct module *module, enum rcpp_action action,
				    rcpp_visit *visit, void *context, uintptr_t *where)
{
	const struct index *index = index_of(module);
	struct rcpp_view view = rcpp_module_view(module);
	enum rcpp_problem problem = RCPP_FINE;
	size_t i;

	if (!index)
		return rcpp_module_walk(module, action, visit, context, where);
	for (i = 0; !problem && i < module->values->count; i++)
		problem = walk_value(index, &view, &module->values->list[i], action, visit, context,
				     where);
	return problem;
}
