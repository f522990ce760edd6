// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Values in, conditions and immediates out.
 *
 * Division by a value N that is known when the code is patched is a multiplication by its inverse,
 * rounded to whole multiples of a power of two. With d = |N|, f = floor(log2 d), L = ceil(log2 d)
 * and a dividend n of w bits:
 *
 * RECIPROCAL  w = 32. c = 2^64 / d, rounded up if n and N are unsigned, else up or to the next
 *	whole number, and with the sign of N. Unsigned: n/d is the high half of c*n, and n%d that of
 *	d*(c*n modulo 2^64). c exceeds 2^64/d by less than 1, which n < 2^32 makes less than the 1/d
 *	that would matter. (Lemire, Kaser, Kurz: Faster remainder by direct computation, 2019.)
 *	From the low half's upper 32 bits alone, plus one, the error is below 2d/2^32: enough if
 *	d < 2^31.
 *	Signed: where the quotient is negative, or rounds to 0 from below, the high half is one too
 *	low, since it rounds down. (Of 2 and -2 it would have 65 bits with its sign.)
 * UP  w = 64, unsigned. M = floor(2^(64+f) / d) + 1 has 64 bits, and n/d = M*n >> 64+f where the
 *	error of M, d - 2^(64+f) mod d, is at most 2^f. Else DOWN: M = floor(2^(64+f) / d) is too
 *	small by less than 2^f, and n/d = M*(n+1) >> 64+f; where n+1 overflows n itself will do,
 *	since divisors of 2^64-1 are cases of UP. (Robison: N-bit unsigned division via N-bit
 *	multiply-add, 2005.)
 * MAGIC  signed. M = floor(2^(w-1+L) / d) + 1 has w bits, and n/d = (M*n >> w-1+L), plus 1 where n
 *	is negative. (Granlund, Montgomery: Division by invariant integers using multiplication,
 *	1994.) M's top bit is set: as a signed number it is 2^w less, so with w = 64 the code adds n
 *	to the high half. With w = 32 the product has room in 64 bits.
 * TIGHT  w = 64, signed. One bit less, M = floor(2^(w-2+L) / d) + 1, is enough where its error, d -
 *	2^(w-2+L) mod d, is less than 2^(L-1); nothing is added, and M can have the sign of N.
 */
#include "values.h"

