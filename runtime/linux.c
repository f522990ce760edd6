// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The functions of rcpp.h, for processes on Linux.
 *
 * For each loaded module: check all of its rows, close its variables to writes, and if any site has
 * to change, exchange the pages. What goes wrong in a module is said in words and leaves its text
 * alone; the other modules are still done.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "entry.h"
#include "origin.h"
#include "pages.h"
#include "rcpp.h"
#include "stop.h"

#define EXIT_TIMEOUT 100 /* milliseconds: threads that wait for signals shall not delay exit() */

#define EXPORT __attribute__((visibility("default")))

/*
 * Aligned as .dynamic is, which follows in memory. mold 1.10 puts thread-local zeros of a smaller
 * alignment at the end of the page in front of the data. No page is mapped there, but the dynamic
 * linker would make it read-only.
 */
static _Alignas(8) _Thread_local char message[256];

/* Guarded by the lock of rcpp_enter(). */
static unsigned long nanoseconds;
static unsigned int flags;	     /* of rcpp_configure() */
static unsigned int timeout = 1000;  /* of rcpp_set_timeout(), in milliseconds */
static unsigned long long seen_adds; /* no module up to this one has hidden tables */
static unsigned long long exit_adds; /* the variables of modules up to this one open at exit */
static bool exiting;		     /* variables stay open from now on */

/* One call, over all modules or one. */
struct call {
	enum rcpp_action action;
	struct rcpp_stats *stats;
	const void *address; /* only the module that this lies in; NULL: all */
	unsigned long long adds;
	bool found;  /* there is such a module */
	bool again;  /* a module is being loaded: start again */
	bool closed; /* some variables were closed */
	bool hidden; /* some module's tables cannot be found */
	unsigned long disagreeing;
	int result;
};

/* The first failure is the one that is reported. */
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

static void fail_pages(struct call *call, const struct pages *pages)
{
	errno = pages->error;
	fail(call, "%s: %s: %m; %s", pages->module->name, pages->failed,
	     pages->stuck ? "a part of the text is changed" : "the text is unchanged");
}

static void fail_origin(struct call *call, const struct module *module, enum rcpp_origin origin)
{
	fail(call, "%s: %s", module->name, rcpp_origin_text(origin));
}

/* ---- Visits ---- */

/*
 * What a module's sites hold, and where they change. A load and its consumers are a group, which
 * changes as one: no thread may be between its first byte and its last.
 */
struct writer {
	struct pages pages;
	bool patched; /* some site holds a value */
	bool refused; /* the pages cannot be had */
	bool missed;  /* a site changes outside of the pages: its variable was written meanwhile */
	struct {
		uintptr_t start;
		uintptr_t stop;
		bool changes;
	} group;
};

static void plan_group(struct writer *writer)
{
	if (writer->group.changes && !rcpp_pages_add(&writer->pages, writer->group.start,
						     writer->group.stop - writer->group.start))
		writer->refused = true;
}

static void forbid_group(struct writer *writer)
{
	if (writer->group.changes)
		rcpp_pages_forbid(&writer->pages, writer->group.start,
				  writer->group.stop - writer->group.start);
}

/* A site begins a group, or belongs to the one of the row before. */
static void enter_site(struct writer *writer, const struct rcpp_site *site,
		       void (*end_group)(struct writer *))
{
	uintptr_t stop = site->address + site->length;

	if (!(site->flags & RCPP_ROW_CONSUMER)) {
		end_group(writer);
		writer->group.start = site->address;
		writer->group.stop = stop;
		writer->group.changes = false;
	}
	if (site->address < writer->group.start)
		writer->group.start = site->address;
	if (stop > writer->group.stop)
		writer->group.stop = stop;
	writer->group.changes |= site->changes;
}

static void plan_site(void *context, const struct rcpp_site *site)
{
	struct writer *writer = context;

	writer->patched |= site->patched;
	enter_site(writer, site, plan_group);
}

