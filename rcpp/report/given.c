// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The text of --value in, bytes in the variable's memory out. The name is looked up among the
 * file's symbols. A name that means several variables (static ones of several files) is refused:
 * which one is meant decides what the code becomes.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"

#define VALUE_SIZE 8 /* no reference reads more bytes at once */

/* Bytes of a variable. */
struct place {
	uint64_t address; /* of the file */
	uint64_t size;	  /* 0: not known */
};

static bool refuse(struct loaded *loaded, const char *text, const char *why)
{
	return dump_fail(loaded->image, "--value %s: %s", text, why);
}

/* A number that ends at `end`. Negative ones wrap around, as in C. */
static bool read_number(const char *text, const char *end, uint64_t *number)
{
	bool negative = *text == '-';
	char *stop;

	if (text == end || text[negative] < '0' || text[negative] > '9')
		return false;
	errno = 0;
	*number = strtoull(text + negative, &stop, 0);
	if (errno || stop != end || (negative && *number > UINT64_C(1) << 63))
		return false;
	*number = negative ? -*number : *number;
	return true;
}

static bool is_named(const struct dump_symbol *symbol, const char *name, size_t length)
{
	return !strncmp(symbol->name, name, length) && !symbol->name[length];
}

/* How many different symbols of the index have this name? The last one goes to *found. */
static size_t find_named(const struct dump_index *index, const char *name, size_t length,
			 const struct dump_symbol **found)
{
	size_t count = 0;

	for (size_t i = 0; i < index->count; i++) {
		if (!is_named(index->symbol[i], name, length))
			continue;
		count += !count || (*found)->value != index->symbol[i]->value;
		*found = index->symbol[i];
	}
	return count;
}

static bool find_variable(struct loaded *loaded, const char *text, size_t length,
			  struct place *place)
{
	const struct dump_symbol *symbol;

	if (read_number(text, text + length, &place->address)) {
		place->size = 0;
		return true;
	}
	switch (find_named(&loaded->image->objects, text, length, &symbol)) {
	case 0:
		return refuse(loaded, text,
			      "the file has no variable of this name: rcpp-dump lists those of its "
			      "sites");
	case 1:
		*place = (struct place){symbol->value, symbol->size};
		return true;
	default:
		return refuse(loaded, text,
			      "several variables have this name: give the address of one "
			      "(see nm) and the length, as in 0x4010:4=1");
	}
}

/* What stands behind the name: "+OFF", ":LEN", both or nothing. */
static bool read_part(struct loaded *loaded, const char *text, const char *part, const char *end,
		      struct place *place)
{
	const char *colon = memchr(part, ':', (size_t)(end - part));
	const char *stop = colon ? colon : end;
	uint64_t offset = 0, length = 0;
	bool fine = part == stop || read_number(part + 1, stop, &offset);

	if (fine && colon)
		fine = read_number(colon + 1, end, &length) && length;
	if (!fine)
		return refuse(loaded, text,
			      "write it as NAME=V or NAME+OFFSET:LENGTH=V, with V a number or the "
			      "name of a function or variable");
	if (place->size && (offset >= place->size || length > place->size - offset))
		return refuse(loaded, text, "that is outside of the variable: see its size by nm");
	place->address += offset;
	place->size = colon ? length : place->size ? place->size - offset : 0;
	return true;
}

static bool read_place(struct loaded *loaded, const char *text, const char *equals,
		       struct place *place)
{
	size_t length = strcspn(text, "+:=");

	if (!find_variable(loaded, text, length, place) ||
	    !read_part(loaded, text, text + length, equals, place))
		return false;
	if (!place->size || place->size > VALUE_SIZE)
		return refuse(loaded, text,
			      "the variable is no single number: name 1 to 8 bytes of it, as in "
			      "NAME+8:4=V");
	return loaded_at(loaded, place->address, place->size) ||
	       refuse(loaded, text, "that is outside of the program's memory");
}

/* The address of a function or variable, where the program runs. */
static bool find_address(struct loaded *loaded, const char *name, uint64_t *value)
{
	const struct dump_image *image = loaded->image;
	const struct dump_symbol *symbol;

	if (find_named(&image->functions, name, strlen(name), &symbol) != 1 &&
	    find_named(&image->objects, name, strlen(name), &symbol) != 1)
		return false;
	*value = symbol->value + loaded->base;
	return true;
}

/* With a sign or without one. */
static bool fits(uint64_t value, uint64_t size)
{
	unsigned unused = 64 - 8 * (unsigned)size;
	int64_t extended = (int64_t)(value << unused) >> unused;

	return value << unused >> unused == value || (uint64_t)extended == value;
}

bool given_value(struct loaded *loaded, const char *text)
{
	const char *equals = strchr(text, '=');
	struct place place;
	uint64_t value;

	if (!equals)
		return refuse(loaded, text, "it has no value: write NAME=V");
	if (!read_place(loaded, text, equals, &place))
		return false;
	if (!read_number(equals + 1, strchr(equals, '\0'), &value) &&
	    !find_address(loaded, equals + 1, &value))
		return refuse(loaded, text,
			      "the value is neither a number nor the name of one function or "
			      "variable");
	if (!fits(value, place.size))
		return refuse(loaded, text, "the value does not fit into the variable");
	memcpy(loaded_at(loaded, place.address, place.size), &value, place.size);
	return true;
}
