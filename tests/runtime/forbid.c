// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An interval where no thread may stand is marked as far as pages are exchanged. Where it goes on
 * behind them, that has to be said: else a thread there would count as outside of it.
 */
#define _GNU_SOURCE 1
#include <stdint.h>

#include "check.h"
#include "pages.h"

int main(void)
{
	static uint8_t marks[2 * RCPP_PAGE_SIZE / 8];
	const uintptr_t start = 16 * RCPP_PAGE_SIZE, second = start + RCPP_PAGE_SIZE;
	struct pages pages = {
		.list = {{.start = start, .length = RCPP_PAGE_SIZE, .marks = marks},
			 {.start = second,
			  .length = RCPP_PAGE_SIZE,
			  .marks = marks + RCPP_PAGE_SIZE / 8}},
		.count = 2,
	};

	CHECK(rcpp_pages_forbid(&pages, start + 8, 10));
	CHECK(!rcpp_pages_forbidden(&pages, start + 8) && rcpp_pages_forbidden(&pages, start + 9));
	CHECK(rcpp_pages_forbidden(&pages, start + 17) &&
	      !rcpp_pages_forbidden(&pages, start + 18));
	CHECK(rcpp_pages_forbid(&pages, second - 8, 16)); /* in two exchanges */
	CHECK(rcpp_pages_forbidden(&pages, second - 1) && rcpp_pages_forbidden(&pages, second + 7));
	CHECK(rcpp_pages_forbid(&pages, second + RCPP_PAGE_SIZE - 8, 8));
	CHECK(!rcpp_pages_forbid(&pages, second + RCPP_PAGE_SIZE - 8, 9));
	CHECK(!rcpp_pages_forbid(&pages, start - 8, 16));
	CHECK(rcpp_pages_forbidden(&pages, start) && !rcpp_pages_forbidden(&pages, start - 1));
	return 0;
}
