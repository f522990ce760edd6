// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A linked file in, whether the runtime can use its tables out. Tools that run after the linker
 * move notes (patchelf, objcopy) or code (BOLT), and linker scripts may leave the notes out of the
 * program headers. The runtime refuses such files, so rcpp-dump lists no sites of them.
 */
#include <string.h>
#include "dump.h"

static const GElf_Phdr *find_segment(const struct dump_image *image, unsigned type,
				     uint64_t address)
{
	for (size_t i = 0; i < image->segment_count; i++) {
		const GElf_Phdr *segment = &image->segments[i];

		if (segment->p_type == type && address - segment->p_vaddr < segment->p_memsz)
			return segment;
	}
	return NULL;
}

/* Memory that the dynamic linker writes and then makes read-only does not count. */
static bool is_writable(const struct dump_image *image, uint64_t address)
{
	const GElf_Phdr *segment = find_segment(image, PT_LOAD, address);

	return segment && segment->p_flags & PF_W && !find_segment(image, PT_GNU_RELRO, address);
}

/* A kernel has no dynamic linker: it knows its rows by symbols. */
static bool is_kernel(uint64_t address)
{
	return address >> 63;
}

static bool rows_fit(struct dump_image *image, uint64_t address)
{
	if (is_writable(image, address))
		return dump_fail(image, "the tables are in writable memory: link without -N, and "
					"use linker options instead of patchelf or objcopy");
	if (!is_kernel(address) && !find_segment(image, PT_NOTE, address))
		return dump_fail(image, "section rcpp_rows lies in no segment of notes, so no site "
					"is found: put it into a PT_NOTE segment in the linker "
					"script");
	return true;
}

bool dump_origin_fits(struct dump_image *image)
{
	bool has_rows = false, moved = false;

	for (size_t i = 1; i < image->section_count; i++) {
		const struct dump_section *section = &image->sections[i];

		if (!(section->header.sh_flags & SHF_ALLOC))
			continue;
		if (!strcmp(section->name, "rcpp_rows") && section->header.sh_size) {
			has_rows = true;
			if (!rows_fit(image, section->header.sh_addr))
				return false;
		}
		moved |= section->header.sh_flags & SHF_EXECINSTR &&
			 !strncmp(section->name, ".bolt.org", strlen(".bolt.org"));
	}
	if (has_rows && moved)
		return dump_fail(image, "BOLT has moved the code away from its sites: use the file "
					"that was BOLT's input");
	return true;
}
