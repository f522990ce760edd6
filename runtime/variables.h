/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The variables of modules: closed to writes or open, and new values for them.
 */
#ifndef RCPP_VARIABLES_H
#define RCPP_VARIABLES_H

#include "call.h"
#include "direct.h"

#pragma GCC visibility push(hidden)

/*
 * What of a module's variables can be closed: only whole pages of the section rcpp_patchable. Those
 * at its ends may hold other data, and stay as they are.
 */
struct rcpp_range rcpp_closable_variables(const struct module *module);

/* Each returns false with errno. */
bool rcpp_close_variables(const struct module *module);
bool rcpp_open_variables(const struct module *module);

/* Set module->closed to what is closed now. False with errno if that cannot be found out. */
bool rcpp_find_closed(struct module *module);

/* New values on their way into variables, copied from where the caller has them. */
struct store {
	struct rcpp_values values;
	struct rcpp_value *list; /* theirs; the bytes are behind it */
	size_t size;		 /* of both */
	const struct rcpp_value
		*direct;  /* is written behind the sites, and stays closed; or NULL */
	uint64_t few[32]; /* room for both, where they are short */
	const struct rcpp_value *unwritable;
	const struct module
		*failed; /* its variables could not be opened, or not be closed again; */
	const struct module *stuck;
	int error; /* the reason */
};

/* False if a change has no address, or there is no memory for the copy. */
bool rcpp_store_init(struct store *store, struct call *call, const struct rcpp_change *changes,
		     size_t count);

/* If only one value is closed, it is written as the sites are, behind them. */
void rcpp_store_direct(struct store *store, const struct module *modules, unsigned int count,
		       struct direct *direct);

/*
 * Open what is closed in these modules and gets a value; store all values; close it again. The
 * first returns false if not all of them can be stored, and then all is closed as before. No other
 * thread runs from the first to the last. None takes a lock.
 */
bool rcpp_store_open(struct store *store, const struct module *modules, unsigned int count);
void rcpp_store_write(const struct store *store);
void rcpp_store_close(struct store *store, const struct module *modules, unsigned int count);

/* What went wrong in these, in words. */
void rcpp_store_explain(const struct store *store, struct call *call);

void rcpp_store_free(struct store *store);

#pragma GCC visibility pop

#endif
