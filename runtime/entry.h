/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Entering and leaving the runtime: one call at a time, whatever other threads, signals, forks and
 * the dynamic linker do meanwhile.
 */
#ifndef RCPP_ENTRY_H
#define RCPP_ENTRY_H

#include <link.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

struct entry {
	sigset_t signals;
	int cancel;
	locale_t locale;
	bool alone;		 /* the process has no other thread, and gets none meanwhile */
	unsigned long long adds; /* modules that were ever loaded, see rcpp_enter_loaded() */
};

/* Wait for the lock for this time. False if another thread kept it; then do not call rcpp_leave().
 */
bool rcpp_enter(struct entry *entry, unsigned int milliseconds);

/*
 * The same, and all listed modules are relocated. If dlpi_adds differs from entry->adds, a module
 * has been loaded since: leave, and enter anew.
 */
bool rcpp_enter_loaded(struct entry *entry, unsigned int milliseconds);

typedef int rcpp_visit_module(struct dl_phdr_info *info, size_t size, void *context);

/*
 * dl_iterate_phdr() for a thread that has our lock. Between the first visit and the last all
 * signals are blocked. Until the first, other copies of this library may stop the thread.
 */
void rcpp_visit_modules(rcpp_visit_module *visit, void *context);

void rcpp_leave(const struct entry *entry);

#pragma GCC visibility pop

#endif
