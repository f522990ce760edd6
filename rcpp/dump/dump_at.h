/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What rcpp-dump and rcpp-report change in the runtime's own code, which they are linked with: the
 * files of runtime/ that decode sites are compiled once more, with this header in front of them.
 * They then find the memory and the modules of the process, or of the program, that is looked at
 * instead of their own. So what a form means is written down only once.
 */
#ifndef RCPP_DUMP_AT_H
#define RCPP_DUMP_AT_H

#include <stdint.h>

/* Where a copy of the memory at an address is: dump_memory.c, report/loaded.c. */
const void *dump_at(uintptr_t address);

#define RCPP_AT(address) dump_at((uintptr_t)(address))

/* Before <link.h> declares it: the declaration gets the new name, too. */
#define dl_iterate_phdr dump_iterate_modules

#endif
