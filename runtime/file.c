// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <unistd.h>

#include "file.h"

bool rcpp_read_at(int file, void *to, size_t size, uint64_t offset)
{
	return pread(file, to, size, (off_t)offset) == (ssize_t)size;
}

/* Is it the file that was loaded, and not a newer one? Then its program headers are the same. */
static bool is_file_of(int file, const Elf64_Ehdr *header, const struct dl_phdr_info *info)
{
	unsigned int i;

	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_phnum != info->dlpi_phnum)
		return false;
	for (i = 0; i < info->dlpi_phnum; i++) {
		Elf64_Phdr segment;

		if (!rcpp_read_at(file, &segment, sizeof(segment),
				  header->e_phoff + i * sizeof(segment)) ||
		    memcmp(&segment, &info->dlpi_phdr[i], sizeof(segment)) != 0)
			return false;
	}
	return true;
}

int rcpp_open_module(const struct module *module, Elf64_Ehdr *header)
{
	const char *name = module->info.dlpi_name;
	int file = open(name && *name ? name : "/proc/thread-self/exe",
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (file < 0)
		return -1;
	if (rcpp_read_at(file, header, sizeof(*header), 0) &&
	    is_file_of(file, header, &module->info))
		return file;
	close(file);
	return -1;
}

/* ---- Symbols ---- */

static bool find_symbols(int file, const Elf64_Ehdr *header, Elf64_Shdr *symbols)
{
	unsigned int i;

	if (header->e_shentsize != sizeof(*symbols))
		return false;
	for (i = 0; i < header->e_shnum; i++)
		if (rcpp_read_at(file, symbols, sizeof(*symbols),
				 header->e_shoff + i * sizeof(*symbols)) &&
		    symbols->sh_type == SHT_SYMTAB)
			return true;
	return false;
}

static bool find_variable(int file, const Elf64_Shdr *symbols, uintptr_t value, Elf64_Sym *symbol)
{
	uint64_t at;

	for (at = 0; at < symbols->sh_size; at += sizeof(*symbol))
		if (rcpp_read_at(file, symbol, sizeof(*symbol), symbols->sh_offset + at) &&
		    ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT &&
		    value - symbol->st_value < symbol->st_size)
			return true;
	return false;
}

static bool read_name(int file, const Elf64_Ehdr *header, const Elf64_Shdr *symbols,
		      const Elf64_Sym *symbol, char *name, size_t size)
{
	Elf64_Shdr names;
	ssize_t got;

	if (!rcpp_read_at(file, &names, sizeof(names),
			  header->e_shoff + symbols->sh_link * sizeof(names)))
		return false;
	got = pread(file, name, size - 1, (off_t)(names.sh_offset + symbol->st_name));
	if (got <= 0)
		return false;
	name[got] = 0;
	return *name;
}

bool rcpp_name_variable(const struct module *module, uintptr_t address, char *name, size_t size,
			uintptr_t *offset)
{
	uintptr_t value = address - module->info.dlpi_addr;
	Elf64_Ehdr header;
	Elf64_Shdr symbols;
	Elf64_Sym symbol;
	int file = rcpp_open_module(module, &header);
	bool found;

	if (file < 0)
		return false;
	found = find_symbols(file, &header, &symbols) &&
		find_variable(file, &symbols, value, &symbol) &&
		read_name(file, &header, &symbols, &symbol, name, size);
	close(file);
	if (found)
		*offset = value - symbol.st_value;
	return found;
}
