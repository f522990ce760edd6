// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "dividend.h"
#include "registers.h"

#define RDX RESOURCE(REGISTER_RDX)
#define RAX RESOURCE(REGISTER_RAX)

/*
 * xorl %edx,%edx; subl %edx,%edx; movl $0,%edx: of an instruction that changes %rdx. What is no
 * register has no width.
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

		/* A branch that is not taken changes nothing; at a label others come in. */
		if (item->section != section ||
		    (item->flow != FLOW_NONE && item->flow != FLOW_NEXT &&
		     item->flow != FLOW_BRANCH))
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
