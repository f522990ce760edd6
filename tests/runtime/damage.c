// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A site that holds a foreign byte (here a debugger's breakpoint): nothing in the module is
 * changed, the message says where, the program goes on with its loads.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

/* As a debugger does it, past the page's protection. */
static void put_byte(const uint8_t *address, uint8_t byte)
{
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	CHECK(memory >= 0);
	CHECK(pwrite(memory, &byte, 1, (off_t)(uintptr_t)address) == 1);
	close(memory);
}

int main(void)
{
	size_t size = (size_t)(text_end - text_start);
	uint8_t *before = malloc(size);
	uint8_t saved = s_load32[0];
	struct rcpp_stats stats;
	char expected[64];

	CHECK(before);
	put_byte(s_load32, 0xcc);
	memcpy(before, text_start, size);
	snprintf(expected, sizeof(expected), "site 0x%lx holds other bytes than its table says",
		 (unsigned long)(uintptr_t)s_load32);
	CHECK(rcpp_patch() == -1);
	CHECK(strstr(rcpp_error(), expected));
	CHECK(rcpp_revert() == -1);
	CHECK(strstr(rcpp_error(), "nothing in this module was changed"));
	CHECK(rcpp_stats(&stats) == -1);
	CHECK(!memcmp(before, text_start, size));
	b = 77;
	CHECK(add64(1) == 78);
	puts(rcpp_error());

	put_byte(s_load32, saved);
	CHECK(rcpp_patch() == 0);
	CHECK(!*rcpp_error());
	b = 78;
	CHECK(add64(1) == 78);
	free(before);
	return 0;
}
