// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plain-instruction.h"
#include "registers.h"

/* What is left of an instruction's text. */
struct rest {
	const char *at, *end;
};

static bool take(struct rest *rest, char c)
{
	if (rest->at == rest->end || *rest->at != c)
		return false;
	rest->at++;
	return true;
}

static void take_blanks(struct rest *rest)
{
	while (rest->at < rest->end && (*rest->at == ' ' || *rest->at == '\t'))
		rest->at++;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Prefixes are left to instruction.l, and with them some mnemonics that begin alike. */
static bool may_be_prefix(struct span word)
{
	switch (word.text[0]) {
	case 'a':
		return span_begins(word, "addr");
	case 'b':
		return span_begins(word, "bnd");
	case 'l':
		return span_begins(word, "lock");
	case 'n':
		return span_begins(word, "notrack");
	case 'r':
		return span_begins(word, "rep") || span_begins(word, "rex");
	case 'x':
		return span_begins(word, "xacquire") || span_begins(word, "xrelease");
	case 'd':
		if (span_begins(word, "data"))
			return true;
		/* fall through */
	default:
		return word.length == 2 && word.text[1] == 's' && word.text[0] != 'j';
	}
}

static bool take_mnemonic(struct rest *rest, struct span *mnemonic)
{
	const char *begin = rest->at;

	if (rest->at == rest->end || !is_lower(*rest->at))
		return false;
	while (rest->at < rest->end && (is_lower(*rest->at) || is_digit(*rest->at)))
		rest->at++;
	*mnemonic = (struct span){begin, (size_t)(rest->at - begin)};
	if (rest->at < rest->end && *rest->at != ' ' && *rest->at != '\t')
		return false;
	take_blanks(rest);
	return !may_be_prefix(*mnemonic);
}

/* Behind the percent sign. */
static bool take_register(struct rest *rest, struct register_name *reg)
{
	const char *begin = rest->at;

	if (rest->at == rest->end || !is_lower(*rest->at))
		return false;
	while (rest->at < rest->end && (is_lower(*rest->at) || is_digit(*rest->at)))
		rest->at++;
	*reg = register_by_name(begin, (size_t)(rest->at - begin));
	return true;
}

/* A decimal number. False if what follows makes it another one, or a local label: 0x1f, 1f. */
static bool take_number(struct rest *rest, int64_t *number)
{
	const char *begin = rest->at;

	for (*number = 0; rest->at < rest->end && is_digit(*rest->at); rest->at++) {
		if (rest->at - begin == 18)
			return false;
		*number = *number * 10 + (*rest->at - '0');
	}
	return rest->at > begin && (*begin != '0' || rest->at == begin + 1) &&
	       (rest->at == rest->end || !is_name(*rest->at));
}

static bool take_name(struct rest *rest, struct span *name)
{
	const char *begin = rest->at;

	while (rest->at < rest->end && is_name(*rest->at) && !(*rest->at & 0x80))
		rest->at++;
	*name = (struct span){begin, (size_t)(rest->at - begin)};
	return name->length && *begin != '$' && !is_digit(*begin);
}

/* NUMBER, -NUMBER, NAME, NAME@NAME, each NAME with a number added or subtracted */
static bool take_expression(struct rest *rest, struct expression *expression)
{
	struct span modifier;
	bool negative = take(rest, '-'), has_number = negative;

	*expression = (struct expression){.simple = true};
	if (!negative && rest->at < rest->end && !is_digit(*rest->at)) {
		if (!take_name(rest, &expression->symbol))
			return false;
		expression->symbolic = true;
		expression->modified = take(rest, '@');
		if (expression->modified && !take_name(rest, &modifier))
			return false;
		negative = take(rest, '-');
		has_number = negative || take(rest, '+');
		if (!has_number)
			return true;
	}
	if (!take_number(rest, &expression->number))
		return false;
	if (negative)
		expression->number = -expression->number;
	return true;
}

/* Behind the parenthesis: %R), %R,%R), %R,%R,N), and ,%R) and so on */
static bool take_address(struct rest *rest, struct operand *operand)
{
	struct register_name base = {.number = REGISTER_NONE}, index = base;
	int64_t scale = 1;

	if (take(rest, '%') && !take_register(rest, &base))
		return false;
	if (take(rest, ',')) {
		take_blanks(rest);
		if (!take(rest, '%') || !take_register(rest, &index))
			return false;
		if (take(rest, ',')) {
			take_blanks(rest);
			if (!take_number(rest, &scale) ||
			    (scale != 1 && scale != 2 && scale != 4 && scale != 8))
				return false;
		}
	} else if (rest->at[-1] == '(') {
		return false;
	}
	operand->base = base.number;
	operand->index = index.number;
	operand->scale = (uint8_t)scale;
	operand->narrow_address = base.width == 4 || index.width == 4;
	return take(rest, ')');
}

static bool take_memory(struct rest *rest, struct operand *operand)
{
	operand->kind = OPERAND_MEMORY;
	operand->base = operand->index = REGISTER_NONE;
	operand->scale = 1;
	operand->value.simple = true;
	if (rest->at < rest->end && *rest->at != '(' && !take_expression(rest, &operand->value))
		return false;
	return !take(rest, '(') || take_address(rest, operand);
}

static bool take_operand(struct rest *rest, struct operand *operand)
{
	const char *begin = rest->at;
	bool known;

	*operand = (struct operand){.indirect = take(rest, '*')};
	if (take(rest, '%')) {
		operand->kind = OPERAND_REGISTER;
		known = take_register(rest, &operand->reg);
	} else if (take(rest, '$')) {
		operand->kind = OPERAND_IMMEDIATE;
		known = take_expression(rest, &operand->value);
	} else {
		known = take_memory(rest, operand);
	}
	operand->text = (struct span){begin, (size_t)(rest->at - begin)};
	return known && operand->text.length > operand->indirect;
}

bool plain_instruction(struct span text, struct parsed_instruction *instruction)
{
	struct rest rest = {text.text, text.text + text.length};

	*instruction = (struct parsed_instruction){0};
	if (!take_mnemonic(&rest, &instruction->mnemonic))
		return false;
	while (rest.at < rest.end) {
		if (instruction->count == OPERANDS_MAX ||
		    !take_operand(&rest, &instruction->operands[instruction->count++]))
			return false;
		take_blanks(&rest);
		if (rest.at == rest.end)
			return true;
		if (!take(&rest, ','))
			return false;
		take_blanks(&rest);
	}
	return !instruction->count; /* no comma at the end */
}
