/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An output file that is written whole or not at all. One at a time. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct output {
	FILE *file;
	char *temporary; /* its name until it is complete; NULL: straight to a stream or a device */
};

/* Begin to write `name`, or standard output for NULL or "-". Returns false with errno set. */
bool output_open(struct output *output, const char *name);

/*
 * End it, with the same name; `keep` says whether it has become what it was to become. Also after
 * an output_open() that failed. Returns false with errno set if it could not be written.
 */
bool output_close(struct output *output, const char *name, bool keep);

#endif
