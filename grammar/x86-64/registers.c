// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names of general registers, both ways: the name in the text to number and width, and number and
 * width to the name that a rule's code needs. Everything else that has a percent sign (segment,
 * control, vector, x87 and mask registers) is REGISTER_OTHER: writing one changes no general
 * register.
 */
#include <threads.h>
#include "assembly.h"
#include "instructions.h"
#include "registers.h"

/* By hardware number; columns are the widths 1, 2, 4, 8. */
static const char names[16][4][5] = {
	{"al", "ax", "eax", "rax"},	 {"cl", "cx", "ecx", "rcx"},
	{"dl", "dx", "edx", "rdx"},	 {"bl", "bx", "ebx", "rbx"},
	{"spl", "sp", "esp", "rsp"},	 {"bpl", "bp", "ebp", "rbp"},
	{"sil", "si", "esi", "rsi"},	 {"dil", "di", "edi", "rdi"},
	{"r8b", "r8w", "r8d", "r8"},	 {"r9b", "r9w", "r9d", "r9"},
	{"r10b", "r10w", "r10d", "r10"}, {"r11b", "r11w", "r11d", "r11"},
	{"r12b", "r12w", "r12d", "r12"}, {"r13b", "r13w", "r13d", "r13"},
	{"r14b", "r14w", "r14d", "r14"}, {"r15b", "r15w", "r15d", "r15"},
};

static int width_index(unsigned width)
{
	return width == 1 ? 0 : width == 2 ? 1 : width == 4 ? 2 : 3;
}

const char *register_spelling(unsigned number, unsigned width)
{
	return names[number][width_index(width)];
}

/* By their spelling: number * 4 + column + 1; 0 is an empty slot, and there are plenty. */
static uint8_t slots[256];
static once_flag slots_filled = ONCE_FLAG_INIT;

/* The name must be filled up with zeroes to the size of the table's. */
static uint8_t *slot_of(const char *name)
{
	uint8_t at = (uint8_t)span_hash((struct span){name, 4});

	while (slots[at] && memcmp(name, names[(slots[at] - 1) / 4][(slots[at] - 1) % 4], 5))
		at++;
	return &slots[at];
}

static void fill_slots(void)
{
	for (uint8_t row = 0; row < 64; row++)
		*slot_of(names[row / 4][row % 4]) = (uint8_t)(row + 1);
}

struct register_name register_by_name(const char *name, size_t length)
{
	static const char high[] = "acdb", pointer[5] = "rip";
	char lower[5] = "";
	uint8_t slot;

	if (length < 2 || length > 4)
		return (struct register_name){.number = REGISTER_OTHER};
	if (length == 2 && name[1] == 'h' && memchr(high, name[0], 4))
		return (struct register_name){
			.number = (uint8_t)((const char *)memchr(high, name[0], 4) - high),
			.width = 1,
			.high = true};
	for (size_t i = 0; i < length; i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 0x20) : name[i];
	if (!memcmp(lower, pointer, sizeof lower))
		return (struct register_name){.number = REGISTER_PLACE};
	call_once(&slots_filled, fill_slots);
	slot = *slot_of(lower);
	if (!slot)
		return (struct register_name){.number = REGISTER_OTHER};
	return (struct register_name){.number = (uint8_t)((slot - 1) / 4),
				      .width = (uint8_t)(1 << (slot - 1) % 4)};
}
