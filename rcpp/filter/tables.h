/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tables after the text of a file: runtime/rcpp_tables.h describes them, except for the forms,
 * which form.c writes in front of the functions.
 */
#ifndef TABLES_H
#define TABLES_H

#include "emit.h"

/* All input, `length` bytes, has been passed on. Sets emitter->changed. */
void tables_emit(struct emitter *emitter, const struct survey *survey, size_t length);

#endif
