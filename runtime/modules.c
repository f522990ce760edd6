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

struct notes {
	const uint8_t *next;
	size_t left;
	size_t align; /* of other programs' notes: 4, or 8 where the segment's is 8 */
};

static size_t align_up(size_t size, size_t align)
{
	return (size + align - 1) & ~(align - 1);
}

/* The notes of the segment, if it is one of notes and in read-only memory. */
static bool open_notes(const struct module *module, const Elf64_Phdr *segment, struct notes *notes)
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

/*
 * The next note that is ours; view->batch is NULL at the end. A problem if a note ends behind its
 * segment or is of a version that this library does not know. Ours are always padded to 4 bytes, as
 * rcpp writes them, also should a linker put them into a segment of notes that are padded to 8.
 */
static enum rcpp_problem next_batch(struct notes *notes, struct rcpp_view *view)
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

bool rcpp_module_has_rows(const struct module *module)
{
	unsigned int i;

	for (i = 0; i < module->info->dlpi_phnum; i++) {
		struct rcpp_view view;
		struct notes notes;

		/* A damaged note counts: the walk then reports it. */
		if (open_notes(module, &module->info->dlpi_phdr[i], &notes) &&
		    (next_batch(&notes, &view) || view.batch))
			return true;
	}
	return false;
}

static enum rcpp_problem walk_notes(const struct module *module, struct notes *notes,
				    enum rcpp_action action, rcpp_visit *visit, void *context,
				    uintptr_t *where)
{
	struct rcpp_view view = {.extent = module_extent, .context = module};
	enum rcpp_problem problem = RCPP_FINE;

	while (!problem) {
		problem = next_batch(notes, &view);
		*where = (uintptr_t)(problem == RCPP_BAD_VERSION ? view.batch : notes->next);
		if (problem || !view.batch)
			break;
		problem = rcpp_walk(&view, action, visit, context, where);
	}
	return problem;
}

enum rcpp_problem rcpp_module_walk(const struct module *module, enum rcpp_action action,
				   rcpp_visit *visit, void *context, uintptr_t *where)
{
	enum rcpp_problem problem = RCPP_FINE;
	unsigned int i;

	for (i = 0; !problem && i < module->info->dlpi_phnum; i++) {
		struct notes notes;

		if (open_notes(module, &module->info->dlpi_phdr[i], &notes))
			problem = walk_notes(module, &notes, action, visit, context, where);
	}
	return problem;
}

struct rcpp_range rcpp_module_patchables(const struct module *module)
{
	struct rcpp_range range = {0};
	unsigned int i;

	for (i = 0; i < module->info->dlpi_phnum; i++) {
		struct rcpp_view view = {.extent = module_extent, .context = module};
		struct notes notes;

		if (!open_notes(module, &module->info->dlpi_phdr[i], &notes))
			continue;
		while (!next_batch(&notes, &view) && view.batch)
			if (rcpp_patchable_range(&view, &range) &&
			    is_writable(module->info, &range))
				return range;
	}
	return (struct rcpp_range){0};
}
