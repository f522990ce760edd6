/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A program or a library, laid out in memory as the dynamic linker does it, without being run. The
 * runtime's own code can then walk its tables, since it looks like any loaded module; only one can
 * be open at a time.
 */
#ifndef RCPP_LOADED_H
#define RCPP_LOADED_H

#include <sys/types.h>

#include "segments.h"

/*
 * Lay the image out. With pid 0 it runs where Linux puts it without randomization, and its data is
 * the file's; else the module is looked for in that process, and its data is read there. Returns
 * false and sets image->error if that cannot be done; loaded_close() is to be called in either
 * case.
 */
bool loaded_open(struct loaded *loaded, struct dump_image *image, pid_t pid);
void loaded_close(struct loaded *loaded);

/* What the runtime's code calls for memory, and instead of dl_iterate_phdr(): dump_at.h. */
const void *dump_at(uintptr_t address);
int dump_iterate_modules(int (*visit)(struct dl_phdr_info *info, size_t size, void *context),
			 void *context);

#endif
