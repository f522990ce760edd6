/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stop all other threads of the process where they can go on in new text, and let them go again.
 */
#ifndef RCPP_STOP_H
#define RCPP_STOP_H

#include "pages.h"

#pragma GCC visibility push(hidden)

/* Does the process have this one thread only? False if nobody tells. */
bool rcpp_is_alone(void);

/*
 * Returns true when every other thread stands still, outside of all that rcpp_pages_forbid() named,
 * and so do the frames that signal handlers interrupted; rcpp_go() is then due. Returns false when
 * that cannot be had for milliseconds: all threads run, and reason says why, in words. The caller
 * has the lock, and between the two neither allocates nor takes another one.
 *
 * Without others, only the frames of the caller are looked at.
 */
bool rcpp_stop(const struct pages *pages, bool others, unsigned int milliseconds, char *reason,
	       size_t size);

void rcpp_go(void);

/* The signal that stops threads; 0: none is chosen yet. */
int rcpp_stop_signal(void);

/* Use this one from now on. False if it cannot be caught, or somebody else handles it. */
bool rcpp_set_stop_signal(int number);

#pragma GCC visibility pop

#endif
