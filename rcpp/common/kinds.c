// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A heading in, its kind out; names of kinds in and out. */
#include <string.h>
#include "kinds.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const names[] = {"moves", "arithmetic", "shifts",   "branches",
				    "calls", "divisions",  "addresses"};

static const struct {
	const char *heading;
	enum kind kind;
} headings[] = {
	{"move", KIND_MOVES},	      {"push", KIND_MOVES},
	{"conditional", KIND_MOVES},  {"arithmetic", KIND_ARITHMETIC},
	{"compare", KIND_ARITHMETIC}, {"turned", KIND_ARITHMETIC},
	{"bits", KIND_ARITHMETIC},    {"shift", KIND_SHIFTS},
	{"branch", KIND_BRANCHES},    {"call", KIND_CALLS},
	{"division", KIND_DIVISIONS}, {"addressing", KIND_ADDRESSES},
};

unsigned kind_named(const char *name, unsigned length)
{
	for (unsigned i = 0; i < COUNT(names); i++)
		if (strlen(names[i]) == length && !memcmp(names[i], name, length))
			return 1U << i;
	return 0;
}

unsigned kind_of_heading(const char *heading)
{
	for (unsigned i = 0; i < COUNT(headings); i++)
		if (!strcmp(headings[i].heading, heading))
			return headings[i].kind;
	return 0;
}

const char *kinds_next(unsigned set, unsigned *at)
{
	while (*at < COUNT(names))
		if (set >> (*at)++ & 1)
			return names[*at - 1];
	return NULL;
}
