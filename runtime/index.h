/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From variables to the rows that read them, so that new values for a few variables cost only what
 * their sites cost, however many others there are.
 */
#ifndef RCPP_INDEX_H
#define RCPP_INDEX_H

#include "modules.h"

#pragma GCC visibility push(hidden)

/*
 * rcpp_module_walk() for the loads that read some of module->values, and their consumers. The
 * caller has the lock.
 */
enum rcpp_problem rcpp_walk_readers(const struct module *module, enum rcpp_action action,
				    rcpp_visit *visit, void *context, uintptr_t *where);

/* Free what was made for this. */
void rcpp_forget_indexes(void);

#pragma GCC visibility pop

#endif
