// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A library for LD_PRELOAD: when the program maps a file, the file CUT_OFF becomes empty, as if
 * somebody else began to write it.
 */
#define _GNU_SOURCE 1
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
	long result = syscall(SYS_mmap, address, length, protection, flags, file, offset);
	const char *name = getenv("CUT_OFF");

	if (file >= 0 && name && truncate(name, 0))
		abort();
	return (void *)result;
}
