/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads the tables of rcpp_tables.h from an image: finds the notes, walks their rows, and follows
 * each row's three offsets to the site, the variable and the form.
 *
 * In linked files the offsets are in the bytes. In relocatable objects they are in relocations, and
 * "relative to where it stands" means that symbol plus addend is the target itself.
 */
#define _GNU_SOURCE 1
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"

#define NOTE_ALIGNMENT (size_t)4 /* of ours, whatever those of others around them have */
#define NOTE_HEAD      (sizeof(Elf64_Nhdr) + 8) /* with the name */
#define REBUILD	       "build it again with this version of rcpp"

/* A relocation's target. */
struct target {
	struct dump_place place;
	const struct dump_symbol *symbol; /* relocatable objects only */
	bool defined;
};

/* The relocations of one section, by offset. */
struct relocations {
	GElf_Rela *entry;
	size_t count;
};

struct run {
	uint64_t address, size;
};

/* Where the walk through the notes is. */
struct reader {
	struct dump_image *image;
	struct dump_tables *tables;
	size_t *relocated_by;		/* for each section, the one with its relocations or 0 */
	struct relocations relocations; /* of the section being read */
	struct dump_place remotes;	/* those of the batch being read */
	const unsigned char *remote_bytes;
	size_t remote_count;
	struct dump_slots slots;
	size_t *form_at; /* hash table: index into tables->forms plus 1 */
	size_t form_slots;
	struct run *runs; /* linked files: where notes have been read */
	size_t run_count;
};

static int32_t get_int32(const unsigned char *bytes)
{
	return (int32_t)(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24);
}

static uint32_t get_uint32(const unsigned char *bytes)
{
	return (uint32_t)get_int32(bytes);
}

/* A place in words, for messages; the buffer is reused by the next call. */
static const char *describe(const struct dump_image *image, struct dump_place place)
{
	static char text[256];

	if (image->relocatable && place.section < image->section_count)
		snprintf(text, sizeof(text), "%s+0x%" PRIx64, image->sections[place.section].name,
			 place.offset);
	else
		snprintf(text, sizeof(text), "0x%" PRIx64, place.offset);
	return text;
}

static bool damaged(struct reader *reader, const char *what, struct dump_place place)
{
	return dump_fail(reader->image, "damaged rcpp tables (%s at %s): " REBUILD, what,
			 describe(reader->image, place));
}

static int compare_relocations(const void *left, const void *right)
{
	const GElf_Rela *a = left, *b = right;

	return a->r_offset < b->r_offset ? -1 : a->r_offset > b->r_offset;
}

/* Notes which section holds the relocations of each section: a file may have very many. */
static void index_relocations(struct reader *reader)
{
	const struct dump_image *image = reader->image;

	reader->relocated_by = dump_allocate(image->section_count, sizeof(size_t));
	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;

		if (header->sh_type == SHT_RELA && header->sh_info < image->section_count &&
		    header->sh_link == image->symbol_table)
			reader->relocated_by[header->sh_info] = i;
	}
}

static bool load_relocations(struct reader *reader, size_t section)
{
	struct relocations *relocations = &reader->relocations;
	size_t source = reader->relocated_by[section];
	Elf_Data *data = NULL;

	if (source != 0)
		data = elf_getdata(elf_getscn(reader->image->elf, source), NULL);
	relocations->count = data != NULL ? data->d_size / sizeof(Elf64_Rela) : 0;
	relocations->entry = dump_grow(relocations->entry, relocations->count, sizeof(GElf_Rela));
	for (size_t i = 0; i < relocations->count; i++) {
		if (gelf_getrela(data, (int)i, &relocations->entry[i]) == NULL)
			return damaged(reader, "relocation", (struct dump_place){source, i});
	}
	qsort(relocations->entry, relocations->count, sizeof(GElf_Rela), compare_relocations);
	return true;
}

static const GElf_Rela *find_relocation(const struct reader *reader, struct dump_place field)
{
	const GElf_Rela key = {.r_offset = field.offset};
	const struct relocations *relocations = &reader->relocations;

	return bsearch(&key, relocations->entry, relocations->count, sizeof(key),
		       compare_relocations);
}

