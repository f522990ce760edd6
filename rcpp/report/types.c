// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A type and an offset in, the way to the field there out: member by member, and element by element
 * of arrays. In a union the first member that is large enough gives the name; bit-fields are found
 * by their bits, which gcc's DWARF 4 counts from the opposite end to DWARF 5.
 */
#include <dwarf.h>
#include <inttypes.h>
#include "types.h"

#define DEPTH_MAX 64 /* of types in types */

/* Bits of a structure. */
struct bits {
	uint64_t start, size;
	bool field; /* a bit-field */
};

static bool number_of(Dwarf_Die *die, unsigned name, uint64_t *number)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(die, name, &attribute) && !dwarf_formudata(&attribute, number);
}

bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Die named;

	return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, &named) && !dwarf_peel_type(&named, type);
}

static uint64_t size_of(Dwarf_Die *type)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(type, &size) ? 0 : size;
}

/* Where a member begins, in bytes: a number, or in old versions an expression that adds it. */
static uint64_t member_start(Dwarf_Die *member)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operations;
	uint64_t start;
	size_t count;

	if (number_of(member, DW_AT_data_member_location, &start))
		return start;
	if (dwarf_attr_integrate(member, DW_AT_data_member_location, &attribute) &&
	    !dwarf_getlocation(&attribute, &operations, &count) && count == 1 &&
	    operations[0].atom == DW_OP_plus_uconst)
		return operations[0].number;
	return 0;
}

static struct bits bits_of(Dwarf_Die *member, Dwarf_Die *type)
{
	struct bits bits = {.start = member_start(member) * 8, .size = size_of(type) * 8};
	uint64_t size, from_top, storage = bits.size;

	if (!number_of(member, DW_AT_bit_size, &size))
		return bits;
	bits.field = true;
	if (number_of(member, DW_AT_bit_offset, &from_top)) {
		if (number_of(member, DW_AT_byte_size, &storage))
			storage *= 8;
		bits.start += storage - from_top - size;
	} else if (number_of(member, DW_AT_data_bit_offset, &from_top)) {
		bits.start += from_top;
	}
	bits.size = size;
	return bits;
}

static bool overlaps(struct bits bits, const struct type_place *place)
{
	uint64_t start = (uint64_t)place->offset * 8, size = place->size ? place->size * 8 : 8;

	if (!bits.field)
		size = 1; /* the member that holds the first byte */
	return bits.start < start + size && bits.start + bits.size > start;
}

/* The first member at the place. An array without a length, at the end, has all that follows. */
static bool find_member(Dwarf_Die *structure, const struct type_place *place, Dwarf_Die *member,
			Dwarf_Die *type, struct bits *bits)
{
	if (dwarf_child(structure, member))
		return false;
	do {
		int tag = dwarf_tag(member);

		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || !type_of(member, type))
			continue;
		*bits = bits_of(member, type);
		if (overlaps(*bits, place) ||
		    (!bits->size && dwarf_tag(type) == DW_TAG_array_type &&
		     bits->start <= (uint64_t)place->offset * 8))
			return true;
	} while (!dwarf_siblingof(member, member));
	return false;
}

/* Elements in one dimension; 0: not known. */
static uint64_t elements(Dwarf_Die *range)
{
	uint64_t number;

	if (number_of(range, DW_AT_count, &number))
		return number;
	return number_of(range, DW_AT_upper_bound, &number) ? number + 1 : 0;
}

/* How many elements of the innermost type the dimensions behind this one have. */
static uint64_t elements_behind(Dwarf_Die *range)
{
	Dwarf_Die next = *range;
	uint64_t count = 1;

	while (!dwarf_siblingof(&next, &next))
		if (dwarf_tag(&next) == DW_TAG_subrange_type)
			count *= elements(&next);
	return count;
}

/* Writes "[i][j]" and leaves the offset in the element. */
static bool describe_element(FILE *out, Dwarf_Die *array, Dwarf_Die *type, struct type_place *place)
{
	uint64_t size = type_of(array, type) ? size_of(type) : 0;
	Dwarf_Die range;

	if (!size || dwarf_child(array, &range))
		return false;
	do {
		uint64_t step = size * elements_behind(&range);

		if (dwarf_tag(&range) != DW_TAG_subrange_type || !step)
			continue;
		if (place->indexed)
			fputs("[]", out);
		else
			fprintf(out, "[%" PRIu64 "]", (uint64_t)place->offset / step);
		place->offset = (int64_t)((uint64_t)place->offset % step);
	} while (!dwarf_siblingof(&range, &range));
	return true;
}

