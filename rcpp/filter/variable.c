// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "pointers.h"
#include "variable.h"

#define NO_VARIABLE ((struct variable){.operand = -1})

static struct variable named_variable(const struct survey *survey,
				      const struct parsed_instruction *parsed)
{
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];
		const struct expression *value = &operand->value;

		if (operand->kind == OPERAND_MEMORY && value->symbol.length &&
		    survey_patchable(survey, value->symbol, value->number, 1))
			return (struct variable){i, value->symbol, value->number, false};
	}
	return NO_VARIABLE;
}

struct variable variable_find(const struct function *function, uint32_t item,
			      const struct parsed_instruction *parsed)
{
	uint32_t pointer = function->items[item].pointer;
	int index = pointer == NO_ITEM ? -1 : pointers_operand(parsed);
	struct variable variable;

	if (index < 0)
		return named_variable(function->survey, parsed);
	variable = (struct variable){index, pointers_symbol(function, pointer),
				     parsed->operands[index].value.number, true};
	return survey_patchable(function->survey, variable.symbol, variable.offset, 1)
		       ? variable
		       : NO_VARIABLE;
}
