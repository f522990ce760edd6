// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Entries in any order in, one for each key out, sorted. They are collected first and merged at the
 * end, so that a build with a million references needs one sort, and no table of keys.
 */
#include <stdlib.h>
#include <string.h>
#include "dump.h"
#include "tally.h"

void tally_add(struct tally *tally, struct tally_entry entry)
{
	if (tally->count == tally->space) {
		tally->space = tally->space ? 2 * tally->space : 64;
		tally->entries = dump_grow(tally->entries, tally->space, sizeof entry);
	}
	if (entry.owned)
		entry.key = entry.owned;
	tally->entries[tally->count++] = entry;
}

static int compare_keys(const void *left, const void *right)
{
	const struct tally_entry *a = left, *b = right;

	return strcmp(a->key, b->key);
}

static int compare_counts(const void *left, const void *right)
{
	const struct tally_entry *a = left, *b = right;
	size_t sum_a = a->sites + a->loads, sum_b = b->sites + b->loads;

	if (sum_a != sum_b)
		return sum_a > sum_b ? -1 : 1;
	return strcmp(a->key, b->key);
}

static void unite(struct tally_entry *entry, struct tally_entry *other)
{
	entry->sites += other->sites;
	entry->loads += other->loads;
	if (!entry->note || !*entry->note)
		entry->note = other->note;
	free(other->owned);
}

void tally_finish(struct tally *tally)
{
	size_t kept = 0;

	if (!tally->count)
		return;
	qsort(tally->entries, tally->count, sizeof *tally->entries, compare_keys);
	for (size_t i = 0; i < tally->count; i++) {
		if (kept && !compare_keys(&tally->entries[kept - 1], &tally->entries[i]))
			unite(&tally->entries[kept - 1], &tally->entries[i]);
		else
			tally->entries[kept++] = tally->entries[i];
	}
	tally->count = kept;
	qsort(tally->entries, tally->count, sizeof *tally->entries, compare_counts);
}

void tally_free(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		free(tally->entries[i].owned);
	free(tally->entries);
	*tally = (struct tally){0};
}
