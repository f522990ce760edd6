// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Variables that cannot be read: their page is taken away, or their address is in a hole.
#include <stdio.h>
#include <sys/mman.h>

static char guard[8192] __attribute__((aligned(4096)));
static int numbers[16];
static volatile long count;

__attribute__((noipa)) static void set(void)
{
	guard[0] = guard[4096] = 1;
}

__attribute__((noipa)) static int get(long i)
{
	return numbers[i - 300000];
}

int main(void)
{
	set();
	numbers[2] = 5;
	if (mprotect(guard, sizeof guard, PROT_NONE))
		return 1;
	for (long i = 0; i < 5000000; i++)
		count++;
	printf("%d\n", get(300002));
	return 0;
}
