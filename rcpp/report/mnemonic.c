// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A decoded instruction in, its name in AT&T syntax out. Zydis has Intel's names: jz for je, movsxd
 * for movslq. A suffix says how many bytes are meant where no register does.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "mnemonic.h"

static const struct {
	const char *intel, *att;
} conditions[] = {
	{"z", "e"}, {"nz", "ne"}, {"nb", "ae"}, {"nbe", "a"}, {"nl", "ge"}, {"nle", "g"},
};

static char suffix_of(unsigned bits)
{
	return bits == 8 ? 'b' : bits == 16 ? 'w' : bits == 32 ? 'l' : bits == 64 ? 'q' : '\0';
}

/* The name behind a prefix of "j", "set" or "cmov"; NULL: it has no condition. */
static const char *condition_in(const char *name)
{
	static const char *const prefixes[] = {"j", "set", "cmov"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return name + strlen(prefixes[i]);
	return NULL;
}

static const char *att_condition(const char *condition)
{
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		if (!strcmp(condition, conditions[i].intel))
			return conditions[i].att;
	return condition;
}

/* The bytes that an operand in memory has, where nothing else tells; 0: something does. */
static unsigned untold_bits(const ZydisDecodedInstruction *instruction,
			    const ZydisDecodedOperand *operands)
{
	unsigned bits = 0;

	if (instruction->meta.isa_ext != ZYDIS_ISA_EXT_BASE)
		return 0;
	for (unsigned i = 0; i < instruction->operand_count_visible; i++) {
		if (operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER)
			return 0;
		if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			bits = operands[i].size;
	}
	return bits;
}

static bool is_extension(ZydisMnemonic mnemonic)
{
	return mnemonic == ZYDIS_MNEMONIC_MOVZX || mnemonic == ZYDIS_MNEMONIC_MOVSX ||
	       mnemonic == ZYDIS_MNEMONIC_MOVSXD;
}

static bool is_long_move(const ZydisDecodedInstruction *instruction)
{
	return instruction->mnemonic == ZYDIS_MNEMONIC_MOV && instruction->raw.imm[0].size == 64;
}

void mnemonic_text(const ZydisDecodedInstruction *instruction, const ZydisDecodedOperand *operands,
		   char *text, size_t size)
{
	const char *name = ZydisMnemonicGetString(instruction->mnemonic);
	const char *condition = condition_in(name);
	unsigned bits = untold_bits(instruction, operands);

	if (condition)
		snprintf(text, size, "%.*s%s", (int)(condition - name), name,
			 att_condition(condition));
	else if (is_extension(instruction->mnemonic))
		snprintf(text, size, "%.4s%c%c", name, suffix_of(operands[1].size),
			 suffix_of(operands[0].size));
	else if (is_long_move(instruction))
		snprintf(text, size, "movabs");
	else if (bits && instruction->mnemonic != ZYDIS_MNEMONIC_CALL && suffix_of(bits))
		snprintf(text, size, "%s%c", name, suffix_of(bits));
	else
		snprintf(text, size, "%s", name);
}
