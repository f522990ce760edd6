// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "encoding.h"

#define JUMP	   0xe9
#define CALL	   0xe8
#define SHORT_JUMP 0xeb
/* With the condition in their low four bits. */
#define JUMP_IF	      0x80 /* behind 0x0f */
#define SHORT_JUMP_IF 0x70

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

bool rcpp_is_trap(const uint8_t *code)
{
	return !memcmp(code, "\x0f\x0b", RCPP_FAULT_LENGTH); /* ud2 */
}

bool rcpp_is_prefix(uint8_t prefix)
{
	return prefix == RCPP_PREFIX_OPERAND || prefix == RCPP_PREFIX_ADDRESS ||
	       prefix == RCPP_PREFIX_REX;
}
