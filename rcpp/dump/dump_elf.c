/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The ELF side of rcpp-dump: opens an image, loads its headers and symbols, and answers two
 * questions -- which bytes are at an address, and which symbol an address belongs to.
 *
 * libelf decodes the headers and symbols and checks them against the file's size. Contents are
 * taken from the raw image with bounds checks of our own, since the same code then reads sections
 * of relocatable objects and segments of linked files that have no section headers any more.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"

/* How many symbols before a place are tried: nested ones are few, damaged files have many. */
#define LOOKUP_MAX 256

void *dump_allocate(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size);

	if (memory == NULL) {
		fprintf(stderr, "%s: error: out of memory\n", program_invocation_short_name);
		exit(1);
	}
	return memory;
}

void *dump_grow(void *memory, size_t count, size_t size)
{
	memory = reallocarray(memory, count > 0 ? count : 1, size);
	if (memory == NULL) {
		fprintf(stderr, "%s: error: out of memory\n", program_invocation_short_name);
		exit(1);
	}
	return memory;
}

bool dump_fail(struct dump_image *image, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(image->error, sizeof(image->error), format, arguments);
	va_end(arguments);
	return false;
}

static bool damaged(struct dump_image *image, const char *what)
{
	const char *reason = elf_errmsg(0);

	return dump_fail(image, "damaged ELF file (%s%s%s): build it again", what,
			 reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

/* Whether a table of headers lies in the image; a count of 0 with an offset is one too large. */
static bool holds_table(const struct dump_image *image, uint64_t offset, size_t count, size_t size)
{
	size_t needed = (count > 0 ? count : 1) * size;

	return offset == 0 || (offset <= image->size && needed <= image->size - offset);
}

static bool check_header(struct dump_image *image)
{
	GElf_Ehdr header;

	if (gelf_getehdr(image->elf, &header) == NULL)
		return damaged(image, "header");
	if (header.e_machine != EM_X86_64 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_ident[EI_DATA] != ELFDATA2LSB)
		return dump_fail(image,
				 "not a 64-bit x86-64 file: rcpp makes no sites for others, give "
				 "one for x86-64");
	if (header.e_type != ET_REL && header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return dump_fail(image,
				 "neither an object nor an executable nor a shared library "
				 "(ELF type %u): give one of these",
				 header.e_type);
	image->relocatable = header.e_type == ET_REL;
	/* libelf takes tables of headers that do not lie in the file for none. */
	if (!holds_table(image, header.e_shoff, header.e_shnum, sizeof(Elf64_Shdr)) ||
	    !holds_table(image, header.e_phoff, header.e_phnum, sizeof(Elf64_Phdr)))
		return dump_fail(image, "damaged ELF file (it ends early): build it again");
	return true;
}

static bool load_sections(struct dump_image *image)
{
	size_t names;

	if (elf_getshdrnum(image->elf, &image->section_count) != 0)
		return damaged(image, "section headers");
	image->sections = dump_allocate(image->section_count, sizeof(*image->sections));
	if (image->section_count == 0)
		return true;
	if (elf_getshdrstrndx(image->elf, &names) != 0)
		return damaged(image, "section names");
	for (size_t i = 0; i < image->section_count; i++) {
		struct dump_section *section = &image->sections[i];

		if (gelf_getshdr(elf_getscn(image->elf, i), &section->header) == NULL)
			return damaged(image, "section header");
		section->name = elf_strptr(image->elf, names, section->header.sh_name);
		if (section->name == NULL) {
			if (i != 0)
				return damaged(image, "section name");
			section->name = "";
		}
	}
	return true;
}

static bool load_segments(struct dump_image *image)
{
	if (elf_getphdrnum(image->elf, &image->segment_count) != 0)
		return damaged(image, "program headers");
	image->segments = dump_allocate(image->segment_count, sizeof(*image->segments));
	for (size_t i = 0; i < image->segment_count; i++) {
		if (gelf_getphdr(image->elf, (int)i, &image->segments[i]) == NULL)
			return damaged(image, "program header");
	}
	return true;
}

/* The section of the full symbol table, else of the dynamic one; 0 if there is neither. */
static size_t find_symbol_table(const struct dump_image *image)
{
	size_t found = 0;

	for (size_t i = 1; i < image->section_count; i++) {
		if (image->sections[i].header.sh_type == SHT_SYMTAB)
			return i;
		if (image->sections[i].header.sh_type == SHT_DYNSYM)
			found = i;
	}
	return found;
}

/* The table of section numbers that do not fit into symbols: files with over 65,000 sections. */
static Elf_Data *find_section_numbers(const struct dump_image *image)
{
	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if (header->sh_type == SHT_SYMTAB_SHNDX && header->sh_link == image->symbol_table)
			return elf_getdata(elf_getscn(image->elf, i), NULL);
	}
	return NULL;
}

static bool load_symbols(struct dump_image *image)
{
	Elf_Data *numbers, *data;
	size_t strings;

	image->symbol_table = find_symbol_table(image);
	if (image->symbol_table == 0)
		return true;
	numbers = find_section_numbers(image);
	data = elf_getdata(elf_getscn(image->elf, image->symbol_table), NULL);
	if (data == NULL)
		return damaged(image, "symbols");
	strings = image->sections[image->symbol_table].header.sh_link;
	image->symbol_count = data->d_size / sizeof(Elf64_Sym);
	image->symbols = dump_allocate(image->symbol_count, sizeof(*image->symbols));
	for (size_t i = 0; i < image->symbol_count; i++) {
		struct dump_symbol *symbol = &image->symbols[i];
		Elf32_Word number = 0;
		GElf_Sym raw;

		if (gelf_getsymshndx(data, numbers, (int)i, &raw, &number) == NULL)
			return damaged(image, "symbol");
		symbol->name = elf_strptr(image->elf, strings, raw.st_name);
		if (symbol->name == NULL)
			return damaged(image, "symbol name");
		symbol->value = raw.st_value;
		symbol->size = raw.st_size;
		symbol->section = raw.st_shndx == SHN_XINDEX ? number : raw.st_shndx;
		symbol->type = GELF_ST_TYPE(raw.st_info);
		symbol->binding = GELF_ST_BIND(raw.st_info);
	}
	return true;
}

/* The preferred of several symbols at one place comes last: sized, typed, global, first by name. */
static int compare_symbols(const void *left, const void *right)
{
	const struct dump_symbol *a = *(const struct dump_symbol *const *)left;
	const struct dump_symbol *b = *(const struct dump_symbol *const *)right;
	static const int rank[] = {[STB_LOCAL] = 0, [STB_WEAK] = 1, [STB_GLOBAL] = 2};
	int rank_a = a->binding <= STB_WEAK ? rank[a->binding] : 0;
	int rank_b = b->binding <= STB_WEAK ? rank[b->binding] : 0;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	if ((a->size > 0) != (b->size > 0))
		return a->size > 0 ? 1 : -1;
	if ((a->type == STT_NOTYPE) != (b->type == STT_NOTYPE))
		return a->type == STT_NOTYPE ? -1 : 1;
	if (rank_a != rank_b)
		return rank_a - rank_b;
	return strcmp(b->name, a->name);
}

/* Of two places of a linked file only the addresses count, whatever the sections' order. */
static int compare_addresses(const void *left, const void *right)
{
	struct dump_symbol a = **(const struct dump_symbol *const *)left;
	struct dump_symbol b = **(const struct dump_symbol *const *)right;
	const struct dump_symbol *pointer_a = &a, *pointer_b = &b;

	a.section = b.section = 0;
	return compare_symbols(&pointer_a, &pointer_b);
}

static bool in_code(const struct dump_image *image, const struct dump_symbol *symbol)
{
	return image->sections[symbol->section].header.sh_flags & SHF_EXECINSTR;
}

static bool is_indexed(const struct dump_image *image, const struct dump_symbol *symbol, bool code)
{
	if (symbol->name[0] == '\0' || symbol->section == SHN_UNDEF ||
	    symbol->section >= image->section_count)
		return false;
	if (symbol->type == STT_NOTYPE)
		return in_code(image, symbol) == code && strncmp(symbol->name, ".L", 2) != 0;
	if (code)
		return symbol->type == STT_FUNC || symbol->type == STT_GNU_IFUNC;
	return symbol->type == STT_OBJECT;
}

static void build_index(const struct dump_image *image, struct dump_index *index, bool code)
{
	index->symbol = dump_allocate(image->symbol_count, sizeof(*index->symbol));
	for (size_t i = 0; i < image->symbol_count; i++) {
		if (is_indexed(image, &image->symbols[i], code))
			index->symbol[index->count++] = &image->symbols[i];
	}
	qsort(index->symbol, index->count, sizeof(*index->symbol),
	      image->relocatable ? compare_symbols : compare_addresses);
}

bool dump_image_open(struct dump_image *image, Elf *elf)
{
	*image = (struct dump_image){.elf = elf};
	elf_errno();
	image->bytes = elf_rawfile(elf, &image->size);
	if (image->bytes == NULL)
		return damaged(image, "contents");
	if (!check_header(image) || !load_sections(image) || !load_segments(image) ||
	    !load_symbols(image))
		return false;
	build_index(image, &image->functions, true);
	build_index(image, &image->objects, false);
	return true;
}

void dump_image_close(struct dump_image *image)
{
	free(image->sections);
	free(image->segments);
	free(image->symbols);
	free(image->functions.symbol);
	free(image->objects.symbol);
}

/* The part of [start, start + size) of the image that begins `skip` bytes later. */
static const unsigned char *slice(const struct dump_image *image, uint64_t start, uint64_t size,
				  uint64_t skip, size_t *available)
{
	if (skip > size || start > image->size || size > image->size - start)
		return NULL;
	*available = size - skip;
	return (const unsigned char *)image->bytes + start + skip;
}

const unsigned char *dump_bytes(const struct dump_image *image, struct dump_place place,
				size_t *available)
{
	if (image->relocatable) {
		const GElf_Shdr *header;

		if (place.section == 0 || place.section >= image->section_count)
			return NULL;
		header = &image->sections[place.section].header;
		if (header->sh_type == SHT_NOBITS)
			return NULL;
		return slice(image, header->sh_offset, header->sh_size, place.offset, available);
	}
	for (size_t i = 0; i < image->segment_count; i++) {
		const GElf_Phdr *header = &image->segments[i];

		if (header->p_type == PT_LOAD && place.offset >= header->p_vaddr &&
		    place.offset - header->p_vaddr < header->p_filesz)
			return slice(image, header->p_offset, header->p_filesz,
				     place.offset - header->p_vaddr, available);
	}
	return NULL;
}

size_t dump_section_at(const struct dump_image *image, uint64_t address)
{
	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if ((header->sh_flags & SHF_ALLOC) && !(header->sh_flags & SHF_TLS) &&
		    address >= header->sh_addr && address - header->sh_addr < header->sh_size)
			return i;
	}
	return 0;
}

/* Whether a symbol is behind a place, in the order of an index. */
static bool is_behind(const struct dump_image *image, const struct dump_symbol *symbol,
		      struct dump_place place)
{
	if (image->relocatable && symbol->section != place.section)
		return symbol->section > place.section;
	return symbol->value > place.offset;
}

/* How many symbols of the index are not behind a place. */
static size_t count_before(const struct dump_image *image, const struct dump_index *index,
			   struct dump_place place)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_behind(image, index->symbol[middle], place))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static size_t section_of(const struct dump_image *image, struct dump_place place)
{
	return image->relocatable ? place.section : dump_section_at(image, place.offset);
}

/*
 * The innermost symbol whose extent holds the place; else, as hand-written assembly gives no sizes,
 * the nearest one without a size before it in the same section.
 */
const struct dump_symbol *dump_find_symbol(const struct dump_image *image,
					   const struct dump_index *index, struct dump_place place)
{
	size_t section = section_of(image, place), count = count_before(image, index, place);
	const struct dump_symbol *nearest = NULL;

	for (size_t i = count; i > 0 && count - i < LOOKUP_MAX; i--) {
		const struct dump_symbol *symbol = index->symbol[i - 1];

		if (symbol->section != section)
			continue;
		if (place.offset - symbol->value < symbol->size)
			return symbol;
		if (nearest == NULL && symbol->size == 0)
			nearest = symbol;
	}
	return nearest;
}

const struct dump_symbol *dump_symbol_before(const struct dump_image *image,
					     const struct dump_index *index,
					     struct dump_place place)
{
	size_t section = section_of(image, place), count = count_before(image, index, place);

	for (size_t i = count; i > 0 && count - i < LOOKUP_MAX; i--)
		if (index->symbol[i - 1]->section == section)
			return index->symbol[i - 1];
	return NULL;
}
