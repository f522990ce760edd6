/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the second pass over a text can skip. Most functions of most files mention no patchable
 * symbol; nothing is needed of them but their effects on the text that follows, such as the
 * section. So the survey keeps the stretches of statements without such effects, and the places
 * where functions are cut in any case. What lies between two such places and mentions no patchable
 * symbol is read without its stretches.
 */
#ifndef STRETCHES_H
#define STRETCHES_H

#include "search.h"
#include "sections.h"

struct stretch {
	const char *begin; /* the reader's place in front of it */
	struct reader_place end;
	const char *location; /* arguments of the last .loc in it, or NULL: there is none */
	bool instructions;    /* there are some in it */
};

struct stretches {
	struct stretch *list;
	uint32_t count, space;
	const char **cuts; /* statements that begin a function, whatever stands before them */
	uint32_t cut_count, cut_space;
	struct stretch open;	   /* private: the one that goes on */
	uint32_t length;	   /* private: of its statements */
	struct reader_place place; /* private: behind the last statement */
};

/* Does a statement leave nothing behind? */
enum quiet {
	QUIET_NO,     /* for all that is known here */
	QUIET_COUNTS, /* nothing, but it may count bytes: see counted.h */
	QUIET_YES,
};

enum quiet statement_quiet(const struct statement *statement, const struct section *section);
/* The next statement, and the place behind it. */
void stretches_add(struct stretches *stretches, const struct statement *statement, bool quiet,
		   struct reader_place behind);
/* It was not quiet, and a function is cut there. */
void stretches_cut(struct stretches *stretches, const struct statement *statement);
/* There are no more. */
void stretches_end(struct stretches *stretches);
void stretches_free(struct stretches *stretches);

/* The second reading. */
struct stretch_walk {
	const struct stretches *stretches;
	struct search search; /* for patchable symbols */
	const char *end;      /* of the text */
	uint32_t next, next_cut;
	const char *clear; /* where the next mention is, as far as is known */
	const char *until; /* the stretches up to here can be left out */
};

void stretch_walk_init(struct stretch_walk *walk, const struct stretches *stretches,
		       const struct names *patchables, struct span text);
/* What is worked on together begins with the statement that stands there. */
void stretch_walk_cut(struct stretch_walk *walk, const char *at);
/* The stretch that is left out where the reader is, or NULL. */
const struct stretch *stretch_walk_next(struct stretch_walk *walk, const char *at);

#endif
