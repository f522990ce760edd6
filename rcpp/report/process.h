/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef RCPP_PROCESS_H
#define RCPP_PROCESS_H

#include <sys/types.h>

#include "segments.h"

/* Find the module in a process, set loaded->base, and read its data. */
bool loaded_read_process(struct loaded *loaded, pid_t pid);

#endif
