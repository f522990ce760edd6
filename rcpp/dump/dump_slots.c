// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The slots of a linked file's global offset table. A relocation for the dynamic linker says what a
 * slot will hold: the address of a symbol, which any module may define, or of a place in this one.
 * Where there is no relocation the slot holds the address already.
 */
#include <stdlib.h>
#include <string.h>

#include "dump.h"

/* A relocation for the dynamic linker. */
struct dump_slot {
	GElf_Rela relocation;
	size_t symbols; /* the section of its symbols */
};

static int compare_slots(const void *left, const void *right)
{
	uint64_t a = ((const struct dump_slot *)left)->relocation.r_offset;
	uint64_t b = ((const struct dump_slot *)right)->relocation.r_offset;

	return a < b ? -1 : a > b;
}

static void add_section(struct dump_slots *slots, const struct dump_image *image, size_t section)
{
	Elf_Data *data = elf_getdata(elf_getscn(image->elf, section), NULL);
	size_t count = data != NULL ? data->d_size / sizeof(Elf64_Rela) : 0;

	slots->slot = dump_grow(slots->slot, slots->count + count, sizeof(*slots->slot));
	for (size_t i = 0; i < count; i++) {
		struct dump_slot *slot = &slots->slot[slots->count];

		slot->symbols = image->sections[section].header.sh_link;
		if (gelf_getrela(data, (int)i, &slot->relocation) != NULL)
			slots->count++;
	}
}

void dump_slots_read(const struct dump_image *image, struct dump_slots *slots)
{
	*slots = (struct dump_slots){.slot = NULL};
	for (size_t i = 1; !image->relocatable && i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if (header->sh_type == SHT_RELA && header->sh_flags & SHF_ALLOC &&
		    header->sh_link < image->section_count)
			add_section(slots, image, i);
	}
	if (slots->count > 0)
		qsort(slots->slot, slots->count, sizeof(*slots->slot), compare_slots);
}

void dump_slots_free(struct dump_slots *slots)
{
	free(slots->slot);
}

/* The symbol's name; NULL: it has none. */
static const char *name_of(const struct dump_image *image, const struct dump_slot *slot)
{
	Elf_Data *data = elf_getdata(elf_getscn(image->elf, slot->symbols), NULL);
	const char *name = NULL;
	GElf_Sym symbol;

	if (data != NULL &&
	    gelf_getsym(data, (int)GELF_R_SYM(slot->relocation.r_info), &symbol) != NULL)
		name = elf_strptr(image->elf, image->sections[slot->symbols].header.sh_link,
				  symbol.st_name);
	return name != NULL && name[0] != '\0' ? name : NULL;
}

uint64_t dump_slot_address(const struct dump_image *image, const struct dump_slots *slots,
			   uint64_t address, const char **name)
{
	const struct dump_slot key = {.relocation = {.r_offset = address}};
	const struct dump_place place = {0, address};
	const struct dump_slot *found = NULL;
	const unsigned char *bytes;
	uint64_t content;
	size_t available;

	*name = NULL;
	if (slots->count > 0)
		found = bsearch(&key, slots->slot, slots->count, sizeof(key), compare_slots);
	if (found != NULL && GELF_R_TYPE(found->relocation.r_info) == R_X86_64_RELATIVE)
		return (uint64_t)found->relocation.r_addend;
	if (found != NULL) {
		*name = name_of(image, found);
		return 0;
	}
	bytes = dump_bytes(image, place, &available);
	if (bytes == NULL || available < sizeof(content))
		return 0;
	memcpy(&content, bytes, sizeof(content));
	return content;
}
