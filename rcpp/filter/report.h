/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --explain and --stats: what became of each reference, and how many of each there are; and the
 * writes of patchables that come too late (stores.h).
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>
#include "place.h"
#include "stats.h"

struct report {
	const struct options *options;
	FILE *explain; /* the lines, until the end; NULL: not asked for */
	char *lines;
	size_t lines_length;
	int explain_file; /* where they go */
	struct place place;
	struct span source; /* the file, where nothing tells the line; length 0: the input */
	struct stats stats;
};

/* Returns 0, or 1 if the file of --explain cannot be written, with the message printed. */
int report_open(struct report *report, const struct options *options);
/* The text that all functions come from. Call this before the first report_function(). */
void report_text(struct report *report, const char *input_name, struct span text);
void report_function(struct report *report, const struct function *function,
		     const struct site_list *sites);
/*
 * Print the counts and append the lines of --explain, all of them at once: other processes of the
 * same build may write to the same file. `status` is the filter's: after an error nothing is
 * explained. The counts have the name of the source that the input, `text`, comes from. Returns 0
 * or 1, as above.
 */
int report_close(struct report *report, const char *input_name, struct span text, int status);

#endif
