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

#include "modules.h"

void rcpp_module_init(struct module *module, const struct dl_phdr_info *info)
{
	const char *slash;

	module->info = info;
	module->name = info->dlpi_name;
	if (!module->name || !*module->name)
		module->name = program_invocation_short_name;
	slash = strrchr(module->name, '/');
	if (slash)
		module->name = slash + 1;
}

bool rcpp_is_text(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD && segment->p_flags & PF_X && segment->p_flags & PF_R &&
	       !(segment->p_flags & PF_W);
}

static bool is_of_kind(const Elf64_Phdr *segment, enum rcpp_memory kind)
{
	switch (kind) {
	case RCPP_TEXT:
		return rcpp_is_text(segment);
	case RCPP_TABLES: /* PT_GNU_RELRO: written by the dynamic linker, read-only since */
		return segment->p_type == PT_GNU_RELRO ||
		       (segment->p_type == PT_LOAD && segment->p_flags & PF_R &&
			!(segment->p_flags & PF_W));
	case RCPP_VARIABLES:
		return segment->p_type == PT_LOAD && segment->p_flags & PF_R;
	}
	return false;
}

static size_t own_extent(const struct dl_phdr_info *info, enum rcpp_memory kind, uintptr_t address)
{
	uintptr_t offset = address - info->dlpi_addr;
	unsigned int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[i];

		if (is_of_kind(segment, kind) && offset - segment->p_vaddr < segment->p_memsz)
			return segment->p_memsz - (offset - segment->p_vaddr);
	}
	return 0;
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
	size_t extent;
};

static int search_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;

	(void)size;
	search->extent = own_extent(info, RCPP_VARIABLES, search->address);
	return search->extent != 0;
}

/* struct rcpp_view's extent, its context a struct module. */
static size_t module_extent(const void *context, enum rcpp_memory kind, uintptr_t address)
{
	const struct module *module = context;
	struct search search = {.address = address};

	search.extent = own_extent(module->info, kind, address);
	if (!search.extent && kind == RCPP_VARIABLES)
		dl_iterate_phdr(search_module, &search); /* another module's variable */
	return search.extent;
}

/* ---- Notes ---- */

/* The notes of the segment, if it is one of notes and in read-only memory. */
static bool open_notes(const struct module *module, const Elf64_Phdr *segment,
		       struct rcpp_notes *notes)
{
	uintptr_t address = module->info->dlpi_addr + segment->p_vaddr;

	if (segment->p_type != PT_NOTE ||
	    module_extent(module, RCPP_TABLES, address) < segment->p_memsz)
		return false;
	notes->next = (const uint8_t *)address;
	notes->left = segment->p_memsz;
	notes->align = segment->p_align == 8 ? 8 : 4;
	return true;
}

bool rcpp_module_has_rows(const struct module *module)
{
	unsigned int i;

	for (i = 0; i < module->info->dlpi_phnum; i++) {
		struct rcpp_view view;
		struct rcpp_notes notes;

		/* A damaged note counts: the walk then reports it. */
		if (open_notes(module, &module->info->dlpi_phdr[i], &notes) &&
		    (rcpp_next_batch(&notes, &view) || view.batch))
			return true;
	}
	return false;
}

enum rcpp_problem rcpp_module_walk(const struct module *module, enum rcpp_action action,
				   rcpp_visit *visit, void *context, uintptr_t *where)
{
	struct rcpp_view view = {.extent = module_extent, .context = module};
	enum rcpp_problem problem = RCPP_FINE;
	unsigned int i;

	for (i = 0; !problem && i < module->info->dlpi_phnum; i++) {
		struct rcpp_notes notes;

		if (open_notes(module, &module->info->dlpi_phdr[i], &notes))
			problem = rcpp_walk_notes(&notes, &view, action, visit, context, where);
	}
	return problem;
}

struct rcpp_range rcpp_module_patchables(const struct module *module)
{
	struct rcpp_range range = {0};
	unsigned int i;

	for (i = 0; i < module->info->dlpi_phnum; i++) {
		struct rcpp_view view = {.extent = module_extent, .context = module};
		struct rcpp_notes notes;

		if (!open_notes(module, &module->info->dlpi_phdr[i], &notes))
			continue;
		while (!rcpp_next_batch(&notes, &view) && view.batch)
			if (rcpp_patchable_range(&view, &range) &&
			    is_writable(module->info, &range))
				return range;
	}
	return (struct rcpp_range){0};
}
