// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites as text: a JSON object, or a line of columns for people.
 */
#define _GNU_SOURCE 1
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demangle.h"
#include "dump.h"
#include "json.h"
#include "vocabulary.h"

#define FLAGS_WIDTH 8 /* of most */

/* One bit says two things: of a load that it faults, of a consumer that it is joined. */
static const struct {
	unsigned mask, flags;
	const char *name;
} flag_names[] = {
	{RCPP_ROW_DECLARED, RCPP_ROW_DECLARED, "declared"},
	{RCPP_ROW_CONSUMER | RCPP_ROW_FAULT, RCPP_ROW_FAULT, "fault"},
	{RCPP_ROW_CONSUMER, RCPP_ROW_CONSUMER, "consumer"},
	{RCPP_ROW_CONSUMER | RCPP_ROW_JOINED, RCPP_ROW_CONSUMER | RCPP_ROW_JOINED, "joined"},
	{DUMP_REMOTE, DUMP_REMOTE, "remote"},
};
#define FLAG_COUNT (sizeof(flag_names) / sizeof(flag_names[0]))

/* The flags with `separator` between, each in `quote`s. Returns how many characters. */
static int print_flags(unsigned flags, const char *quote, const char *separator)
{
	int length = 0;

	for (size_t i = 0; i < FLAG_COUNT; i++) {
		if ((flags & flag_names[i].mask) == flag_names[i].flags)
			length += printf("%s%s%s%s", length > 0 ? separator : "", quote,
					 flag_names[i].name, quote);
	}
	return length;
}

static void print_json_alternatives(const struct dump_form *form)
{
	for (unsigned i = 0; i < form->count; i++) {
		const struct dump_alternative *alternative = &form->alternatives[i];

		printf("%s{\"guard\": \"%s\", \"length\": %u, \"text\": ", i > 0 ? ", " : "",
		       guard_words[alternative->guard], alternative->length);
		json_part(stdout, alternative->text, alternative->text_length);
		fputs(", \"bytes\": \"", stdout);
		for (unsigned j = 0; j < alternative->length; j++)
			printf("%02x", alternative->bytes[j]);
		fputs("\"}", stdout);
	}
}

static void print_json_range(struct dump_range range)
{
	if (range.stop == 0)
		fputs("null", stdout);
	else
		printf("{\"start\": \"0x%" PRIx64 "\", \"stop\": \"0x%" PRIx64 "\"}", range.start,
		       range.stop);
}

/* One site as one line. Addresses are strings: JSON numbers lose the low bits of a kernel's. */
void dump_print_json_site(const char *file, const struct dump_image *image,
			  const struct dump_tables *tables, size_t number)
{
	const struct dump_site *site = &tables->sites[number];
	const struct dump_form *form = &tables->forms[site->form];

	fputs("{\"file\": ", stdout);
	json_string(stdout, file);
	fputs(", \"section\": ", stdout);
	json_string(stdout, site->section);
	printf(", \"address\": \"0x%" PRIx64 "\", \"function\": ", site->address);
	json_string(stdout, site->function);
	if (site->function != NULL)
		printf(", \"offset\": %" PRIu64, site->offset);
	else
		fputs(", \"offset\": null", stdout);
	fputs(", \"symbol\": ", stdout);
	json_string(stdout, site->symbol);
	if (site->symbol != NULL)
		printf(", \"addend\": %" PRId64, site->addend);
	else
		fputs(", \"addend\": null", stdout);
	if (image->relocatable || site->variable == 0)
		fputs(", \"variable\": null, \"form\": ", stdout);
	else
		printf(", \"variable\": \"0x%" PRIx64 "\", \"form\": ", site->variable);
	json_string(stdout, form->text);
	fputs(", \"alternatives\": [", stdout);
	print_json_alternatives(form);
	fputs("], \"forbidden\": ", stdout);
	print_json_range(site->forbidden);
	fputs(", \"reach\": ", stdout);
	print_json_range(site->reach);
	printf(", \"length\": %u, \"read\": {\"width\": %u, \"signed\": %s, \"to\": %u}",
	       site->length, 1u << (site->read & RCPP_READ_WIDTH_MASK),
	       site->read & RCPP_READ_SIGNED ? "true" : "false",
	       1u << (site->read >> RCPP_READ_TO_SHIFT & 3));
	fputs(", \"flags\": [", stdout);
	print_flags(site->flags, "\"", ", ");
	putchar(']');
	if (tables->held != NULL)
		dump_print_json_held(&tables->held[number], form);
	putchar('}');
}

