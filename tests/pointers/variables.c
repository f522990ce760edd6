/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "variables.h"

#ifdef OTHERS /* other values than those of main.c, so that it shows who reads them */
#define VALUE(x) ((x) + 100)
#else
#define VALUE(x) (x)
#endif

static long twice(long x)
{
	return 2 * x + VALUE(0);
}

int on = VALUE(1);
long base = VALUE(7);
unsigned divisor = VALUE(3);
unsigned long mask = VALUE(0xff);
struct settings settings = {VALUE(2),
			    VALUE(50),
			    VALUE(9),
			    -VALUE(3),
			    VALUE(300),
			    VALUE(5),
			    {VALUE(1), VALUE(2), VALUE(3), VALUE(4)}};
long (*choice)(long) = twice;
