// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Where the tables of a loaded module are, and which memory belongs to it.
 *
 * The program headers say everything: PT_NOTE where the rows may be, PT_LOAD what is code,
 * read-only or readable at all. Nothing registers itself and nothing is remembered from one call to
 * the next, so that dlopen() and dlclose() need no hook. Modules of other namespaces (dlmopen) are
 * not seen: the dynamic linker tells only about the caller's.
 */
#define _GNU_SOURCE 1
#include <errno.h>

#include "forms.h"
#include "machine.h"
#include "modules.h"
#include "rows.h"

static struct rcpp_forms forms; /* the caller has a lock */

void rcpp_module_init(struct module *module, const struct dl_phdr_info *info)
{
	const char *slash;

	*module = (struct module){.info = *info, .name = info->dlpi_name};
	if (!module->name || !*module->name)
		module->name = program_invocation_short_name;
	slash = strrchr(module->name, '/');
	if (slash)
		module->name = slash + 1;
}

static bool is_text(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD && segment->p_flags & PF_X && segment->p_flags & PF_R &&
	       !(segment->p_flags & PF_W);
}

static bool is_of_kind(const Elf64_Phdr *segment, enum rcpp_memory kind)
{
	switch (kind) {
	case RCPP_TEXT:
		return is_text(segment);
	case RCPP_TABLES: /* PT_GNU_RELRO: written by the dynamic linker, read-only since */
		return segment->p_type == PT_GNU_RELRO ||
		       (segment->p_type == PT_LOAD && segment->p_flags & PF_R &&
			!(segment->p_flags & PF_W));
	case RCPP_VARIABLES:
		return segment->p_type == PT_LOAD && segment->p_flags & PF_R;
	}
	return false;
}

static bool segment_holds(const struct dl_phdr_info *info, const Elf64_Phdr *segment,
			  uintptr_t address)
{
	return address - info->dlpi_addr - segment->p_vaddr < segment->p_memsz;
}

/* The module's own memory of this kind around the address. */
static struct rcpp_range own_memory(const struct dl_phdr_info *info, enum rcpp_memory kind,
				    uintptr_t address)
{
	unsigned int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + segment->p_vaddr;

		if (is_of_kind(segment, kind) && segment_holds(info, segment, address))
			return (struct rcpp_range){start, start + segment->p_memsz};
	}
	return (struct rcpp_range){0};
}

bool rcpp_module_holds(const struct module *module, uintptr_t address)
{
	unsigned int i;

	for (i = 0; i < module->info.dlpi_phnum; i++)
		if (module->info.dlpi_phdr[i].p_type == PT_LOAD &&
		    segment_holds(&module->info, &module->info.dlpi_phdr[i], address))
			return true;
	return false;
}

const Elf64_Phdr *rcpp_module_text(const struct module *module, uintptr_t address)
{
	unsigned int i;

	for (i = 0; i < module->info.dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &module->info.dlpi_phdr[i];

		if (is_text(segment) && segment_holds(&module->info, segment, address))
			return segment;
	}
	return NULL;
}

static uintptr_t page_of(uintptr_t address)
{
	return address / RCPP_PAGE_SIZE;
}

bool rcpp_shares_page(const struct module *module, const Elf64_Phdr *text)
{
	uintptr_t start = page_of(text->p_vaddr);
	uintptr_t last = page_of(text->p_vaddr + text->p_memsz - 1);
	unsigned int i;

	for (i = 0; i < module->info.dlpi_phnum; i++) {
		const Elf64_Phdr *other = &module->info.dlpi_phdr[i];

		if (other != text && is_text(other) && other->p_memsz &&
		    page_of(other->p_vaddr) <= last &&
		    page_of(other->p_vaddr + other->p_memsz - 1) >= start)
			return true;
	}
	return false;
}

/* Does the range lie in one segment of data? */
static bool is_writable(const struct dl_phdr_info *info, const struct rcpp_range *range)
{
	uintptr_t start = range->start - info->dlpi_addr;
	unsigned int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_W &&
		    start - segment->p_vaddr < segment->p_memsz &&
		    range->stop - range->start <= segment->p_memsz - (start - segment->p_vaddr))
			return true;
	}
	return false;
}

struct search {
	uintptr_t address;
	struct rcpp_range memory;
};

static int search_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;

	(void)size;
	search->memory = own_memory(info, RCPP_VARIABLES, search->address);
	return search->memory.stop != 0;
}

/* struct rcpp_view's memory, its context a struct module. */
static struct rcpp_range module_memory(const void *context, enum rcpp_memory kind,
				       uintptr_t address)
{
	const struct module *module = context;
	struct search search = {.address = address};

	search.memory = own_memory(&module->info, kind, address);
	if (!search.memory.stop && kind == RCPP_VARIABLES)
		dl_iterate_phdr(search_module, &search); /* another module's variable */
	return search.memory;
}

