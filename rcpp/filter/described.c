// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * All entries of the unit are kept, in their order: an entry's children follow it, up to the first
 * entry whose parent precedes it. The parents are the scopes; the type of a variable has the
 * fields. If an entry is the definition or an instance of another one, that one has the name and
 * the scopes.
 */
#include <stdlib.h>
#include "described.h"
#include "memory.h"

/* What damaged debug information must not make endless. */
#define CHAIN_MAX      16  /* types and declarations behind one another */
#define SCOPES_MAX     256 /* scopes in one another */
#define STRUCTURES_MAX 256 /* structures that are looked into for one field */

/* --- entries of the debug information -------------------------------------------------------- */

static void read_location(struct described *unit, const struct debug_attribute *attribute,
			  struct described_entry *entry)
{
	entry->piece = unit->pieces.count;
	debug_unit_location(&unit->debug, attribute, &unit->pieces);
	entry->piece_count = unit->pieces.count - entry->piece;
}

static void read_attribute(struct debug_unit *unit, const struct debug_attribute *attribute,
			   struct described_entry *entry)
{
	bool known;

	switch (attribute->name) {
	case ATTRIBUTE_NAME:
		entry->name = debug_unit_string(unit, attribute);
		break;
	case ATTRIBUTE_LINKAGE_NAME:
		entry->linkage_name = debug_unit_string(unit, attribute);
		break;
	case ATTRIBUTE_EXPORT_SYMBOLS:
		entry->exports = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_DECLARATION:
		entry->declaration = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_BYTE_SIZE:
		entry->size = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_BIT_SIZE:
		debug_unit_skip(unit, attribute);
		entry->bits = true;
		break;
	case ATTRIBUTE_MEMBER_LOCATION:
		entry->placed = debug_unit_is_number(attribute);
		entry->place = debug_unit_number(unit, attribute);
		break;
	case ATTRIBUTE_UPPER_BOUND:
	case ATTRIBUTE_COUNT:
		known = debug_unit_is_number(attribute);
		entry->count = debug_unit_number(unit, attribute) +
			       (attribute->name == ATTRIBUTE_UPPER_BOUND);
		entry->count = known ? entry->count : 0;
		break;
	case ATTRIBUTE_TYPE:
		entry->type = debug_unit_reference(unit, attribute, &entry->unknown);
		break;
	case ATTRIBUTE_ABSTRACT_ORIGIN:
	case ATTRIBUTE_SPECIFICATION:
		entry->origin = debug_unit_reference(unit, attribute, &entry->unknown);
		break;
	default:
		debug_unit_skip(unit, attribute);
	}
}

