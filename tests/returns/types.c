// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Prints what each function of types.h returns for many numbers, unpatched and patched. */
#include <stdio.h>
#include <stdlib.h>
#include "types.h"

static void show(unsigned long x)
{
	unsigned long to = 0;
	struct eight eight = rax_eight(x);
	struct large large = both_large(x);
	struct nine nine = both_nine(x);
	struct sixteen sixteen = both_sixteen(x);
	struct floats floats = both_floats(x);
	__int128 both = both_int128(x);
	char base;

	nothing_written(&to, x);
	printf("%lu %g %g %Lg ", to, rax_double(x), rax_float((long)x), both_long_double(x));
	printf("%lu %lu %lu %ld ", rax_long(x), rax_named(x), rax_qualified(x),
	       rax_signed((long)x));
	printf("%d %d %d %d ", rax_int(x), rax_bool(x), rax_char(x), rax_enum(x));
	printf("%ld %d %lu ", (long)(rax_pointer(&base, x) - &base),
	       rax_function(rax_long, &to, x) == rax_long, to);
	printf("%d %d %d %lu %lu %lu %lu ", rax_one(x).a, eight.a, eight.b, rax_union(x).a, large.a,
	       large.b, large.c);
	printf("%d %d %d %lu %lu %g %g ", nine.a[0], nine.a[1], nine.a[8], sixteen.a, sixteen.b,
	       floats.a, floats.b);
	printf("%lx %lx %lu\n", (unsigned long)(both >> 64), (unsigned long)both,
	       rax_parted(&to, x));
}

int main(void)
{
	static const unsigned long divisors[] = {1,  2,	 3,    7,	  10,
						 64, 97, 1000, 1UL << 40, 0x7fffffffffffffffUL};
	unsigned long random = 1;

	for (size_t i = 0; i < sizeof divisors / sizeof *divisors; i++) {
		divisor = divisors[i];
		other = -(long)divisors[i];
		if (rcpp_patch()) {
			fprintf(stderr, "%s\n", rcpp_error());
			return 1;
		}
		for (int j = 0; j < 200; j++) {
			random = random * 6364136223846793005UL + 1442695040888963407UL;
			show(random >> (j & 63));
		}
		show(77);
		if (rcpp_revert())
			return 1;
	}
	return 0;
}
