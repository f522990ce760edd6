/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What compilers make of such functions, whatever comes first in them. */
#include "rcpp.h"

extern __patchable long v;
RCPP_EXTERN(v);
extern __patchable unsigned s, d;
RCPP_EXTERN(s);
RCPP_EXTERN(d);

long compiled_load(long x)
{
	return v + 0 * x;
}

long compiled_add(long x)
{
	return x + v;
}

long compiled_shift(long x)
{
	return x << s;
}

long compiled_compare(long x)
{
	return v > 5 ? x + 1 : x + 2;
}

long compiled_less(long x)
{
	return x < v;
}

long compiled_divide(long x)
{
	return (unsigned)x / d;
}
