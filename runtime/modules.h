/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loaded modules (the program and its shared objects) and their tables, as the dynamic linker tells
 * about them. A struct module is good only within a call of dl_iterate_phdr(): the dynamic linker's
 * lock keeps the module from being unloaded meanwhile.
 */
#ifndef RCPP_MODULES_H
#define RCPP_MODULES_H

#include <link.h>

#include "notes.h"

#pragma GCC visibility push(hidden)

struct module {
	struct dl_phdr_info info;
	const char *name;		  /* the last part of its path */
	const struct rcpp_values *values; /* see struct rcpp_view; NULL at first */
	struct rcpp_range closed;	  /* variables that were closed before; empty at first */
	bool unloading;			  /* its destructors may run: what is open stays open */
	bool unheld;			  /* see struct rcpp_view */
	bool *holds;			  /* the same, */
	bool summed;			  /* and this */
};

void rcpp_module_init(struct module *module, const struct dl_phdr_info *info);

/* Does the address lie in a segment of the module? */
bool rcpp_module_holds(const struct module *module, uintptr_t address);

/* Does the segment of text have a page together with another one of the module's? */
bool rcpp_shares_page(const struct module *module, const Elf64_Phdr *text);

/* Does the module have any table of ours? A damaged one counts: a walk reports it. */
bool rcpp_module_has_tables(const struct module *module);

/* For one batch of the module, which is still to be put in. The caller has a lock. */
struct rcpp_view rcpp_module_view(const struct module *module);

/* Visit all batches, up to the first problem; *where is then a place in the tables or the text. */
typedef enum rcpp_problem rcpp_visit_batch(void *context, const struct rcpp_view *view,
					   uintptr_t *where);
enum rcpp_problem rcpp_module_batches(const struct module *module, rcpp_visit_batch *visit,
				      void *context, uintptr_t *where);

/*
 * rcpp_walk() over all batches of the module, up to the first problem. Tables in writable memory
 * are a problem: whoever can write there can decide what the code becomes.
 */
enum rcpp_problem rcpp_module_walk(const struct module *module, enum rcpp_action action,
				   rcpp_visit *visit, void *context, uintptr_t *where);

/*
 * The module's section rcpp_patchable: nothing but patchable variables is there. Empty if the
 * module has none, or if its tables (checked before, by a walk) do not tell.
 */
struct rcpp_range rcpp_module_patchables(const struct module *module);

/*
 * The module's struct rcpp_unloading, in its own writable memory; 0 if it has none, or if its
 * tables do not tell.
 */
uintptr_t rcpp_module_unloading(const struct module *module);

/* The segment of code at the address: readable, executable, not writable; NULL if there is none. */
const Elf64_Phdr *rcpp_module_text(const struct module *module, uintptr_t address);

#pragma GCC visibility pop

#endif
