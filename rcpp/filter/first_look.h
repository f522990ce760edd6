/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Before anything is parsed: is there work in this text at all? */
#ifndef FIRST_LOOK_H
#define FIRST_LOOK_H

#include "options.h"

/* It is in all that rcpp writes, and in all that sources say to it. */
#define FIRST_LOOK_OURS "rcpp_"

/*
 * Can anything patchable be defined, marked or read in this text? A search of memory and a look at
 * lines, so that a file without patchables costs little more than reading it. True may be wrong.
 * `ours`: there may be FIRST_LOOK_OURS in it.
 */
bool first_look(const struct options *options, const char *text, size_t length, bool ours);

#endif
