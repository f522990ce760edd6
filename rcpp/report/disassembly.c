// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Zydis decodes and writes the instructions. Here its text becomes what people know from objdump:
 * no blank after a comma, `shift(%rip)` for a variable, `401136 <lookup+0x6>` for a target, and
 * after an operand without a name, such as a string, its address. Prefixes that only make an
 * instruction longer are left out.
 */
#define _GNU_SOURCE 1
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "disassembly.h"
#include "mnemonic.h"

struct disassembly {
	const struct loaded *loaded;
	struct dump_slots slots;
	ZydisDecoder decoder;
	ZydisFormatter formatter;
};

/* ---- Names ---- */

static const struct dump_symbol *symbol_at(const struct disassembly *disassembly, uint64_t address,
					   bool code)
{
	const struct dump_image *image = disassembly->loaded->image;

	return dump_find_symbol(image, code ? &image->functions : &image->objects,
				(struct dump_place){0, address});
}

/* "name" or "name+0x4". */
static void write_name(const struct dump_symbol *symbol, uint64_t address, char *text, size_t size)
{
	uint64_t offset = address - symbol->value;

	if (offset)
		snprintf(text, size, "%s+0x%" PRIx64, symbol->name, offset);
	else
		snprintf(text, size, "%s", symbol->name);
}

/* Where the operand of an instruction leads that is relative to %rip; 0: it is none. */
static uint64_t target_of(const ZydisDecodedInstruction *instruction,
			  const ZydisDecodedOperand *operand, uint64_t address)
{
	ZyanU64 target;

	return ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(instruction, operand, address, &target))
		       ? target
		       : 0;
}

/* The slot that the code at this address jumps through, as in a procedure linkage table; or 0. */
static uint64_t slot_behind(const struct disassembly *disassembly, uint64_t address)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;

	for (int i = 0; i < 2; i++, address += instruction.length) { /* behind an endbr64 */
		const uint8_t *bytes =
			loaded_at(disassembly->loaded, address, ZYDIS_MAX_INSTRUCTION_LENGTH);

		if (!bytes || !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&disassembly->decoder, bytes,
								   ZYDIS_MAX_INSTRUCTION_LENGTH,
								   &instruction, operands)))
			return 0;
		if (instruction.mnemonic == ZYDIS_MNEMONIC_JMP)
			return operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY
				       ? target_of(&instruction, &operands[0], address)
				       : 0;
	}
	return 0;
}

/* A function of another module, by its entry in the procedure linkage table. */
static bool write_linkage_name(const struct disassembly *disassembly, uint64_t address, char *text,
			       size_t size)
{
	uint64_t slot = slot_behind(disassembly, address);
	const char *name = NULL;

	if (slot)
		dump_slot_address(disassembly->loaded->image, &disassembly->slots, slot, &name);
	if (name)
		snprintf(text, size, "%s@plt", name);
	return name;
}

static void write_target(const struct disassembly *disassembly, uint64_t address, char *text,
			 size_t size)
{
	const struct dump_symbol *symbol = symbol_at(disassembly, address, true);
	char name[DISASSEMBLY_SIZE / 2];

	if (symbol)
		write_name(symbol, address, name, sizeof(name));
	if (symbol || write_linkage_name(disassembly, address, name, sizeof(name)))
		snprintf(text, size, "%" PRIx64 " <%s>", address, name);
	else
		snprintf(text, size, "%" PRIx64, address);
}

/* What stands at an address by its name, a slot by that of its variable. false: nothing named. */
static bool write_variable(const struct disassembly *disassembly, uint64_t address, char *text,
			   size_t size)
{
	const struct dump_symbol *symbol = symbol_at(disassembly, address, false);
	const char *name = NULL;

	if (!symbol)
		symbol = symbol_at(disassembly, address, true);
	if (symbol) {
		write_name(symbol, address, text, size);
		return true;
	}
	dump_slot_address(disassembly->loaded->image, &disassembly->slots, address, &name);
	if (name)
		snprintf(text, size, "%s@GOT", name);
	return name;
}

/* "name+0x4" by the last name in front of the address, else by its section's. false: neither. */
static bool write_nearest(const struct disassembly *disassembly, uint64_t address, char *text,
			  size_t size)
{
	const struct dump_image *image = disassembly->loaded->image;
	const struct dump_place place = {0, address};
	const struct dump_symbol *symbol = dump_symbol_before(image, &image->objects, place);
	const size_t section = dump_section_at(image, address);
	struct dump_symbol whole;

	if (!section)
		return false;
	if (!symbol)
		symbol = dump_symbol_before(image, &image->functions, place);
	whole = (struct dump_symbol){.name = image->sections[section].name,
				     .value = image->sections[section].header.sh_addr};
	write_name(symbol ? symbol : &whole, address, text, size);
	return true;
}

/* ---- What Zydis asks ---- */

