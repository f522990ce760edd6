/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Look at memory of this process that may not be there.
 */
#ifndef RCPP_PEEK_H
#define RCPP_PEEK_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

enum rcpp_sight {
	RCPP_SEEN,
	RCPP_UNREADABLE, /* or only its first part can be read */
	RCPP_REFUSED	 /* the kernel does not tell: a sandbox forbids the calls */
};

/* Copy up to a page. Async-signal-safe; may change errno. */
enum rcpp_sight rcpp_peek(uintptr_t address, void *to, size_t size);

#pragma GCC visibility pop

#endif
