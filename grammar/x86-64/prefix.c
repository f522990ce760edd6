// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An instruction in, the prefix out that may be put in front of it to make it longer.
 *
 * 66 says that operands have 16 bits; a REX.W overrules it. 67 says that addresses have 32 bits; an
 * instruction that forms none has nothing to do with it. Compilers and linkers write both for their
 * length: 66 66 48 e8 is in the call for a thread-local variable, 67 e8 is what the linker makes of
 * a call through the global offset table. A REX without bits (40), which as writes where it is told
 * {rex}, must stand right in front of the opcode, and there is only one. Instructions that 66, f2
 * or f3 turn into others (popcnt, crc32, all vectors) are not in the list.
 */
#include "instructions.h"
#include "prefix.h"

/* With or without a suffix for the width. */
static const char *const names[] = {
	"adc", "add",	 "and",	  "bsf",   "bsr",   "bt",    "call",  "clc",  "cmp",  "dec",
	"div", "idiv",	 "imul",  "inc",   "jmp",   "lea",   "mov",   "mul",  "neg",  "not",
	"or",  "movabs", "movsb", "movsl", "movsw", "movzb", "movzw", "pop",  "push", "rcl",
	"rcr", "rol",	 "ror",	  "sal",   "sar",   "sbb",   "shl",   "shld", "shr",  "shrd",
	"stc", "sub",	 "test",  "xchg",  "xor",   NULL,
};

/* Those that have no operands. movsb and the like have none where they move strings. */
static const char *const bare_names[] = {"clc", "stc", NULL};

/* They use 64 bits without a REX.W. */
static const char *const stack_names[] = {"call", "jmp", "pop", "push", NULL};

static struct span without_suffix(struct span mnemonic)
{
	if (mnemonic.length > 1 && strchr("bwlq", mnemonic.text[mnemonic.length - 1]))
		mnemonic.length--;
	return mnemonic;
}

static bool is_among(struct span mnemonic, const char *const *list)
{
	return span_is_among(mnemonic, list) || span_is_among(without_suffix(mnemonic), list);
}

static bool is_known(const struct parsed_instruction *instruction)
{
	struct span mnemonic = instruction->mnemonic;

	if (!instruction->count)
		return span_is_among(mnemonic, bare_names);
	return is_among(mnemonic, names) || span_begins(mnemonic, "cmov") ||
	       (span_begins(mnemonic, "set") && !span_is(mnemonic, "setssbsy"));
}

static bool uses_stack(struct span mnemonic)
{
	return is_among(mnemonic, stack_names);
}

/*
 * Does the instruction form an address? The target of a direct jump or call looks like memory. With
 * a register in it as takes it for indirect, also without a star.
 */
static bool is_memory(const struct parsed_instruction *instruction, const struct operand *operand)
{
	bool jumps = span_begins(instruction->mnemonic, "call") ||
		     span_begins(instruction->mnemonic, "jmp");
	bool bare = operand->base == REGISTER_NONE && operand->index == REGISTER_NONE &&
		    !operand->indirect && !operand->segment;

	return operand->kind == OPERAND_MEMORY && !(jumps && bare);
}

/* Do the suffix or a register say that an operand has so many bytes? */
static bool has_width(const struct parsed_instruction *instruction, char suffix, unsigned width)
{
	struct span mnemonic = instruction->mnemonic;

	if (mnemonic.text[mnemonic.length - 1] == suffix)
		return true;
	for (int i = 0; i < instruction->count; i++)
		if (instruction->operands[i].kind == OPERAND_REGISTER &&
		    instruction->operands[i].reg.width == width)
			return true;
	return false;
}

/* Is it in the list, with general registers only? */
static bool is_plain(const struct parsed_instruction *instruction)
{
	for (int i = 0; i < instruction->count; i++)
		if (instruction->operands[i].kind == OPERAND_REGISTER &&
		    !instruction->operands[i].reg.width)
			return false; /* a vector, a segment, ... */
	return !instruction->prefixed && is_known(instruction);
}

/* Is it a register of the second eight? */
static bool is_high(uint8_t number)
{
	return number >= REGISTER_R8 && number <= REGISTER_R15;
}

/*
 * Is there a REX already, as for %sil? Would one change the operand, as %ah? Would it stand in
 * front of another prefix, which a segment or a 32-bit address has?
 */
static bool decides_on_rex(const struct operand *operand)
{
	if (operand->kind == OPERAND_MEMORY)
		return is_high(operand->base) || is_high(operand->index) || operand->segment ||
		       operand->narrow_address;
	return operand->kind == OPERAND_REGISTER &&
	       (is_high(operand->reg.number) || operand->reg.high ||
		(operand->reg.width == 1 && operand->reg.number > REGISTER_RBX));
}

bool prefix_can_be_rex(const struct parsed_instruction *instruction)
{
	if (!is_plain(instruction))
		return false;
	for (int i = 0; i < instruction->count; i++)
		if (decides_on_rex(&instruction->operands[i]))
			return false;
	return !instruction->notrack && !has_width(instruction, 'q', 8) &&
	       !has_width(instruction, 'w', 2);
}

bool prefix_is_overruled(const struct parsed_instruction *instruction)
{
	return is_plain(instruction) && has_width(instruction, 'q', 8) &&
	       !uses_stack(instruction->mnemonic);
}

unsigned prefix_for(const struct parsed_instruction *instruction)
{
	bool memory = false;

	if (!is_plain(instruction))
		return RCPP_PREFIX_NONE;
	for (int i = 0; i < instruction->count; i++)
		memory |= is_memory(instruction, &instruction->operands[i]);
	if (!memory)
		return RCPP_PREFIX_ADDRESS;
	if (prefix_is_overruled(instruction))
		return RCPP_PREFIX_OPERAND;
	return prefix_can_be_rex(instruction) ? RCPP_PREFIX_REX : RCPP_PREFIX_NONE;
}
