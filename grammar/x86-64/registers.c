// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names of general registers, both ways: the name in the text to number and width, and number and
 * width to the name that a rule's code needs. Everything else that has a percent sign (segment,
 * control, vector, x87 and mask registers) is REGISTER_OTHER: no general register changes by it.
 */
#include "assembly.h"
#include "instructions.h"
#include "registers.h"

/* By hardware number; columns are the widths 1, 2, 4, 8. */
static const char *const names[16][4] = {
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

struct register_name register_by_name(const char *name, size_t length)
{
	static const char high[] = "acdb";
	struct span span = {name, length};

	if (length == 2 && name[1] == 'h' && memchr(high, name[0], 4))
		return (struct register_name){
			.number = (uint8_t)((const char *)memchr(high, name[0], 4) - high),
			.width = 1,
			.high = true};
	if (span_is(span, "rip"))
		return (struct register_name){.number = REGISTER_RIP};
	for (uint8_t number = 0; number < 16; number++)
		for (uint8_t column = 0; column < 4; column++)
			if (span_is(span, names[number][column]))
				return (struct register_name){.number = number,
							      .width = (uint8_t)(1 << column)};
	return (struct register_name){.number = REGISTER_OTHER};
}
