/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which section a statement is in: the directives that switch sections, followed as as follows
 * them.
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include "assembly.h"
#include "names.h"
#include "options.h"

struct section {
	struct span name;
	struct span arguments; /* behind the name in the directive that made it; flags and so on */
	struct span group;     /* the group it is a member of; length 0: of none */
	bool comdat;
	bool executable;
	bool patchable; /* symbols defined here are patchable (--section) */
	bool init;	/* code here runs before patching (--init-section) */
	bool marked;	/* the marks of rcpp.h put variables there */
	bool tls;	/* every thread has its own copy */
	bool debug;	/* labels mentioned here are not jumped to */
	bool template;	/* its code is copied over other code, it does not run here */
	bool unwinding; /* .gcc_except_table */
	bool starts;	/* addresses of functions that run before main() */
	bool markers;	/* .rcpp_extern */
	bool hidden;	/* .rcpp_extern.hidden: clang wrote this file, and it includes rcpp.h */
	bool ambiguous; /* another one has this name: they may be the same */
	uint32_t same;	/* its own index, or that of the section that it is without any doubt */
	uint32_t whole; /* its own index, or that of the section that this is another spelling of */
	bool spelled;	/* private: it has been named with flags */
	bool torn;	/* another section has this name, and may be the same */
	bool home;	/* rcpp_patchable: patchables and nothing else are there */
};

struct sections {
	const struct options *options;
	struct section *list;
	uint32_t count, space;
	bool has_home;	      /* one of them is the home of patchables */
	struct names by_text; /* name and arguments to the index in list */
	struct names by_name; /* name to the first such section's index */
	uint32_t current, previous;
	struct {
		uint32_t current, previous;
	} * stack;
	uint32_t depth, stack_space;
};

void sections_init(struct sections *sections, const struct options *options);
/* Follow a directive; returns true if it is one that switches sections. */
bool sections_follow(struct sections *sections, const struct statement *directive);
/* There is a label in the current section. */
void sections_note_label(struct sections *sections);
/*
 * clang puts constants that are marked into a section rcpp_patchable that is not writable. For as
 * that is the one of the variables, with other flags, which is an error; and with a pointer in it a
 * linker makes text relocations, or refuses. Make it writable, as the runtime closes it in any
 * case. Returns whether there is one.
 */
bool sections_open_homes(char *text, size_t length);
/* Nothing is to be added to the sections of the variables. */
void sections_forget_homes(struct sections *sections);
void sections_free(struct sections *sections);

/* The first word of a statement: the directive, mnemonic or symbol. */
static inline struct span statement_name(const struct statement *statement)
{
	return (struct span){statement->text, statement->name_length};
}

/* Without the blanks on either side. */
struct span trimmed(struct span span);

/* What stands behind it, without blanks on either side. */
struct span statement_arguments(const struct statement *statement);

/*
 * Cut the next argument off *arguments: up to a comma outside of strings and parentheses, blanks
 * removed. Returns false when there is none left.
 */
bool next_argument(struct span *arguments, struct span *argument);

/* Does the directive leave nothing in the text but, for alignment, instructions that do nothing? */
bool directive_is_neutral(struct span name);

/* .byte and the like: numbers, and those of one or two bytes */
bool directive_is_data(struct span name);
bool directive_is_narrow(struct span name);

#endif
