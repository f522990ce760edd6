/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the parts of rcpp-report share. Each input has a file that reads it, each output one that
 * writes it; main.c reads the options and calls them.
 *
 *	program.c	the program, its symbols and sites	-> struct program
 *	explained.c	the lines of --explain			-> struct explained
 *	profile.c	files of --profile			-> struct profile
 *	list.c		a list of --symbols-from		-> struct list
 *	names.c		debug information			-> names of variables
 *	types.c		types in it				-> names of fields
 *	locate.c	fields of a profile			-> variables of the program
 *	rows.c		those					-> a row a field
 *	verdict.c	a row					-> what to make of it
 *	form_kind.c	the text of a form			-> the kind of its site
 *	summary.c	all of it, counted by tally.c		-> struct report
 *	segments.c	the program's segments			-> its memory
 *	loaded.c	that; values: process.c, given.c	-> ... as it is loaded
 *	patched.c	that; stayed.c has the reasons		-> its text as patched
 *	listing.c	that; disassembly.c, source.c		-> a function before and after
 *	table.c, profile_table.c	tables for people; columns.c has their cells
 *	symbols.c	a list for --symbols-from; output_json.c for programs
 *	side_by_side.c	a listing on a terminal; page.c and page_*.c in HTML
 */
#ifndef RCPP_REPORT_H
#define RCPP_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "dump.h"

/* program.c: PROGRAM, an executable or a shared library. */
struct program {
	const char *path;
	char *bytes;
	size_t size;
	Elf *elf;
	struct dump_image image;
	struct dump_tables tables;
};

/*
 * Read it with its sites. Returns false with a message on standard error if it cannot be read, is
 * no linked file, or is damaged. program_close() is to be called in either case.
 */
bool program_open(struct program *program, const char *path);
void program_close(struct program *program);

/* A line that --explain has written, a reference. The strings belong to struct explained. */
struct explained_line {
	const char *file; /* the place in the source */
	unsigned line;
	const char *function, *symbol; /* "?" if there is none */
	int64_t offset;		       /* in the symbol */
	const char *form;	       /* what it becomes; NULL: it stays a load, */
	const char *reason;	       /* why, */
	const char *advice;	       /* and what the user can do about it; "" if nothing */
	bool written; /* no reference: code that is not init code writes the symbol;
			 `form` is NULL, `reason` says so */
};

struct explained {
	struct explained_line *lines;
	size_t count;
	size_t space;
	char **notes; /* what else it has to say of names that were not resolved */
	size_t note_count;
	char **texts; /* the files; the lines point into them */
	size_t text_count;
};

/*
 * explained.c: add the lines of one file. Returns false with a message on standard error if it
 * cannot be read or holds something else.
 */
bool explained_add(struct explained *explained, const char *path);
/* The same for a file that has been read. The text of `size` bytes is in memory of malloc(), which
   becomes theirs. */
bool explained_add_text(struct explained *explained, const char *path, char *text, size_t size);
void explained_free(struct explained *explained);

/*
 * form_kind.c: the kind of a site, KIND_* of kinds.h, by the text of its form (or of its
 * forms, with "; " between them, as --explain has them).
 */
unsigned form_kind(const char *text);
/* Of the kinds of two forms of one site, the one that saves more. 0 is none. */
unsigned form_kind_stronger(unsigned one, unsigned other);

#endif
