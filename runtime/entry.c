// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The one lock of the runtime, and what it must not be held over.
 *
 * A signal handler that ran under the lock could fork, or call the runtime, and would wait for the
 * lock that its own thread holds: so signals wait until the call is over. A thread that is
 * cancelled in open() would keep the lock for ever. A child that is forked while another thread
 * holds the lock would never get it: so fork() waits for the lock, and both sides get it back free.
 *
 * The dynamic linker lists a module before it has relocated it, and before its constructors ran.
 * dladdr() waits for loads that run, since the dynamic linker holds the same lock over all of a
 * dlopen(). So: count the modules, wait, take our own lock, and see in the list that the count is
 * still the same. Nobody holds our lock while it waits for the dynamic linker's, since a
 * constructor may call us.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <time.h>

#include "entry.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void before_fork(void)
{
	pthread_mutex_lock(&lock);
}

static void after_fork(void)
{
	pthread_mutex_unlock(&lock);
}

static void watch_forks(void)
{
	pthread_atfork(before_fork, after_fork, after_fork);
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

/* No signal comes between taking the lock and blocking them; and none waits with us for the lock.
 */
static bool try_lock(struct entry *entry)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &entry->signals);
	if (!pthread_mutex_trylock(&lock))
		return true;
	pthread_sigmask(SIG_SETMASK, &entry->signals, NULL);
	return false;
}

bool rcpp_enter(struct entry *entry, unsigned int milliseconds)
{
	static pthread_once_t watched = PTHREAD_ONCE_INIT;
	static const struct timespec pause = {0, 100000};
	long until = now() + milliseconds * 1000000L;

	pthread_once(&watched, watch_forks);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &entry->cancel);
	while (!try_lock(entry)) {
		if (now() > until) {
			pthread_setcancelstate(entry->cancel, NULL);
			return false;
		}
		nanosleep(&pause, NULL);
	}
	return true;
}

static int note_adds(struct dl_phdr_info *info, size_t size, void *context)
{
	unsigned long long *adds = context;

	(void)size;
	*adds = info->dlpi_adds;
	return 1;
}

/* The list is read under the lock: a child forked meanwhile would find the dynamic linker's taken.
 */
bool rcpp_enter_loaded(struct entry *entry, unsigned int milliseconds)
{
	unsigned long long adds = 0;
	Dl_info unused;

	if (!rcpp_enter(entry, milliseconds))
		return false;
	dl_iterate_phdr(note_adds, &adds);
	rcpp_leave(entry);
	dladdr(&lock, &unused);
	entry->adds = adds;
	return rcpp_enter(entry, milliseconds);
}

void rcpp_leave(const struct entry *entry)
{
	pthread_mutex_unlock(&lock);
	pthread_sigmask(SIG_SETMASK, &entry->signals, NULL);
	pthread_setcancelstate(entry->cancel, NULL);
}