/* Relocatable objects: the target of the offset at `field`. */
static bool follow_relocation(struct reader *reader, struct dump_place field, struct target *target)
{
	const GElf_Rela *found = find_relocation(reader, field);
	const struct dump_image *image = reader->image;
	size_t symbol;

	if (found == NULL)
		return damaged(reader, "no relocation", field);
	symbol = GELF_R_SYM(found->r_info);
	if (symbol >= image->symbol_count)
		return damaged(reader, "wrong symbol in the relocation", field);
	if (GELF_R_TYPE(found->r_info) != R_X86_64_PC32 &&
	    GELF_R_TYPE(found->r_info) != R_X86_64_PLT32 &&
	    GELF_R_TYPE(found->r_info) != R_X86_64_GOTPCREL)
		return damaged(reader, "wrong type of relocation", field);
	target->symbol = &image->symbols[symbol];
	target->place.section = target->symbol->section;
	target->defined = target->symbol->section != SHN_UNDEF &&
			  target->symbol->section < image->section_count;
	/* An undefined or common symbol's value is no offset. */
	target->place.offset = found->r_addend + (target->defined ? target->symbol->value : 0);
	return true;
}

/* The target of the offset whose bytes are at `field`. */
static bool follow(struct reader *reader, struct dump_place field, const unsigned char *bytes,
		   struct target *target)
{
	if (reader->image->relocatable)
		return follow_relocation(reader, field, target);
	target->place.section = 0;
	target->place.offset = field.offset + (int64_t)get_int32(bytes);
	target->symbol = NULL;
	target->defined = true;
	return true;
}

/*
 * Gives the alternatives their parts of the form's text: "original => guard: code | guard: code".
 * A text of another shape stays whole in form->text, the rest of the parts stay empty.
 */
static void split_text(struct dump_form *form)
{
	const char *text = form->text;

	for (unsigned i = 0; i < form->count && text != NULL; i++) {
		const char *separator = i == 0 ? " => " : " | ";
		const char *end = strstr(text, separator);
		const char *guard_end = i == 0 ? NULL : strstr(text, ": ");
		size_t length = end != NULL ? (size_t)(end - text) : strlen(text);

		if (guard_end != NULL && guard_end < text + length) {
			length -= guard_end + 2 - text;
			text = guard_end + 2;
		}
		form->alternatives[i].text = text;
		form->alternatives[i].text_length = length;
		text = end != NULL ? end + strlen(separator) : NULL;
	}
}

/* Reads the form at form->place. */
static bool read_form(struct reader *reader, struct dump_form *form)
{
	size_t available, used = sizeof(struct rcpp_form);
	const unsigned char *bytes = dump_bytes(reader->image, form->place, &available);
	const char *end;

	if (bytes == NULL || available < used)
		return damaged(reader, "no form", form->place);
	form->count = bytes[0];
	form->check = bytes[2] | (unsigned)bytes[3] << 8;
	if (form->count < 2 || form->count > RCPP_ALTERNATIVES_MAX)
		return damaged(reader, "wrong number of alternatives in the form", form->place);
	form->condition = bytes[1] & RCPP_FORM_CONDITION;
	form->reach = 0;
	if (bytes[1] & RCPP_FORM_REACH) {
		if (available - used < sizeof(struct rcpp_reach))
			return damaged(reader, "form without an end", form->place);
		form->reach = (uint32_t)get_int32(bytes + used);
		used += sizeof(struct rcpp_reach);
	}
	if (form->condition) {
		if (available - used < sizeof(struct rcpp_condition))
			return damaged(reader, "form without an end", form->place);
		used += sizeof(struct rcpp_condition) +
			RCPP_STEPS(bytes[used]) * sizeof(struct rcpp_step);
		if (available < used)
			return damaged(reader, "form without an end", form->place);
	}
	for (unsigned i = 0; i < form->count; i++) {
		struct dump_alternative *alternative = &form->alternatives[i];
		struct rcpp_alternative header;
		size_t fields;

		if (available - used < sizeof(header))
			return damaged(reader, "form without an end", form->place);
		memcpy(&header, bytes + used, sizeof(header));
		used += sizeof(header);
		fields = header.fields * sizeof(struct rcpp_field);
		if (header.length > RCPP_SITE_MAX || fields + header.length > available - used)
			return damaged(reader, "form without an end", form->place);
		used += fields;
		if (header.guard > RCPP_GUARD_LAST ||
		    (header.guard == RCPP_GUARD_ORIGINAL) != (i == 0))
			return damaged(reader, "wrong guard in the form", form->place);
		alternative->guard = header.guard;
		alternative->prefix = header.prefix;
		alternative->led = bytes[1] & RCPP_FORM_LED;
		alternative->length = header.length;
		alternative->bytes = bytes + used;
		alternative->text = "";
		used += header.length;
	}
	if (available - used < used || memcmp(bytes, bytes + used, used) != 0)
		return damaged(reader, "form whose copy differs", form->place);
	used *= 2;
	form->text = (const char *)bytes + used;
	end = memchr(form->text, '\0', available - used);
	if (end == NULL)
		return damaged(reader, "form without a text", form->place);
	form->size = used + (end + 1 - form->text);
	split_text(form);
	return true;
}

