// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "flags.h"

static bool is_even(uint8_t byte)
{
	return !__builtin_parity(byte);
}

static int32_t constant_of(const uint8_t bytes[4])
{
	return (int32_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
			 (uint32_t)bytes[3] << 24);
}

/* The result is at the bottom of the word, with zeros above. */
static uint64_t take_step(const struct rcpp_step *step, uint64_t value)
{
	unsigned int unused = 64 - 8 * (step->operation >> 4);
	int32_t constant = constant_of(step->constant);
	uint64_t b = (uint64_t)(int64_t)constant;
	unsigned int count = constant & (unused ? 31 : 63); /* as the processor has it */
	uint64_t a = value << unused >> unused;

	switch (step->operation & 0x0f) {
	case RCPP_STEP_AND:
		a &= b;
		break;
	case RCPP_STEP_OR:
		a |= b;
		break;
	case RCPP_STEP_XOR:
		a ^= b;
		break;
	case RCPP_STEP_ADD:
		a += b;
		break;
	case RCPP_STEP_SUB:
		a -= b;
		break;
	case RCPP_STEP_SHL:
		a <<= count;
		break;
	case RCPP_STEP_SHR:
		a >>= count;
		break;
	case RCPP_STEP_SAR:
		a = (uint64_t)((int64_t)(a << unused) >> unused >> count);
		break;
	case RCPP_STEP_NOT:
		a = ~a;
		break;
	case RCPP_STEP_NEG:
		a = -a;
		break;
	}
	return a << unused >> unused;
}

static uint64_t take_steps(const struct rcpp_step *step, unsigned int count, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		value = take_step(&step[i], value);
	return value;
}

bool rcpp_condition_holds(const struct rcpp_condition *condition, const struct rcpp_step *step,
			  uint64_t value)
{
	unsigned int bits = 8 * (condition->compare >> 4), unused = 64 - bits;
	int32_t constant = constant_of(condition->constant);
	uint64_t made = take_steps(step, RCPP_STEPS(condition->compare), value);
	unsigned int kind = RCPP_COMPARE_KIND(condition->compare);
	bool tests = kind == RCPP_COMPARE_TEST;
	/* At the top of the word, so that its width needs no masks. */
	uint64_t a = made << unused;
	uint64_t b = (uint64_t)(int64_t)constant << unused;
	uint64_t result = tests ? a & b : a - b;
	bool carry = !tests && a < b;
	bool zero = !result;
	bool sign = result >> 63;
	bool overflow = !tests && ((a ^ b) & (a ^ result)) >> 63;
	bool holds = false;

	if (kind == RCPP_COMPARE_BIT)
		carry = made >> ((uint32_t)constant & (bits - 1)) & 1;
	switch (condition->code >> 1) {
	case 0:
		holds = overflow;
		break;
	case 1:
		holds = carry;
		break;
	case 2:
		holds = zero;
		break;
	case 3:
		holds = carry || zero;
		break;
	case 4:
		holds = sign;
		break;
	case 5:
		holds = is_even((uint8_t)(result >> unused));
		break;
	case 6:
		holds = sign != overflow;
		break;
	case 7:
		holds = zero || sign != overflow;
		break;
	}
	return holds != (condition->code & 1);
}