static void write_site(void *context, const struct rcpp_site *site)
{
	struct writer *writer = context;

	enter_site(writer, site, forbid_group);
	if (site->changes &&
	    !rcpp_pages_write(&writer->pages, site->address, site->bytes, site->length)) {
		writer->missed = true;
		writer->patched |= site->patched;
	}
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

/* ---- The text of a module ---- */

/* All rows, each with visit; false if one is wrong. */
static bool walk(struct call *call, struct writer *writer, rcpp_visit *visit,
		 void (*end_group)(struct writer *))
{
	const struct module *module = writer->pages.module;
	enum rcpp_problem problem;
	uintptr_t where;

	writer->group.changes = false;
	problem = rcpp_module_walk(module, call->action, visit, writer, &where);
	if (problem)
		fail_problem(call, module, problem, where);
	else
		end_group(writer);
	return !problem;
}

static bool copy_pages(struct call *call, struct writer *writer)
{
	if (!writer->refused && rcpp_pages_copy(&writer->pages))
		return true;
	fail_pages(call, &writer->pages);
	return false;
}

/* Check all of the module, and copy the pages that change; nothing else is changed yet. */
static bool prepare_text(struct call *call, struct writer *writer, const struct module *module)
{
	enum rcpp_origin origin = RCPP_ORIGIN_FINE;

	*writer = (struct writer){0};
	rcpp_pages_init(&writer->pages, module);
	if (!walk(call, writer, plan_site, plan_group))
		return false;
	if (call->action == RCPP_REVERT)
		rcpp_pages_widen(&writer->pages);
	else if (writer->pages.count)
		origin = rcpp_origin_of(module);
	if (origin)
		fail_origin(call, module, origin);
	return !origin && copy_pages(call, writer);
}

/*
 * Write the values of the variables into the copies. If a variable was written since the pages were
 * chosen, other sites change, and more pages are needed.
 */
static bool write_text(struct call *call, struct writer *writer)
{
	for (;;) {
		writer->missed = false;
		if (!walk(call, writer, write_site, forbid_group))
			return false;
		if (!writer->missed)
			return true;
		rcpp_pages_close(&writer->pages);
		if (!walk(call, writer, plan_site, plan_group) || !copy_pages(call, writer))
			return false;
	}
}

/* Exchange the pages while no thread is where they change. */
static bool exchange_text(struct call *call, struct writer *writer)
{
	const struct pages *pages = &writer->pages;
	char reason[128];
	bool done;

	if (!pages->count)
		return true;
	if (!rcpp_pages_protect(&writer->pages)) {
		fail_pages(call, pages);
		return false;
	}
	if (!rcpp_stop(pages, !(flags & RCPP_NO_STOP), timeout, reason, sizeof(reason))) {
		fail(call, "%s: %s; the text is unchanged", pages->module->name, reason);
		return false;
	}
	done = rcpp_pages_swap(&writer->pages);
	rcpp_go();
	if (!done)
		fail_pages(call, pages);
	return done;
}

static bool change_text(struct call *call, struct writer *writer)
{
	if (!write_text(call, writer))
		return false;
	if (call->action == RCPP_REVERT)
		rcpp_pages_share(&writer->pages);
	return exchange_text(call, writer);
}

/* ---- The variables of a module ---- */

/* Only whole pages: those at the ends may hold other data, and stay as they are. */
static bool set_protection(const struct module *module, int protection)
{
	struct rcpp_range range = rcpp_module_patchables(module);
	uintptr_t start = rcpp_page_up(range.start);
	uintptr_t stop = rcpp_page_down(range.stop);

	return start >= stop || !mprotect((void *)start, stop - start, protection);
}

static bool close_variables(struct call *call, const struct module *module)
{
	if (set_protection(module, PROT_READ)) {
		call->closed = true;
		return true;
	}
	fail(call, "%s: mprotect of the variables: %m; the text is unchanged", module->name);
	return false;
}

/* This failure is reported after another one, too: the next write would end the program. */
static void open_variables(struct call *call, const struct module *module)
{
	size_t length = call->result ? strlen(message) : 0;

	if (set_protection(module, PROT_READ | PROT_WRITE))
		return;
	if (length)
		snprintf(message + length, sizeof(message) - length,
			 "; its variables stay read-only, mprotect: %m");
	else
		fail(call, "%s: its variables stay read-only, mprotect: %m", module->name);
}

/* ---- Modules ---- */

/*
 * The variables are closed before their values are put into the code, so that the code misses no
 * write. They are closed after everything else that can fail, because opening them again can fail,
 * too. At the end they are open exactly if no site holds a value.
 */
static void update_module(struct call *call, const struct module *module)
{
	bool close = call->action == RCPP_PATCH && !(flags & RCPP_KEEP_WRITABLE) && !exiting;
	struct writer writer;
	bool prepared =
		prepare_text(call, &writer, module) && (!close || close_variables(call, module));
	bool changed = prepared && change_text(call, &writer);
	bool open = changed ? !close : prepared && close && !writer.patched && !writer.pages.stuck;

	rcpp_pages_close(&writer.pages); /* first: to open them may need the room */
	if (open)
		open_variables(call, module);
}

/* A module without tables may have lost them. Each is looked at once. */
static void look_for_tables(struct call *call, const struct module *module)
{
	if (call->action != RCPP_PATCH || seen_adds == call->adds ||
	    rcpp_origin_of(module) != RCPP_ORIGIN_HIDDEN)
		return;
	call->hidden = true;
	fail_origin(call, module, RCPP_ORIGIN_HIDDEN);
}

static bool is_wanted(struct call *call, const struct module *module)
{
	bool wanted = !call->address || rcpp_module_holds(module, (uintptr_t)call->address);

	call->found |= wanted;
	return wanted;
}

static int visit_update(struct dl_phdr_info *info, size_t size, void *context)
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
	if (rcpp_module_has_tables(&module))
		update_module(call, &module);
	else
		look_for_tables(call, &module);
	return 0;
}

