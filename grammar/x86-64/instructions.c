// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The lookup of instruction facts.
 *
 * In: instructions.tbl, included here as a constant array.  Out: instruction_find().  The parser
 * asks once for every statement it meets, so the rows are hashed by name and operand count into
 * open-addressed slots.  The slots are filled once, on first use, under call_once(): they live in
 * static storage, nothing is allocated, and afterwards threads only read.
 */
#include "instructions.h"

#include <string.h>
#include <threads.h>

/* The short words of the table. */
enum {
	C = FLAG_CARRY,
	P = FLAG_PARITY,
	A = FLAG_ADJUST,
	Z = FLAG_ZERO,
	S = FLAG_SIGN,
	O = FLAG_OVERFLOW,
	RAX = 1 << REGISTER_RAX,
	RCX = 1 << REGISTER_RCX,
	RDX = 1 << REGISTER_RDX,
	RBX = 1 << REGISTER_RBX,
	RSP = 1 << REGISTER_RSP,
	RBP = 1 << REGISTER_RBP,
	RSI = 1 << REGISTER_RSI,
	RDI = 1 << REGISTER_RDI,
	R8 = 1 << 8,
	R9 = 1 << 9,
	R10 = 1 << 10,
	R11 = 1 << 11,
	R12 = 1 << 12,
	R13 = 1 << 13,
	R14 = 1 << 14,
	R15 = 1 << 15,
};

#define ACCESS(a, b, c, d, e)                                                                      \
	{                                                                                          \
		ACCESS_##a, ACCESS_##b, ACCESS_##c, ACCESS_##d, ACCESS_##e                         \
	}
#define OPERAND(number) (1 << (number))
#define INSTRUCTION(name, operands, access, width, general, reads, writes, clobbers, flags_read,   \
		    flags_written, flags_clobbered, kind, vector)                                  \
	{name,	 operands, access,     width,	      general,	       reads,                      \
	 writes, clobbers, flags_read, flags_written, flags_clobbered, INSTRUCTION_##kind,         \
	 vector},

static const struct instruction table[] = {
#include "instructions.tbl"
};

#define ROWS  (sizeof(table) / sizeof(table[0]))
#define SLOTS 16384

/* At most half full, so that a chain is short and a search for a missing name ends. */
_Static_assert(ROWS * 2 <= SLOTS, "SLOTS must be raised to twice the rows");

/* Row numbers plus one; zero is an empty slot. */
static uint16_t slots[SLOTS];
static once_flag slots_filled = ONCE_FLAG_INIT;

static unsigned int hash(const char *name, size_t length, unsigned int operands)
{
	uint32_t value = 2166136261u + operands * 0x9e3779b9u;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)name[i]) * 16777619u;
	return (value ^ value >> 15) % SLOTS;
}

static void fill_slots(void)
{
	for (unsigned int row = 0; row < ROWS; row++) {
		const struct instruction *instruction = &table[row];
		unsigned int slot =
			hash(instruction->name, strlen(instruction->name), instruction->operands);

		while (slots[slot])
			slot = (slot + 1) % SLOTS;
		slots[slot] = (uint16_t)(row + 1);
	}
}

const struct instruction *instruction_find(const char *name, size_t length, int operands)
{
	if (operands < 0 || operands > INSTRUCTION_OPERANDS_MAXIMUM)
		return NULL;
	call_once(&slots_filled, fill_slots);
	for (unsigned int slot = hash(name, length, (unsigned int)operands); slots[slot];
	     slot = (slot + 1) % SLOTS) {
		const struct instruction *instruction = &table[slots[slot] - 1];

		if (instruction->operands == operands && strlen(instruction->name) == length &&
		    memcmp(instruction->name, name, length) == 0)
			return instruction;
	}
	return NULL;
}