bool rcpp_number_is_valid(uint8_t number)
{
	unsigned int bytes = number & ~RCPP_NUMBER_SIGNED;

	return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

bool rcpp_function_is_valid(uint8_t function)
{
	return function <= RCPP_FUNCTION_LAST ||
	       (function > RCPP_FUNCTION_TIMES &&
		function <= RCPP_FUNCTION_TIMES + RCPP_FUNCTION_TIMES_MAX);
}

static unsigned int bits_of(uint8_t number)
{
	return 8u * (number & ~RCPP_NUMBER_SIGNED);
}

static bool is_negative(uint8_t number, uint64_t n)
{
	return number & RCPP_NUMBER_SIGNED && n >> 63;
}

static uint64_t absolute(uint8_t number, uint64_t n)
{
	return is_negative(number, n) ? -n : n;
}

static bool is_power(uint64_t n)
{
	return n && !(n & (n - 1));
}

static unsigned int count_bits(uint64_t n)
{
	unsigned int count = 0;

	for (; n; n &= n - 1)
		count++;
	return count;
}

/* The highest bit that is set, of a number that is not 0. */
static unsigned int floor_log(uint64_t n)
{
	return 63 - (unsigned int)__builtin_clzll(n);
}

static unsigned int ceil_log(uint64_t n)
{
	return floor_log(n) + !is_power(n);
}

/* 2^power / divisor, its low 64 bits; *rest is what remains. By hand: 2^127 has 128 bits. */
static uint64_t divide_power(unsigned int power, uint64_t divisor, uint64_t *rest)
{
	uint64_t quotient = 0;
	uint64_t left = 0;
	unsigned int i;

	for (i = 0; i <= power; i++) {
		bool carry = left >> 63;

		left = left << 1 | !i;
		quotient <<= 1;
		if (carry || left >= divisor) {
			left -= divisor;
			quotient |= 1;
		}
	}
	*rest = left;
	return quotient;
}

/* The power of two that M, of this function, is divided by after the multiplication. */
static unsigned int power_of(uint8_t function, uint8_t number, uint64_t d)
{
	switch (function) {
	case RCPP_FUNCTION_UP:
	case RCPP_FUNCTION_DOWN:
		return 64 + floor_log(d);
	case RCPP_FUNCTION_MAGIC:
		return bits_of(number) - 1 + ceil_log(d);
	case RCPP_FUNCTION_TIGHT:
		return bits_of(number) - 2 + ceil_log(d);
	default:
		return 64;
	}
}

/* How much 2^power / d must grow to be a whole number again, times d: the error of what rounds up.
 */
static uint64_t error_of(uint8_t function, uint8_t number, uint64_t d)
{
	uint64_t rest;

	divide_power(power_of(function, number, d), d, &rest);
	return d - rest;
}

static uint64_t inverse(uint8_t function, uint8_t number, uint64_t n)
{
	uint64_t d = absolute(number, n);
	uint64_t rest;
	uint64_t m;

	if (!d)
		return 0; /* no guard lets it come to this, but a table might */
	m = divide_power(power_of(function, number, d), d, &rest);
	switch (function) {
	case RCPP_FUNCTION_DOWN:
		return m;
	case RCPP_FUNCTION_RECIPROCAL:
		m += number & RCPP_NUMBER_SIGNED || rest;
		break;
	default:
		m++;
	}
	return is_negative(number, n) && function != RCPP_FUNCTION_MAGIC ? -m : m;
}

static bool is_proper(uint64_t d)
{
	return d > 1;
}

static bool is_up(uint8_t number, uint64_t n)
{
	return n && !is_power(n) &&
	       error_of(RCPP_FUNCTION_UP, number, n) <= (uint64_t)1 << floor_log(n);
}

static bool is_tight(uint8_t number, uint64_t d)
{
	return is_proper(d) && !is_power(d) &&
	       error_of(RCPP_FUNCTION_TIGHT, number, d) < (uint64_t)1 << floor_log(d);
}

/* Guards that ask where a number lies: from first on to last, which may be behind the largest. */
static const struct {
	bool known;
	uint64_t first;
	uint64_t last;
} limits[RCPP_GUARD_LAST + 1] = {
	[RCPP_GUARD_ANY] = {true, 0, UINT64_MAX},
	[RCPP_GUARD_U32] = {true, 0, UINT32_MAX},
	[RCPP_GUARD_S32] = {true, (uint64_t)INT32_MIN, INT32_MAX},
	[RCPP_GUARD_A32] = {true, (uint64_t)(INT32_MIN + RCPP_ADDEND_MAX),
			    INT32_MAX - RCPP_ADDEND_MAX},
	[RCPP_GUARD_NONZERO] = {true, 1, UINT64_MAX},
	[RCPP_GUARD_ONE] = {true, 1, 1},
	[RCPP_GUARD_SMALL] = {true, 1, INT32_MAX},
};

bool rcpp_guard_limits(uint8_t guard, uint64_t *first, uint64_t *last)
{
	if (guard > RCPP_GUARD_LAST || !limits[guard].known)
		return false;
	*first = limits[guard].first;
	*last = limits[guard].last;
	return true;
}

bool rcpp_guard_holds(uint8_t guard, uint8_t number, uint64_t value)
{
	uint64_t n = rcpp_number_of(number, value);
	uint64_t first, last;

	if (rcpp_guard_limits(guard, &first, &last))
		return n - first <= last - first;
	switch (guard) {
	case RCPP_GUARD_POWER:
		return is_power(n) && !is_negative(number, n);
	case RCPP_GUARD_UP:
		return is_up(number, n);
	case RCPP_GUARD_DOWN:
		return n && !is_power(n);
	case RCPP_GUARD_TIGHT:
		return is_tight(number, absolute(number, n));
	case RCPP_GUARD_PROPER:
		return is_proper(absolute(number, n));
	case RCPP_GUARD_LARGE:
		return absolute(number, n) > 2;
	default:
		return false;
	}
}

uint64_t rcpp_function_of(uint8_t function, uint8_t number, uint64_t value)
{
	uint64_t n = rcpp_number_of(number, value);
	uint64_t d = absolute(number, n);
	unsigned int bits = bits_of(number);

	switch (function) {
	case RCPP_FUNCTION_PLAIN:
		return n;
	case RCPP_FUNCTION_NOT:
		return ~n;
	case RCPP_FUNCTION_NEG:
		return -n;
	case RCPP_FUNCTION_POPCNT:
		return count_bits(n);
	case RCPP_FUNCTION_TZCNT:
		return n ? floor_log(n & -n) : bits;
	case RCPP_FUNCTION_LZCNT:
		return n ? bits - 1 - floor_log(n) : bits;
	case RCPP_FUNCTION_LOG:
		return d ? floor_log(d) : 0;
	case RCPP_FUNCTION_REST:
		return n ? bits - floor_log(n) : 0;
	case RCPP_FUNCTION_MASK:
		return n - 1;
	case RCPP_FUNCTION_ABS:
		return d;
	case RCPP_FUNCTION_SIGN:
		return is_negative(number, n) ? -(uint64_t)1 : 1;
	case RCPP_FUNCTION_MAGIC_SHIFT: /* narrow products are whole, of wide ones the high half */
		return !d	   ? 0
		       : bits < 64 ? power_of(RCPP_FUNCTION_MAGIC, number, d)
				   : power_of(RCPP_FUNCTION_MAGIC, number, d) - 64;
	case RCPP_FUNCTION_TIGHT_SHIFT:
		return d ? power_of(RCPP_FUNCTION_TIGHT, number, d) - 64 : 0;
	default:
		if (function > RCPP_FUNCTION_TIMES)
			return n * (function - RCPP_FUNCTION_TIMES);
		return inverse(function, number, n);
	}
}
