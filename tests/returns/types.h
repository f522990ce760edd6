/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Functions of each kind of type, named for the registers that they return in. Each divides by a
 * settled variable, so that a register that is taken for dead is overwritten.
 */
#include <rcpp.h>

__patchable unsigned long divisor = 1;
__patchable long other = 1;

struct one {
	unsigned char a;
};

struct eight {
	int a, b;
};

struct nine {
	char a[9];
};

struct sixteen {
	unsigned long a, b;
};

struct large {
	unsigned long a, b, c;
};

struct floats {
	double a, b;
};

union word {
	unsigned long a;
	char b[8];
};

enum small { SMALL, BIG };

typedef unsigned long number;
typedef const volatile number qualified;
typedef number (*pointer_to)(number);

void nothing_written(unsigned long *to, unsigned long x)
{
	*to = x / divisor;
}

double rax_double(unsigned long x)
{
	return (double)(x / divisor);
}

float rax_float(long x)
{
	return (float)(x / other);
}

long double both_long_double(unsigned long x)
{
	return x / divisor;
}

unsigned long rax_long(unsigned long x)
{
	return x / divisor;
}

number rax_named(number x)
{
	return x / divisor + 1;
}

qualified rax_qualified(number x)
{
	return x / divisor + 2;
}

long rax_signed(long x)
{
	return x / other;
}

int rax_int(unsigned long x)
{
	return (int)(x / divisor);
}

_Bool rax_bool(unsigned long x)
{
	return x / divisor > 3;
}

char rax_char(unsigned long x)
{
	return (char)(x / divisor);
}

enum small rax_enum(unsigned long x)
{
	return x / divisor > 5 ? BIG : SMALL;
}

char *rax_pointer(char *p, unsigned long x)
{
	return p + x / divisor;
}

pointer_to rax_function(pointer_to f, unsigned long *to, unsigned long x)
{
	*to = x / divisor;
	return f;
}

struct one rax_one(unsigned long x)
{
	return (struct one){(unsigned char)(x / divisor)};
}

struct eight rax_eight(unsigned long x)
{
	return (struct eight){(int)(x / divisor), 5};
}

union word rax_union(unsigned long x)
{
	return (union word){x / divisor};
}

struct large both_large(unsigned long x)
{
	return (struct large){x / divisor, x, 7};
}

struct nine both_nine(unsigned long x)
{
	struct nine nine = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};

	nine.a[0] = (char)(x / divisor);
	nine.a[8] = (char)(x % divisor);
	return nine;
}

struct sixteen both_sixteen(unsigned long x)
{
	return (struct sixteen){x / divisor, x % divisor};
}

struct floats both_floats(unsigned long x)
{
	return (struct floats){(double)(x / divisor), 2};
}

__int128 both_int128(unsigned long x)
{
	return ((__int128)(x % divisor) << 64) + (__int128)(x / divisor);
}

/* In two parts. */
__attribute__((cold, noinline)) void cold_part(unsigned long *to)
{
	*to += 1;
}

unsigned long rax_parted(unsigned long *to, unsigned long x)
{
	if (__builtin_expect(x == 77, 0)) {
		cold_part(to);
		return *to * 3;
	}
	return x / divisor;
}