enum column {
	COLUMN_ADDRESS,
	COLUMN_FUNCTION,
	COLUMN_SYMBOL,
	COLUMN_FORM,
	COLUMN_FORBIDDEN,
	COLUMN_COUNT
};

/* "0x12", or "section+0x12" in relocatable objects. */
static char *hexadecimal(const char *section, uint64_t value)
{
	char *name = dump_name(section, 0);
	char *text = dump_allocate(strlen(name) + 24, 1);

	sprintf(text, "%s%s0x%" PRIx64, name, name[0] != '\0' ? "+" : "", value);
	free(name);
	return text;
}

/* "0x13-0x18", as /proc has ranges: the first address, and the one behind the last. Or "-". */
static char *interval(struct dump_range range)
{
	char *text = dump_allocate(48, 1);

	if (range.stop == 0)
		strcpy(text, "-");
	else
		sprintf(text, "0x%" PRIx64 "-0x%" PRIx64, range.start, range.stop);
	return text;
}

/* The texts of one line's first columns, in new memory. */
static void make_columns(const struct dump_image *image, const struct dump_site *site,
			 const struct dump_form *form, struct demangler *demangler,
			 char *columns[COLUMN_COUNT])
{
	if (!image->relocatable)
		columns[COLUMN_ADDRESS] = hexadecimal("", site->address);
	else
		columns[COLUMN_ADDRESS] = hexadecimal(site->section, site->address);
	if (site->function != NULL)
		columns[COLUMN_FUNCTION] =
			dump_name(demangle(demangler, site->function), (int64_t)site->offset);
	else
		columns[COLUMN_FUNCTION] = dump_name("-", 0);
	if (site->symbol != NULL)
		columns[COLUMN_SYMBOL] = dump_name(demangle(demangler, site->symbol), site->addend);
	else if (site->variable != 0)
		columns[COLUMN_SYMBOL] = hexadecimal("", site->variable);
	else
		columns[COLUMN_SYMBOL] = dump_name("-", 0);
	columns[COLUMN_FORM] = dump_name(form->text, 0);
	columns[COLUMN_FORBIDDEN] = interval(site->forbidden);
}

/* The flags, and what a site of a process holds. */
static void print_end(const struct dump_tables *tables, size_t number)
{
	const struct dump_site *site = &tables->sites[number];
	int length = site->flags != 0 ? print_flags(site->flags, "", ",") : printf("-");

	if (tables->held != NULL) {
		printf("%*s", length < FLAGS_WIDTH ? FLAGS_WIDTH + 2 - length : 2, "");
		dump_print_held(site, &tables->held[number], &tables->forms[site->form]);
	}
	putchar('\n');
}

static void add_names(struct demangler *demangler, const struct dump_tables *tables)
{
	for (size_t i = 0; i < tables->site_count; i++) {
		demangler_add(demangler, tables->sites[i].function);
		demangler_add(demangler, tables->sites[i].symbol);
	}
}

/* All lines are made before the first is printed: the widths of the columns depend on all. */
void dump_print_lines(const struct dump_image *image, const struct dump_tables *tables)
{
	char *(*lines)[COLUMN_COUNT] = dump_allocate(tables->site_count, sizeof(*lines));
	struct demangler demangler = {0};
	int width[COLUMN_COUNT] = {0};

	add_names(&demangler, tables);
	for (size_t i = 0; i < tables->site_count; i++) {
		const struct dump_site *site = &tables->sites[i];

		make_columns(image, site, &tables->forms[site->form], &demangler, lines[i]);
		for (int j = 0; j < COLUMN_COUNT; j++) {
			int length = (int)strlen(lines[i][j]);

			width[j] = width[j] > length ? width[j] : length;
		}
	}
	for (size_t i = 0; i < tables->site_count; i++) {
		for (int j = 0; j < COLUMN_COUNT; j++) {
			printf("%-*s  ", width[j], lines[i][j]);
			free(lines[i][j]);
		}
		printf("%2u  ", tables->sites[i].length);
		print_end(tables, i);
	}
	free(lines);
	demangler_free(&demangler);
}
