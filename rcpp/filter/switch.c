// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "instruction.h"
#include "switch.h"
#include "target.h"

/* The item before `index` that changes the register, with its instruction; NO_ITEM if in doubt. */
static uint32_t find_definition(const struct function *function, uint32_t index, unsigned reg,
				struct parsed_instruction *parsed)
{
	uint32_t section;

	if (reg >= 16) /* no register: so `index` may be no item */
		return NO_ITEM;
	section = function->items[index].section;
	while (index-- > 0) {
		const struct item *item = &function->items[index];

		if (!item_goes_on(item, section))
			return NO_ITEM;
		if (item->clobber & RESOURCE(reg))
			return parse_instruction(&item->statement, parsed) ? index : NO_ITEM;
	}
	return NO_ITEM;
}

static bool is_register(const struct operand *operand)
{
	return operand->kind == OPERAND_REGISTER && operand->reg.number < 16;
}

/* movl %eax,%eax extends it, for one. */
static bool copies_register(const struct parsed_instruction *parsed)
{
	return processor.is_move(parsed->mnemonic) && parsed->count == 2 &&
	       is_register(&parsed->operands[0]);
}

/* Of an entry in a table, the register that says which; REGISTER_NONE of anything else. */
static unsigned entry_index(const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->scale >= 4 ? operand->index
								      : REGISTER_NONE;
}

/*
 * The entry that a register holds: *at becomes the item that read it, and the register with its
 * index is returned. With absolute entries that is a move; with distances from the table, movslq
 * and the addition of the table's address, in either order.
 */
static unsigned loaded_entry(const struct function *function, uint32_t *at, unsigned reg)
{
	struct parsed_instruction parsed, entry;
	uint32_t definition = find_definition(function, *at, reg, &parsed);

	if (definition == NO_ITEM || parsed.count != 2)
		return REGISTER_NONE;
	*at = definition;
	if (!processor.is_addition(parsed.mnemonic))
		return entry_index(&parsed.operands[0]);
	for (int i = 0; i < 2; i++) {
		if (!is_register(&parsed.operands[i]))
			continue;
		*at = find_definition(function, definition, parsed.operands[i].reg.number, &entry);
		if (*at != NO_ITEM && entry_index(&entry.operands[0]) != REGISTER_NONE)
			return entry_index(&entry.operands[0]);
	}
	return REGISTER_NONE;
}

uint32_t switch_origin(const struct function *function, uint32_t index)
{
	const struct item *jump = &function->items[index];
	struct parsed_instruction parsed;
	unsigned reg;

	if (jump->flow != FLOW_JUMP || !memchr(jump->statement.text, '*', jump->statement.length) ||
	    !parse_instruction(&jump->statement, &parsed) || !parsed.operands[0].indirect)
		return NO_ITEM;
	reg = is_register(&parsed.operands[0])
		      ? loaded_entry(function, &index, parsed.operands[0].reg.number)
		      : entry_index(&parsed.operands[0]);
	for (;;) {
		index = find_definition(function, index, reg, &parsed);
		if (index == NO_ITEM || !copies_register(&parsed))
			return index;
		reg = parsed.operands[0].reg.number;
	}
}
