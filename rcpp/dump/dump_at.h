/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp-dump and rcpp-report decode sites by the runtime's own code, so that what a form means is
 * written down only once. Its files are compiled once more for them, with this header in front.
 * Then that code finds not its own memory and modules, but those of the process or program that is
 * shown.
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
