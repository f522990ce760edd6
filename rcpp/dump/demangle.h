/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Demangled C++ names. All symbols are added first, then asked for. */
#ifndef RCPP_DEMANGLE_H
#define RCPP_DEMANGLE_H

#include <stdbool.h>
#include <stddef.h>

struct demangler {
	struct demangled {
		const char *symbol;
		char *name; /* NULL: it is no name of C++ */
	} * names;
	size_t count, space;
	bool done;
};

/* The string has to live as long as the demangler. NULL and names of C are left out. */
void demangler_add(struct demangler *demangler, const char *symbol);

/* The name as people write it, or the symbol itself. No symbol may be added afterwards. */
const char *demangle(struct demangler *demangler, const char *symbol);

/* "name()", without the parameters, in new memory. */
char *demangle_function(struct demangler *demangler, const char *symbol);

void demangler_free(struct demangler *demangler);

#endif
