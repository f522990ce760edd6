// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "search.h"

static size_t shortest_of(const struct names *names)
{
	size_t shortest = 0;

	for (uint32_t i = 0; i < names->count; i++) {
		size_t length = name_at(names, i).length;

		if (length && (!shortest || length < shortest))
			shortest = length;
	}
	return shortest < UINT8_MAX ? shortest : UINT8_MAX;
}

void search_init(struct search *search, const struct names *names)
{
	size_t shortest = shortest_of(names);

	*search = (struct search){.names = names, .shortest = shortest};
	memset(search->distances, (int)shortest, sizeof search->distances);
	for (uint32_t i = 0; i < names->count; i++)
		for (size_t at = 0; at < shortest && at < names->names[i].length; at++) {
			uint8_t *known = &search->distances[(uint8_t)names->names[i].text[at]];
			uint8_t distance = (uint8_t)(shortest - 1 - at);

			*known = distance < *known ? distance : *known;
		}
}

/* Can a symbol not begin behind this? */
static bool joins(char before)
{
	return is_name(before) || before == '%';
}

struct span search_first(const struct search *search, struct span text)
{
	size_t last = search->shortest - 1; /* of a name that begins at 0 */
	uint8_t distance;

	if (!search->shortest)
		return SPAN("");
	for (size_t at = last; at < text.length; at += distance ? distance : 1) {
		const char *begin = text.text + at - last;
		struct span rest, word;

		distance = search->distances[(uint8_t)text.text[at]];
		if (distance || (begin > text.text && joins(begin[-1])))
			continue;
		rest = span_from(text, begin);
		word = cut_word(&rest);
		if (word.length && names_find(search->names, word))
			return word;
	}
	return SPAN("");
}