static struct described_entry *find_entry(const struct described *unit, uint32_t offset)
{
	uint32_t low = 0, high = unit->entry_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (unit->entries[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < unit->entry_count && unit->entries[low].offset == offset ? &unit->entries[low]
									      : NULL;
}

/* What a definition defines: the declaration has the name and the scopes. */
static const struct described_entry *declaration_of(const struct described *unit,
						    const struct described_entry *entry)
{
	for (int i = 0; entry && entry->origin && i < CHAIN_MAX; i++)
		entry = find_entry(unit, entry->origin);
	return entry;
}

/* The entry that is open at each depth. */
struct open_entries {
	uint32_t *numbers;
	uint32_t space;
};

static void open_entry(struct open_entries *open, uint32_t depth, uint32_t number)
{
	while (open->space <= depth)
		open->numbers =
			make_room(open->numbers, open->space, &open->space, sizeof *open->numbers);
	open->numbers[depth] = number;
}

static void keep_entry(struct described *unit, const struct described_entry *entry)
{
	unit->entries = make_room(unit->entries, unit->entry_count, &unit->entry_space,
				  sizeof *unit->entries);
	unit->entries[unit->entry_count++] = *entry;
}

static bool read_entries(struct described *unit)
{
	struct open_entries open = {0};
	struct debug_entry found;

	while (debug_unit_next(&unit->debug, &found)) {
		struct described_entry entry = {
			.offset = found.offset, .tag = found.tag, .same = NO_ENTRY};

		entry.parent = found.depth > 1 ? open.numbers[found.depth - 1] : NO_ENTRY;
		open_entry(&open, found.depth, unit->entry_count);
		for (uint32_t i = 0; i < found.count; i++) {
			if (found.attributes[i].name == ATTRIBUTE_LOCATION)
				read_location(unit, &found.attributes[i], &entry);
			else
				read_attribute(&unit->debug, &found.attributes[i], &entry);
		}
		keep_entry(unit, &entry);
	}
	free(open.numbers);
	return debug_unit_complete(&unit->debug);
}

/* A static member of a class is a member in DWARF 4. */
static void index_variables(struct described *unit)
{
	for (uint32_t i = 0; i < unit->entry_count; i++) {
		struct described_entry *entry = &unit->entries[i];
		const struct described_entry *declaration = declaration_of(unit, entry);
		uint32_t *last;

		if (!declaration || !declaration->name.length ||
		    (entry->tag != TAG_VARIABLE && entry->tag != TAG_MEMBER))
			continue;
		last = names_add(&unit->variables, declaration->name, NO_ENTRY);
		entry->same = *last;
		*last = i;
	}
}

/* --- scopes --------------------------------------------------------------------------------- */

static const struct described_entry *parent_of(const struct described *unit,
					       const struct described_entry *entry)
{
	return entry->parent == NO_ENTRY ? NULL : &unit->entries[entry->parent];
}

static bool is_scope(const struct described_entry *entry)
{
	switch (entry->tag) {
	case TAG_NAMESPACE:
	case TAG_CLASS:
	case TAG_STRUCTURE:
	case TAG_UNION:
	case TAG_SUBPROGRAM:
		return true;
	default:
		return false;
	}
}

/* Cuts the last scope off a::b:: */
static struct span cut_scope(struct span *scopes)
{
	struct span scope = {scopes->text, scopes->length - 2};
	const char *colons;

	while ((colons = memmem(scope.text, scope.length, "::", 2)))
		scope = span_from(scope, colons + 2);
	scopes->length = (size_t)(scope.text - scopes->text);
	return scope;
}

/* Does a path leave the scope out? clang has functions without a name, which no path leads to. */
static bool is_left_out(const struct described_entry *scope, struct span scopes)
{
	if (!scope->name.length)
		return scope->tag != TAG_SUBPROGRAM;
	return !is_scope(scope) ||
	       (scope->exports && !(scopes.length && span_equal(cut_scope(&scopes), scope->name)));
}

/*
 * Are these the scopes that the entry is in? Blocks, and namespaces without a name or inline, may
 * be left out. :: in front of all is an empty scope.
 */
bool described_in_scopes(const struct described *unit, const struct described_entry *entry,
			 struct span scopes)
{
	entry = declaration_of(unit, entry);
	for (int i = 0; entry && i < SCOPES_MAX; i++) {
		entry = parent_of(unit, entry);
		if (!entry)
			return !scopes.length || (scopes.length == 2 && *scopes.text == ':');
		entry = declaration_of(unit, entry);
		if (!entry || is_left_out(entry, scopes))
			continue;
		if (!scopes.length || !span_equal(cut_scope(&scopes), entry->name))
			return false;
	}
	return false;
}

/* --- fields --------------------------------------------------------------------------------- */

/* Behind names, qualifiers and forward declarations; NULL: it is not known. */
static const struct described_entry *type_of(const struct described *unit,
					     const struct described_entry *entry)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		entry = entry->unknown || !entry->type ? NULL : find_entry(unit, entry->type);
		if (!entry)
			return NULL;
		switch (entry->tag) {
		case TAG_TYPEDEF:
		case TAG_CONST:
		case TAG_VOLATILE:
		case TAG_RESTRICT:
		case TAG_ATOMIC:
			break;
		default:
			return entry;
		}
	}
	return NULL;
}

static bool is_inside(const struct described *unit, const struct described_entry *outer,
		      const struct described_entry *inner)
{
	return inner < unit->entries + unit->entry_count && inner->parent != NO_ENTRY &&
	       &unit->entries[inner->parent] >= outer;
}

