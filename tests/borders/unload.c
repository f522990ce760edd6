// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A library is unloaded, and its destructor writes its variable. The library is this file with
 * -DLIBRARY.
 *
 *	unload race	another thread patches and reverts as fast as it can
 *	unload inside	the destructor patches, and updates
 *	unload wait	another thread is about to close the variables: the destructor waits
 *	unload child	that thread was the parent's, and the child does not wait for it
 *	unload late	rcpp_release() opens the variables in the middle of an update
 *	unload exit	another thread patches, and the process ends
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define STATES 100 /* of the variable in the destructor: it takes as long as a patch */

struct library {
	long (*use)(long x);
	_Atomic int *state; /* of struct rcpp_unloading */
	long *value;
	void (*at_end)(void);
	int reads; /* in its destructor: the text is that of the file */
};

#ifdef LIBRARY
extern __attribute__((visibility("hidden"))) struct {
	char mark[16];
	_Atomic int state;
} rcpp_unloading;

static __patchable long value = 5;

static long use(long x)
{
	return x + value;
}

struct library library = {use, &rcpp_unloading.state, &value, NULL, 0};

__attribute__((constructor)) static void start(void)
{
	value = 7;
}

__attribute__((destructor)) static void end(void)
{
	if (library.at_end)
		library.at_end();
	for (long i = 0; i < STATES; i++) {
		value = i;
		usleep(10);
		if (rcpp_load(value) != i || (library.reads && use(1) != i + 1))
			abort();
	}
}
#else
static __patchable long number = 3;
static _Atomic bool done, leaving;
static _Atomic unsigned long calls;
static pthread_t patching;

__attribute__((noinline)) static long use_number(long x)
{
	return x + number;
}

static void *patch(void *unused)
{
	while (!done) {
		CHECK(!rcpp_patch() || leaving);
		CHECK(use_number(1) == 4 || leaving);
		CHECK(!rcpp_revert() || leaving);
		calls++;
	}
	return unused;
}

static void start_patching(void)
{
	CHECK(!pthread_create(&patching, NULL, patch, NULL));
	while (!calls)
		usleep(100);
}

static struct library *load(void **handle)
{
	struct library *library;

	*handle = dlopen("./library.so", RTLD_NOW);
	CHECK(*handle);
	library = dlsym(*handle, "library");
	CHECK(library && library->use(1) == 8);
	return library;
}

static void race(void)
{
	time_t stop = time(NULL) + 2;
	unsigned long loads = 0;
	void *handle;

	start_patching();
	while (time(NULL) < stop) {
		struct library *library = load(&handle);

		usleep(loads % 7 * 100);
		CHECK(library->use(2) == 9);
		CHECK(!dlclose(handle));
		loads++;
	}
	done = true;
	CHECK(!pthread_join(patching, NULL));
	printf("%lu loads, %lu calls\n", loads, calls);
	CHECK(loads > 10 && calls > 10);
}

static struct library *unloaded;

static void patch_and_update(void)
{
	const long to = 11;
	struct rcpp_change change = {unloaded->value, &to, sizeof to};

	CHECK(!rcpp_patch() && !rcpp_patch());
	CHECK(!rcpp_update(&change, 1) && unloaded->use(1) == 12);
}

static void inside(void)
{
	void *handle;
	struct library *library = load(&handle);

	CHECK(!rcpp_patch() && library->use(1) == 8);
	library->at_end = patch_and_update;
	unloaded = library;
	CHECK(!dlclose(handle));
}

static void *let_go(void *state)
{
	usleep(200000);
	calls = 1;
	*(_Atomic int *)state = 0;
	return NULL;
}

static void was_waited_for(void)
{
	CHECK(calls == 1);
}

static void wait_for(void)
{
	void *handle;
	struct library *library = load(&handle);
	pthread_t thread;

	*library->state = getpid();
	library->at_end = was_waited_for;
	CHECK(!pthread_create(&thread, NULL, let_go, library->state));
	CHECK(!dlclose(handle));
}

static void child(void)
{
	void *handle;
	struct library *library = load(&handle);
	int status;
	pid_t id;

	*library->state = getpid();
	id = fork();
	if (!id) {
		alarm(10);
		CHECK(!rcpp_patch() && library->use(1) == 8);
		*library->state = getppid();
		CHECK(!dlclose(handle));
		_exit(0);
	}
	CHECK(waitpid(id, &status, 0) == id && !status);
	*library->state = 0;
	CHECK(!dlclose(handle));
}

/* As rcpp_release() does. The update waits for this thread, because it blocks its signal. */
static void *release(void *value)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	CHECK(!pthread_sigmask(SIG_SETMASK, &all, NULL));
	calls = 1;
	usleep(300000);
	CHECK(!mprotect((void *)((uintptr_t)value & -4096UL), 4096, PROT_READ | PROT_WRITE));
	CHECK(!pthread_sigmask(SIG_SETMASK, &none, NULL));
	return NULL;
}

static void late(void)
{
	const long to = 11;
	void *handle;
	struct library *library = load(&handle);
	struct rcpp_change change = {library->value, &to, sizeof to};
	pthread_t thread;

	rcpp_set_timeout(60000);
	CHECK(!rcpp_patch() && !is_open(library->value));
	*library->state = -1;
	CHECK(!pthread_create(&thread, NULL, release, library->value));
	while (!calls)
		usleep(100);
	CHECK(!rcpp_update(&change, 1) && library->use(1) == 12);
	CHECK(is_open(library->value));
	CHECK(!pthread_join(thread, NULL) && !dlclose(handle));
}

/* As a destructor of a static object. */
static void write_number(void)
{
	for (long i = 0; i < STATES; i++) {
		*(long *)hide(&number) = i;
		usleep(100);
		if (use_number(1) != i + 1)
			abort();
	}
}

static void leave(void)
{
	void *handle;

	CHECK(!atexit(write_number));
	load(&handle)->reads = 1;
	start_patching();
	leaving = true;
}

int main(int count, char **arguments)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} modes[] = {{"race", race},   {"inside", inside}, {"wait", wait_for},
		     {"child", child}, {"late", late},	   {"exit", leave}};
	size_t i;

	for (i = 0; i < sizeof modes / sizeof *modes; i++)
		if (count == 2 && !strcmp(arguments[1], modes[i].name)) {
			modes[i].run();
			return 0;
		}
	return 2;
}
#endif