/* ---- Notes ---- */

/* A way through the module's segments of notes. */
struct cursor {
	const struct module *module;
	unsigned int segment; /* the next one */
	struct rcpp_notes notes;
	bool writable; /* the notes lie in memory that can be written */
};

/* Linkers list a segment of notes twice, or list a part of one as another segment. */
static bool was_seen(const struct cursor *cursor, uintptr_t address)
{
	unsigned int i;

	for (i = 0; i + 1 < cursor->segment; i++)
		if (cursor->module->info.dlpi_phdr[i].p_type == PT_NOTE &&
		    segment_holds(&cursor->module->info, &cursor->module->info.dlpi_phdr[i],
				  address))
			return true;
	return false;
}

/* Enter the next segment of notes that is in memory at all; false at the end. */
static bool next_segment(struct cursor *cursor)
{
	const struct dl_phdr_info *info = &cursor->module->info;

	while (cursor->segment < info->dlpi_phnum) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[cursor->segment++];
		uintptr_t start = (info->dlpi_addr + segment->p_vaddr + 3) & ~(uintptr_t)3;
		uintptr_t stop = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;

		if (segment->p_type != PT_NOTE || stop <= start ||
		    own_memory(info, RCPP_VARIABLES, start).stop < stop)
			continue;
		cursor->notes.next = (const uint8_t *)start;
		cursor->notes.left = stop - start;
		cursor->writable = own_memory(info, RCPP_TABLES, start).stop < stop;
		return true;
	}
	return false;
}

/* The next batch, wherever it is; NULL in *view at the end. */
static enum rcpp_problem next_batch(struct cursor *cursor, struct rcpp_view *view)
{
	enum rcpp_problem problem;

	do {
		problem = rcpp_next_batch(&cursor->notes, view);
		if (view->batch && was_seen(cursor, (uintptr_t)view->batch))
			continue;
		if (view->batch && !problem && cursor->writable)
			return RCPP_BAD_MEMORY;
		if (problem || view->batch)
			return problem;
	} while (view->batch || next_segment(cursor));
	return RCPP_FINE;
}

bool rcpp_module_has_tables(const struct module *module)
{
	struct cursor cursor = {.module = module};
	struct rcpp_view view;

	return next_batch(&cursor, &view) || view.batch;
}

struct rcpp_view rcpp_module_view(const struct module *module)
{
	rcpp_forget_forms(&forms); /* another module may have been where this one is */
	return (struct rcpp_view){
		.memory = module_memory,
		.context = module,
		.forms = &forms,
		.values = module->values,
		.unheld = module->unheld,
		.holds = module->holds,
		.summed = module->summed,
	};
}

enum rcpp_problem rcpp_module_batches(const struct module *module, rcpp_visit_batch *visit,
				      void *context, uintptr_t *where)
{
	struct rcpp_view view = rcpp_module_view(module);
	struct cursor cursor = {.module = module};
	enum rcpp_problem problem;

	do {
		problem = next_batch(&cursor, &view);
		*where = (uintptr_t)(view.batch ? view.batch : cursor.notes.next);
		if (!problem && view.batch)
			problem = visit(context, &view, where);
	} while (!problem && view.batch);
	return problem;
}

/* What rcpp_walk() is told of each batch. */
struct walk {
	enum rcpp_action action;
	rcpp_visit *visit;
	void *context;
};

static enum rcpp_problem walk_batch(void *context, const struct rcpp_view *view, uintptr_t *where)
{
	const struct walk *walk = context;

	return rcpp_walk(view, walk->action, walk->visit, walk->context, where);
}

enum rcpp_problem rcpp_module_walk(const struct module *module, enum rcpp_action action,
				   rcpp_visit *visit, void *context, uintptr_t *where)
{
	struct walk walk = {action, visit, context};

	return rcpp_module_batches(module, walk_batch, &walk, where);
}

struct rcpp_range rcpp_module_patchables(const struct module *module)
{
	struct rcpp_view view = {.memory = module_memory, .context = module};
	struct cursor cursor = {.module = module};
	struct rcpp_range range = {0};

	while (!next_batch(&cursor, &view) && view.batch)
		if (rcpp_patchable_range(&view, &range) && is_writable(&module->info, &range))
			return range;
	return (struct rcpp_range){0};
}

uintptr_t rcpp_module_unloading(const struct module *module)
{
	struct rcpp_view view = {.memory = module_memory, .context = module};
	struct cursor cursor = {.module = module};

	while (!next_batch(&cursor, &view) && view.batch) {
		uintptr_t start = rcpp_unloading_of(&view);
		struct rcpp_range range = {start, start + sizeof(struct rcpp_unloading)};

		if (start && is_writable(&module->info, &range))
			return start;
	}
	return 0;
}
