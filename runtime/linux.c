// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The functions of rcpp.h, for processes on Linux.
 *
 * For each loaded module: close its variables to writes, check all of its rows, and if any site has
 * to change, write all sites into copies of their pages and swap these in. What goes wrong in a
 * module is said in words and leaves its text alone; the other modules are still done.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "modules.h"
#include "pages.h"
#include "rcpp.h"

#define EXPORT __attribute__((visibility("default")))

static _Thread_local char message[256];

/* Serializes everything, and guards what is below it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long nanoseconds;
static unsigned int flags; /* of rcpp_configure() */

/* One call, over all modules. */
struct call {
	enum rcpp_action action;
	struct rcpp_stats *stats;
	int result;
};

/* The first failure is the one to tell about. */
__attribute__((format(printf, 2, 3))) static void fail(struct call *call, const char *format, ...)
{
	va_list arguments;

	if (call->result)
		return;
	call->result = -1;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
}

static void fail_problem(struct call *call, const struct module *module, enum rcpp_problem problem,
			 uintptr_t where)
{
	fail(call, "%s: %s 0x%lx %s; nothing in this module was changed", module->name,
	     problem >= RCPP_BAD_REACH ? "site" : "row", (unsigned long)where,
	     rcpp_problem_text(problem));
}

static void fail_pages(struct call *call, const struct module *module, const struct pages *pages)
{
	errno = pages->error;
	fail(call, "%s: %s: %m; %s", module->name, pages->failed,
	     pages->stuck ? "a part of the text is changed" : "the text is unchanged");
}

/* ---- Visits ---- */

static void count_change(void *context, const struct rcpp_site *site)
{
	unsigned long *changes = context;

	*changes += site->changes;
}

static void mark_site(void *context, const struct rcpp_site *site)
{
	rcpp_pages_mark(context, site->address, site->length);
}

static void write_site(void *context, const struct rcpp_site *site)
{
	if (site->changes)
		rcpp_pages_write(context, site->address, site->bytes, site->length);
}

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

/* ---- Modules ---- */

/*
 * Write the checked module. All sites' pages are marked, changed or not: should somebody write a
 * variable between the walks, the last walk still finds a copy of every page it wants to write.
 */
static bool change_module(struct call *call, const struct module *module)
{
	struct pages pages;
	enum rcpp_problem problem = RCPP_FINE;
	uintptr_t where;
	bool done = rcpp_pages_open(&pages, module);

	if (done) {
		problem = rcpp_module_walk(module, RCPP_LOOK, mark_site, &pages, &where);
		done = !problem && rcpp_pages_copy(&pages);
	}
	if (done) {
		problem = rcpp_module_walk(module, call->action, write_site, &pages, &where);
		done = !problem && rcpp_pages_swap(&pages);
	}
	if (problem)
		fail_problem(call, module, problem, where);
	else if (!done)
		fail_pages(call, module, &pages);
	rcpp_pages_close(&pages);
	return done;
}

/* Where pages of the variables hold anything else, at the ends, they stay as they are. */
static bool set_writable(struct call *call, const struct module *module, bool writable)
{
	struct rcpp_range range = rcpp_module_patchables(module);
	uintptr_t start = rcpp_page_up(range.start);
	uintptr_t stop = rcpp_page_down(range.stop);

	if (start >= stop ||
	    !mprotect((void *)start, stop - start, PROT_READ | (writable ? PROT_WRITE : 0)))
		return true;
	fail(call, "%s: mprotect of the variables: %m", module->name);
	return false;
}

/* Make the sites what call->action says; false if the module could not be changed. */
static bool change_sites(struct call *call, const struct module *module)
{
	unsigned long changes = 0;
	uintptr_t where;
	enum rcpp_problem problem =
		rcpp_module_walk(module, call->action, count_change, &changes, &where);

	if (problem)
		fail_problem(call, module, problem, where);
	return !problem && (!changes || change_module(call, module));
}

/*
 * The variables are closed before they are read, so that no value is written that the code misses.
 * A module that could not be patched gets them open again: its code reads them.
 */
static int update_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct call *call = context;
	bool closed = call->action == RCPP_PATCH && !(flags & RCPP_KEEP_WRITABLE);
	struct module module;

	(void)size;
	rcpp_module_init(&module, info);
	if (!rcpp_module_has_rows(&module))
		return 0;
	if (closed && !set_writable(call, &module, false))
		return 0;
	if (change_sites(call, &module) != closed)
		set_writable(call, &module, true);
	return 0;
}

static int count_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct call *call = context;
	struct module module;
	enum rcpp_problem problem;
	uintptr_t where;

	(void)size;
	rcpp_module_init(&module, info);
	problem = rcpp_module_walk(&module, RCPP_LOOK, count_site, call->stats, &where);
	if (problem)
		fail_problem(call, &module, problem, where);
	return 0;
}

/* ---- The public functions ---- */

/* Is the variable set to something? Not for set-user-ID programs, whose caller is not trusted. */
static bool is_set(const char *name)
{
	const char *value = secure_getenv(name);

	return value && *value && strcmp(value, "0") != 0;
}

static unsigned long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (unsigned long)time.tv_sec * 1000000000UL + (unsigned long)time.tv_nsec;
}

/* A thread that is cancelled in open() would keep the lock for ever. */
static int enter(void)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	pthread_mutex_lock(&lock);
	message[0] = 0;
	return state;
}

static void leave(int state)
{
	pthread_mutex_unlock(&lock);
	pthread_setcancelstate(state, NULL);
}

static void print_summary(int result)
{
	struct rcpp_stats stats = {0};
	struct call call = {.action = RCPP_LOOK, .stats = &stats, .result = result};

	dl_iterate_phdr(count_module, &call);
	fprintf(stderr,
		"rcpp: %lu sites, %lu patched, %lu left as loads, %lu bytes, %lu microseconds\n",
		stats.sites, stats.patched, stats.loads, stats.bytes, nanoseconds / 1000);
}

static int update(enum rcpp_action action)
{
	struct call call = {.action = action};
	int saved = errno;
	int state = enter();
	unsigned long start = now();

	dl_iterate_phdr(update_module, &call);
	nanoseconds = now() - start;
	if (is_set("RCPP_VERBOSE"))
		print_summary(call.result);
	leave(state);
	errno = saved;
	return call.result;
}

EXPORT int rcpp_patch(void)
{
	if (is_set("RCPP_DISABLE")) {
		message[0] = 0;
		return 0;
	}
	return update(RCPP_PATCH);
}

EXPORT int rcpp_revert(void)
{
	return update(RCPP_REVERT);
}

EXPORT int rcpp_configure(unsigned int wanted)
{
	int state = enter();
	bool known = !(wanted & ~RCPP_KEEP_WRITABLE);

	if (known)
		flags = wanted;
	else
		snprintf(message, sizeof(message), "rcpp_configure: unknown flags 0x%x", wanted);
	leave(state);
	return known ? 0 : -1;
}

EXPORT int rcpp_stats(struct rcpp_stats *stats)
{
	struct call call = {.action = RCPP_LOOK, .stats = stats};
	int state = enter();

	*stats = (struct rcpp_stats){.nanoseconds = nanoseconds};
	dl_iterate_phdr(count_module, &call);
	leave(state);
	return call.result;
}

EXPORT const char *rcpp_error(void)
{
	return message;
}
