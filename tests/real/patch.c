/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Patches before main(): for programs whose patchables are constant, or are settled by SETTLE, a
 * statement of the program. Linked to other people's programs; a failure must not go unnoticed.
 */
#include <stdio.h>
#include <stdlib.h>
#include "rcpp.h"
#ifdef DECLARE
#include DECLARE
#endif
#ifndef SETTLE
#define SETTLE
#endif

__attribute__((constructor)) static void patch(void)
{
	SETTLE;
	if (rcpp_patch()) {
		fprintf(stderr, "rcpp: %s\n", rcpp_error());
		abort();
	}
}
