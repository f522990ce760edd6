/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What was read from all inputs, and the counts of sites and references made from it. */
#ifndef RCPP_REPORT_SUMMARY_H
#define RCPP_REPORT_SUMMARY_H

#include "list.h"
#include "rows.h"
#include "tally.h"

/* Sites and loads, counted in three ways. */
struct counts {
	size_t sites, loads;
	struct tally kinds, variables, functions;
};

struct inputs {
	struct program program;
	struct explained explained;
	struct profile profile;
	struct list list; /* of --symbols-from */
	bool has_explained, has_profile, has_list;
};

struct report {
	const struct inputs *inputs;
	struct demangler demangler;
	struct names *names;
	struct locator *locator;
	struct counts built;	 /* sites in PROGRAM */
	struct counts explained; /* references in files of --explain */
	struct tally reasons;	 /* why they stayed loads; the note is the advice */
	struct rows rows;
};

void report_make(struct report *report, const struct inputs *inputs);
/* Of the list, what are names in the source of what this report has. */
void report_match_names(struct report *report, struct list *list);
void report_free(struct report *report);

/* The variable that a site, or a line of --explain, reads: as people name it, in new memory. */
char *report_site_variable(struct report *report, const struct dump_site *site);
char *report_line_variable(struct report *report, const struct explained_line *line);

/* Writers of a report: table.c, symbols.c, output_json.c. */
void report_print(struct report *report);
void report_symbols(struct report *report);
void report_json(struct report *report);

/* written.c: what is written outside of init code. */
void report_written(struct report *report);

/* profile_table.c: the table of a profile. */
void report_profile(struct report *report);

#endif
