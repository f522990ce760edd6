// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nops.h"

/* The sequences that both Intel's and AMD's manuals recommend, and that GNU as emits. */
static const uint8_t nops[RCPP_NOP_MAX][RCPP_NOP_MAX] = {
	{0x90},
	{0x66, 0x90},
	{0x0f, 0x1f, 0x00},
	{0x0f, 0x1f, 0x40, 0x00},
	{0x0f, 0x1f, 0x44, 0x00, 0x00},
	{0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
	{0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
	{0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
};

/* A short jump, over what is too long for one NOP. */
#define JUMP 0xeb

void rcpp_pad(uint8_t *bytes, size_t length)
{
	if (length > RCPP_NOP_MAX) {
		length -= RCPP_SHORT_JUMP;
		*bytes++ = JUMP;
		*bytes++ = (uint8_t)length;
	}
	while (length) {
		size_t size = length < RCPP_NOP_MAX ? length : RCPP_NOP_MAX;

		memcpy(bytes, nops[size - 1], size);
		bytes += size;
		length -= size;
	}
}

/* Where the bytes begin that only say an address, which a NOP does not use. */
static unsigned int address_offset(const uint8_t *nop)
{
	unsigned int prefixes = 0;

	while (nop[prefixes] == 0x66 || nop[prefixes] == 0x2e)
		prefixes++;
	return prefixes + 3;
}

bool rcpp_pad_as_one(uint8_t *bytes, unsigned int length, unsigned int boundary)
{
	if (length > RCPP_NOP_MAX || boundary < address_offset(nops[length - 1]))
		return false;
	memcpy(bytes, nops[length - 1], length);
	return true;
}

unsigned int rcpp_pad_bare(uint8_t *bytes, unsigned int length)
{
	unsigned int size = length > RCPP_NOP_MAX ? 0 : length; /* a jump has no prefix */

	while (size && nops[size - 1][0] == 0x66)
		size--;
	rcpp_pad(bytes, size);
	return size;
}

/* Bytes that a modrm byte, sib byte and displacement take; 0 if they are cut off. */
static size_t operand_length(const uint8_t *bytes, size_t length)
{
	size_t size = 1;
	unsigned int mode;
	unsigned int base;

	if (!length)
		return 0;
	mode = bytes[0] >> 6;
	base = bytes[0] & 7;
	if (mode != 3 && base == 4) {
		if (length < 2)
			return 0;
		base = bytes[1] & 7;
		size = 2;
	}
	if (mode == 1)
		size += 1;
	else if (mode == 2 || (mode == 0 && base == 5))
		size += 4;
	return size <= length ? size : 0;
}

/* The length of the NOP at bytes: prefixes 66 and 2e, then 90 or 0f 1f /0; 0 if there is none. */
static size_t nop_length(const uint8_t *bytes, size_t length)
{
	size_t i = 0;
	size_t size;

	if (length > 15) /* no instruction is longer */
		length = 15;
	while (i < length && (bytes[i] == 0x66 || bytes[i] == 0x2e))
		i++;
	if (i < length && bytes[i] == 0x90)
		return i + 1;
	if (length - i < 3 || bytes[i] != 0x0f || bytes[i + 1] != 0x1f || bytes[i + 2] & 0x38)
		return 0;
	size = operand_length(bytes + i + 2, length - i - 2);
	return size ? i + 2 + size : 0;
}

/* The length of a jump to the padding's end, if that comes first; else 0. */
static size_t jump_length(const uint8_t *bytes, size_t length)
{
	bool jumps = length >= RCPP_SHORT_JUMP && bytes[0] == JUMP &&
		     bytes[1] == length - RCPP_SHORT_JUMP;

	return jumps ? RCPP_SHORT_JUMP : 0;
}

bool rcpp_are_nops(const uint8_t *bytes, size_t length)
{
	size_t size = jump_length(bytes, length);

	bytes += size;
	length -= size;
	while (length) {
		size = nop_length(bytes, length);

		if (!size)
			return false;
		bytes += size;
		length -= size;
	}
	return true;
}