static uint64_t size_of(const struct described *unit, const struct described_entry *type)
{
	const struct described_entry *element = type;
	uint64_t count = 1;

	if (type->tag == TAG_POINTER || type->tag == TAG_REFERENCE ||
	    type->tag == TAG_RVALUE_REFERENCE)
		return 8;
	if (type->tag != TAG_ARRAY)
		return type->size;
	element = type_of(unit, type);
	for (const struct described_entry *range = type + 1; is_inside(unit, type, range); range++)
		if (range->tag == TAG_SUBRANGE)
			count *= range->count;
	return element && element->tag != TAG_ARRAY ? count * size_of(unit, element) : 0;
}

/* A field, or the whole. */
struct field {
	uint64_t offset;
	const struct described_entry *member, *type;
};

static bool find_member(const struct described *unit, struct field *field, struct span name,
			uint32_t *left);

/* Is it in this member, which has no name, or in this base class? */
static bool find_inside(const struct described *unit, struct field *field,
			const struct described_entry *member, struct span name, uint32_t *left)
{
	struct field inner = {field->offset + member->place, member, type_of(unit, member)};

	if (!inner.type || !*left)
		return false;
	--*left;
	if (!find_member(unit, &inner, name, left))
		return false;
	*field = inner;
	return true;
}

/* Replaces a structure by one of its members. */
static bool find_member(const struct described *unit, struct field *field, struct span name,
			uint32_t *left)
{
	const struct described_entry *structure = field->type;

	for (const struct described_entry *member = structure + 1;
	     is_inside(unit, structure, member); member++) {
		bool named = member->tag == TAG_MEMBER && member->name.length;

		if (&unit->entries[member->parent] != structure || member->declaration ||
		    (member->tag != TAG_MEMBER && member->tag != TAG_INHERITANCE) ||
		    (!member->placed && !member->bits && structure->tag != TAG_UNION))
			continue;
		if (named && span_equal(member->name, name)) {
			*field = (struct field){field->offset + member->place, member,
						type_of(unit, member)};
			return field->type;
		}
		if (!named && find_inside(unit, field, member, name, left))
			return true;
	}
	return false;
}

/* Cuts the first name off .a.b */
static struct span cut_field(struct span *fields)
{
	struct span field = span_from(*fields, fields->text + 1);
	const char *dot = memchr(field.text, '.', field.length);

	if (dot)
		field.length = (size_t)(dot - field.text);
	*fields = span_from(*fields, field.text + field.length);
	return field;
}

static bool find_field(const struct described *unit, struct field *field, struct span fields)
{
	while (fields.length) {
		uint32_t left = STRUCTURES_MAX;

		if (!find_member(unit, field, cut_field(&fields), &left))
			return false;
	}
	return true;
}

bool described_part_of(const struct described *unit, const struct described_entry *variable,
		       struct span fields, struct described_part *part)
{
	struct field field = {.type = type_of(unit, declaration_of(unit, variable))};

	if (!field.type || !find_field(unit, &field, fields))
		return false;
	*part = (struct described_part){field.offset, size_of(unit, field.type),
					field.member && field.member->bits};
	return true;
}

/* --- all of it ------------------------------------------------------------------------------ */

bool described_read(struct described *unit, struct span text)
{
	bool read = debug_unit_open(&unit->debug, text);

	if (read) {
		debug_unit_read_strings(&unit->debug);
		read = read_entries(unit);
	}
	if (read)
		index_variables(unit);
	return read;
}

const struct described_entry *described_find(const struct described *unit, struct span name)
{
	const uint32_t *last = names_find(&unit->variables, name);

	return last ? &unit->entries[*last] : NULL;
}

const struct described_entry *described_next(const struct described *unit,
					     const struct described_entry *variable)
{
	return variable->same == NO_ENTRY ? NULL : &unit->entries[variable->same];
}

void described_free(struct described *unit)
{
	debug_unit_free(&unit->debug);
	free(unit->entries);
	free(unit->pieces.list);
	names_free(&unit->variables);
}
