/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trap 4: vector and x87 registers, and patchable pointers in front of vector instructions. */
#include <immintrin.h>
#include "rcpp.h"

__patchable long b;
__patchable double d;
__patchable float f;
__patchable float *p;
static long double x __attribute__((section("rcpp_patchable"), used));
static float numbers[4] = {1, -2, 3, -4};

void trap_set(long value)
{
	b = value;
	d = (double)value;
	f = (float)value;
	x = value;
	p = numbers;
}

__attribute__((noinline)) long moved(void)
{
	return _mm_cvtsi128_si64(_mm_add_epi64(_mm_cvtsi64_si128(b), _mm_cvtsi64_si128(3)));
}

__attribute__((noinline)) int doubled(void)
{
	return d * 2 > 100 || f < -3;
}

__attribute__((noinline)) int x87(void)
{
	return x / 3 > 17;
}

/* The byte behind the displacement says what is compared. */
__attribute__((noinline)) int compared(__m128 v)
{
	return _mm_movemask_ps(_mm_cmplt_ps(v, *(__m128_u *)p));
}

unsigned long trap_run(void)
{
	return (unsigned long)(moved() ^ doubled() ^ x87() << 1 ^ compared(_mm_set1_ps(0.5f)) << 2);
}
