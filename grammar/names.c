// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Open addressing with linear probing, at most three quarters full. Whoever chooses the names also
 * writes the program, so forced collisions gain nothing but a slow compile.
 */
#include <stdlib.h>
#include "memory.h"
#include "names.h"

static uint32_t *slot_of(const struct names *names, struct span name)
{
	uint32_t at = span_hash(name) & (names->size - 1);

	while (names->slots[at] && !span_equal(name_at(names, names->slots[at] - 1), name))
		at = (at + 1) & (names->size - 1);
	return &names->slots[at];
}

static void grow(struct names *names)
{
	free(names->slots);
	names->size = names->size ? names->size * 2 : 64;
	names->slots = allocate(names->size * sizeof *names->slots);
	memset(names->slots, 0, names->size * sizeof *names->slots);
	for (uint32_t i = 0; i < names->count; i++)
		*slot_of(names, name_at(names, i)) = i + 1;
}

uint32_t *names_add(struct names *names, struct span name, uint32_t initial)
{
	uint32_t *slot;

	if (names->count >= names->size / 4 * 3)
		grow(names);
	slot = slot_of(names, name);
	if (!*slot) {
		names->names =
			make_room(names->names, names->count, &names->space, sizeof *names->names);
		names->names[names->count] =
			(struct name){name.text, (uint32_t)name.length, initial};
		*slot = ++names->count;
		if (name.length) {
			names->first |= (uint64_t)1 << (name.text[0] & 63);
			names->last |= (uint64_t)1 << (name.text[name.length - 1] & 63);
		}
	}
	return &names->names[*slot - 1].value;
}

uint32_t *names_find(const struct names *names, struct span name)
{
	uint32_t *slot;

	if (!names_may_have(names, name))
		return NULL;
	slot = slot_of(names, name);
	return *slot ? &names->names[*slot - 1].value : NULL;
}

void names_free(struct names *names)
{
	free(names->names);
	free(names->slots);
	*names = (struct names){0};
}

struct span unquoted(struct span name)
{
	if (name.length >= 2 && name.text[0] == '"')
		return (struct span){name.text + 1, name.length - 2};
	return name;
}
