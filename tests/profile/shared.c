/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another unit: it writes both halves at once, as compilers do with a vector register. */
#include "pair.h"

SINGLE void set_shared(long a, long b)
{
	shared = (struct pair){a, b};
}

SINGLE long get_shared(void)
{
	return shared.first;
}
