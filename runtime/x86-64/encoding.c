// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "encoding.h"

#define JUMP	   0xe9
#define CALL	   0xe8
#define SHORT_JUMP 0xeb
/* With the condition in their low four bits. */
#define JUMP_IF	      0x80 /* behind 0x0f */
#define SHORT_JUMP_IF 0x70
#define SET_IF	      0x90 /* behind 0x0f */
#define MOVE_IF	      0x40 /* the same */

#define LENGTH	  5 /* of jumps and calls: opcode and distance */
#define LENGTH_IF 6

bool rcpp_is_call(const uint8_t *code, unsigned int length)
{
	return length == LENGTH && code[0] == CALL;
}

bool rcpp_is_jump(const uint8_t *code, unsigned int length)
{
	return (length == LENGTH_IF && code[0] == 0x0f && (code[1] & 0xf0) == JUMP_IF) ||
	       (length == LENGTH && code[0] == JUMP);
}

void rcpp_shorten_jump(uint8_t *code, unsigned int length)
{
	code[0] = length == LENGTH ? SHORT_JUMP : SHORT_JUMP_IF | (code[1] & 0x0f);
	code[1] = 0;
}

bool rcpp_always_jumps(const uint8_t *code)
{
	return code[0] == JUMP || code[0] == SHORT_JUMP;
}

static bool put_jump(uint8_t *bytes, unsigned int length, uint8_t opcode, uintptr_t from,
		     uintptr_t to)
{
	int64_t distance = (int64_t)(to - (from + length));

	bytes[0] = opcode;
	rcpp_put_number(bytes + 1, length - 1, (uint64_t)distance);
	return rcpp_fits(distance, length - 1);
}

unsigned int rcpp_put_jump(uint8_t *bytes, unsigned int room, uintptr_t from, uintptr_t to)
{
	if (room >= RCPP_SHORT_JUMP && put_jump(bytes, RCPP_SHORT_JUMP, SHORT_JUMP, from, to))
		return RCPP_SHORT_JUMP;
	return room >= LENGTH && put_jump(bytes, LENGTH, JUMP, from, to) ? LENGTH : 0;
}

bool rcpp_is_trap(const uint8_t *code)
{
	return !memcmp(code, "\x0f\x0b", RCPP_FAULT_LENGTH); /* ud2 */
}

bool rcpp_asks(const uint8_t *code, unsigned int length)
{
	uint8_t opcode;

	/* Of 16 bits, and REX */
	while (length > 1 && (code[0] == RCPP_PREFIX_OPERAND || (code[0] & 0xf0) == 0x40))
		code++, length--;
	if (length < 2)
		return false;
	if (code[0] != 0x0f)
		return (code[0] & 0xf0) == SHORT_JUMP_IF;
	opcode = code[1] & 0xf0;
	return opcode == JUMP_IF || opcode == SET_IF || opcode == MOVE_IF;
}

bool rcpp_is_prefix(uint8_t prefix)
{
	return prefix == RCPP_PREFIX_OPERAND || prefix == RCPP_PREFIX_ADDRESS ||
	       prefix == RCPP_PREFIX_REX;
}
