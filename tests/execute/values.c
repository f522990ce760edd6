// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "values.h"
#include "rcpp_tables.h"

__extension__ typedef unsigned __int128 wide;
__extension__ typedef __int128 signed_wide;

/* The number that is looked at; no bits of it are lost. */
static signed_wide number_of(uint64_t value, unsigned width, bool is_signed)
{
	switch (width) {
	case 1:
		return is_signed ? (signed_wide)(int8_t)value : (signed_wide)(uint8_t)value;
	case 2:
		return is_signed ? (signed_wide)(int16_t)value : (signed_wide)(uint16_t)value;
	case 4:
		return is_signed ? (signed_wide)(int32_t)value : (signed_wide)(uint32_t)value;
	}
	return is_signed ? (signed_wide)(int64_t)value : (signed_wide)value;
}

static wide magnitude(signed_wide n)
{
	return (wide)(n < 0 ? -n : n);
}

static bool is_power(signed_wide n)
{
	for (int i = 0; i < 64; i++)
		if (n == (signed_wide)1 << i)
			return true;
	return false;
}

/* The largest power of two not above d. */
static unsigned floor_log(wide d)
{
	unsigned log = 0;

	while ((wide)1 << (log + 1) <= d)
		log++;
	return log;
}

static unsigned ceil_log(wide d)
{
	return floor_log(d) + !is_power((signed_wide)d);
}

/* 2^power / d, rounded up to the next whole number that is greater. */
static wide above(unsigned power, wide d)
{
	return ((wide)1 << power) / d + 1;
}

bool guard_holds(uint8_t guard, uint64_t value, unsigned width, bool is_signed)
{
	signed_wide n = number_of(value, width, is_signed);
	int64_t v = (int64_t)value;
	wide d = magnitude(n);
	unsigned log = d ? floor_log(d) : 0;

	switch (guard) {
	case RCPP_GUARD_ANY:
		return true;
	case RCPP_GUARD_U32:
		return value < UINT64_C(1) << 32;
	case RCPP_GUARD_S32:
		return v >= INT32_MIN && v <= INT32_MAX;
	case RCPP_GUARD_A32:
		return v >= (int64_t)INT32_MIN + (1 << 20) && v <= INT32_MAX - (1 << 20);
	case RCPP_GUARD_NONZERO:
		return n;
	case RCPP_GUARD_ONE:
		return n == 1;
	case RCPP_GUARD_POWER:
		return is_power(n);
	case RCPP_GUARD_UP: /* the error of M, times all dividends, is below one part in d */
		return n && !is_power(n) &&
		       above(64 + log, d) * d - ((wide)1 << (64 + log)) <= (wide)1 << log;
	case RCPP_GUARD_DOWN:
		return n && !is_power(n);
	case RCPP_GUARD_TIGHT:
		return d > 2 && !is_power((signed_wide)d) &&
		       above(63 + log, d) * d - ((wide)1 << (63 + log)) < (wide)1 << log;
	case RCPP_GUARD_PROPER:
		return d >= 2;
	case RCPP_GUARD_LARGE:
		return d >= 3;
	case RCPP_GUARD_SMALL:
		return n > 0 && n <= INT32_MAX;
	}
	return false;
}

static uint64_t reciprocal(signed_wide n, bool is_signed)
{
	wide d = magnitude(n), whole = (wide)1 << 64;

	if (!is_signed)
		return (uint64_t)((whole + d - 1) / d);
	return n < 0 ? -(uint64_t)(whole / d + 1) : (uint64_t)(whole / d + 1);
}

uint64_t function_of(uint8_t function, uint64_t value, unsigned width, bool is_signed)
{
	signed_wide n = number_of(value, width, is_signed);
	wide d = magnitude(n);
	unsigned bits = 8 * width, log = d ? floor_log(d) : 0;
	unsigned power = bits - 1 + (d ? ceil_log(d) : 0);

	switch (function) {
	case RCPP_FUNCTION_PLAIN:
		return (uint64_t)n;
	case RCPP_FUNCTION_NOT:
		return (uint64_t)(-1 - n);
	case RCPP_FUNCTION_NEG:
		return (uint64_t)-n;
	case RCPP_FUNCTION_POPCNT:
		return (uint64_t)__builtin_popcountll((uint64_t)n);
	case RCPP_FUNCTION_TZCNT:
		return n ? (uint64_t)__builtin_ctzll((uint64_t)n) : bits;
	case RCPP_FUNCTION_LZCNT:
		return n ? (uint64_t)__builtin_clzll((uint64_t)n) - (64 - bits) : bits;
	case RCPP_FUNCTION_LOG:
		return log;
	case RCPP_FUNCTION_REST:
		return bits - log;
	case RCPP_FUNCTION_MASK:
		return (uint64_t)(n - 1);
	case RCPP_FUNCTION_ABS:
		return (uint64_t)d;
	case RCPP_FUNCTION_SIGN:
		return n < 0 ? (uint64_t)-1 : 1;
	case RCPP_FUNCTION_RECIPROCAL:
		return reciprocal(n, is_signed);
	case RCPP_FUNCTION_UP:
		return (uint64_t)above(64 + log, d);
	case RCPP_FUNCTION_DOWN:
		return (uint64_t)(above(64 + log, d) - 1);
	case RCPP_FUNCTION_MAGIC:
		return (uint64_t)above(power, d);
	case RCPP_FUNCTION_MAGIC_SHIFT: /* of the high half, if the product has two */
		return bits == 64 ? power - 64 : power;
	case RCPP_FUNCTION_TIGHT:
		return n < 0 ? -(uint64_t)above(power - 1, d) : (uint64_t)above(power - 1, d);
	case RCPP_FUNCTION_TIGHT_SHIFT:
		return power - 1 - 64;
	}
	return (uint64_t)n * (function - RCPP_FUNCTION_TIMES);
}
