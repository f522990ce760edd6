// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An ELF image in, its memory out: segments in one buffer, at the distances that the file gives,
 * with dynamic relocations applied. It is never executed: the buffer is a copy of the memory that a
 * running program has, and the runtime's code finds it by the addresses there (dump_at.h).
 *
 * Slots of the global offset table that point to other modules become 0, as for an undefined weak
 * symbol: what is read through them stays a load.
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

typedef void visit_relocation(struct loaded *loaded, const GElf_Rela *relocation,
			      Elf_Data *symbols);

static void visit_section(struct loaded *loaded, size_t section, visit_relocation *visit)
{
	Elf_Data *data = section_data(loaded->image, section);
	Elf_Data *symbols =
		section_data(loaded->image, loaded->image->sections[section].header.sh_link);
	size_t count = data ? data->d_size / sizeof(Elf64_Rela) : 0;
	GElf_Rela relocation;

	for (size_t i = 0; i < count; i++)
		if (gelf_getrela(data, (int)i, &relocation))
			visit(loaded, &relocation, symbols);
}

static void visit_relocations(struct loaded *loaded, visit_relocation *visit)
{
	const struct dump_image *image = loaded->image;

	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if (header->sh_flags & SHF_ALLOC && header->sh_type == SHT_RELA)
			visit_section(loaded, i, visit);
	}
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

	visit_relocations(loaded, relocate);
	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if (header->sh_flags & SHF_ALLOC && header->sh_type == SHT_RELR)
			relocate_packed(loaded, i);
	}
}

/* A process has slots that lead to other modules: they become 0 here, too. */
static void close_slot(struct loaded *loaded, const GElf_Rela *relocation, Elf_Data *symbols)
{
	const uint8_t *memory = loaded_at(loaded, relocation->r_offset, sizeof(uint64_t));
	uint64_t address;

	(void)symbols;
	if (!memory || GELF_R_TYPE(relocation->r_info) != R_X86_64_GLOB_DAT)
		return;
	memcpy(&address, memory, sizeof(address));
	if (!loaded_at(loaded, address - loaded->base, 1))
		put_address(loaded, relocation->r_offset, 0);
}

/* ---- What the runtime's code asks ---- */

static const struct loaded *current;

const void *dump_at(uintptr_t address)
{
	return loaded_at(current, address - current->base, 1);
}

int dump_iterate_modules(int (*visit)(struct dl_phdr_info *info, size_t size, void *context),
			 void *context)
{
	struct dl_phdr_info info = current->module.info;

	return visit(&info, sizeof(info), context);
}

/* ---- All of it ---- */

static void make_module(struct loaded *loaded)
{
	const struct dl_phdr_info info = {
		.dlpi_addr = loaded->base,
		.dlpi_name = "",
		.dlpi_phdr = loaded->image->segments,
		.dlpi_phnum = (Elf64_Half)loaded->image->segment_count,
	};

	rcpp_module_init(&loaded->module, &info);
	current = loaded;
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
	visit_relocations(loaded, close_slot);
	make_module(loaded);
	return true;
}

void loaded_close(struct loaded *loaded)
{
	if (loaded->memory)
		munmap(loaded->memory, loaded->size);
}
