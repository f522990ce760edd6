/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writes that come too late: a patchable is settled while the program starts, so code that writes
 * it later ends the program, or makes sites disagree. In comes an item of a function; out goes the
 * variable that it writes, if that is worth a line of --explain.
 *
 * Code that starts the program is left out: init sections and functions marked __rcpp_init, main(),
 * constructors, and functions of --early-from. In main() variables get their values before
 * rcpp_patch() nearly always, and constructors run before main().
 */
#ifndef STORES_H
#define STORES_H

#include "variable.h"

/*
 * Does the item write a patchable, by its name or through the global offset table, in code that
 * does not start the program? Fills in *variable. Call it behind pointers_follow().
 */
bool store_examine(const struct function *function, uint32_t item, struct variable *variable);

#endif
