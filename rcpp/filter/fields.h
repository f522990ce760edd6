/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of the source in --symbol: server.cluster_enabled, ns::Class::member, and both together. In
 * come options with such names and the text of a unit; out come options with their symbols in this
 * text, fields as symbol+offset:length. The unit's debug information tells them; a name that it
 * does not have is reported, not guessed.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdio.h>
#include "options.h"

struct fields {
	struct options options; /* those that were given, and more symbols */
	struct missing_field {
		struct span name;
		const char *why;
	} * missing;
	uint32_t missing_count, missing_space;
	struct texts owned; /* private: names of these symbols; the text is written to later */
	bool changed;	    /* private: the list of symbols is not the one that was given */
};

/* Resolve what is to be resolved. The options and the text must outlive the result. */
void fields_resolve(struct fields *fields, const struct options *options, struct span text);
/* A line for each name that the text has a use for, and that could not be resolved. */
void fields_explain(const struct fields *fields, FILE *file);
void fields_free(struct fields *fields);

#endif
