/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loaded modules (the program and its shared objects) and their tables, as the dynamic linker tells
 * about them. A struct module is good only within the call of dl_iterate_phdr() that it comes from:
 * the dynamic linker's lock keeps the module from being unloaded meanwhile.
 */
#ifndef RCPP_MODULES_H
#define RCPP_MODULES_H

#include <link.h>

#include "notes.h"

#pragma GCC visibility push(hidden)

struct module {
	const struct dl_phdr_info *info;
	const char *name; /* the last part of its path */
};

void rcpp_module_init(struct module *module, const struct dl_phdr_info *info);

/* Has it any table of ours? */
bool rcpp_module_has_rows(const struct module *module);

/* rcpp_walk() over all batches of the module, up to the first problem. */
enum rcpp_problem rcpp_module_walk(const struct module *module, enum rcpp_action action,
				   rcpp_visit *visit, void *context, uintptr_t *where);

/*
 * The module's section rcpp_patchable: nothing but patchable variables is there. Empty if the
 * module has none, or if its tables (checked before, by a walk) do not tell.
 */
struct rcpp_range rcpp_module_patchables(const struct module *module);

/* The code segments that may hold sites: readable, executable, not writable. */
bool rcpp_is_text(const Elf64_Phdr *segment);

#pragma GCC visibility pop

#endif