static size_t hash_place(struct dump_place place)
{
	return (size_t)((place.offset + place.section * 0x10001) * 0x9e3779b97f4a7c15u >> 20);
}

/* Makes room in the hash table of forms, which is at most half full. */
static void grow_form_table(struct reader *reader)
{
	const struct dump_tables *tables = reader->tables;

	if (2 * tables->form_count < reader->form_slots)
		return;
	free(reader->form_at);
	reader->form_slots = reader->form_slots > 0 ? 4 * reader->form_slots : 64;
	reader->form_at = dump_allocate(reader->form_slots, sizeof(*reader->form_at));
	for (size_t i = 0; i < tables->form_count; i++) {
		size_t slot = hash_place(tables->forms[i].place) % reader->form_slots;

		while (reader->form_at[slot] != 0)
			slot = (slot + 1) % reader->form_slots;
		reader->form_at[slot] = i + 1;
	}
}

/* Finds the form at a place, which many rows share, or reads it. */
static bool find_form(struct reader *reader, struct dump_place place, size_t *index)
{
	struct dump_tables *tables = reader->tables;
	struct dump_form form = {.place = place};
	size_t slot;

	grow_form_table(reader);
	slot = hash_place(place) % reader->form_slots;
	for (; reader->form_at[slot] != 0; slot = (slot + 1) % reader->form_slots) {
		const struct dump_form *known = &tables->forms[reader->form_at[slot] - 1];

		if (known->place.section == place.section && known->place.offset == place.offset) {
			*index = reader->form_at[slot] - 1;
			return true;
		}
	}
	if (!read_form(reader, &form))
		return false;
	*index = tables->form_count;
	reader->form_at[slot] = ++tables->form_count;
	tables->forms = dump_grow(tables->forms, tables->form_count, sizeof(form));
	tables->forms[*index] = form;
	return true;
}

/*
 * The number of the remote that the offset at `field` leads to, from 1 on; 0: to none. It is in the
 * same section, so that the assembler has left no relocation.
 */
static size_t remote_at(const struct reader *reader, struct dump_place field,
			const unsigned char *bytes)
{
	uint64_t distance = field.offset + (int64_t)get_int32(bytes) - reader->remotes.offset;

	if (distance % sizeof(struct rcpp_remote) != 0 ||
	    distance / sizeof(struct rcpp_remote) >= reader->remote_count ||
	    (reader->image->relocatable && find_relocation(reader, field) != NULL))
		return 0;
	return distance / sizeof(struct rcpp_remote) + 1;
}

/* Follows one half of a remote, at `at` in it, to the variable. */
static bool follow_slot(struct reader *reader, size_t number, size_t at, struct target *target,
			const char **name)
{
	size_t offset = (number - 1) * sizeof(struct rcpp_remote) + at;
	struct dump_place field = reader->remotes;

	*name = NULL;
	field.offset += offset;
	if (!follow(reader, field, reader->remote_bytes + offset, target))
		return false;
	if (reader->image->relocatable) /* the relocation names the variable, not the slot */
		return true;
	target->place.offset =
		dump_slot_address(reader->image, &reader->slots, target->place.offset, name);
	target->defined = target->place.offset != 0;
	return true;
}

/* Follows a remote to the variable: its place if this file has it, its name if that is known. */
static bool follow_remote(struct reader *reader, size_t number, struct target *target,
			  struct dump_site *site)
{
	const unsigned char *bytes = reader->remote_bytes;
	struct rcpp_remote remote;
	struct target again;
	const char *name;

