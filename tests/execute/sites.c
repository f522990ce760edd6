// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program's notes in, its sites by case out; and the bytes that a site must have. The format is
 * runtime/rcpp_tables.h.
 */
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sites.h"
#include "values.h"

#define NAME_SIZE 8 /* with its padding */

struct places {
	const struct execute_case **by_address; /* sorted by the filtered function */
	struct case_sites *sites;		/* by case */
	size_t rows;
};

static int compare_cases(const void *a, const void *b)
{
	const struct execute_case *const *x = a, *const *y = b;
	uintptr_t left = (uintptr_t)(*x)->filtered, right = (uintptr_t)(*y)->filtered;

	return (left > right) - (left < right);
}

static int compare_sites(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static struct case_sites *sites_of_address(const struct places *places, const uint8_t *address)
{
	size_t low = 0, high = execute_case_count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if ((uintptr_t)places->by_address[middle]->filtered <= (uintptr_t)address)
			low = middle;
		else
			high = middle;
	}
	return &places->sites[places->by_address[low] - execute_cases];
}

static void add_row(struct places *places, const uint8_t *place)
{
	struct rcpp_row row;
	struct case_sites *sites;
	struct site *site;

	memcpy(&row, place, sizeof row);
	sites = sites_of_address(places, place + row.site);
	if (sites->count == EXECUTE_SITES_MAX) {
		fprintf(stderr, "run: too many sites in %s\n",
			execute_cases[sites - places->sites].name);
		exit(1);
	}
	site = &sites->site[sites->count++];
	site->address = place + row.site;
	site->form = place + offsetof(struct rcpp_row, form) + row.form;
	site->length = row.length;
	site->read = row.read;
	memcpy(site->original, site->address, row.length);
	places->rows++;
}

static void add_note(struct places *places, const uint8_t *description, size_t size)
{
	const struct rcpp_batch *batch = (const struct rcpp_batch *)description;

	if (size < sizeof(*batch))
		return;
	description += sizeof(*batch);
	for (uint32_t i = 0; i < batch->rows; i++)
		add_row(places, description + i * sizeof(struct rcpp_row));
}

static bool is_ours(const Elf64_Nhdr *header)
{
	return header->n_namesz == sizeof RCPP_NOTE_NAME && header->n_type == RCPP_NOTE_VERSION &&
	       !memcmp(header + 1, RCPP_NOTE_NAME, sizeof RCPP_NOTE_NAME);
}

/* Linkers put notes of others, with other padding, into one segment with ours: try each word. */
static void read_notes(struct places *places, const uint8_t *note, size_t size)
{
	const uint8_t *end = note + size;

	while (note + sizeof(Elf64_Nhdr) + NAME_SIZE <= end) {
		const Elf64_Nhdr *header = (const Elf64_Nhdr *)note;

		note += 4;
		if (!is_ours(header))
			continue;
		note = (const uint8_t *)(header + 1) + NAME_SIZE;
		add_note(places, note, header->n_descsz);
		note += header->n_descsz;
	}
}

/* The program itself comes first; nothing else has cases. */
static int read_module(struct dl_phdr_info *info, size_t size, void *places)
{
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_NOTE)
			read_notes(places, (const uint8_t *)info->dlpi_addr + segment->p_vaddr,
				   segment->p_memsz);
	}
	return 1;
}

struct case_sites *find_sites(void)
{
	struct places places = {
		.by_address = calloc(execute_case_count, sizeof *places.by_address),
		.sites = calloc(execute_case_count, sizeof *places.sites),
	};

	if (!places.by_address || !places.sites)
		abort();
	for (size_t i = 0; i < execute_case_count; i++)
		places.by_address[i] = &execute_cases[i];
	qsort(places.by_address, execute_case_count, sizeof *places.by_address, compare_cases);
	dl_iterate_phdr(read_module, &places);
	if (!places.rows) {
		fputs("run: the program has no sites\n", stderr);
		exit(1);
	}
	for (size_t i = 0; i < execute_case_count; i++)
		qsort(places.sites[i].site, places.sites[i].count, sizeof(struct site),
		      compare_sites);
	free(places.by_address);
	return places.sites;
}

/* --- values and bytes ----------------------------------------------------------------------- */

