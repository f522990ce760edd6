// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A list for rcpp --symbols-from in, each name with what it matches out. rcpp itself sees one unit
 * at a time, so a misspelled name looks to it like one that another unit uses. Here the whole
 * program is known: its symbols, its sites, and the references of the files that were given.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "list.h"
#include "list_line.h"

/* NAME or NAME+OFF:LEN. */
static bool parse(struct list_entry *entry, const char *text)
{
	char *end;

	entry->name = strcspn(text, "+");
	if (!entry->name || strpbrk(text, " \t,"))
		return false;
	if (!text[entry->name])
		return true;
	errno = 0;
	entry->offset = strtoll(text + entry->name + 1, &end, 0);
	if (end == text + entry->name + 1 || *end != ':')
		return false;
	text = end + 1;
	entry->length = strtoll(text, &end, 0);
	return end != text && !*end && !errno && entry->offset >= 0 && entry->length > 0;
}

static bool add(struct list *list, const char *text)
{
	struct list_entry entry = {0};

	if (!parse(&entry, text))
		return false;
	entry.text = strcpy(dump_allocate(strlen(text) + 1, 1), text);
	list->entries = dump_grow(list->entries, list->count + 1, sizeof entry);
	list->entries[list->count++] = entry;
	return true;
}

static bool wrong_line(const char *path, unsigned number)
{
	fprintf(stderr, "%s:%u: error: no symbol: write NAME or NAME+OFF:LEN, one a line\n", path,
		number);
	return false;
}

bool list_read(struct list *list, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool done = true;

	list->path = path;
	if (!file)
		return report_error(path, "cannot read it: %s: give a list of symbols",
				    strerror(errno));
	for (unsigned number = 1; done && getline(&line, &size, file) > 0; number++) {
		const char *text = list_line(line);

		done = !*text || add(list, text) || wrong_line(path, number);
	}
	if (done && ferror(file))
		done = report_error(path, "cannot read it: %s: give a list of symbols",
				    strerror(errno));
	free(line);
	fclose(file);
	return done;
}

static bool names(const struct list_entry *entry, const char *symbol)
{
	return symbol && !strncmp(symbol, entry->text, entry->name) && !symbol[entry->name];
}

static void match(struct list_entry *entry, enum list_match match)
{
	if (match < entry->match)
		entry->match = match;
}

/* A reference of this symbol, at this offset. */
static void match_reference(struct list *list, const char *symbol, int64_t offset)
{
	for (size_t i = 0; i < list->count; i++) {
		struct list_entry *entry = &list->entries[i];

		if (!names(entry, symbol))
			continue;
		match(entry, LIST_UNREAD);
		if (!entry->length ||
		    (offset >= entry->offset && offset - entry->offset < entry->length))
			match(entry, LIST_MATCHED);
	}
}

static void match_symbol(struct list *list, const char *symbol)
{
	for (size_t i = 0; i < list->count; i++)
		if (names(&list->entries[i], symbol))
			match(&list->entries[i], LIST_UNREAD);
}

void list_match(struct list *list, const struct program *program, const struct explained *explained,
		const struct profile *profile)
{
	const struct dump_image *image = &program->image;

	for (size_t i = 0; i < list->count; i++)
		list->entries[i].match = LIST_UNKNOWN;
	for (size_t i = 0; i < image->symbol_count; i++)
		match_symbol(list, image->symbols[i].name);
	for (size_t i = 0; i < program->tables.site_count; i++)
		match_reference(list, program->tables.sites[i].symbol,
				program->tables.sites[i].addend);
	for (size_t i = 0; i < explained->count; i++)
		if (!explained->lines[i].written)
			match_reference(list, explained->lines[i].symbol,
					explained->lines[i].offset);
	for (size_t i = 0; i < profile->field_count; i++)
		match_reference(list, profile->fields[i].symbol, profile->fields[i].offset);
}

void list_match_name(struct list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->entries[i].text, name))
			match(&list->entries[i], LIST_MATCHED);
}

void list_free(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->entries[i].text);
	free(list->entries);
	*list = (struct list){0};
}
