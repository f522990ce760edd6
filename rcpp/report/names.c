// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A place in a variable in, the field's name as the source has it out. libdw reads the debug
 * information, of either compiler and either version; types.c follows a type to a field. Here all
 * variables with a fixed address are listed once, in the order of their addresses: static ones in
 * functions and classes too. The best name of a variable is its symbol if that is a C++ name (the
 * caller has it), else the DIE's name after that of its function.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "names.h"
#include "types.h"

#define DEPTH_MAX 256 /* of DIEs in DIEs: sources nest less, damaged files may not end */

struct variable {
	uint64_t address;
	Dwarf_Die die;
	char *name; /* NULL: it has none */
};

struct names {
	Dwarf *dwarf;
	struct variable *variables;
	size_t count, space;
};

/* The address of a variable by its location, if that is nothing but an address. */
static bool address_of(Dwarf_Die *die, uint64_t *address)
{
	Dwarf_Attribute attribute, operand;
	Dwarf_Op *operations;
	size_t count;

	if (!dwarf_attr(die, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &operations, &count) || !count)
		return false;
	if (operations[0].atom == DW_OP_addr)
		*address = operations[0].number;
	else if (dwarf_getlocation_attr(&attribute, operations, &operand) ||
		 dwarf_formaddr(&operand, address))
		return false;
	if (count == 2 && operations[1].atom == DW_OP_plus_uconst)
		*address += operations[1].number;
	return count == 1 || (count == 2 && operations[1].atom == DW_OP_plus_uconst);
}

static char *scoped_name(const char *function, const char *name)
{
	char *text;

	if (!name || asprintf(&text, "%s%s%s", function, *function ? "::" : "", name) < 0)
		return NULL;
	return text;
}

static void add(struct names *names, Dwarf_Die *die, const char *function)
{
	struct variable variable = {.die = *die};

	if (!address_of(die, &variable.address))
		return;
	variable.name = scoped_name(function, dwarf_diename(die));
	if (names->count == names->space) {
		names->space = names->space ? 2 * names->space : 256;
		names->variables = dump_grow(names->variables, names->space, sizeof variable);
	}
	names->variables[names->count++] = variable;
}

/* Adds the variables in a DIE and in what it holds. */
static void walk(struct names *names, Dwarf_Die *parent, const char *function, int depth)
{
	Dwarf_Die die;

	if (depth > DEPTH_MAX || dwarf_child(parent, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		const char *name = tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine
					   ? dwarf_diename(&die)
					   : NULL;

		if (tag == DW_TAG_variable)
			add(names, &die, function);
		else
			walk(names, &die, name ? name : function, depth + 1);
	} while (!dwarf_siblingof(&die, &die));
}

static int compare(const void *left, const void *right)
{
	const struct variable *a = left, *b = right;

	return a->address < b->address ? -1 : a->address > b->address;
}

struct names *names_open(const struct program *program)
{
	struct names *names = dump_allocate(1, sizeof *names);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	names->dwarf = dwarf_begin_elf(program->elf, DWARF_C_READ, NULL);
	while (names->dwarf && !dwarf_get_units(names->dwarf, unit, &unit, NULL, NULL, &die, NULL))
		walk(names, &die, "", 0);
	if (names->count)
		qsort(names->variables, names->count, sizeof *names->variables, compare);
	return names;
}

void names_close(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->count; i++)
		free(names->variables[i].name);
	free(names->variables);
	dwarf_end(names->dwarf);
	free(names);
}

static struct variable *find(const struct names *names, uint64_t address)
{
	const struct variable key = {.address = address};

	if (!names->count || !address)
		return NULL;
	return bsearch(&key, names->variables, names->count, sizeof key, compare);
}

static bool is_cxx(const char *name)
{
	return strstr(name, "::") || !strncmp(name, "_Z", 2);
}

char *names_of(const struct names *names, const struct names_place *place)
{
	struct variable *variable = find(names, place->variable);
	const char *name =
		variable && variable->name && !is_cxx(place->name) ? variable->name : place->name;
	struct type_place rest = {place->offset, place->size, place->indexed};
	Dwarf_Die type;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return strcpy(dump_allocate(strlen(name) + 1, 1), name);
	fputs(name, out);
	if (variable && rest.offset >= 0 && type_of(&variable->die, &type))
		type_describe(out, &type, &rest);
	if (rest.offset)
		fprintf(out, "%+" PRId64, rest.offset);
	fclose(out);
	return text;
}

bool names_array(const struct names *names, const struct names_place *place, int64_t *start,
		 int64_t *end)
{
	struct variable *variable = find(names, place->variable);
	struct type_place at = {place->offset, place->size, true};
	Dwarf_Die type;

	return variable && at.offset >= 0 && type_of(&variable->die, &type) &&
	       type_array(&type, &at, start, end);
}

bool names_object(const struct names *names, const struct names_place *place, int64_t *start,
		  int64_t *end)
{
	struct variable *variable = find(names, place->variable);
	Dwarf_Die type;

	return variable && type_of(&variable->die, &type) &&
	       type_object(&type, place->offset, start, end);
}

bool names_scalar(const struct names *names, const struct names_place *place)
{
	struct variable *variable = find(names, place->variable);
	struct type_place at = {place->offset, place->size, false};
	Dwarf_Die type;

	return variable && at.offset >= 0 && type_of(&variable->die, &type) &&
	       type_is_scalar(&type, &at);
}
