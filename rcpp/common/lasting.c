/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Objects and archives in, options for the filter out. The files are the user's, so everything in
 * them may be wrong: nothing outside of the file's bytes is read.
 */
#define _GNU_SOURCE 1
#include <ar.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assembly.h"
#include "lasting.h"
#include "memory.h"

#define THIN_MAGIC "!<thin>\n" /* an archive with the names of its members instead of them */

static bool lies_within(struct span whole, uint64_t offset, uint64_t length)
{
	return offset <= whole.length && length <= whole.length - offset;
}

static struct span part_of(struct span whole, uint64_t offset, uint64_t length)
{
	if (!lies_within(whole, offset, length))
		return (struct span){NULL, 0};
	return (struct span){whole.text + offset, length};
}

static bool begins_with(struct span text, const char *magic)
{
	return text.length >= strlen(magic) && memcmp(text.text, magic, strlen(magic)) == 0;
}

static size_t index_of(const struct words *words, const char *word)
{
	size_t i = 0;

	while (i < words->count && strcmp(words->word[i], word) != 0)
		i++;
	return i;
}

static void note_option(struct lasting *lasting, char *option)
{
	size_t i = index_of(&lasting->options, option);

	if (i == lasting->options.count) {
		lasting->given = reallocate(lasting->given, (i + 1) * sizeof *lasting->given);
		lasting->given[i] = 0;
		add_word(&lasting->options, option);
	} else {
		free(option);
	}
	lasting->given[i]++;
}

/* Texts of options, each with a NUL at its end. */
static void note_texts(struct lasting *lasting, struct span texts)
{
	while (texts.length > 0) {
		const char *end = memchr(texts.text, '\0', texts.length);
		struct words words = {NULL, 0};

		if (end == NULL)
			return;
		split_flags(texts.text, &words);
		for (size_t i = 0; i < words.count; i++)
			note_option(lasting, words.word[i]);
		free(words.word);
		texts.length -= (size_t)(end + 1 - texts.text);
		texts.text = end + 1;
	}
}

/* Headers are copied, because members of archives are not aligned as headers must be. */
static Elf64_Shdr section_header(struct span object, const Elf64_Ehdr *header, unsigned number)
{
	uint64_t offset = header->e_shoff + (uint64_t)number * sizeof(Elf64_Shdr);
	struct span bytes = part_of(object, offset, sizeof(Elf64_Shdr));
	Elf64_Shdr section = {0};

	if (bytes.text != NULL)
		memcpy(&section, bytes.text, sizeof section);
	return section;
}

/* Do these bytes stand there? */
static bool stands_at(struct span names, uint32_t offset, const char *bytes, size_t length)
{
	struct span found = part_of(names, offset, length);

	return found.text != NULL && memcmp(found.text, bytes, length) == 0;
}

static void read_object(struct span object, struct lasting *lasting)
{
	Elf64_Ehdr header;
	Elf64_Shdr section;
	struct span names;
	bool optimized = false;

	if (object.length < sizeof header)
		return;
	memcpy(&header, object.text, sizeof header);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof section)
		return;
	section = section_header(object, &header, header.e_shstrndx);
	names = part_of(object, section.sh_offset, section.sh_size);
	for (unsigned i = 1; i < header.e_shnum; i++) {
		section = section_header(object, &header, i);
		if (stands_at(names, section.sh_name, LTO_PREFIX, sizeof LTO_PREFIX - 1))
			optimized = true;
		if (section.sh_type == SHT_PROGBITS &&
		    stands_at(names, section.sh_name, LASTING_SECTION, sizeof LASTING_SECTION))
			note_texts(lasting, part_of(object, section.sh_offset, section.sh_size));
	}
	lasting->objects += optimized;
}

static void read_objects(const char *file, bool is_member, struct lasting *lasting);

/* The member that a thin archive names by "/OFFSET" in its list of names, beside the archive. */
static void read_named_member(const char *archive, struct span list, const char *number,
			      struct lasting *lasting)
{
	uint64_t offset = strtoull(number, NULL, 10);
	const char *slash = strrchr(archive, '/');
	struct span name = part_of(list, offset, offset < list.length ? list.length - offset : 0);
	const char *end = name.text ? memmem(name.text, name.length, "/\n", 2) : NULL;
	char *path;

	if (end == NULL)
		return;
	name.length = (size_t)(end - name.text);
	if (asprintf(&path, "%.*s%.*s",
		     slash && name.text[0] != '/' ? (int)(slash + 1 - archive) : 0, archive,
		     (int)name.length, name.text) < 0)
		allocate(SIZE_MAX);
	read_objects(path, true, lasting);
	free(path);
}

static void read_archive(const char *file, struct span archive, bool thin, struct lasting *lasting)
{
	struct span list = {NULL, 0};
	uint64_t at = SARMAG;
	struct ar_hdr header;

	while (lies_within(archive, at, sizeof header)) {
		char number[sizeof header.ar_size + 1] = "";
		struct span member;
		bool special;

		memcpy(&header, archive.text + at, sizeof header);
		memcpy(number, header.ar_size, sizeof header.ar_size);
		at += sizeof header;
		/* The table of symbols, "/" or "/SYM64/", and the list of names, "//". */
		special = header.ar_name[0] == '/' && !isdigit((unsigned char)header.ar_name[1]);
		member = part_of(archive, at, strtoull(number, NULL, 10));
		if (special && header.ar_name[1] == '/')
			list = member;
		else if (!special && thin)
			read_named_member(file, list, header.ar_name + 1, lasting);
		else if (begins_with(member, ELFMAG))
			read_object(member, lasting);
		if (special || !thin)
			at += member.length + member.length % 2;
		if (member.text == NULL && !thin)
			return;
	}
}

/* Reads the objects in a file. An archive inside of an archive is not read. */
static void read_objects(const char *file, bool is_member, struct lasting *lasting)
{
	struct stat status;
	struct span text;
	void *bytes;
	int descriptor;

	/* Checked before it is opened: the writer of a pipe would see that it is closed again. */
	if (stat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= SARMAG)
		return;
	descriptor = open(file, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return;
	bytes = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
	close(descriptor);
	if (bytes == MAP_FAILED)
		return;
	text = (struct span){bytes, status.st_size};
	if (begins_with(text, ELFMAG))
		read_object(text, lasting);
	else if (!is_member && (begins_with(text, ARMAG) || begins_with(text, THIN_MAGIC)))
		read_archive(file, text, begins_with(text, THIN_MAGIC), lasting);
	munmap(bytes, status.st_size);
}

void read_lasting(const char *file, struct lasting *lasting)
{
	read_objects(file, false, lasting);
}

/* Options that only reduce the number of sites, so they are safe for every object. */
static bool leaves_out(const char *option)
{
	return has_prefix(option, "--no-") || has_prefix(option, "--only=") ||
	       has_prefix(option, "--wide=") || has_prefix(option, "--init-section=");
}

const char *add_lasting_flags(const struct lasting *lasting, struct words *flags)
{
	const char *left = NULL;

	for (size_t i = 0; i < lasting->options.count; i++) {
		char *option = lasting->options.word[i];

		if (index_of(flags, option) < flags->count)
			continue;
		if (lasting->given[i] >= lasting->objects || leaves_out(option))
			add_word(flags, duplicate(option));
		else if (left == NULL)
			left = option;
	}
	return left;
}