static ZyanStatus append(ZydisFormatterBuffer *buffer, const char *text)
{
	ZyanStringView view;
	ZyanString *string;

	ZYAN_CHECK(ZydisFormatterBufferAppend(buffer, ZYDIS_TOKEN_SYMBOL));
	ZYAN_CHECK(ZydisFormatterBufferGetString(buffer, &string));
	ZYAN_CHECK(ZyanStringViewInsideBuffer(&view, text));
	return ZyanStringAppend(string, &view);
}

/* A place in the program; an offset in a thread's own memory, as %fs:0x28, is none. */
static bool is_place(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	       (operand->mem.base != ZYDIS_REGISTER_NONE ||
		(operand->mem.segment != ZYDIS_REGISTER_FS &&
		 operand->mem.segment != ZYDIS_REGISTER_GS));
}

/* "shift(%rip)"; without a name "0x12(%rip)", and name_places() will say where that is. */
static void write_memory(const struct disassembly *disassembly, const ZydisDecodedOperand *operand,
			 uint64_t address, char *text, size_t size)
{
	bool relative = operand->mem.base != ZYDIS_REGISTER_NONE;
	int64_t distance = operand->mem.disp.value;
	char name[DISASSEMBLY_SIZE / 2];

	if (is_place(operand) && write_variable(disassembly, address, name, sizeof(name)))
		snprintf(text, size, "%s%s", name, relative ? "(%rip)" : "");
	else if (!relative)
		snprintf(text, size, "0x%" PRIx64, address);
	else if (distance < 0)
		snprintf(text, size, "-0x%" PRIx64 "(%%rip)", -(uint64_t)distance);
	else
		snprintf(text, size, "0x%" PRIx64 "(%%rip)", (uint64_t)distance);
}

/* An address that is fixed, or relative to %rip: of a variable, or where the instruction jumps. */
static ZyanStatus print_address(const ZydisFormatter *formatter, ZydisFormatterBuffer *buffer,
				ZydisFormatterContext *context)
{
	const struct disassembly *disassembly = context->user_data;
	uint64_t address =
		target_of(context->instruction, context->operand, context->runtime_address);
	char text[DISASSEMBLY_SIZE];

	(void)formatter;
	if (context->operand->type == ZYDIS_OPERAND_TYPE_MEMORY)
		write_memory(disassembly, context->operand, address, text, sizeof(text));
	else
		write_target(disassembly, address, text, sizeof(text));
	return append(buffer, text);
}

static ZyanStatus print_no_prefixes(const ZydisFormatter *formatter, ZydisFormatterBuffer *buffer,
				    ZydisFormatterContext *context)
{
	(void)formatter;
	if (context->instruction->attributes & ZYDIS_ATTRIB_HAS_LOCK)
		return append(buffer, "lock ");
	if (context->instruction->attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE))
		return append(buffer, "rep ");
	if (context->instruction->attributes & ZYDIS_ATTRIB_HAS_REPNE)
		return append(buffer, "repne ");
	return ZYAN_STATUS_SUCCESS;
}

/* A target that a register or memory holds has a star. */
static ZyanStatus print_star(const ZydisFormatter *formatter, ZydisFormatterBuffer *buffer,
			     ZydisFormatterContext *context)
{
	ZydisMnemonic mnemonic = context->instruction->mnemonic;

	(void)formatter;
	if (context->operand->type == ZYDIS_OPERAND_TYPE_IMMEDIATE ||
	    (mnemonic != ZYDIS_MNEMONIC_CALL && mnemonic != ZYDIS_MNEMONIC_JMP))
		return ZYAN_STATUS_SUCCESS;
	return append(buffer, "*");
}

static ZyanStatus print_mnemonic(const ZydisFormatter *formatter, ZydisFormatterBuffer *buffer,
				 ZydisFormatterContext *context)
{
	char text[64];

	(void)formatter;
	mnemonic_text(context->instruction, context->operands, text, sizeof(text));
	return append(buffer, text);
}

