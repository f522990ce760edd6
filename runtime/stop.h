/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stop all other threads of the process where they can go on in new text, and release them again.
 */
#ifndef RCPP_STOP_H
#define RCPP_STOP_H

#include <stdbool.h>
#include <stddef.h>

#include "frames.h"

#pragma GCC visibility push(hidden)

/*
 * Returns true when every other thread is stopped outside of all that is forbidden, and so is all
 * code that its signal handlers have interrupted. Then call rcpp_go() soon. Returns false if this
 * cannot be reached within milliseconds: then all threads run, and reason says why, in words. The
 * caller has the lock. Until rcpp_go() it must not allocate memory or take another lock.
 *
 * If others is false, only the caller's own frames are looked at.
 */
bool rcpp_stop(const struct forbidden *forbidden, bool others, unsigned int milliseconds,
	       char *reason, size_t size);

void rcpp_go(void);

/* The signal that stops threads; 0 if none is chosen yet. */
int rcpp_stop_signal(void);

/* Use this signal from now on. False if it cannot be caught, or has another handler. */
bool rcpp_set_stop_signal(int number);

/*
 * No signal is chosen any more, and no thread is in its handler: this code may be unloaded. The
 * caller has the lock.
 */
void rcpp_forget_signal(void);

#pragma GCC visibility pop

#endif
