// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Goes in front of the C library in rcpp-dump, and makes a process end while it is looked at: from
 * the read of number ENDING on, its memory is a file without contents, as the kernel has it then.
 */
#define _GNU_SOURCE 1
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pread(int file, void *to, size_t size, off_t offset)
{
	static int reads;
	const char *ending = getenv("ENDING");

	if (ending && reads++ >= atoi(ending))
		return 0;
	return syscall(SYS_pread64, file, to, size, offset);
}
