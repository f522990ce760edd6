// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Another unit of the program: it has a static variable of the same name as one in shop.c. */
static volatile int counter = 5;
extern int shared;

#ifdef OTHER_TABLE
__asm__(".include \"" OTHER_TABLE "\"");
#endif

int other(void);
int other(void)
{
	return counter + shared;
}
