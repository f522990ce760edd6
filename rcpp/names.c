// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Open addressing with linear probing, at most half full. Who can choose names can also write
 * the program, so nobody gains by collisions but a slow compile.
 */
#include <stdlib.h>
#include "names.h"

static struct name_slot *slot_of(const struct names *names, struct span name, uint32_t hash)
{
	uint32_t at = hash & (names->size - 1);

	while (names->slots[at].name.text &&
	       (names->slots[at].hash != hash || !span_equal(names->slots[at].name, name)))
		at = (at + 1) & (names->size - 1);
	return &names->slots[at];
}

static void grow(struct names *names)
{
	struct names larger = {.size = names->size ? names->size * 2 : 64, .count = names->count};

	larger.slots = allocate(larger.size * sizeof *larger.slots);
	memset(larger.slots, 0, larger.size * sizeof *larger.slots);
	for (uint32_t i = 0; i < names->size; i++)
		if (names->slots[i].name.text)
			*slot_of(&larger, names->slots[i].name, names->slots[i].hash) =
				names->slots[i];
	free(names->slots);
	*names = larger;
}

uint32_t *names_add(struct names *names, struct span name, uint32_t initial)
{
	struct name_slot *slot;
	uint32_t hash = span_hash(name);

	if (names->count * 2 >= names->size)
		grow(names);
	slot = slot_of(names, name, hash);
	if (!slot->name.text) {
		*slot = (struct name_slot){name, hash, initial};
		names->count++;
	}
	return &slot->value;
}

uint32_t *names_find(const struct names *names, struct span name)
{
	struct name_slot *slot;

	if (!names->count)
		return NULL;
	slot = slot_of(names, name, span_hash(name));
	return slot->name.text ? &slot->value : NULL;
}

void names_free(struct names *names)
{
	free(names->slots);
	*names = (struct names){0};
}

struct span unquoted(struct span name)
{
	if (name.length >= 2 && name.text[0] == '"')
		return (struct span){name.text + 1, name.length - 2};
	return name;
}
