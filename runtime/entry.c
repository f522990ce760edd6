// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The one lock of the runtime.
 *
 * Signals are blocked while a thread has the lock: a handler could fork, or call the runtime, and
 * would wait for a lock that its own thread has. Cancellation is off, because a thread that is
 * cancelled in open() would keep the lock for ever. fork() waits for the lock and releases it in
 * the parent and in the child: otherwise a child that is forked while another thread has it could
 * never take it.
 *
 * The signals with which another copy of this library stops threads are not blocked while a thread
 * that has our lock waits for that of the dynamic linker: the other copy's thread may hold that
 * lock and would wait for this one. As it holds it throughout its stop, no thread that it stops can
 * hold it. Any signal without a handler may become such a signal, so those are not blocked either.
 *
 * The dynamic linker lists a module before it has relocated it and run its constructors. It holds
 * one lock throughout dlopen(), and dladdr() waits for that lock. So: count the modules, call
 * dladdr(), take our own lock, and check that the count is still the same. No thread waits for the
 * lock of dlopen() while it has ours, because a constructor may call us. (For the same reason the
 * locale is "C": in others strerror() may load a library that converts its texts.)
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "entry.h"
#include "signals.h"
#include "tasks.h"

#define PAUSE_NS 100000 /* between two tries to take the lock */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned int waiting; /* threads that have tried to take it */
static _Atomic(pthread_t) owner;     /* if it is this thread, it has the lock */

/* Only in a handler of a signal that had none before. Its child goes on with the lock. */
static bool is_owner(void)
{
	return pthread_equal(atomic_load(&owner), pthread_self());
}

static void before_fork(void)
{
	if (!is_owner())
		pthread_mutex_lock(&lock);
}

static void after_fork(void)
{
	if (!is_owner())
		pthread_mutex_unlock(&lock);
}

static void start_child(void)
{
	atomic_store(&waiting, 0);
	after_fork();
}

static void watch_forks(void)
{
	pthread_atfork(before_fork, after_fork, start_child);
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

/* Signals are blocked before the lock is taken, but not while we wait for it. */
static bool try_lock(struct entry *entry)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &entry->signals);
	if (!pthread_mutex_trylock(&lock)) {
		atomic_store(&owner, pthread_self());
		return true;
	}
	pthread_sigmask(SIG_SETMASK, &entry->signals, NULL);
	return false;
}

/* From all signals to those that have handlers of the program. */
static void block_less(const struct entry *entry)
{
	sigset_t program;

	rcpp_program_signals(&program);
	sigorset(&program, &program, &entry->signals);
	pthread_sigmask(SIG_SETMASK, &program, NULL);
}

static bool wait_for_lock(struct entry *entry, unsigned int milliseconds)
{
	static const struct timespec pause = {0, PAUSE_NS};
	long until = now() + milliseconds * 1000000L;
	bool locked;

	atomic_fetch_add(&waiting, 1);
	while (!(locked = try_lock(entry)) && now() <= until)
		nanosleep(&pause, NULL);
	atomic_fetch_sub(&waiting, 1);
	return locked;
}

/* Those that wait are first, or a thread that calls again and again would keep them out. */
static void let_others_in(void)
{
	static const struct timespec pause = {0, 5 * PAUSE_NS};

	if (atomic_load(&waiting))
		nanosleep(&pause, NULL);
}

bool rcpp_enter(struct entry *entry, unsigned int milliseconds)
{
	static pthread_once_t watched = PTHREAD_ONCE_INIT;

	pthread_once(&watched, watch_forks);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &entry->cancel);
	let_others_in();
	if (!try_lock(entry) && !wait_for_lock(entry, milliseconds)) {
		pthread_setcancelstate(entry->cancel, NULL);
		return false;
	}
	entry->locale = uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));
	entry->alone = rcpp_is_alone();
	if (!entry->alone)
		block_less(entry);
	return true;
}

struct visits {
	rcpp_visit_module *visit;
	void *context;
	bool entered; /* the dynamic linker's lock is ours */
};

static int visit_blocked(struct dl_phdr_info *info, size_t size, void *context)
{
	struct visits *visits = context;
	sigset_t all;

	sigfillset(&all);
	if (!visits->entered)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	visits->entered = true;
	return visits->visit(info, size, visits->context);
}

void rcpp_visit_modules(rcpp_visit_module *visit, void *context)
{
	struct visits visits = {.visit = visit, .context = context};
	sigset_t before;

	pthread_sigmask(SIG_BLOCK, NULL, &before);
	dl_iterate_phdr(visit_blocked, &visits);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int note_adds(struct dl_phdr_info *info, size_t size, void *context)
{
	unsigned long long *adds = context;

	(void)size;
	*adds = info->dlpi_adds;
	return 1;
}

/*
 * The list is read under our lock, which keeps fork() out: a child that was forked now would find
 * the dynamic linker's lock taken.
 */
bool rcpp_enter_loaded(struct entry *entry, unsigned int milliseconds)
{
	unsigned long long adds = 0;
	Dl_info unused;

	if (!rcpp_enter(entry, milliseconds))
		return false;
	rcpp_visit_modules(note_adds, &adds);
	entry->adds = adds;
	if (entry->alone) /* nobody loads one now */
		return true;
	rcpp_leave(entry);
	dladdr(&lock, &unused);
	return rcpp_enter(entry, milliseconds);
}

void rcpp_leave(const struct entry *entry)
{
	uselocale(entry->locale);
	atomic_store(&owner, (pthread_t)0);
	pthread_mutex_unlock(&lock);
	pthread_sigmask(SIG_SETMASK, &entry->signals, NULL);
	pthread_setcancelstate(entry->cancel, NULL);
}