uint64_t value_of(const struct site *site, uint64_t variable)
{
	unsigned bits = 8u << (site->read & RCPP_READ_WIDTH_MASK);
	unsigned to = 8u << (site->read >> RCPP_READ_TO_SHIFT & 3);
	uint64_t value = variable << (64 - bits);

	value = site->read & RCPP_READ_SIGNED ? (uint64_t)((int64_t)value >> (64 - bits))
					      : value >> (64 - bits);
	return value << (64 - to) >> (64 - to);
}

static const uint8_t *record_behind(const uint8_t *record)
{
	struct rcpp_alternative header;

	memcpy(&header, record, sizeof header);
	return record + sizeof header + header.fields * sizeof(struct rcpp_field) + header.length;
}

/* Behind a prefix there are fewer: their guards say which of those expected are left. */
struct execute_site expected_of(const struct site *site, const struct execute_site *expected)
{
	const uint8_t *record = site->form + sizeof(struct rcpp_form);
	unsigned count = site->form[0];
	struct execute_site left = *expected;
	unsigned number = 1;

	if (!(site->form[1] & RCPP_FORM_LED))
		return left;
	left.count = 0;
	record = record_behind(record);
	for (unsigned i = 0; i < expected->count && number < count; i++) {
		if (record[0] != expected->guard[i])
			continue;
		left.guard[left.count] = expected->guard[i];
		left.alternative[left.count++] = expected->alternative[i];
		record = record_behind(record);
		number++;
	}
	return left;
}

bool guards_are(const struct site *site, const struct execute_site *expected)
{
	const uint8_t *record = site->form + sizeof(struct rcpp_form);

	if (site->form[0] != expected->count + 1 || record[0] != RCPP_GUARD_ORIGINAL)
		return false;
	for (int i = 0; i < expected->count; i++) {
		record = record_behind(record);
		if (record[0] != expected->guard[i])
			return false;
	}
	return true;
}

int expected_alternative(const struct execute_site *expected, uint64_t value)
{
	for (int i = 0; i < expected->count; i++)
		if (guard_holds(expected->guard[i], value, expected->width, expected->is_signed))
			return i;
	return -1;
}

static void put_field(uint8_t *code, const struct rcpp_field *field,
		      const struct execute_site *expected, uint64_t value)
{
	unsigned width = RCPP_FIELD_WIDTH(field->kind);
	uint8_t *place = code + field->end - width;
	int64_t constant = 0;

	if (field->function != RCPP_FUNCTION_PLAIN)
		value = function_of(field->function, value, expected->width, expected->is_signed);
	memcpy(&constant, place, width);
	if (width == 4)
		constant = (int32_t)constant;
	if (RCPP_FIELD_KIND(field->kind) == RCPP_FIELD_ADD)
		value += (uint64_t)constant;
	if (RCPP_FIELD_KIND(field->kind) == RCPP_FIELD_AND)
		value &= (uint64_t)constant;
	memcpy(place, &value, width);
}

bool site_holds(const struct site *site, const struct execute_site *expected, int alternative,
		uint64_t value)
{
	const uint8_t *record = site->form + sizeof(struct rcpp_form);
	struct rcpp_alternative header;
	struct rcpp_field fields[RCPP_FIELDS_MAX];
	uint8_t code[RCPP_SITE_MAX];
	const uint8_t *place = site->address;

	if (alternative < 0)
		return !memcmp(site->address, site->original, site->length);
	for (int i = 0; i <= alternative; i++)
		record = record_behind(record);
	memcpy(&header, record, sizeof header);
	record += sizeof header;
	memcpy(fields, record, header.fields * sizeof *fields);
	if (header.length > site->length)
		return false;
	memcpy(code, record + header.fields * sizeof *fields, header.length);
	for (unsigned i = 0; i < header.fields; i++)
		put_field(code, &fields[i], expected, value);
	if (header.prefix && site->length <= 15 &&
	    site->length - header.length <=
		    (header.prefix == 0x40 ? 1 : 6 - !!(site->form[1] & RCPP_FORM_LED)))
		while (place < site->address + site->length - header.length)
			if (*place++ != header.prefix)
				return false;
	if (header.carry_end)
		memcpy(code + header.carry_end - 4, place + header.carry_end - 4, 4);
	return !memcmp(place, code, header.length);
}
