/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System calls by their numbers, for when other threads stand still: a function of the C library
 * may have been replaced, by ThreadSanitizer for example, with one that takes a lock that a stopped
 * thread holds. That is so even for memcmp(). tests/live/standing.c looks for such calls.
 */
#ifndef RCPP_RAW_H
#define RCPP_RAW_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "machine.h" /* rcpp_raw_copy() */

/* By the monotonic clock. Where the call is refused, the C library knows a way without one. */
static inline long rcpp_raw_now(void)
{
	struct timespec time;

	if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time))
		clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

static inline void rcpp_raw_sleep(long nanoseconds)
{
	struct timespec time = {0, nanoseconds};

	syscall(SYS_nanosleep, &time, NULL);
}

static inline int rcpp_raw_open(const char *path)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
}

static inline long rcpp_raw_read(int file, void *to, size_t size)
{
	return syscall(SYS_read, file, to, size);
}

static inline long rcpp_raw_read_at(int file, void *to, size_t size, uint64_t offset)
{
	return syscall(SYS_pread64, file, to, size, offset);
}

static inline void rcpp_raw_close(int file)
{
	syscall(SYS_close, file);
}

static inline long rcpp_raw_rewind(int file)
{
	return syscall(SYS_lseek, file, 0, SEEK_SET);
}

static inline bool rcpp_raw_protect(uintptr_t start, uintptr_t stop, int protection)
{
	return !syscall(SYS_mprotect, start, stop - start, protection);
}

static inline void rcpp_raw_unmap(void *memory, size_t size)
{
	syscall(SYS_munmap, memory, size);
}

/* By the kernel's structure, which is the C library's where a long has 64 bits. */
static inline bool rcpp_raw_status(int file, struct stat *status)
{
	return !syscall(SYS_fstat, file, status);
}

#endif
