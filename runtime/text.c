// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <errno.h>
#include <time.h>

#include "direct.h"
#include "index.h"
#include "stop.h"
#include "text.h"

/* Milliseconds for which threads in a reach are waited for. */
#define REACH_TIMEOUT 5

/* The caller has the lock, and stacks may be small. */
static struct direct direct;

static long milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- Visits ---- */

static void note_held(struct text *text)
{
	text->held |= text->group.changes && text->group.held && !text->unheld;
}

static void plan_group(struct text *text)
{
	note_held(text);
	if (text->group.changes && !rcpp_pages_add(&text->pages, text->module, text->group.start,
						   text->group.stop - text->group.start))
		text->refused = true;
}

static void forbid_group(struct text *text)
{
	if (!text->group.changes)
		return;
	note_held(text);
	if (text->direct)
		text->missed |= !rcpp_direct_forbid(&direct, text->group.start, text->group.stop);
	else
		text->missed |= !rcpp_pages_forbid(&text->pages, text->group.start,
						   text->group.stop - text->group.start);
}

/*
 * A site begins a group, or belongs to that of the row before. A consumer that stays as compiled
 * after a load with a reach reads the register, whatever the other consumers become. So it is a
 * group of its own, together with what reads its flags.
 */
static inline void enter_site(struct text *text, const struct rcpp_site *site,
			      void (*end_group)(struct text *))
{
	bool load = !(site->flags & RCPP_ROW_CONSUMER);
	uintptr_t stop =
		site->address + (site->reach && !text->unheld ? site->reach : site->length);

	if (load || (text->group.held && text->unheld && !site->asks)) {
		end_group(text);
		text->group.start = site->address;
		text->group.stop = stop;
		text->group.changes = false;
	}
	if (load)
		text->group.held = site->reach;
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
	text->changing += site->changes ? site->count : 0;
	enter_site(text, site, plan_group);
}

/* Where the bytes wait for the exchange. False if there is no room for them. */
static bool keep_site(struct text *text, const struct rcpp_site *site)
{
	if (text->direct)
		return rcpp_direct_add(&direct, site->address, site->bytes, site->length);
	return rcpp_pages_write(&text->pages, site->address, site->bytes, site->length);
}

static void write_site(void *context, const struct rcpp_site *site)
{
	struct text *text = context;

	enter_site(text, site, forbid_group);
	if (site->changes && !keep_site(text, site)) {
		text->missed = true;
		text->patched |= site->patched;
	}
}

/* All rows of a module, or those that read the new values, each with visit; false if one is wrong.
 */
static bool walk(struct text *text, const struct module *module, rcpp_visit *visit,
		 void (*end_group)(struct text *))
{
	enum rcpp_problem problem;
	uintptr_t where;

	text->module = module;
	text->group.changes = text->group.held = false;
	problem = (module->values ? rcpp_walk_readers : rcpp_module_walk)(
		module, text->call->action, visit, text, &where);
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
	/* With new values, only what was patched changes. */
	if (text->call->action != RCPP_REVERT && !text->call->store && text->pages.count > before)
		origin = rcpp_origin_of(module);
	if (origin)
		rcpp_fail_origin(text->call, module, origin);
	return !origin;
}

/* New values for few sites, while no other thread runs, need no copies. */
static bool can_be_direct(const struct text *text)
{
	return text->call->store && !text->call->alone && !text->missed && text->changing &&
	       text->changing <= RCPP_DIRECT_MAX && rcpp_direct_works();
}

bool rcpp_text_prepare(struct text *text)
{
	unsigned int i;

	text->changing = 0;
	text->held = false;
	text->unheld |= text->call->action == RCPP_REVERT;
	text->pages = (struct pages){0};
	for (i = 0; i < text->count; i++) {
		text->modules[i].unheld = text->unheld;
		text->modules[i].holds = &text->patched;
		text->modules[i].summed = true;
		if (!plan_module(text, &text->modules[i]))
			return false;
	}
	text->direct = can_be_direct(text);
	if (text->direct) {
		text->pages = (struct pages){0};
		return true;
	}
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
	if (text->call->store)
		text->call->store->direct = NULL;
	rcpp_direct_clear(&direct);
	for (i = 0; i < text->count; i++) {
		text->modules[i].summed = false;
		if (!walk(text, &text->modules[i], write_site, forbid_group))
			return false;
	}
	if (text->direct)
		rcpp_store_direct(text->call->store, text->modules, text->count, &direct);
	return true;
}

static bool copy_again(struct text *text)
{
	rcpp_pages_close(&text->pages);
	return rcpp_text_prepare(text);
}

/*
 * Write the values of the variables into the copies. If a variable was written since the pages were
 * chosen, other sites change, and more pages are needed.
 */
