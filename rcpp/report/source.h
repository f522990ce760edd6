/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The source lines of a program's code, if it has debug information and the files are there. */
#ifndef RCPP_SOURCE_H
#define RCPP_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source;

/* Never fails: a program without debug information has no lines. */
struct source *source_open(const char *program);
void source_close(struct source *source);

/* The place of an address of the file: sets *line, returns the file's name. NULL: unknown. */
const char *source_place(struct source *source, uint64_t address, unsigned *line);

/* The text of a line of a file that source_place() has named; NULL if it cannot be read. */
const char *source_line(struct source *source, const char *file, unsigned line);

/* The last part of a path, for people. */
const char *source_file(const char *path);

#endif
