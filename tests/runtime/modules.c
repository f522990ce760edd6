// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites in shared objects: one linked to the program, one dlopen()ed before the first patching, one
 * after it, and one unloaded in between. The arguments are the paths of the two to be opened.
 */
#include <dlfcn.h>

#include "check.h"

int library_load(void);
void library_set(int);

struct library {
	void *handle;
	int (*load)(void);
	void (*set)(int);
};

static void open_library(struct library *library, const char *path)
{
	library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library->handle)
		fprintf(stderr, "%s\n", dlerror());
	CHECK(library->handle);
	*(void **)&library->load = dlsym(library->handle, "library_load");
	*(void **)&library->set = dlsym(library->handle, "library_set");
	CHECK(library->load && library->set);
}

/* After patching, the site holds the value and does not see the variable. */
static void check_patched(int (*load)(void), void (*set)(int), int value)
{
	CHECK(load() == value);
	set(value + 1);
	CHECK(load() == value);
	set(value);
}

int main(int count, char **paths)
{
	struct library first;
	struct library second;
	struct rcpp_stats stats;

	CHECK(count == 3);
	open_library(&first, paths[1]);
	library_set(31);
	first.set(32);
	CHECK(rcpp_patch() == 0);
	check_patched(library_load, library_set, 31);
	check_patched(first.load, first.set, 32);
	CHECK(address_is_mapped_from((const void *)(uintptr_t)first.load, paths[1]));
	CHECK(rcpp_stats(&stats) == 0);
	CHECK(stats.sites == 2 && stats.patched == 2);

	open_library(&second, paths[2]);
	second.set(33);
	CHECK(second.load() == 33);
	second.set(34);
	CHECK(second.load() == 34);
	CHECK(rcpp_patch() == 0);
	check_patched(library_load, library_set, 31);
	check_patched(first.load, first.set, 32);
	check_patched(second.load, second.set, 34);

	CHECK(dlclose(first.handle) == 0);
	CHECK(rcpp_stats(&stats) == 0);
	CHECK(stats.sites == 2);
	CHECK(rcpp_revert() == 0);
	library_set(41);
	CHECK(library_load() == 41);

	/* Opened again, it is new text. */
	open_library(&first, paths[1]);
	CHECK(first.load() == 21);
	first.set(42);
	CHECK(rcpp_patch() == 0);
	check_patched(first.load, first.set, 42);
	check_patched(second.load, second.set, 34);
	return 0;
}
