/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Modules whose destructors run: the dynamic linker still lists them, but their variables are open
 * for good.
 */
#ifndef RCPP_UNLOAD_H
#define RCPP_UNLOAD_H

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/*
 * Keep the module's destructors from running, until rcpp_let_go(). Returns false if they have
 * begun: then its variables must not be closed. `unloading` is the address that
 * rcpp_module_unloading() returned; with 0 there is nothing to wait for.
 *
 * The caller has the lock of dl_iterate_phdr(), and must not wait for the dynamic linker's other
 * one: the thread that unloads has it.
 */
bool rcpp_hold(uintptr_t unloading);

/* Nothing happens if rcpp_hold() has returned false. */
void rcpp_let_go(uintptr_t unloading);

#pragma GCC visibility pop

#endif
