// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A module's section headers, which are in its file only.
 *
 * Rows name their sites by distance. BOLT writes a copy of a function in another place, and leaves
 * the old bytes where they were. The rows still fit the old bytes and every check holds, but that
 * code no longer runs. The names of the old sections show it. A linker script that makes no segment
 * of notes hides the rows from the runtime, as if the module had never been filtered. Its section
 * headers still show them.
 *
 * This runs under the dynamic linker's lock, so it must not call malloc(). An unreadable file is no
 * error.
 */
#include <unistd.h>

#include "file.h"
#include "origin.h"

#define HEADERS_MAX 64 /* read at once */

static bool begins_with(int file, const Elf64_Shdr *names, const Elf64_Shdr *section,
			const char *word)
{
	char name[16];
	size_t length = strlen(word);

	return section->sh_name < names->sh_size &&
	       rcpp_read_at(file, name, length, names->sh_offset + section->sh_name) &&
	       !memcmp(name, word, length);
}

/* What one section says of a module that has tables in memory, or has none. */
static enum rcpp_origin judge(int file, const Elf64_Shdr *names, const Elf64_Shdr *section,
			      bool has_tables)
{
	if (!(section->sh_flags & SHF_ALLOC))
		return RCPP_ORIGIN_FINE;
	if (!has_tables && !(section->sh_flags & SHF_EXECINSTR) &&
	    begins_with(file, names, section, "rcpp_rows"))
		return RCPP_ORIGIN_HIDDEN;
	if (has_tables && section->sh_flags & SHF_EXECINSTR &&
	    begins_with(file, names, section, ".bolt.org"))
		return RCPP_ORIGIN_MOVED;
	return RCPP_ORIGIN_FINE;
}

static enum rcpp_origin read_sections(int file, const Elf64_Ehdr *header, bool has_tables)
{
	static Elf64_Shdr sections[HEADERS_MAX];
	enum rcpp_origin origin = RCPP_ORIGIN_FINE;
	Elf64_Shdr names;
	unsigned int i;

	if (header->e_shentsize != sizeof(*sections) ||
	    !rcpp_read_at(file, &names, sizeof(names),
			  header->e_shoff + header->e_shstrndx * sizeof(names)))
		return RCPP_ORIGIN_FINE;
	for (i = 0; !origin && i < header->e_shnum; i++) {
		unsigned int count = header->e_shnum - i;

		if (count > HEADERS_MAX)
			count = HEADERS_MAX;
		if (i % HEADERS_MAX == 0 && !rcpp_read_at(file, sections, count * sizeof(*sections),
							  header->e_shoff + i * sizeof(*sections)))
			break;
		origin = judge(file, &names, &sections[i % HEADERS_MAX], has_tables);
	}
	return origin;
}

enum rcpp_origin rcpp_origin_of(const struct module *module)
{
	enum rcpp_origin origin;
	Elf64_Ehdr header;
	int file = rcpp_open_module(module, &header);

	if (file < 0)
		return RCPP_ORIGIN_FINE;
	origin = read_sections(file, &header, rcpp_module_has_tables(module));
	close(file);
	return origin;
}

const char *rcpp_origin_text(enum rcpp_origin origin)
{
	switch (origin) {
	case RCPP_ORIGIN_FINE:
		return "is as it was linked";
	case RCPP_ORIGIN_HIDDEN:
		return "its section rcpp_rows lies in no segment of notes, so no site is found: "
		       "put it into a PT_NOTE segment in the linker script";
	case RCPP_ORIGIN_MOVED:
		return "BOLT has moved the code away from its sites: use the file that was BOLT's "
		       "input";
	}
	return "is unknown";
}
