// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzz target: damaged tables in, and the runtime's checks must hold. The program itself, with the
 * sites of tests/runtime/sites.s, is copied once; an input is a list of changes to that copy, each
 * a place and a value, in the notes of rows, the forms or the text. Then the module that this is
 * goes through all walks of runtime/modules.c and runtime/core.c. (The program headers stay: the
 * kernel and the dynamic linker have mapped the program by them.)
 *
 * Whatever the changes are, nothing outside of the copy may be read (AddressSanitizer) and each
 * site that is shown lies in the copy's text. If one byte of rows or forms is another, the walk
 * that would patch says so, or shows exactly what it shows of good tables.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules.h"

#define CHANGES_MAX 16
#define SITES_MAX   64

struct part {
	uint8_t *start;
	size_t size;
};

struct shown {
	unsigned int count;
	struct rcpp_site sites[SITES_MAX];
};

/* The copy, and in it what an input changes. */
enum { ROWS, FORMS, TEXT, PARTS };
static struct dl_phdr_info copy;
static struct part image, parts[PARTS];
static struct shown good, shown;

static _Noreturn void fail(const char *why)
{
	fprintf(stderr, "tables: %s\n", why);
	abort();
}

static size_t segment_end(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD ? segment->p_vaddr + segment->p_memsz : 0;
}

/* Also what lies between variables, which AddressSanitizer forbids. */
__attribute__((no_sanitize("address"))) static void copy_bytes(uint8_t *to, const uint8_t *from,
							       size_t size)
{
	const volatile uint8_t *byte = from;

	while (size--)
		*to++ = *byte++;
}

/* Its own image, from the first page to the last, at the same distances. */
static int copy_program(struct dl_phdr_info *info, size_t size, void *unused)
{
	const uint8_t *program = (const uint8_t *)info->dlpi_addr;

	(void)size;
	(void)unused;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++)
		if (segment_end(&info->dlpi_phdr[i]) > image.size)
			image.size = segment_end(&info->dlpi_phdr[i]);
	image.start = aligned_alloc(4096, (image.size + 4095) / 4096 * 4096);
	if (!image.start)
		fail("no memory");
	memset(image.start, 0, image.size);
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_R)
			copy_bytes(image.start + segment->p_vaddr, program + segment->p_vaddr,
				   segment->p_filesz);
	}
	copy = *info;
	copy.dlpi_addr = (uintptr_t)image.start;
	copy.dlpi_phdr =
		(const Elf64_Phdr *)(image.start + ((const uint8_t *)info->dlpi_phdr - program));
	return 1;
}

static void visit(void *context, const struct rcpp_site *site)
{
	struct shown *to = context;

	if (site->length < 1 || site->length > RCPP_SITE_MAX)
		fail("a site of no possible length");
	if (site->address < (uintptr_t)image.start ||
	    site->address + site->length > (uintptr_t)image.start + image.size)
		fail("a site outside of the program");
	if (to->count < SITES_MAX)
		to->sites[to->count] = *site;
	to->count++;
}

static enum rcpp_problem walk(enum rcpp_action action, struct shown *to)
{
	struct module module;
	uintptr_t where;
	enum rcpp_problem problem;
	struct rcpp_range range;

	memset(to, 0, sizeof(*to));
	rcpp_module_init(&module, &copy);
	rcpp_module_has_tables(&module);
	problem = rcpp_module_walk(&module, action, visit, to, &where);
	if (!*rcpp_problem_text(problem))
		fail("a problem without words");
	range = rcpp_module_patchables(&module);
	if (range.start > range.stop)
		fail("a range that ends before it starts");
	return problem;
}

static bool is_same(const struct rcpp_site *one, const struct rcpp_site *other)
{
	return one->address == other->address && one->length == other->length &&
	       one->changes == other->changes && !memcmp(one->bytes, other->bytes, one->length);
}

static bool is_good(void)
{
	bool same = shown.count == good.count;

	for (unsigned int i = 0; i < good.count && same; i++)
		same = is_same(&shown.sites[i], &good.sites[i]);
	return same;
}

static void note_extent(void *context, const struct rcpp_site *site)
{
	struct part *text = context;

	if (!text->start)
		text->start = (uint8_t *)site->address;
	text->size = site->address + site->length - (uintptr_t)text->start;
}

/* The section of this name: from the file, for the program headers do not tell. */
extern const uint8_t __start_rcpp_rows[], __stop_rcpp_rows[];
extern const uint8_t __start_rcpp_forms[], __stop_rcpp_forms[];

static struct part part_of(const struct dl_phdr_info *program, const uint8_t *start,
			   const uint8_t *stop)
{
	return (struct part){image.start + ((uintptr_t)start - program->dlpi_addr),
			     (size_t)(stop - start)};
}

static int find_parts(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct module module;
	uintptr_t where;

	(void)size;
	(void)unused;
	parts[ROWS] = part_of(info, __start_rcpp_rows, __stop_rcpp_rows);
	parts[FORMS] = part_of(info, __start_rcpp_forms, __stop_rcpp_forms);
	rcpp_module_init(&module, &copy);
	rcpp_module_walk(&module, RCPP_LOOK, note_extent, &parts[TEXT], &where);
	return 1;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	dl_iterate_phdr(copy_program, NULL);
	dl_iterate_phdr(find_parts, NULL);
	if (walk(RCPP_PATCH, &good) || good.count < 10 || good.count > SITES_MAX)
		fail("the undamaged tables are not good");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct {
		uint8_t *place;
		uint8_t saved;
	} changes[CHANGES_MAX];
	int count = 0;
	bool only_tables = true;

	/* 4 bytes a change: the part and the place in it, then what is added to the byte there. */
	for (; count < CHANGES_MAX && size >= 4; count++, data += 4, size -= 4) {
		const struct part *part = &parts[data[0] % PARTS];
		uint8_t *place =
			part->start + ((size_t)data[0] << 16 | data[1] << 8 | data[2]) % part->size;

		only_tables = only_tables && (part == &parts[ROWS] || part == &parts[FORMS]);
		changes[count].place = place;
		changes[count].saved = *place;
		*place = (uint8_t)(*place + data[3]);
	}
	walk(RCPP_LOOK, &shown);
	walk(RCPP_REVERT,
	     &shown); /* A note whose name is another one is nobody's: nothing is patched. */
	if (walk(RCPP_PATCH, &shown) == RCPP_FINE && count == 1 && only_tables && shown.count &&
	    !is_good())
		fail("a wrong byte was believed");
	while (count-- > 0)
		*changes[count].place = changes[count].saved;
	return 0;
}