	bytes += (number - 1) * sizeof(remote);
	memcpy(&remote, bytes, sizeof(remote));
	if (!follow_slot(reader, number, offsetof(struct rcpp_remote, slot_again), &again, &name) ||
	    !follow_slot(reader, number, offsetof(struct rcpp_remote, slot), target, &name))
		return false;
	if (remote.offset != remote.offset_again || again.symbol != target->symbol ||
	    again.place.offset != target->place.offset)
		return damaged(reader, "two halves of a remote that differ", reader->remotes);
	site->flags |= DUMP_REMOTE;
	site->symbol = name;
	site->addend = remote.offset;
	target->place.offset += remote.offset;
	return true;
}

/* Names the variable: by the relocation's symbol if it has a name, else by the symbol around it. */
static void name_variable(const struct dump_image *image, const struct target *target,
			  struct dump_site *site)
{
	const struct dump_symbol *symbol = target->symbol;

	if (site->symbol != NULL) /* another module's, perhaps */
		return;
	site->variable = image->relocatable || !target->defined ? 0 : target->place.offset;
	if (symbol != NULL && symbol->type != STT_SECTION && symbol->name[0] != '\0') {
		site->symbol = symbol->name;
		site->addend = target->place.offset - (target->defined ? symbol->value : 0);
		return;
	}
	symbol = target->defined ? dump_find_symbol(image, &image->objects, target->place) : NULL;
	if (symbol != NULL) {
		site->symbol = symbol->name;
		site->addend = target->place.offset - symbol->value;
	} else if (image->relocatable && target->defined) {
		site->symbol = image->sections[target->place.section].name;
		site->addend = target->place.offset;
	}
}

static void name_site(const struct dump_image *image, struct dump_place place,
		      struct dump_site *site)
{
	const struct dump_symbol *function = dump_find_symbol(image, &image->functions, place);
	size_t section = image->relocatable ? place.section : dump_section_at(image, place.offset);

	site->address = place.offset;
	site->section = section != 0 ? image->sections[section].name : NULL;
	if (function != NULL) {
		site->function = function->name;
		site->offset = place.offset - function->value;
	}
}

/* Is the reach of this form, if it has one, possible here? `available` bytes follow the site. */
static bool reach_fits(const struct dump_site *site, uint32_t reach, size_t available)
{
	return reach == 0 || (reach > site->length && reach <= available &&
			      (site->flags & RCPP_ROW_CONSUMER) == 0);
}

/* `previous` is the site of the row before, then of this one. */
static bool read_row(struct reader *reader, struct dump_place place, const unsigned char *bytes,
		     struct dump_place *previous, struct dump_site *site)
{
	const size_t variable = offsetof(struct rcpp_row, variable);
	const size_t form = offsetof(struct rcpp_row, form);
	struct dump_place field = place;
	struct rcpp_row row;
	const struct dump_form *read;
	struct target target;
	size_t available, remote;
	uint64_t distance;
	uint16_t check;

	memcpy(&row, bytes, sizeof(row));
	*site = (struct dump_site){.length = row.length, .read = row.read, .flags = row.flags};
	if (site->length == 0 || site->length > RCPP_SITE_MAX)
		return damaged(reader, "impossible row", place);
	if (!follow(reader, field, bytes, &target))
		return false;
	if (!target.defined || dump_bytes(reader->image, target.place, &available) == NULL ||
	    available < site->length)
		return damaged(reader, "site outside of the code, in the row", place);
	name_site(reader->image, target.place, site);
	distance = target.place.offset + site->length - previous->offset;
	*previous = target.place;

	field.offset = place.offset + variable;
	remote = remote_at(reader, field, bytes + variable);
	if (remote != 0 ? !follow_remote(reader, remote, &target, site)
			: !follow(reader, field, bytes + variable, &target))
		return false;
	name_variable(reader->image, &target, site);

	field.offset = place.offset + form;
	if (!follow(reader, field, bytes + form, &target))
		return false;
	if (!target.defined)
		return damaged(reader, "undefined form in the row", place);
	if (!find_form(reader, target.place, &site->form))
		return false;
	read = &reader->tables->forms[site->form];
	if (!reach_fits(site, read->reach, available))
		return damaged(reader, "impossible reach of the form", target.place);
	check = RCPP_ROW_CHECK((int32_t)distance, row.read, row.flags, read->check + remote);
	return row.check == check || damaged(reader, "wrong check in the row", place);
}

