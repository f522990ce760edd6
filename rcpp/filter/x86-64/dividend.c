// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "dividend.h"
#include "instruction.h"

#define RDX RESOURCE(REGISTER_RDX)
#define RAX RESOURCE(REGISTER_RAX)

/*
 * xorl %edx,%edx; subl %edx,%edx; movl $0,%edx: of an instruction that changes %rdx. An operand
 * that is not a register has no width.
 */
static bool clears_rdx(const struct parsed_instruction *parsed)
{
	const struct operand *from = &parsed->operands[0];
	struct span mnemonic = parsed->mnemonic;

	if (parsed->prefixed || parsed->operands[1].reg.width < 4)
		return false;
	if (span_is(mnemonic, "movl") || span_is(mnemonic, "movq") || span_is(mnemonic, "mov"))
		return from->kind == OPERAND_IMMEDIATE && from->value.simple &&
		       !from->value.symbolic && !from->value.number;
	return from->reg.number == REGISTER_RDX &&
	       (span_is(mnemonic, "xorl") || span_is(mnemonic, "xorq") ||
		span_is(mnemonic, "xor") || span_is(mnemonic, "subl") ||
		span_is(mnemonic, "subq") || span_is(mnemonic, "sub"));
}

/* cltd and cqto, by both of their names. With data16 before it, it is another one. */
static bool copies_sign(const struct parsed_instruction *parsed, unsigned width)
{
	if (parsed->prefixed)
		return false;
	return width == 4 ? span_is(parsed->mnemonic, "cltd") || span_is(parsed->mnemonic, "cdq")
			  : span_is(parsed->mnemonic, "cqto") || span_is(parsed->mnemonic, "cqo");
}

bool dividend_is_extended(const struct function *function, uint32_t index, unsigned width,
			  bool is_signed)
{
	const uint32_t section = function->items[index].section;
	bool rax_written = false;

	while (index-- > 0) {
		const struct item *item = &function->items[index];
		struct parsed_instruction parsed;

		if (!item_goes_on(item, section))
			return false;
		if (item->clobber & RDX) {
			if (!parse_instruction(&item->statement, &parsed))
				return false;
			return is_signed ? !rax_written && copies_sign(&parsed, width)
					 : clears_rdx(&parsed);
		}
		rax_written |= (item->clobber & RAX) != 0;
	}
	return false;
}

/* The general register (no other has a width) that `movq REGISTER,%rax` has moved, or
 * REGISTER_NONE. */
static uint8_t moved_to_rax(const struct item *item)
{
	struct parsed_instruction parsed;
	const struct operand *from = &parsed.operands[0];

	if (!parse_instruction(&item->statement, &parsed) || parsed.prefixed ||
	    (!span_is(parsed.mnemonic, "movq") && !span_is(parsed.mnemonic, "mov")) ||
	    from->reg.width != 8)
		return REGISTER_NONE;
	return from->reg.number;
}

uint8_t dividend_copy(const struct function *function, uint32_t index)
{
	const uint32_t section = function->items[index].section;
	resources changed = RAX | RESOURCE(REGISTER_RSP);

	while (index-- > 0) {
		const struct item *item = &function->items[index];
		uint8_t copy;

		if (!item_goes_on(item, section))
			return REGISTER_NONE;
		if (item->clobber & RAX) {
			copy = moved_to_rax(item);
			return copy != REGISTER_NONE && changed & RESOURCE(copy) ? REGISTER_NONE
										 : copy;
		}
		changed |= item->clobber;
	}
	return REGISTER_NONE;
}

static bool is_division(const struct item *item)
{
	struct span text = {item->statement.text, item->statement.length};
	struct parsed_instruction parsed;

	return item->use & RDX && span_contains(text, "div") &&
	       parse_instruction(&item->statement, &parsed) &&
	       (span_begins(parsed.mnemonic, "div") || span_begins(parsed.mnemonic, "idiv"));
}

void dividend_use_copies(struct function *function)
{
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];
		uint8_t copy = is_division(item) ? dividend_copy(function, i) : REGISTER_NONE;

		if (copy != REGISTER_NONE)
			item->use |= RESOURCE(copy);
	}
}