/* Whether a bit-field behind this one is at the place, too. */
static bool shares_place(Dwarf_Die *member, const struct type_place *place)
{
	Dwarf_Die next = *member, type;

	while (!dwarf_siblingof(&next, &next))
		if (dwarf_tag(&next) == DW_TAG_member && type_of(&next, &type) &&
		    overlaps(bits_of(&next, &type), place))
			return true;
	return false;
}

/* Writes ".member" and leaves the offset in it. Returns whether there may be more behind that. */
static bool describe_member(FILE *out, Dwarf_Die *structure, Dwarf_Die *type,
			    struct type_place *place)
{
	Dwarf_Die member;
	struct bits bits;
	const char *name;

	if (!find_member(structure, place, &member, type, &bits))
		return false;
	name = dwarf_tag(&member) == DW_TAG_member ? dwarf_diename(&member) : NULL;
	if (name)
		fprintf(out, ".%s", name);
	if (!bits.field) {
		place->offset -= (int64_t)(bits.start / 8);
		return true;
	}
	if (shares_place(&member, place))
		fputs("...", out);
	*place = (struct type_place){0};
	return false;
}

static bool is_structure(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

void type_describe(FILE *out, Dwarf_Die *type, struct type_place *place)
{
	Dwarf_Die at = *type, inner;
	uint64_t size;
	bool more = true;

	for (int depth = 0; more && depth < DEPTH_MAX; depth++) {
		int tag = dwarf_tag(&at);

		if (is_structure(tag))
			more = describe_member(out, &at, &inner, place);
		else if (tag == DW_TAG_array_type)
			more = describe_element(out, &at, &inner, place);
		else
			break;
		if (more)
			at = inner;
	}
	size = size_of(&at);
	if (size && place->size && (uint64_t)place->offset + place->size > size)
		fputs("...", out);
}

/* From a structure to its member at the place. false: there is none, or it is a bit-field. */
static bool enter_member(Dwarf_Die *at, struct type_place *place, int64_t *start)
{
	Dwarf_Die member, inner;
	struct bits bits;

	if (!find_member(at, place, &member, &inner, &bits) || bits.field)
		return false;
	*start += (int64_t)(bits.start / 8);
	place->offset -= (int64_t)(bits.start / 8);
	*at = inner;
	return true;
}

bool type_array(Dwarf_Die *type, struct type_place *place, int64_t *start, int64_t *end)
{
	Dwarf_Die at = *type;

	*start = 0;
	for (int depth = 0; depth < DEPTH_MAX && is_structure(dwarf_tag(&at)); depth++)
		if (!enter_member(&at, place, start))
			return false;
	*end = *start + (int64_t)size_of(&at);
	return dwarf_tag(&at) == DW_TAG_array_type && *end > *start;
}

/* From an array to its element at the place. */
static bool enter_element(Dwarf_Die *at, struct type_place *place)
{
	Dwarf_Die inner;
	uint64_t size = type_of(at, &inner) ? size_of(&inner) : 0;

	if (!size)
		return false;
	place->offset = (int64_t)((uint64_t)place->offset % size);
	*at = inner;
	return true;
}

bool type_is_scalar(Dwarf_Die *type, struct type_place *place)
{
	Dwarf_Die at = *type;
	int64_t start = 0;

	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		int tag = dwarf_tag(&at);

		if (!is_structure(tag) && tag != DW_TAG_array_type)
			return !place->offset && place->size == size_of(&at);
		if (!(is_structure(tag) ? enter_member(&at, place, &start)
					: enter_element(&at, place)))
			return false;
	}
	return false;
}

bool type_object(Dwarf_Die *type, int64_t offset, int64_t *start, int64_t *end)
{
	struct type_place place = {.offset = offset};
	Dwarf_Die at = *type;

	*start = 0;
	for (int depth = 0; depth < DEPTH_MAX && place.offset && is_structure(dwarf_tag(&at));
	     depth++)
		if (!enter_member(&at, &place, start))
			return false;
	*end = *start + (int64_t)size_of(&at);
	return *end > *start && offset > 0 &&
	       (!place.offset || dwarf_tag(&at) == DW_TAG_array_type);
}
