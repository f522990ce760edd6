// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An ELF image in, its memory out: segments in one buffer, with the distances that the file gives
 * them, and the dynamic relocations done. It is never executed, so it may lie anywhere; a struct
 * module says by how much the addresses differ from those where it runs.
 *
 * The slots of the global offset table are an exception: the runtime follows them, so those that
 * lead to this module lead into the buffer. Slots of other modules become 0, which is what a weak
 * symbol has that nothing defines: what is read through them stays a load.
 */
#define _GNU_SOURCE 1
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "loaded.h"
#include "process.h"

#define PROGRAM_BASE UINT64_C(0x555555554000) /* as a debugger has it */
#define LIBRARY_BASE UINT64_C(0x7ffff7000000)

/* ---- Relocations ---- */

static bool has_interpreter(const struct dump_image *image)
{
	for (size_t i = 0; i < image->segment_count; i++)
		if (image->segments[i].p_type == PT_INTERP)
			return true;
	return false;
}

/* Where Linux and its dynamic linker put it without randomization. */
static uint64_t usual_base(const struct dump_image *image)
{
	GElf_Ehdr header;

	if (!gelf_getehdr(image->elf, &header) || header.e_type != ET_DYN)
		return 0;
	return has_interpreter(image) ? PROGRAM_BASE : LIBRARY_BASE;
}

static void put_address(struct loaded *loaded, uint64_t place, uint64_t address)
{
	uint8_t *memory = loaded_at(loaded, place, sizeof(address));

	if (memory)
		memcpy(memory, &address, sizeof(address));
}

/* What a symbol of this module is, where it runs; 0 if another module has it. */
static uint64_t symbol_address(const struct loaded *loaded, Elf_Data *symbols, size_t number)
{
	GElf_Sym symbol;

	if (!symbols || !gelf_getsym(symbols, (int)number, &symbol) ||
	    symbol.st_shndx == SHN_UNDEF || GELF_ST_TYPE(symbol.st_info) == STT_TLS)
		return 0;
	return symbol.st_value + (symbol.st_shndx == SHN_ABS ? 0 : loaded->base);
}

static void relocate(struct loaded *loaded, const GElf_Rela *relocation, Elf_Data *symbols)
{
	uint64_t address = symbol_address(loaded, symbols, GELF_R_SYM(relocation->r_info));

	switch (GELF_R_TYPE(relocation->r_info)) {
	case R_X86_64_RELATIVE:
		put_address(loaded, relocation->r_offset, loaded->base + relocation->r_addend);
		break;
	case R_X86_64_64:
		put_address(loaded, relocation->r_offset,
			    address ? address + relocation->r_addend : 0);
		break;
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT:
		put_address(loaded, relocation->r_offset, address);
		break;
	default: /* thread-local, copied or computed: nobody knows before it runs */
		break;
	}
}

static Elf_Data *section_data(const struct dump_image *image, size_t section)
{
	return section && section < image->section_count
		       ? elf_getdata(elf_getscn(image->elf, section), NULL)
		       : NULL;
}

static void relocate_section(struct loaded *loaded, size_t section)
{
	Elf_Data *data = section_data(loaded->image, section);
	Elf_Data *symbols =
		section_data(loaded->image, loaded->image->sections[section].header.sh_link);
	size_t count = data ? data->d_size / sizeof(Elf64_Rela) : 0;
	GElf_Rela relocation;

	for (size_t i = 0; i < count; i++)
		if (gelf_getrela(data, (int)i, &relocation))
			relocate(loaded, &relocation, symbols);
}

/* A place that holds a file's address. */
static void rebase(struct loaded *loaded, uint64_t place)
{
	const uint8_t *memory = loaded_at(loaded, place, sizeof(uint64_t));
	uint64_t address;

	if (!memory)
		return;
	memcpy(&address, memory, sizeof(address));
	put_address(loaded, place, address + loaded->base);
}

/* SHT_RELR: an address, then words whose bits say which of the next 63 words are to be rebased. */
static void relocate_packed(struct loaded *loaded, size_t section)
{
	const GElf_Shdr *header = &loaded->image->sections[section].header;
	const uint8_t *words = loaded_at(loaded, header->sh_addr, header->sh_size);
	uint64_t place = 0, word;

	for (size_t i = 0; words && i < header->sh_size / sizeof(word); i++) {
		memcpy(&word, words + i * sizeof(word), sizeof(word));
		if (!(word & 1)) {
			rebase(loaded, word);
			place = word + sizeof(word);
			continue;
		}
		for (unsigned bit = 1; bit < 64; bit++)
			if (word >> bit & 1)
				rebase(loaded, place + (bit - 1) * sizeof(word));
		place += 63 * sizeof(word);
	}
}

