// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The functions of rcpp.h, for processes on Linux.
 *
 * For each loaded module: check all of its rows, close its variables to writes, and if any site has
 * to change, exchange the pages. An error in a module is reported in words and leaves its text
 * alone; the other modules are still done.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "entry.h"
#include "faults.h"
#include "index.h"
#include "report.h"
#include "stop.h"
#include "text.h"
#include "unload.h"
#include "update.h"

#define EXIT_TIMEOUT 100 /* milliseconds: threads that wait for signals shall not delay exit() */

#define EXPORT __attribute__((visibility("default")))

/* Guarded by the lock of rcpp_enter(). */
static unsigned long nanoseconds;
static unsigned int flags;	     /* of rcpp_configure() */
static unsigned int timeout = 1000;  /* of rcpp_set_timeout(), in milliseconds */
static unsigned long long seen_adds; /* no module up to this one has hidden tables */
static unsigned long long exit_adds; /* the variables of modules up to this one open at exit */
static bool exiting;		     /* loads stay loads, and variables open, from now on */

static struct call new_call(enum rcpp_action action)
{
	rcpp_message[0] = 0;
	return (struct call){.action = action, .timeout = timeout};
}

/* ---- Visits ---- */

static void count_site(void *context, const struct rcpp_site *site)
{
	struct rcpp_stats *stats = context;

	stats->bytes += site->length;
	if (site->flags & RCPP_ROW_CONSUMER)
		return;
	stats->sites++;
	if (site->patched)
		stats->patched++;
	else
		stats->loads++;
}

/* Sites that disagree with their variables. */
struct comparison {
	unsigned long count;
	uintptr_t first;
	bool removed; /* the load of this group is gone */
};

static void compare_site(void *context, const struct rcpp_site *site)
{
	struct comparison *comparison = context;
	bool consumer = site->flags & RCPP_ROW_CONSUMER;
	bool differs = site->patched && site->changes;

	if (consumer)
		differs |= comparison->removed && !site->patched;
	else
		comparison->removed = site->empty;
	if (differs && !comparison->count++)
		comparison->first = site->address;
}

/* ---- Modules ---- */

static bool close_variables(struct call *call, const struct module *module)
{
	struct rcpp_range range = rcpp_closable_variables(module);
	bool done = module->closed.stop || rcpp_close_variables(module);

	call->closed |= done && range.start < range.stop; /* those of --symbol never are */
	if (!done)
		rcpp_fail(call, "%s: mprotect of the variables: %m; the text is unchanged",
			  module->name);
	return done;
}

/* They are, mostly, when a module is patched once more. */
static bool are_closed(struct call *call, struct module *module)
{
	if (!rcpp_find_closed(module))
		module->closed = (struct rcpp_range){0};
	call->closed |= module->closed.stop != 0;
	return module->closed.stop;
}

static void open_variables(struct call *call, const struct module *module)
{
	if (!rcpp_open_variables(module))
		rcpp_fail_variables(call, module, "read-only");
}

/*
 * The variables are closed before their values are put into the code, so that the code misses no
 * write. They are closed after everything else that can fail, because opening them again can fail,
 * too. At the end they are open exactly if no site holds a value.
 */
static void patch_module(struct call *call, struct module *module)
{
	bool close = call->action == RCPP_PATCH && !(flags & RCPP_KEEP_WRITABLE);
	struct text text = {.call = call, .modules = module, .count = 1};
	bool prepared, changed, open;

	text.final = close && are_closed(call, module);
	prepared = rcpp_text_prepare(&text) && (!close || close_variables(call, module));
	changed = prepared && rcpp_text_change(&text);
	open = changed ? !close : prepared && close && !text.patched && !text.pages.stuck;

	rcpp_text_close(&text); /* first: to open them may need the room */
	if (open)
		open_variables(call, module);
}

/* A module whose destructors run stays as it is: soon it is gone, or the process is. */
static void patch_if_used(struct call *call, struct module *module)
{
	uintptr_t unloading = rcpp_module_unloading(module);

	if (exiting || !rcpp_hold(unloading))
		return;
	patch_module(call, module);
	rcpp_let_go(unloading);
}

/* A module without tables may have lost them. Each is looked at once. */
static void look_for_tables(struct call *call, const struct module *module)
{
	if (call->action != RCPP_PATCH || seen_adds == call->adds ||
	    rcpp_origin_of(module) != RCPP_ORIGIN_HIDDEN)
		return;
	call->hidden = true;
	rcpp_fail_origin(call, module, RCPP_ORIGIN_HIDDEN);
}

static bool is_wanted(struct call *call, const struct module *module)
{
	bool wanted = !call->address || rcpp_module_holds(module, (uintptr_t)call->address);

	call->found |= wanted;
	return wanted;
}

