/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a thread is: its program counter, and those of the code on its stack that signals have
 * interrupted.
 */
#ifndef RCPP_FRAMES_H
#define RCPP_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#pragma GCC visibility push(hidden)

/* Where no thread may stand. It is asked in a signal handler. */
struct forbidden {
	bool (*holds)(const void *context, uintptr_t address);
	const void *context;
};

/* Find out how signal frames look now. Before threads are stopped: handlers come and go. */
void rcpp_learn_frames(void);

/*
 * Does the thread that a signal has interrupted stand inside of what rcpp_pages_forbid() named?
 * Async-signal-safe. True also if that cannot be found out.
 */
bool rcpp_is_inside(const struct forbidden *forbidden, const ucontext_t *context);

/* The same of the code that has led here: a handler that interrupted a site may have called us. */
bool rcpp_is_caller_inside(const struct forbidden *forbidden);

#pragma GCC visibility pop

#endif