static void relocate_all(struct loaded *loaded)
{
	const struct dump_image *image = loaded->image;

	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if (header->sh_flags & SHF_ALLOC && header->sh_type == SHT_RELA)
			relocate_section(loaded, i);
		else if (header->sh_flags & SHF_ALLOC && header->sh_type == SHT_RELR)
			relocate_packed(loaded, i);
	}
}

/* ---- Slots ---- */

struct slots {
	struct loaded *loaded;
	uintptr_t *list;
	size_t count;
};

/* Gather the slots of one batch; rcpp_walk() will say what is wrong with it. */
static enum rcpp_problem gather_slots(void *context, const struct rcpp_view *view, uintptr_t *where)
{
	struct slots *slots = context;
	uintptr_t address = (uintptr_t)view->batch + view->size;
	struct rcpp_batch batch;
	size_t most = view->size / sizeof(struct rcpp_remote);

	(void)where;
	if (view->size < sizeof(batch))
		return RCPP_FINE;
	memcpy(&batch, view->batch, sizeof(batch));
	if (batch.remotes > most)
		return RCPP_FINE;
	slots->list = dump_grow(slots->list, slots->count + batch.remotes, sizeof(*slots->list));
	for (size_t i = 0; i < batch.remotes; i++) {
		struct rcpp_remote remote;

		address -= sizeof(remote);
		memcpy(&remote, (const void *)address, sizeof(remote));
		slots->list[slots->count++] = address + offsetof(struct rcpp_remote, slot) +
					      (uintptr_t)(int64_t)remote.slot;
	}
	return RCPP_FINE;
}

static int compare_slots(const void *left, const void *right)
{
	uintptr_t a = *(const uintptr_t *)left, b = *(const uintptr_t *)right;

	return a < b ? -1 : a > b;
}

/* From where the module runs to here. */
static void move_slot(struct loaded *loaded, uintptr_t slot)
{
	uint64_t place = slot - loaded->module.info.dlpi_addr, address;
	uint8_t *memory = loaded_at(loaded, place, sizeof(address));

	if (!memory)
		return;
	memcpy(&address, memory, sizeof(address));
	put_address(loaded, place,
		    (uintptr_t)loaded_at(loaded, address - loaded->base, sizeof(uint8_t)));
}

/* Many references share a slot. */
static void move_slots(struct loaded *loaded)
{
	struct slots slots = {.loaded = loaded};
	uintptr_t where;

	rcpp_module_batches(&loaded->module, gather_slots, &slots, &where);
	if (slots.count)
		qsort(slots.list, slots.count, sizeof(*slots.list), compare_slots);
	for (size_t i = 0; i < slots.count; i++)
		if (!i || slots.list[i] != slots.list[i - 1])
			move_slot(loaded, slots.list[i]);
	free(slots.list);
}

/* ---- All of it ---- */

static void make_module(struct loaded *loaded)
{
	const struct dl_phdr_info info = {
		.dlpi_addr = (uintptr_t)loaded->memory - loaded->start,
		.dlpi_name = "",
		.dlpi_phdr = loaded->image->segments,
		.dlpi_phnum = (Elf64_Half)loaded->image->segment_count,
	};

	rcpp_module_init(&loaded->module, &info);
	loaded->module.elsewhere = loaded->base - info.dlpi_addr;
}

bool loaded_open(struct loaded *loaded, struct dump_image *image, pid_t pid)
{
	*loaded = (struct loaded){.image = image};
	if (image->relocatable)
		return dump_fail(image, "an object file has no addresses yet: give the program or "
					"the library that it is linked into");
	if (!segments_lay_out(loaded))
		return false;
	loaded->base = usual_base(image);
	if (!pid)
		relocate_all(loaded);
	else if (!loaded_read_process(loaded, pid))
		return false;
	make_module(loaded);
	move_slots(loaded);
	return true;
}

void loaded_close(struct loaded *loaded)
{
	if (loaded->memory)
		munmap(loaded->memory, loaded->size);
}
