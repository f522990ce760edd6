// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * threads fork: one thread patches and reverts without end, another one forks, and the child
 * patches, too. threads load PLUGIN: one patches, another one loads a plugin, patches, runs it and
 * unloads it. threads callback: both call the library, one of them from dl_iterate_phdr().
 * Each for a second.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

__patchable long value = 5;

__attribute__((noinline)) long use(long x)
{
	return x + value;
}

static atomic_bool stop;

static void *patch_and_revert(void *unused)
{
	while (!stop)
		CHECK(!rcpp_revert() && !rcpp_patch());
	return unused;
}

static void *patch(void *unused)
{
	while (!stop)
		rcpp_patch(); /* loads may never pause for it */
	return unused;
}

static int child(void)
{
	alarm(5);
	CHECK(!rcpp_patch() && use(1) == 6 && !rcpp_verify());
	CHECK(!rcpp_revert());
	*(long *)hide(&value) = 6;
	CHECK(use(1) == 7);
	return 0;
}

static void fork_once(void)
{
	pid_t process = fork();
	int status;

	if (!process)
		_exit(child());
	CHECK(waitpid(process, &status, 0) == process);
	CHECK(!status);
}

static const char *plugin_name;

static void load_once(void)
{
	void *plugin = dlopen(plugin_name, RTLD_NOW);
	int (*run)(void);

	CHECK(plugin);
	*(void **)&run = dlsym(plugin, "run");
	rcpp_patch();
	CHECK(run() == 48);
	CHECK(!dlclose(plugin));
}

static int look(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct rcpp_stats stats;

	(void)info, (void)size, (void)unused;
	return rcpp_stats(&stats) && !strstr(rcpp_error(), "another call");
}

static void call_back(void)
{
	CHECK(!dl_iterate_phdr(look, NULL));
}

int main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";
	void (*once)(void) = !strcmp(what, "fork")   ? fork_once
			     : !strcmp(what, "load") ? load_once
						     : call_back;
	void *(*other)(void *) = once == load_once ? patch : patch_and_revert;
	double end = now() + 1;
	pthread_t thread;
	long rounds = 0;

	plugin_name = arguments[count - 1];
	CHECK(!pthread_create(&thread, NULL, other, NULL));
	for (; now() < end || rounds < 10; rounds++)
		once();
	stop = true;
	CHECK(!pthread_join(thread, NULL));
	printf("%ld rounds\n", rounds);
	return 0;
}