static void set_up_formatter(struct disassembly *disassembly)
{
	ZydisFormatter *formatter = &disassembly->formatter;
	ZydisFormatterFunc address = print_address, prefixes = print_no_prefixes;
	ZydisFormatterFunc star = print_star, mnemonic = print_mnemonic;

	ZydisFormatterInit(formatter, ZYDIS_FORMATTER_STYLE_ATT);
	ZydisFormatterSetProperty(formatter, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
	ZydisFormatterSetProperty(formatter, ZYDIS_FORMATTER_PROP_DISP_PADDING,
				  ZYDIS_PADDING_DISABLED);
	ZydisFormatterSetProperty(formatter, ZYDIS_FORMATTER_PROP_IMM_PADDING,
				  ZYDIS_PADDING_DISABLED);
	ZydisFormatterSetHook(formatter, ZYDIS_FORMATTER_FUNC_PRINT_ADDRESS_ABS,
			      (const void **)&address);
	ZydisFormatterSetHook(formatter, ZYDIS_FORMATTER_FUNC_PRINT_PREFIXES,
			      (const void **)&prefixes);
	ZydisFormatterSetHook(formatter, ZYDIS_FORMATTER_FUNC_PRE_OPERAND, (const void **)&star);
	ZydisFormatterSetHook(formatter, ZYDIS_FORMATTER_FUNC_PRINT_MNEMONIC,
			      (const void **)&mnemonic);
}

struct disassembly *disassembly_open(const struct loaded *loaded)
{
	struct disassembly *disassembly = dump_allocate(1, sizeof(*disassembly));

	disassembly->loaded = loaded;
	dump_slots_read(loaded->image, &disassembly->slots);
	ZydisDecoderInit(&disassembly->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	set_up_formatter(disassembly);
	return disassembly;
}

void disassembly_close(struct disassembly *disassembly)
{
	if (disassembly)
		dump_slots_free(&disassembly->slots);
	free(disassembly);
}

/* ---- One instruction ---- */

/* No blank behind a comma, and nothing from a symbol's name that a terminal would obey. */
static void tidy(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text != ' ' || to[-1] != ',')
			*to++ = (unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text;
	*to = '\0';
}

bool disassembly_name(const struct disassembly *disassembly, uint64_t value,
		      char text[DISASSEMBLY_SIZE])
{
	const struct loaded *loaded = disassembly->loaded;
	uint64_t address = value - loaded->base;
	const struct dump_symbol *symbol = NULL;

	if (loaded_at(loaded, address, 1))
		symbol = symbol_at(disassembly, address, false);
	if (!symbol && loaded_at(loaded, address, 1))
		symbol = symbol_at(disassembly, address, true);
	if (symbol)
		write_name(symbol, address, text, DISASSEMBLY_SIZE);
	return symbol;
}

/* An immediate that is the address of something: say of what. */
static void name_immediate(const struct disassembly *disassembly,
			   const ZydisDecodedOperand *operand, char *text)
{
	char name[DISASSEMBLY_SIZE];
	size_t length = strlen(text);

	if (operand->type == ZYDIS_OPERAND_TYPE_IMMEDIATE && !operand->imm.is_relative &&
	    disassembly_name(disassembly, operand->imm.value.u, name))
		snprintf(text + length, DISASSEMBLY_SIZE - length, " # %s", name);
}

/* A place relative to %rip that nothing names, such as a string: say where it is. */
static void name_places(const struct disassembly *disassembly,
			const ZydisDecodedInstruction *instruction,
			const ZydisDecodedOperand *operands, uint64_t address, char *text)
{
	for (unsigned i = 0; i < instruction->operand_count_visible; i++) {
		uint64_t target = target_of(instruction, &operands[i], address);
		char name[DISASSEMBLY_SIZE / 2];
		size_t length = strlen(text);

		if (!is_place(&operands[i]) || operands[i].mem.base != ZYDIS_REGISTER_RIP ||
		    write_variable(disassembly, target, name, sizeof(name)))
			continue;
		if (write_nearest(disassembly, target, name, sizeof(name)))
			snprintf(text + length, DISASSEMBLY_SIZE - length, " # %" PRIx64 " <%s>",
				 target, name);
		else
			snprintf(text + length, DISASSEMBLY_SIZE - length, " # %" PRIx64, target);
	}
}

static bool is_nop(const ZydisDecodedInstruction *instruction, const ZydisDecodedOperand *operands)
{
	return instruction->mnemonic == ZYDIS_MNEMONIC_NOP ||
	       (instruction->mnemonic == ZYDIS_MNEMONIC_XCHG && instruction->opcode == 0x90 &&
		operands[0].reg.value == operands[1].reg.value);
}

unsigned disassembly_of(struct disassembly *disassembly, uint64_t address, const uint8_t *bytes,
			size_t size, char text[DISASSEMBLY_SIZE])
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;

	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&disassembly->decoder, bytes, size, &instruction,
						 operands))) {
		snprintf(text, DISASSEMBLY_SIZE, ".byte 0x%02x", bytes[0]);
		return 1;
	}
	if (is_nop(&instruction, operands)) {
		snprintf(text, DISASSEMBLY_SIZE, "nop");
		return instruction.length;
	}
	if (!ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&disassembly->formatter, &instruction,
							  operands,
							  instruction.operand_count_visible, text,
							  DISASSEMBLY_SIZE, address, disassembly)))
		snprintf(text, DISASSEMBLY_SIZE, "(too long)");
	if (instruction.operand_count_visible)
		name_immediate(disassembly, &operands[instruction.operand_count_visible - 1], text);
	name_places(disassembly, &instruction, operands, address, text);
	tidy(text);
	return instruction.length;
}
