// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The word by which the runtime and rcpp_release(), which rcpp puts into modules with destructors,
 * exclude each other. rcpp_release() waits for the process that the word names, and for no other: a
 * child that was forked without running our handlers finds its parent's ID there.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "rcpp_tables.h"
#include "unload.h"

static _Atomic uint32_t *word_of(uintptr_t unloading)
{
	return (_Atomic uint32_t *)(unloading + offsetof(struct rcpp_unloading, state));
}

bool rcpp_hold(uintptr_t unloading)
{
	uint32_t state = RCPP_UNLOADING_NOT;

	if (!unloading)
		return true;
	while (state != RCPP_UNLOADING_NOW &&
	       !atomic_compare_exchange_weak(word_of(unloading), &state, (uint32_t)getpid()))
		;
	return state != RCPP_UNLOADING_NOW;
}

void rcpp_let_go(uintptr_t unloading)
{
	uint32_t held = (uint32_t)getpid();

	if (unloading)
		atomic_compare_exchange_strong(word_of(unloading), &held, RCPP_UNLOADING_NOT);
}
