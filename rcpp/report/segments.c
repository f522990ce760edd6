// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program headers of an ELF image in, its segments in one buffer out, with the distances that
 * the file gives them.
 */
#include <string.h>
#include <sys/mman.h>

#include "segments.h"

#define PAGE	   UINT64_C(4096)
#define SIZE_LIMIT (UINT64_C(1) << 40)

static bool damaged(struct loaded *loaded, const char *what)
{
	return dump_fail(loaded->image, "damaged ELF file (%s): build it again", what);
}

uint8_t *loaded_at(const struct loaded *loaded, uint64_t address, size_t size)
{
	uint64_t offset = address - loaded->start;

	if (offset >= loaded->size || size > loaded->size - offset)
		return NULL;
	return loaded->memory + offset;
}

static bool is_loaded(const GElf_Phdr *segment)
{
	return segment->p_type == PT_LOAD && segment->p_memsz;
}

/* Where all segments lie, in whole pages. */
static bool find_extent(struct loaded *loaded)
{
	const struct dump_image *image = loaded->image;
	uint64_t start = UINT64_MAX, stop = 0;

	for (size_t i = 0; i < image->segment_count; i++) {
		const GElf_Phdr *segment = &image->segments[i];
		uint64_t end = segment->p_vaddr + segment->p_memsz;

		if (!is_loaded(segment))
			continue;
		if (end < segment->p_vaddr || segment->p_filesz > segment->p_memsz)
			return damaged(loaded, "impossible segment");
		start = segment->p_vaddr < start ? segment->p_vaddr : start;
		stop = end > stop ? end : stop;
	}
	if (start >= stop || stop - start > SIZE_LIMIT)
		return damaged(loaded, "no memory, or too much of it, in its program headers");
	loaded->start = start & -PAGE;
	loaded->size = ((stop + PAGE - 1) & -PAGE) - loaded->start;
	return true;
}

static bool copy_segment(struct loaded *loaded, const GElf_Phdr *segment)
{
	const struct dump_image *image = loaded->image;
	uint8_t *place = loaded_at(loaded, segment->p_vaddr, segment->p_memsz);

	if (segment->p_offset > image->size || segment->p_filesz > image->size - segment->p_offset)
		return damaged(loaded, "segment outside of the file");
	memcpy(place, image->bytes + segment->p_offset, segment->p_filesz);
	return true;
}

/* The runtime takes the memory of PT_GNU_RELRO for mapped, too. */
static bool copy_segments(struct loaded *loaded)
{
	const struct dump_image *image = loaded->image;

	for (size_t i = 0; i < image->segment_count; i++) {
		const GElf_Phdr *segment = &image->segments[i];

		if (segment->p_type == PT_GNU_RELRO &&
		    !loaded_at(loaded, segment->p_vaddr, segment->p_memsz))
			return damaged(loaded, "PT_GNU_RELRO outside of the segments");
		if (is_loaded(segment) && !copy_segment(loaded, segment))
			return false;
	}
	return true;
}

static bool map_memory(struct loaded *loaded)
{
	loaded->memory = mmap(NULL, loaded->size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (loaded->memory != MAP_FAILED)
		return true;
	loaded->memory = NULL;
	return dump_fail(loaded->image,
			 "no memory for its segments (%zu bytes): try on a larger "
			 "machine",
			 loaded->size);
}

bool segments_lay_out(struct loaded *loaded)
{
	return find_extent(loaded) && map_memory(loaded) && copy_segments(loaded);
}
