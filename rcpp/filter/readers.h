/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What reads the flags of a compare. In come a compare, and what becomes of the instructions that
 * read its flags: they are settled (conditions.c), or mirrored (turn.c). Out go their sites, at the
 * end of the list, and whether these are all that read the flags, on any path from the compare.
 */
#ifndef READERS_H
#define READERS_H

#include "sites.h"

#define CONDITION_BELOW 2 /* of the hardware: the carry is set */

/* What becomes of the instructions that read a compare's flags. */
struct readers {
	enum rule_role role;		 /* they are settled, or mirrored */
	resources flags;		 /* which flags will not be what they were */
	struct site_condition condition; /* of those that are settled: the compare */
	uint8_t guard; /* of those that are mirrored: when the compare is turned */
};

/*
 * Walk down from a compare as long as its flags are those that are read, past branches, and append
 * what is settled or mirrored of that. Returns true if nothing else reads them on any way.
 */
bool readers_find(struct site_list *list, struct function *function, uint32_t compare,
		  const struct readers *readers);

/* Is any of these live where the branch goes, if it goes? */
bool live_at_target(const struct function *function, const struct item *branch, resources set);

#endif