/* Is it a struct rcpp_unloading? In an object another file may define it. */
static bool is_unloading(const struct reader *reader, const struct target *target)
{
	static const char mark[] = RCPP_UNLOADING_MARK;
	const unsigned char *bytes;
	size_t available;

	if (!target->defined)
		return reader->image->relocatable;
	bytes = dump_bytes(reader->image, target->place, &available);
	return bytes != NULL && available >= sizeof(struct rcpp_unloading) &&
	       memcmp(bytes, mark, sizeof(mark)) == 0;
}

/* The contents of one of our notes. */
static bool read_batch(struct reader *reader, struct dump_place place, const unsigned char *bytes,
		       size_t size)
{
	struct dump_tables *tables = reader->tables;
	const size_t anchor = offsetof(struct rcpp_batch, anchor);
	struct rcpp_batch batch;
	struct target first;
	size_t count;

	if (size < sizeof(batch))
		return damaged(reader, "wrong size of the note", place);
	memcpy(&batch, bytes, sizeof(batch));
	count = batch.rows;
	if (size - sizeof(batch) !=
	    count * sizeof(struct rcpp_row) + (size_t)batch.remotes * sizeof(struct rcpp_remote))
		return damaged(reader, "wrong size of the note", place);
	if (!follow(reader, (struct dump_place){place.section, place.offset + anchor},
		    bytes + anchor, &first))
		return false;
	if (!count) /* it is there for its bounds */
		return is_unloading(reader, &first) ||
		       damaged(reader, "wrong anchor of the note", place);
	tables->sites =
		dump_grow(tables->sites, tables->site_count + count, sizeof(*tables->sites));
	place.offset += sizeof(struct rcpp_batch);
	bytes += sizeof(struct rcpp_batch);
	reader->remotes = place;
	reader->remotes.offset += count * sizeof(struct rcpp_row);
	reader->remote_bytes = bytes + count * sizeof(struct rcpp_row);
	reader->remote_count = batch.remotes;
	for (size_t i = 0; i < count; i++) {
		if (!read_row(reader, place, bytes, &first.place,
			      &tables->sites[tables->site_count]))
			return false;
		tables->site_count++;
		place.offset += sizeof(struct rcpp_row);
		bytes += sizeof(struct rcpp_row);
	}
	return true;
}

/* One of ours, damaged or not; `size` bytes are there. */
static bool is_our_note(const unsigned char *bytes, size_t size)
{
	static const char name[8] = RCPP_NOTE_NAME; /* with its padding */

	return size >= NOTE_HEAD && get_uint32(bytes) == sizeof(RCPP_NOTE_NAME) &&
	       memcmp(bytes + sizeof(Elf64_Nhdr), name, sizeof(name)) == 0;
}

/* Reads our note at `place`; its length goes to *length. */
static bool read_note(struct reader *reader, struct dump_place place, const unsigned char *bytes,
		      size_t size, size_t *length)
{
	uint32_t contents = get_uint32(bytes + offsetof(Elf64_Nhdr, n_descsz));
	uint32_t type = get_uint32(bytes + offsetof(Elf64_Nhdr, n_type));

	if (contents > size - NOTE_HEAD)
		return damaged(reader, "note without an end", place);
	if (type != RCPP_NOTE_VERSION)
		return dump_fail(reader->image,
				 "tables of version %" PRIu32 ", but this rcpp-dump "
				 "reads version %d: use the rcpp-dump of the rcpp "
				 "that built it",
				 type, RCPP_NOTE_VERSION);
	*length = NOTE_HEAD + contents;
	reader->tables->note_bytes += *length;
	place.offset += NOTE_HEAD;
	return read_batch(reader, place, bytes + NOTE_HEAD, contents);
}

/* Has a note of a linked file been read? Program headers and sections name the same notes. */
static bool is_read(const struct reader *reader, struct dump_place place)
{
	for (size_t i = 0; i < reader->run_count; i++) {
		if (place.offset - reader->runs[i].address < reader->runs[i].size)
			return true;
	}
	return false;
}

