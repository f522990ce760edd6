/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --stats: how many references there are, what became of them, and how many writes come too late.
 * Kinds are the headings of the rules file, so a new heading needs nothing here.
 */
#ifndef STATS_H
#define STATS_H

#include <stdio.h>
#include "sites.h"

struct stats {
	struct kind_count {
		const char *kind;
		unsigned long sites, fused;
	} * kinds;
	uint32_t kind_count, kind_space;
	unsigned long references, sites;
	unsigned long written; /* stores.h; they are no references */
	unsigned long reasons[REASON_COUNT];
};

/* Count a reference of this list. */
void stats_add(struct stats *stats, const struct site_list *sites,
	       const struct reference *reference);
/* Write the counts of a file with this name. */
void stats_print(FILE *file, const struct stats *stats, enum stats_format format, struct span name);
void stats_free(struct stats *stats);

#endif