static int visit_patch(struct dl_phdr_info *info, size_t size, void *context)
{
	struct call *call = context;
	struct module module;

	(void)size;
	call->again = info->dlpi_adds != call->adds;
	if (call->again)
		return 1;
	rcpp_module_init(&module, info);
	if (!is_wanted(call, &module))
		return 0;
	if (!rcpp_module_has_tables(&module))
		look_for_tables(call, &module);
	else if (call->action == RCPP_PATCH)
		patch_if_used(call, &module);
	else
		patch_module(call, &module);
	return 0;
}

/* Visit the sites of one module. */
static bool look_at(struct call *call, struct module *module, const struct dl_phdr_info *info,
		    rcpp_visit *visit, void *context)
{
	enum rcpp_problem problem;
	uintptr_t where;

	rcpp_module_init(module, info);
	problem = rcpp_module_walk(module, call->action, visit, context, &where);
	if (problem)
		rcpp_fail_problem(call, module, problem, where);
	return !problem;
}

static int visit_count(struct dl_phdr_info *info, size_t size, void *context)
{
	struct call *call = context;
	struct module module;

	(void)size;
	look_at(call, &module, info, count_site, call->stats);
	return 0;
}

static int visit_compare(struct dl_phdr_info *info, size_t size, void *context)
{
	struct comparison comparison = {0};
	struct call *call = context;
	struct module module;

	(void)size;
	if (look_at(call, &module, info, compare_site, &comparison) && comparison.count &&
	    !call->disagreeing)
		snprintf(rcpp_message, sizeof(rcpp_message),
			 "%s: site 0x%lx (0x%lx in its file) disagrees with its variable",
			 module.name, (unsigned long)comparison.first,
			 (unsigned long)(comparison.first - info->dlpi_addr));
	call->disagreeing += comparison.count;
	return 0;
}

/* ---- Destructors ---- */

static int visit_exit(struct dl_phdr_info *info, size_t size, void *context)
{
	struct call *call = context;
	struct module module;
	struct text text = {.call = call, .modules = &module, .count = 1};

	(void)size;
	rcpp_module_init(&module, info);
	if (!rcpp_module_has_tables(&module))
		return 0;
	if (rcpp_text_prepare(&text))
		rcpp_text_change(&text);
	rcpp_text_close(&text);
	open_variables(call, &module);
	if (call->result) /* who blocks the signal will block it for the next module, too */
		call->timeout = 0;
	return 0;
}

/*
 * Destructors of static objects may write patchables, and read them again. exit() calls functions
 * in reverse order: this one runs before the destructors of all objects that were constructed
 * before atexit() was called.
 */
static void open_at_exit(void)
{
	struct call call = new_call(RCPP_REVERT);
	struct entry entry;

	if (!rcpp_enter(&entry, call.timeout))
		return;
	if (call.timeout > EXIT_TIMEOUT)
		call.timeout = EXIT_TIMEOUT;
	call.alone = flags & RCPP_NO_STOP;
	call.single = entry.alone;
	if (!exiting)
		rcpp_visit_modules(visit_exit, &call);
	exiting = true;
	rcpp_forget_signal();
	rcpp_leave(&entry);
}

/* The runtime may be a part of a library that is unloaded while other threads go on. */
__attribute__((destructor)) static void leave_process(void)
{
	struct entry entry;

	rcpp_explain_faults(false);
	if (!rcpp_enter(&entry, timeout))
		return;
	rcpp_forget_indexes();
	rcpp_forget_signal();
	rcpp_leave(&entry);
}

/* Again after a library has been loaded, which has objects of its own. */
static void prepare_exit(const struct call *call)
{
	if (!call->closed || exit_adds == call->adds || exiting)
		return;
	atexit(open_at_exit);
	exit_adds = call->adds;
}

/* ---- The public functions ---- */

/*
 * 0 if the variable is not set, 2 if it is set to 2, 1 otherwise. Set-user-ID programs ignore it,
 * because their caller is not trusted.
 */
static int level_of(const char *name)
{
	const char *value = secure_getenv(name);

	if (!value || !*value || !strcmp(value, "0"))
		return 0;
	return strcmp(value, "2") ? 1 : 2;
}

static unsigned long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (unsigned long)time.tv_sec * 1000000000UL + (unsigned long)time.tv_nsec;
}

static bool enter(struct call *call, struct entry *entry)
{
	if (rcpp_enter(entry, call->timeout))
		return true;
	rcpp_fail_to_enter(call);
	return false;
}

static int visit_report(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct module module;

	(void)size;
	(void)unused;
	rcpp_module_init(&module, info);
	rcpp_report_sites(&module);
	return 0;
}