static void note_run(struct reader *reader, struct dump_place place, size_t size)
{
	if (reader->image->relocatable)
		return;
	reader->runs = dump_grow(reader->runs, reader->run_count + 1, sizeof(*reader->runs));
	reader->runs[reader->run_count++] = (struct run){place.offset, size};
}

/*
 * Reads our notes in a run of `size` bytes. Linkers put the notes of others beside them, with
 * another alignment or damaged, so the lengths of those are useless. So this looks for ours at
 * every 4 bytes, as the runtime does. *found: there is one, which may have been read before.
 */
static bool read_notes(struct reader *reader, struct dump_place place, const unsigned char *bytes,
		       size_t size, bool *found)
{
	size_t length;

	for (size_t at = -place.offset % NOTE_ALIGNMENT; at < size;
	     at += (length + NOTE_ALIGNMENT - 1) & -NOTE_ALIGNMENT) {
		const struct dump_place here = {place.section, place.offset + at};

		length = NOTE_ALIGNMENT;
		if (!is_our_note(bytes + at, size - at))
			continue;
		*found = true;
		if (!is_read(reader, here) &&
		    !read_note(reader, here, bytes + at, size - at, &length))
			return false;
	}
	note_run(reader, place, size);
	return true;
}

/* Reads one section of notes. One that has our name holds at least one of ours. */
static bool read_note_section(struct reader *reader, size_t section, bool ours)
{
	const struct dump_image *image = reader->image;
	const GElf_Shdr *header = &image->sections[section].header;
	const struct dump_place place = {image->relocatable ? section : 0,
					 image->relocatable ? 0 : header->sh_addr};
	bool found = false;

	if (header->sh_type == SHT_NOBITS || header->sh_offset > image->size ||
	    header->sh_size > image->size - header->sh_offset)
		return damaged(reader, "no contents of a section of notes", place);
	if (image->relocatable && !load_relocations(reader, section))
		return false;
	if (!read_notes(reader, place, (const unsigned char *)image->bytes + header->sh_offset,
			header->sh_size, &found))
		return false;
	return found || !ours || damaged(reader, "no note in section rcpp_rows", place);
}

/* All sections that are loaded: a linker script may have put our notes among others. */
static bool read_note_sections(struct reader *reader)
{
	const struct dump_image *image = reader->image;

	for (size_t i = 1; i < image->section_count; i++) {
		const GElf_Shdr *header = &image->sections[i].header;
		bool ours = strcmp(image->sections[i].name, "rcpp_rows") == 0;

		if (header->sh_size == 0 ||
		    (!ours && (header->sh_type != SHT_NOTE || !(header->sh_flags & SHF_ALLOC))))
			continue;
		if (!read_note_section(reader, i, ours))
			return false;
	}
	return true;
}

/* All segments of notes of a linked file: the way without section headers, and the runtime's. */
static bool read_note_segments(struct reader *reader)
{
	const struct dump_image *image = reader->image;
	bool found;

	for (size_t i = 0; i < image->segment_count; i++) {
		const GElf_Phdr *header = &image->segments[i];

		if (header->p_type != PT_NOTE || header->p_offset > image->size ||
		    header->p_filesz > image->size - header->p_offset)
			continue;
		if (!read_notes(reader, (struct dump_place){0, header->p_vaddr},
				(const unsigned char *)image->bytes + header->p_offset,
				header->p_filesz, &found))
			return false;
	}
	return true;
}

bool dump_tables_read(struct dump_image *image, struct dump_tables *tables)
{
	struct reader reader = {.image = image, .tables = tables};
	bool done;

	*tables = (struct dump_tables){.sites = NULL};
	if (!image->relocatable && !dump_origin_fits(image))
		return false;
	index_relocations(&reader);
	dump_slots_read(image, &reader.slots);
	done = (image->relocatable || read_note_segments(&reader)) && read_note_sections(&reader);
	dump_slots_free(&reader.slots);
	free(reader.runs);
	free(reader.relocated_by);
	free(reader.relocations.entry);
	free(reader.form_at);
	if (done)
		dump_tables_forbid(tables);
	return done;
}

void dump_tables_free(struct dump_tables *tables)
{
	free(tables->sites);
	free(tables->held);
	free(tables->forms);
}