static bool write_copies(struct text *text)
{
	while (write_modules(text)) {
		if (!text->missed)
			return true;
		if (milliseconds() > text->until) {
			rcpp_fail(text->call,
				  "%s: its variables never stop changing; the text is "
				  "unchanged",
				  text->modules->name);
			return false;
		}
		if (!copy_again(text))
			return false;
	}
	return false;
}

/* All other threads stand still, maybe with locks: nothing that needs one, such as to say why. */
static bool store_and_swap(struct text *text)
{
	struct store *store = text->call->store;
	bool done;

	if (store && !rcpp_store_open(store, text->modules, text->count))
		return false;
	done = text->direct ? rcpp_direct_write(&direct) : rcpp_pages_swap(&text->pages);
	if (store && done)
		rcpp_store_write(store);
	if (store)
		rcpp_store_close(store, text->modules, text->count);
	return done;
}

static bool is_overtaken(const struct text *text)
{
	return text->direct ? direct.overtaken : text->pages.overtaken;
}

/* Mostly nothing has gone wrong yet: the pages can still be exchanged. */
static void explain_direct(struct text *text)
{
	const struct store *store = text->call->store;

	errno = direct.error;
	if (direct.stuck)
		rcpp_fail(text->call, "/proc/thread-self/mem: %m; a part of the text is changed");
	else if (direct.overtaken)
		rcpp_fail(text->call, "somebody else writes into the text: %m; nothing is changed");
	else if (store->stuck)
		rcpp_fail(text->call, "/proc/thread-self/mem: %m; the text is unchanged");
}

static void explain_failure(struct text *text)
{
	if (text->pages.failed)
		rcpp_fail_pages(text->call, &text->pages);
	if (text->direct && direct.error)
		explain_direct(text);
	if (text->call->store)
		rcpp_store_explain(text->call->store, text->call);
}

static bool is_forbidden(const void *context, uintptr_t address)
{
	const struct text *text = context;

	return text->direct ? rcpp_direct_forbidden(&direct, address)
			    : rcpp_pages_forbidden(&text->pages, address);
}

/* Everything is ready, and everything that can fail before the threads stand still has not. */
static bool open_way(struct text *text)
{
	if (text->direct)
		return rcpp_direct_open(&direct);
	if (rcpp_pages_protect(&text->pages))
		return true;
	rcpp_fail_pages(text->call, &text->pages);
	return false;
}

/*
 * A thread may stay in a reach for ever, or be back in it whenever it is asked. So after a short
 * wait the consumers in the reach become what was compiled, and read the register, until another
 * call finds no thread there.
 */
static bool give_way(struct text *text)
{
	text->unheld |= text->held;
	return text->held;
}

static bool exchange(struct text *text)
{
	const struct forbidden forbidden = {is_forbidden, text};
	struct call *call = text->call;
	unsigned int timeout = call->timeout;
	char reason[128];
	bool done;

	if (!text->pages.count && !text->call->store)
		return true;
	if (!open_way(text))
		return false;
	if (text->held && timeout > REACH_TIMEOUT)
		timeout = REACH_TIMEOUT;
	if (!rcpp_stop(&forbidden, !call->alone && !call->single, timeout, reason,
		       sizeof(reason))) {
		if (give_way(text))
			return false;
		rcpp_fail(call, "%s: %s; the text is unchanged",
			  text->count ? text->modules->name : program_invocation_short_name,
			  reason);
		return false;
	}
	done = store_and_swap(text);
	rcpp_go();
	if (!is_overtaken(text))
		explain_failure(text);
	return done;
}

static bool write_and_exchange(struct text *text)
{
	bool done;

	text->pages.overtaken = false;
	text->pages.failed = NULL;
	if (!write_copies(text))
		return false;
	if (text->call->action == RCPP_REVERT)
		rcpp_pages_share(&text->pages);
	done = exchange(text);
	rcpp_direct_close(&direct);
	return done;
}

static bool has_given_way(const struct text *text)
{
	return text->held && text->unheld;
}

/* Nothing is changed. What cannot be written directly can be exchanged. */
static bool can_be_tried_again(const struct text *text)
{
	if (is_overtaken(text) || has_given_way(text))
		return true;
	if (!text->direct || text->call->result)
		return false;
	rcpp_direct_forget();
	return true;
}

/*
 * gdb writes into the text whenever a thread meets a breakpoint: it steps the instruction that
 * stands there in another place. So it may take several tries.
 */
bool rcpp_text_change(struct text *text)
{
	text->until = milliseconds() + text->call->timeout;
	if (text->final && !text->changing && !text->call->store)
		return true;
	while (!write_and_exchange(text)) {
		if (!can_be_tried_again(text))
			return false;
		if (milliseconds() > text->until && !has_given_way(text)) {
			explain_failure(text);
			return false;
		}
		if (!copy_again(text))
			return false;
	}
	return true;
}

void rcpp_text_close(struct text *text)
{
	rcpp_pages_close(&text->pages);
}
