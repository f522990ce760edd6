/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real assembler: which it is, and how it is run so that nothing half-written is left. */
#ifndef ASSEMBLE_H
#define ASSEMBLE_H

/* Prints "rcpp as: error: ..." and ends the program with 1. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

/* After an error no output may be left, or the next `make` takes an old one for the result. */
void remove_output(const char *name);

/*
 * The assembler of this name or path (NULL or "": `as`), as a path in new memory: never this
 * program, wherever PATH leads.
 */
char *find_assembler(const char *name);

/*
 * Run the assembler `path` with words[1] and following, and end as it ends, by its status or its
 * signal. Signals that end this program end it, too. If a signal ends it, `output` is removed, for
 * it may be half-written; so is `input`, unless that is NULL.
 */
__attribute__((noreturn)) void run_assembler(char *path, char **words, const char *output,
					     const char *input);

#endif
