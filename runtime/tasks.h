/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What /proc tells about the threads of this process. Not thread-safe.
 */
#ifndef RCPP_TASKS_H
#define RCPP_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#pragma GCC visibility push(hidden)

/* Does the process have this one thread only? False if that is unknown. */
bool rcpp_is_alone(void);

/* The list of all threads, a directory that the caller closes; -1 if there is none. */
int rcpp_open_threads(void);

/* The kernel's count of them; 0 if it is unknown. */
unsigned long rcpp_count_threads(int directory);

/* Calls visit for each other thread of the list, up to the first for which it is false. */
bool rcpp_for_each_thread(int directory, bool (*visit)(pid_t id, long *count), long *count);

bool rcpp_thread_is_gone(pid_t id);

/* Does the thread block the signal, or wait for it in sigwait()? */
bool rcpp_thread_blocks(pid_t id, int signal);

/*
 * Does it run no code of the process (any more)? A main thread that has ended is listed as long as
 * there are others. The threads that work for io_uring are the process's, and never leave the
 * kernel.
 */
bool rcpp_thread_is_of_kernel(pid_t id);

void rcpp_thread_name(pid_t id, char *name, size_t size);

/* valgrind hands signals on by itself: its masks and frames are not the kernel's. */
bool rcpp_is_under_valgrind(void);

#pragma GCC visibility pop

#endif
