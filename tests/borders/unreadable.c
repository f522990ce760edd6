// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Behind a site begins a page that the program has given up (edge.s). No site is there. */
#include <sys/mman.h>
#include "check.h"

__patchable int value = 5;

int edge(void);
extern char given_up[];

int main(void)
{
	struct rcpp_stats stats;

	CHECK(!mprotect(given_up, 4096, PROT_NONE));
	CHECK(!rcpp_patch());
	CHECK(!rcpp_stats(&stats) && stats.patched == 2);
	CHECK(edge() == 5);
	return 0;
}