static void print_summary(int result)
{
	struct rcpp_stats stats = {0};
	struct call call = {.action = RCPP_LOOK, .stats = &stats, .result = result};

	rcpp_visit_modules(visit_count, &call);
	fprintf(stderr,
		"rcpp: %lu sites, %lu patched, %lu left as loads, %lu bytes, %lu microseconds\n",
		stats.sites, stats.patched, stats.loads, stats.bytes, nanoseconds / 1000);
	if (level_of("RCPP_VERBOSE") == 2)
		rcpp_visit_modules(visit_report, NULL);
}

static void patch_modules(struct call *call)
{
	rcpp_visit_modules(visit_patch, call);
	if (call->again)
		return;
	if (!call->hidden && !call->address)
		seen_adds = call->adds;
	if (call->address && !call->found)
		rcpp_fail(call, "no module is loaded at %p", call->address);
	prepare_exit(call);
}

static void change_modules(struct call *call)
{
	if (call->store)
		rcpp_update_values(call);
	else
		patch_modules(call);
}

/* With the lock, when no module is being loaded. */
static int run(struct call *call)
{
	unsigned long start = now();
	int saved = errno;

	do {
		struct entry entry;

		if (!rcpp_enter_loaded(&entry, call->timeout)) {
			rcpp_fail_to_enter(call);
			break;
		}
		call->alone = flags & RCPP_NO_STOP;
		call->single = entry.alone;
		call->adds = entry.adds;
		change_modules(call);
		if (call->action == RCPP_REVERT)
			rcpp_forget_indexes();
		if (!call->again) {
			nanoseconds = now() - start;
			if (level_of("RCPP_VERBOSE"))
				print_summary(call->result);
		}
		rcpp_leave(&entry);
	} while (call->again && now() - start < call->timeout * 1000000UL);
	if (call->again)
		rcpp_fail(call, "other threads kept loading libraries for %u ms", call->timeout);
	errno = saved;
	return call->result;
}

static int patch(const void *address)
{
	struct call call = new_call(RCPP_PATCH);

	call.address = address;
	return level_of("RCPP_DISABLE") ? 0 : run(&call);
}

EXPORT int rcpp_patch(void)
{
	return patch(NULL);
}

EXPORT int rcpp_patch_module(const void *address)
{
	struct call call = new_call(RCPP_PATCH);

	if (address)
		return patch(address);
	rcpp_fail(&call, "rcpp_patch_module: no address");
	return call.result;
}

EXPORT int rcpp_revert(void)
{
	struct call call = new_call(RCPP_REVERT);

	return run(&call);
}

EXPORT int rcpp_update(const struct rcpp_change *changes, size_t count)
{
	struct call call = new_call(RCPP_PATCH);
	struct store store;
	int saved = errno;

	call.store = &store;
	if (count && rcpp_store_init(&store, &call, changes, count)) {
		run(&call);
		rcpp_store_free(&store);
	}
	errno = saved;
	return call.result;
}

EXPORT int rcpp_configure(unsigned int wanted)
{
	struct call call = new_call(RCPP_LOOK);
	struct entry entry;

	if (!enter(&call, &entry))
		return -1;
	if (wanted & ~(RCPP_KEEP_WRITABLE | RCPP_NO_STOP | RCPP_EXPLAIN_FAULTS))
		rcpp_fail(&call, "rcpp_configure: unknown flags 0x%x", wanted);
	else if (!rcpp_explain_faults(wanted & RCPP_EXPLAIN_FAULTS))
		rcpp_fail(&call, "rcpp_configure: sigaction: %m");
	else
		flags = wanted;
	rcpp_leave(&entry);
	return call.result;
}

EXPORT int rcpp_set_timeout(unsigned int milliseconds)
{
	struct call call = new_call(RCPP_LOOK);

	timeout = milliseconds;
	return call.result;
}

EXPORT int rcpp_use_signal(int number)
{
	struct call call = new_call(RCPP_LOOK);
	struct entry entry;

	if (!enter(&call, &entry))
		return -1;
	if (!rcpp_set_stop_signal(number))
		rcpp_fail(&call,
			  "rcpp_use_signal: signal %d has a handler already, or cannot have one",
			  number);
	rcpp_leave(&entry);
	return call.result;
}

EXPORT int rcpp_stats(struct rcpp_stats *stats)
{
	struct call call = new_call(RCPP_LOOK);
	struct entry entry;

	*stats = (struct rcpp_stats){0};
	if (!enter(&call, &entry))
		return -1;
	stats->nanoseconds = nanoseconds;
	call.stats = stats;
	rcpp_visit_modules(visit_count, &call);
	rcpp_leave(&entry);
	return call.result;
}

EXPORT int rcpp_verify(void)
{
	struct call call = new_call(RCPP_PATCH);
	struct entry entry;

	if (!enter(&call, &entry))
		return -1;
	rcpp_visit_modules(visit_compare, &call);
	rcpp_leave(&entry);
	return call.result ? call.result : (int)call.disagreeing;
}

EXPORT const char *rcpp_error(void)
{
	return rcpp_message;
}
