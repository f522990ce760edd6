// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peek.h"
#include "signals.h"

bool rcpp_read_action(int number, struct rcpp_signal_action *action)
{
	return !syscall(SYS_rt_sigaction, number, NULL, action, sizeof(action->mask));
}

bool rcpp_signal_is_free(int number)
{
	struct rcpp_signal_action action = {0};

	return rcpp_read_action(number, &action) && !action.handler;
}

bool rcpp_signal_calls(int number, rcpp_handler *handler)
{
	struct rcpp_signal_action action = {0};

	return rcpp_read_action(number, &action) && action.handler == (void *)handler;
}

static bool has_mark(uintptr_t handler)
{
	char mark[sizeof(RCPP_HANDLER_MARK) - 1];

	return rcpp_peek(handler - sizeof(mark), mark, sizeof(mark)) == RCPP_SEEN &&
	       !memcmp(mark, RCPP_HANDLER_MARK, sizeof(mark));
}

void rcpp_program_signals(sigset_t *set)
{
	int number;

	sigemptyset(set);
	for (number = 1; number <= RCPP_SIGNALS; number++) {
		struct rcpp_signal_action action = {0};

		if (!rcpp_read_action(number, &action) || !action.handler ||
		    action.handler == (void *)SIG_IGN || has_mark((uintptr_t)action.handler))
			continue;
		sigaddset(set, number);
	}
}

static bool write_action(int number, const struct rcpp_signal_action *action)
{
	return !syscall(SYS_rt_sigaction, number, action, NULL, sizeof(action->mask));
}

bool rcpp_join_signal(int number, rcpp_handler *handler, struct rcpp_signal_action *before)
{
	struct rcpp_signal_action action;

	if (!rcpp_read_action(number, before) || !before->restorer)
		return false;
	action = *before;
	action.handler = (void *)handler;
	action.flags |= SA_SIGINFO | SA_RESTART | SA_ONSTACK;
	action.mask = ~(uint64_t)0;
	return write_action(number, &action);
}

void rcpp_leave_signal(int number, const struct rcpp_signal_action *before)
{
	write_action(number, before);
}

/*
 * No other signal runs on top of the handler, not even the C library's own, which sigfillset()
 * leaves out: a thread that is cancelled while it waits would run its cleanup handlers.
 */
bool rcpp_handle_signal(int number, rcpp_handler *handler)
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
	struct rcpp_signal_action installed = {0};

	sigfillset(&action.sa_mask);
	if (sigaction(number, &action, NULL) || !rcpp_read_action(number, &installed))
		return false;
	installed.mask = ~(uint64_t)0;
	return write_action(number, &installed);
}

int rcpp_handle_free_signal(rcpp_handler *handler)
{
	int number;

	for (number = SIGRTMAX; number >= SIGRTMIN; number--)
		if (rcpp_signal_is_free(number) && rcpp_handle_signal(number, handler))
			return number;
	return 0;
}
