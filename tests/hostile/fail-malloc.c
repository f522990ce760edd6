// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A library for LD_PRELOAD: of all calls of malloc(), calloc() and realloc() that the program
 * makes, number FAIL_AT (from 1) and all further ones fail, as they do when memory runs out.
 * FAIL_ONCE makes it that one alone. Only this program: what it executes gets plain memory.
 */
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own, under the names that it has for this purpose. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static unsigned long fail_at, calls;
static bool once;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("FAIL_AT");

	fail_at = number ? strtoul(number, NULL, 10) : 0;
	once = getenv("FAIL_ONCE") != NULL;
	unsetenv("LD_PRELOAD");
	calls = 0;
}

static bool fails(void)
{
	if (!fail_at || (once ? ++calls != fail_at : ++calls < fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	bool grows = !memory || malloc_usable_size(memory) < size;

	return grows && fails() ? NULL : __libc_realloc(memory, size);
}
