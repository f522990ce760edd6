/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of --symbols-from, and which of its names match nothing. */
#ifndef RCPP_REPORT_LIST_H
#define RCPP_REPORT_LIST_H

#include "profile.h"

enum list_match {
	LIST_MATCHED,
	LIST_UNREAD,  /* PROGRAM has the symbol; no reference of it is in the inputs */
	LIST_UNKNOWN, /* PROGRAM has no such symbol */
};

struct list {
	struct list_entry {
		char *text; /* as in the list, and in it the name */
		size_t name;
		int64_t offset, length; /* length 0: all of the symbol */
		enum list_match match;
	} * entries;
	size_t count;
	const char *path;
};

/* Returns false with a message on standard error if the list cannot be read or is none. */
bool list_read(struct list *list, const char *path);

/* Sets .match of all entries. */
void list_match(struct list *list, const struct program *program, const struct explained *explained,
		const struct profile *profile);
/* A variable that is read has this name in the source, as `rcpp --symbol` takes it, too. */
void list_match_name(struct list *list, const char *name);
void list_free(struct list *list);

#endif