static int visit_count(struct dl_phdr_info *info, size_t size, void *context)
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

static int visit_compare(struct dl_phdr_info *info, size_t size, void *context)
{
	struct comparison comparison = {0};
	struct call *call = context;
	struct module module;
	enum rcpp_problem problem;
	uintptr_t where;

	(void)size;
	rcpp_module_init(&module, info);
	problem = rcpp_module_walk(&module, RCPP_PATCH, compare_site, &comparison, &where);
	if (problem)
		fail_problem(call, &module, problem, where);
	else if (comparison.count && !call->disagreeing)
		snprintf(message, sizeof(message),
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
	struct writer writer;
	struct module module;

	(void)size;
	rcpp_module_init(&module, info);
	if (!rcpp_module_has_tables(&module))
		return 0;
	if (prepare_text(call, &writer, &module))
		change_text(call, &writer);
	rcpp_pages_close(&writer.pages);
	open_variables(call, &module);
	if (call->result) /* who blocks the signal will block it for the next module, too */
		timeout = 0;
	return 0;
}

/*
 * Destructors of static objects may write patchables, and read them again. exit() calls functions
 * in reverse order: this one runs before the destructors of all objects that were constructed
 * before atexit() was called.
 */
static void open_at_exit(void)
{
	struct call call = {.action = RCPP_REVERT};
	struct entry entry;

	if (!rcpp_enter(&entry, timeout))
		return;
	if (timeout > EXIT_TIMEOUT)
		timeout = EXIT_TIMEOUT;
	if (!exiting)
		dl_iterate_phdr(visit_exit, &call);
	exiting = true;
	rcpp_forget_signal();
	rcpp_leave(&entry);
}

/* The runtime may be a part of a library that is unloaded while other threads go on. */
__attribute__((destructor)) static void leave_process(void)
{
	struct entry entry;

	if (!rcpp_stop_signal() || !rcpp_enter(&entry, timeout))
		return;
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

static int fail_to_enter(void)
{
	snprintf(message, sizeof(message), "another call of the library has not returned for %d ms",
		 (int)timeout);
	return -1;
}

static void print_summary(int result)
{
	struct rcpp_stats stats = {0};
	struct call call = {.action = RCPP_LOOK, .stats = &stats, .result = result};

	dl_iterate_phdr(visit_count, &call);
	fprintf(stderr,
		"rcpp: %lu sites, %lu patched, %lu left as loads, %lu bytes, %lu microseconds\n",
		stats.sites, stats.patched, stats.loads, stats.bytes, nanoseconds / 1000);
}

/* With the lock. If a module is being loaded, call->again is set, and the rest is left out. */
static void update_modules(struct call *call, unsigned long start)
{
	dl_iterate_phdr(visit_update, call);
	if (call->again)
		return;
	if (!call->hidden && !call->address)
		seen_adds = call->adds;
	if (call->address && !call->found)
		fail(call, "no module is loaded at %p", call->address);
	prepare_exit(call);
	nanoseconds = now() - start;
	if (is_set("RCPP_VERBOSE"))
		print_summary(call->result);
}

static int update(enum rcpp_action action, const void *address)
{
	struct call call = {.action = action, .address = address};
	unsigned long start = now();
	int saved = errno;

	message[0] = 0;
	do {
		struct entry entry;

		if (!rcpp_enter_loaded(&entry, timeout)) {
			call.result = fail_to_enter();
			break;
		}
		call.adds = entry.adds;
		update_modules(&call, start);
		rcpp_leave(&entry);
	} while (call.again && now() - start < timeout * 1000000UL);
	if (call.again)
		fail(&call, "other threads kept loading libraries for %u ms", timeout);
	errno = saved;
	return call.result;
}

static int patch(const void *address)
{
	message[0] = 0;
	return is_set("RCPP_DISABLE") ? 0 : update(RCPP_PATCH, address);
}

EXPORT int rcpp_patch(void)
{
	return patch(NULL);
}

EXPORT int rcpp_patch_module(const void *address)
{
	if (address)
		return patch(address);
	snprintf(message, sizeof(message), "rcpp_patch_module: no address");
	return -1;
}

EXPORT int rcpp_revert(void)
{
	return update(RCPP_REVERT, NULL);
}

EXPORT int rcpp_configure(unsigned int wanted)
{
	bool known = !(wanted & ~(RCPP_KEEP_WRITABLE | RCPP_NO_STOP));
	struct entry entry;

	if (!rcpp_enter(&entry, timeout))
		return fail_to_enter();
	message[0] = 0;
	if (known)
		flags = wanted;
	else
		snprintf(message, sizeof(message), "rcpp_configure: unknown flags 0x%x", wanted);
	rcpp_leave(&entry);
	return known ? 0 : -1;
}

EXPORT int rcpp_set_timeout(unsigned int milliseconds)
{
	message[0] = 0;
	timeout = milliseconds;
	return 0;
}

EXPORT int rcpp_use_signal(int number)
{
	struct entry entry;
	bool done;

	if (!rcpp_enter(&entry, timeout))
		return fail_to_enter();
	message[0] = 0;
	done = rcpp_set_stop_signal(number);
	if (!done)
		snprintf(message, sizeof(message),
			 "rcpp_use_signal: signal %d has a handler already, or cannot have one",
			 number);
	rcpp_leave(&entry);
	return done ? 0 : -1;
}

EXPORT int rcpp_stats(struct rcpp_stats *stats)
{
	struct call call = {.action = RCPP_LOOK, .stats = stats};
	struct entry entry;

	*stats = (struct rcpp_stats){0};
	if (!rcpp_enter(&entry, timeout))
		return fail_to_enter();
	message[0] = 0;
	stats->nanoseconds = nanoseconds;
	dl_iterate_phdr(visit_count, &call);
	rcpp_leave(&entry);
	return call.result;
}

EXPORT int rcpp_verify(void)
{
	struct call call = {.action = RCPP_PATCH};
	struct entry entry;

	if (!rcpp_enter(&entry, timeout))
		return fail_to_enter();
	message[0] = 0;
	dl_iterate_phdr(visit_compare, &call);
	rcpp_leave(&entry);
	return call.result ? call.result : (int)call.disagreeing;
}

EXPORT const char *rcpp_error(void)
{
	return message;
}
