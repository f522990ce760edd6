/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Handlers of signals, as the kernel knows them.
 */
#ifndef RCPP_SIGNALS_H
#define RCPP_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* C libraries do not tell of the restorer. */
struct rcpp_signal_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

#define RCPP_SIGNALS 64 /* their numbers are 1 to this */

bool rcpp_read_action(int number, struct rcpp_signal_action *action);

typedef void rcpp_handler(int number, siginfo_t *info, void *context);

bool rcpp_signal_is_free(int number);
bool rcpp_signal_calls(int number, rcpp_handler *handler);

/*
 * Every copy of this library, in the program or in a library of its own, has this text in front of
 * the handler that stops threads: 16 bytes.
 */
#define RCPP_HANDLER_MARK "rcpp stop signal"

/*
 * The signals that have a handler of the program: neither none, nor one that stops threads for some
 * copy of this library.
 */
void rcpp_program_signals(sigset_t *set);

/* Install the handler, with every other signal blocked while it runs. */
bool rcpp_handle_signal(int number, rcpp_handler *handler);

/*
 * Install it in front of the handler that the C library has for a signal of its own, and tell that
 * one in *before. False if it has none.
 */
bool rcpp_join_signal(int number, rcpp_handler *handler, struct rcpp_signal_action *before);

/* Install what was there before. */
void rcpp_leave_signal(int number, const struct rcpp_signal_action *before);

/* Install it for a signal that nobody uses. Returns the signal, 0 if there is none. */
int rcpp_handle_free_signal(rcpp_handler *handler);

#pragma GCC visibility pop

#endif
