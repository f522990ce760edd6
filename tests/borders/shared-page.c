// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sites in two segments of text that have a page together: no exchange could keep both right. */
#include "check.h"

__patchable long a = 3;
__patchable unsigned char s = 5;

__attribute__((noinline, section(".one"))) unsigned long one(unsigned long x)
{
	return x << s;
}

__attribute__((noinline, section(".two"))) long two(long x)
{
	return x + a;
}

int main(void)
{
	struct rcpp_stats stats;

	CHECK(one(1) == 32 && two(1) == 4);
	CHECK(rcpp_patch() == -1);
	CHECK(strstr(rcpp_error(), "two segments of text have a page together"));
	CHECK(!rcpp_stats(&stats) && !stats.patched);
	CHECK(one(1) == 32 && two(1) == 4);
	s = 6;
	a = 4;
	CHECK(one(1) == 64 && two(1) == 5);
	return 0;
}
