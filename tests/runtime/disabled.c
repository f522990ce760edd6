// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * RCPP_DISABLE: rcpp_patch() succeeds in any case; the argument says how many sites of load32()
 * hold an immediate then, 0 or 1.
 */
#include "check.h"

int main(int count, char **arguments)
{
	struct rcpp_stats stats;

	CHECK(count == 2);
	w = 5;
	CHECK(rcpp_patch() == 0);
	w = 6;
	CHECK(load32() == (atoi(arguments[1]) ? 5 : 6));
	CHECK(rcpp_stats(&stats) == 0);
	CHECK(!stats.patched == !atoi(arguments[1]));
	return 0;
}
