// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <errno.h>

#include "stop.h"
#include "text.h"

/* ---- Visits ---- */

static void plan_group(struct text *text)
{
	if (text->group.changes && !rcpp_pages_add(&text->pages, text->module, text->group.start,
						   text->group.stop - text->group.start))
		text->refused = true;
}

static void forbid_group(struct text *text)
{
	if (text->group.changes)
		rcpp_pages_forbid(&text->pages, text->group.start,
				  text->group.stop - text->group.start);
}

/* A site begins a group, or belongs to the one of the row before. */
static void enter_site(struct text *text, const struct rcpp_site *site,
		       void (*end_group)(struct text *))
{
	uintptr_t stop = site->address + site->length;

	if (!(site->flags & RCPP_ROW_CONSUMER)) {
		end_group(text);
		text->group.start = site->address;
		text->group.stop = stop;
		text->group.changes = false;
	}
	if (site->address < text->group.start)
		text->group.start = site->address;
	if (stop > text->group.stop)
		text->group.stop = stop;
	text->group.changes |= site->changes;
}

static void plan_site(void *context, const struct rcpp_site *site)
{
	struct text *text = context;

	text->patched |= site->patched;
	enter_site(text, site, plan_group);
}

static void write_site(void *context, const struct rcpp_site *site)
{
	struct text *text = context;

	enter_site(text, site, forbid_group);
	if (site->changes &&
	    !rcpp_pages_write(&text->pages, site->address, site->bytes, site->length)) {
		text->missed = true;
		text->patched |= site->patched;
	}
}

/* All rows of a module, each with visit; false if one is wrong. */
static bool walk(struct text *text, const struct module *module, rcpp_visit *visit,
		 void (*end_group)(struct text *))
{
	enum rcpp_problem problem;
	uintptr_t where;

	text->module = module;
	text->group.changes = false;
	problem = rcpp_module_walk(module, text->call->action, visit, text, &where);
	if (problem)
		rcpp_fail_problem(text->call, module, problem, where);
	else
		end_group(text);
	return !problem;
}

/* ---- Steps ---- */

static bool plan_module(struct text *text, const struct module *module)
{
	enum rcpp_origin origin = RCPP_ORIGIN_FINE;
	unsigned int before = text->pages.count;

	if (!walk(text, module, plan_site, plan_group))
		return false;
	if (text->call->action != RCPP_REVERT && text->pages.count > before)
		origin = rcpp_origin_of(module);
	if (origin)
		rcpp_fail_origin(text->call, module, origin);
	return !origin;
}

bool rcpp_text_prepare(struct text *text)
{
	unsigned int i;

	for (i = 0; i < text->count; i++)
		if (!plan_module(text, &text->modules[i]))
			return false;
	if (text->call->action == RCPP_REVERT)
		rcpp_pages_widen(&text->pages);
	if (!text->refused && rcpp_pages_copy(&text->pages))
		return true;
	rcpp_fail_pages(text->call, &text->pages);
	return false;
}

static bool write_modules(struct text *text)
{
	unsigned int i;

	text->missed = false;
	for (i = 0; i < text->count; i++)
		if (!walk(text, &text->modules[i], write_site, forbid_group))
			return false;
	return true;
}

/*
 * Write the values of the variables into the copies. If a variable was written since the pages were
 * chosen, other sites change, and more pages are needed.
 */
static bool write_copies(struct text *text)
{
	for (;;) {
		if (!write_modules(text))
			return false;
		if (!text->missed)
			return true;
		rcpp_pages_close(&text->pages);
		if (!rcpp_text_prepare(text))
			return false;
	}
}

/* All other threads stand still, maybe with locks: nothing that needs one, such as to say why. */
static bool store_and_swap(struct text *text)
{
	struct store *store = text->call->store;
	bool done;

	if (store && !rcpp_store_open(store, text->modules, text->count))
		return false;
	done = rcpp_pages_swap(&text->pages);
	if (store && done)
		rcpp_store_write(store);
	if (store)
		rcpp_store_close(store, text->modules, text->count);
	return done;
}

static void explain_failure(struct text *text)
{
	if (text->pages.failed)
		rcpp_fail_pages(text->call, &text->pages);
	if (text->call->store)
		rcpp_store_explain(text->call->store, text->call);
}

static bool exchange(struct text *text)
{
	struct call *call = text->call;
	char reason[128];
	bool done;

	if (!text->pages.count && !text->call->store)
		return true;
	if (!rcpp_pages_protect(&text->pages)) {
		rcpp_fail_pages(call, &text->pages);
		return false;
	}
	if (!rcpp_stop(&text->pages, !call->alone, call->timeout, reason, sizeof(reason))) {
		rcpp_fail(call, "%s: %s; the text is unchanged",
			  text->count ? text->modules->name : program_invocation_short_name,
			  reason);
		return false;
	}
	done = store_and_swap(text);
	rcpp_go();
	explain_failure(text);
	return done;
}

bool rcpp_text_change(struct text *text)
{
	if (!write_copies(text))
		return false;
	if (text->call->action == RCPP_REVERT)
		rcpp_pages_share(&text->pages);
	return exchange(text);
}

void rcpp_text_close(struct text *text)
{
	rcpp_pages_close(&text->pages);
}
