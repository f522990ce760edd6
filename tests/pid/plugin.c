// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A library with sites: of a variable of its own, and of one that another module may define, which
 * it reads through its global offset table.
 */
#include <rcpp.h>

#ifdef DEFINES
struct {
	long first, second;
} shared = {21, 22};
#else
extern struct {
	long first, second;
} shared;
#endif

static __patchable int own = 8;

int plugin(void)
{
	return own + (int)shared.second;
}
