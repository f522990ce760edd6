/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One call of the library: what it is to do, how far it is, and the first thing that went wrong.
 */
#ifndef RCPP_CALL_H
#define RCPP_CALL_H

#include "origin.h"
#include "pages.h"
#include "rcpp.h"

#pragma GCC visibility push(hidden)

struct call {
	enum rcpp_action action;
	struct store *store; /* the new values, for rcpp_update(); or NULL */
	struct rcpp_stats *stats;
	const void *address; /* only the module that this lies in; NULL: all */
	bool alone;	     /* no other thread has to be stopped, by RCPP_NO_STOP; */
	bool single;	     /* or there is none */
	unsigned int timeout;
	unsigned long long adds;
	bool found;  /* there is such a module */
	bool again;  /* a module is being loaded: start again */
	bool closed; /* some variables were closed */
	bool hidden; /* some module's tables cannot be found */
	unsigned long disagreeing;
	int result;
};

/* What rcpp_error() returns in this thread. */
extern _Thread_local char rcpp_message[256];

/* Each makes call->result -1 and says why, if nothing has gone wrong before. */
__attribute__((format(printf, 2, 3))) void rcpp_fail(struct call *call, const char *format, ...);
void rcpp_fail_to_enter(struct call *call);
void rcpp_fail_problem(struct call *call, const struct module *module, enum rcpp_problem problem,
		       uintptr_t where);
void rcpp_fail_pages(struct call *call, const struct pages *pages);
void rcpp_fail_origin(struct call *call, const struct module *module, enum rcpp_origin origin);

/*
 * mprotect() has failed, and the module's variables stay "read-only" or "writable". This is told
 * also behind another failure: the next write to them would end the program, or be missed.
 */
void rcpp_fail_variables(struct call *call, const struct module *module, const char *state);

#pragma GCC visibility pop

#endif
