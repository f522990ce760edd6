/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A module's file, for what is not in memory.
 */
#ifndef RCPP_FILE_H
#define RCPP_FILE_H

#include "modules.h"

#pragma GCC visibility push(hidden)

/*
 * Open the module's file, and read its header. Returns -1 if it cannot be read, or is not the file
 * that was loaded. This and what follows may be called by a handler of a signal.
 */
int rcpp_open_module(const struct module *module, Elf64_Ehdr *header);

bool rcpp_read_at(int file, void *to, size_t size, uint64_t offset);

/*
 * The name of the variable at the address, and how far in it the address lies. False if the file
 * has no symbol for it.
 */
bool rcpp_name_variable(const struct module *module, uintptr_t address, char *name, size_t size,
			uintptr_t *offset);

#pragma GCC visibility pop

#endif
