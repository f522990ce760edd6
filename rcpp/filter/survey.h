/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The first pass over a file: what must be known of all of it before any function can be worked on,
 * since variables are defined, labels mentioned and macros made anywhere.
 */
#ifndef SURVEY_H
#define SURVEY_H

#include "stretches.h"

/* Why a symbol is patchable; bits. */
#define PATCHABLE_DEFINED  1  /* defined here, in a patchable section */
#define PATCHABLE_DECLARED 2  /* marked where it is declared */
#define PATCHABLE_OPTION   4  /* --symbol, all of it */
#define PATCHABLE_FIELD	   8  /* --symbol NAME+OFF:LEN */
#define PATCHABLE_HIDDEN   16 /* declared hidden in clang's text: with a mark, or without one */
#define PATCHABLE_OUTSIDE  32 /* marked, but defined here in a section that is not patchable */

/* Only the runtime knows whether these are patchable: by where they lie. */
#define PATCHABLE_UNSURE (PATCHABLE_DECLARED | PATCHABLE_HIDDEN)

struct survey {
	const struct options *options;
	const char *input_name;
	struct names patchables;   /* PATCHABLE_* of each symbol */
	struct names outside;	   /* symbols defined here, not in patchable sections; 1: in code */
	struct names functions;	   /* symbols that the text declares to be functions */
	struct names constructors; /* functions that run before main() */
	struct names hidden;	   /* private: symbols declared so */
	struct names mentioned;	   /* local labels that code or data refers to: how often */
	struct names tabled;	/* of these, mentions in a compiler's tables of jumps: how often */
	struct names macros;	/* names that a .macro took from the instructions, in lower case */
	struct texts owned;	/* these names */
	struct names assigned;	/* symbols that .set or = gives a value; 1: another symbol's */
	struct names aliased;	/* local labels that are exported, or that such a symbol is */
	struct names displaced; /* private: symbols that such a symbol is, and some bytes more */
	struct names returns;	/* labels that functions begin with: RETURNS_*, if it is known */
	struct names defined;	/* --profile: symbols defined here, */
	struct names exported;	/* and those that other files can mean */
	struct stretches stretches;
	struct span source; /* of a .file directive without number */
	struct span *files; /* by number: the names of .file directives */
	uint32_t file_count;
	bool compiled;	   /* a compiler wrote this file */
	bool marked_ends;  /* it marks the ends of the functions that it wrote: LLVM */
	bool clang;	   /* and says that it is clang, which translates C and C++ */
	bool described;	   /* there may be debug information */
	bool landing_pads; /* there are exception tables */
	bool registers;	   /* some of the assigned symbols are names of registers */
	bool any_label;	   /* labels may be mentioned that the text does not spell out */
	bool prefixes;	   /* some macro's body may have a prefix that stands alone */
	bool any_macro;	   /* any mnemonic may be a macro, or nothing can be added to the file */
	bool subsections;  /* what follows in a section does not always follow in the text */
	bool distances;	   /* code is addressed by its distance from other code, or counted */
	bool unterminated; /* nothing can be added to the file: it ends in a string, or by .end */
	uint32_t repeats;  /* private: how deep in .macro, .rept and the like */
	bool hidden_marks; /* private: .hidden may be a mark (rcpp.h, clang) */
	uint32_t conditionals; /* private: how deep in .if */
	bool by_hand;	       /* private: between #APP and #NO_APP */
	bool lengths;	       /* private: assigned symbols count bytes */
	bool evaluated;	       /* private: .if and the like evaluate symbols */
};

/* Returns 0, or 1 if a marker is damaged, with the message printed. */
int survey_take(struct survey *survey, const struct options *options, const char *input_name,
		char *text, size_t length);
/* The symbol is patchable if it turns out to be defined as such, as after RCPP_EXTERN(). */
void survey_declare(struct survey *survey, struct span symbol);
void survey_free(struct survey *survey);

/* Does a read of [offset, offset + width) of the symbol count? Its PATCHABLE_* bits, or 0. */
uint32_t survey_patchable(const struct survey *survey, struct span symbol, int64_t offset,
			  unsigned width);

/* Are there symbols that may be patchables of other files? */
bool survey_declares(const struct survey *survey);

/* .type NAME,@function: the name; length 0 if the type is another one */
struct span typed_function(const struct statement *directive);

/* The same of any statement. */
static inline struct span begun_function(const struct statement *statement)
{
	return statement->kind == STATEMENT_DIRECTIVE && span_is(statement_name(statement), ".type")
		       ? typed_function(statement)
		       : SPAN("");
}

/* clang's label behind each function */
bool is_function_end(const struct statement *statement);

/* Is there a word in the statement, behind its first, that is in the set? */
bool statement_mentions(const struct names *names, const struct statement *statement);

/* .intel_syntax, .code32 and the like: keep *foreign, not AT&T syntax for 64-bit code. */
void follow_syntax(const struct statement *directive, bool *foreign);

/* .if and .endif: keep *depth. True if it is one of them. */
bool follow_conditional(struct span name, uint32_t *depth);

/* .macro, .rept and the like: keep *depth. True from such a line to the end of its body. */
bool follow_repetition(struct span name, uint32_t *depth);

/*
 * .macro, .rept, .irp, .irpc and their ends: keep *depth and say whether the statement belongs to a
 * body (its first and last lines included). Text in bodies is assembled elsewhere, if at all.
 */
static inline bool in_repeated_text(const struct statement *statement, uint32_t *depth)
{
	return statement->kind == STATEMENT_DIRECTIVE
		       ? follow_repetition(statement_name(statement), depth)
		       : *depth > 0;
}

#endif
