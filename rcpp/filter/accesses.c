// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include "accesses.h"
#include "kinds.h"
#include "liveness.h"
#include "memory.h"
#include "pointers.h"
#include "rcpp_profile.h"
#include "target.h"

#define LOOK_AHEAD 24 /* statements from a load to what uses its value */

/* --- fields and accesses, by their keys ------------------------------------------------------ */

static struct span keep(struct accesses *accesses, char *key)
{
	struct texts *keys = &accesses->keys;

	keys->text = make_room(keys->text, keys->count, &keys->space, sizeof *keys->text);
	keys->text[keys->count++] = key;
	return (struct span){key, strlen(key)};
}

/* The number that goes with the key; *is_new if it has none yet, and gets `number`. */
static uint32_t number_of(struct accesses *accesses, struct names *names, char *key,
			  uint32_t number, bool *is_new)
{
	const uint32_t *known = names_find(names, (struct span){key, strlen(key)});

	*is_new = !known;
	if (known) {
		number = *known;
		free(key);
		return number;
	}
	names_add(names, keep(accesses, key), number);
	return number;
}

static uint32_t add_field(struct accesses *accesses, const struct field *field)
{
	bool is_new;
	uint32_t number;
	char *key;

	if (asprintf(&key, "%lld,%u,%u,%.*s", (long long)field->offset, field->size, field->flags,
		     (int)field->symbol.length, field->symbol.text) < 0)
		allocate(SIZE_MAX);
	number = number_of(accesses, &accesses->field_numbers, key, accesses->field_count, &is_new);
	if (!is_new)
		return number;
	accesses->fields = make_room(accesses->fields, accesses->field_count,
				     &accesses->field_space, sizeof *accesses->fields);
	accesses->fields[number] = *field;
	accesses->fields[number].first = accesses->fields[number].last = NO_ITEM;
	accesses->field_count++;
	return number;
}

static void append_access(struct accesses *accesses, const struct access *access)
{
	struct field *field = &accesses->fields[access->field];
	uint32_t number = accesses->access_count++;

	accesses->accesses = make_room(accesses->accesses, number, &accesses->access_space,
				       sizeof *accesses->accesses);
	accesses->accesses[number] = *access;
	accesses->accesses[number].next = NO_ITEM;
	if (field->first == NO_ITEM)
		field->first = number;
	else
		accesses->accesses[field->last].next = number;
	field->last = number;
	field->count++;
}

static uint32_t add_access(struct accesses *accesses, const struct access *access)
{
	bool is_new;
	uint32_t number;
	char *key;

	if (asprintf(&key, "%u,%u,%u,%.*s", access->field, access->flags, access->use,
		     (int)access->function.length, access->function.text) < 0)
		allocate(SIZE_MAX);
	number = number_of(accesses, &accesses->access_numbers, key, accesses->access_count,
			   &is_new);
	if (is_new)
		append_access(accesses, access);
	accesses->accesses[number].sites++;
	return number;
}

/* --- what the value is used for --------------------------------------------------------------- */

/* Of an instruction that has the value among its operands, in memory or in a register. */
static enum kind use_of_operation(const struct parsed_instruction *parsed, const struct item *item)
{
	if (item->flow == FLOW_CALL || item->flow == FLOW_JUMP)
		return KIND_CALLS;
	return processor.kind_of(parsed->mnemonic);
}

static bool is_address_of(const struct parsed_instruction *parsed, unsigned reg)
{
	for (int i = 0; i < parsed->count; i++)
		if (parsed->operands[i].kind == OPERAND_MEMORY &&
		    (parsed->operands[i].base == reg || parsed->operands[i].index == reg))
			return true;
	return false;
}

/* Of what is the first to read the register behind the load. */
static enum kind use_of_register(const struct function *function, uint32_t load, unsigned reg)
{
	const struct item *items = function->items;
	uint32_t section = items[load].section;
	struct parsed_instruction parsed;

	for (uint32_t i = load + 1; i < function->count && i - load < LOOK_AHEAD; i++) {
		const struct item *item = &items[i];

		if (item->section == section && item->use & RESOURCE(reg) &&
		    parse_instruction(&item->statement, &parsed))
			return is_address_of(&parsed, reg) ? KIND_ADDRESSES
							   : use_of_operation(&parsed, item);
		if (!item_goes_on(item, section) || item->clobber & RESOURCE(reg))
			break;
	}
	return KIND_MOVES;
}

static enum kind use_of(const struct function *function, uint32_t index,
			const struct parsed_instruction *parsed)
{
	const struct operand *last = &parsed->operands[parsed->count - 1];

	if (processor.is_move(parsed->mnemonic) && last->kind == OPERAND_REGISTER &&
	    last->reg.number < 16)
		return use_of_register(function, index, last->reg.number);
	return use_of_operation(parsed, &function->items[index]);
}

/* --- instructions ----------------------------------------------------------------------------- */

/* Does a variable have this name? Not jump tables, literals, and what is known to be code. */
static bool may_be_variable(const struct survey *survey, struct span symbol)
{
	const uint32_t *outside = names_find(&survey->outside, symbol);

	return symbol.length && !span_begins(symbol, ".L") &&
	       !isdigit((unsigned char)*symbol.text) && !names_find(&survey->functions, symbol) &&
	       !(outside && *outside);
}

/* Bytes that an instruction reads or writes in memory; 0: not known. */
static uint32_t width_of(const struct parsed_instruction *parsed, const struct instruction *facts,
			 const struct item *item)
{
	if (item->flow == FLOW_CALL || item->flow == FLOW_JUMP)
		return 8;
	if (facts && facts->width)
		return facts->width;
	for (int i = parsed->count - 1; i >= 0; i--)
		if (parsed->operands[i].kind == OPERAND_REGISTER && parsed->operands[i].reg.width)
			return parsed->operands[i].reg.width;
	return 0;
}

static bool is_indexed(const struct operand *operand)
{
	return operand->index != REGISTER_NONE ||
	       (operand->base != REGISTER_NONE && operand->base != REGISTER_PLACE);
}

/* Nothing may be at the address: .set x, 16 */
static bool is_number(const struct survey *survey, struct span symbol)
{
	const uint32_t *alias = names_find(&survey->assigned, symbol);

	return alias && !*alias;
}

/* The field that an operand names, if it does. */
static bool field_of_operand(const struct function *function, const struct operand *operand,
			     struct field *field)
{
	*field = (struct field){
		.symbol = unquoted(operand->value.symbol),
		.offset = operand->value.number,
		.flags = is_indexed(operand) ? RCPP_FIELD_INDEXED : 0,
	};
	if (is_number(function->survey, field->symbol))
		field->flags |= RCPP_FIELD_NOWHERE;
	return operand->value.simple && !operand->value.modified && !operand->segment &&
	       !operand->narrow_address && may_be_variable(function->survey, field->symbol);
}

/* The same of an operand whose register has the variable's address. */
static bool field_behind_pointer(const struct function *function, const struct item *item,
				 const struct operand *operand, struct field *field)
{
	*field = (struct field){
		.symbol = unquoted(pointers_symbol(function, item->pointer)),
		.offset = operand->value.number,
		.flags = RCPP_FIELD_REMOTE |
			 (operand->index != REGISTER_NONE ? RCPP_FIELD_INDEXED : 0),
	};
	return may_be_variable(function->survey, field->symbol);
}

bool can_count(const struct function *function, const struct item *item)
{
	const struct survey *survey = function->survey;

	return (item->place == PLACE_OPEN || item->place == PLACE_INIT) && !function->short_jumps &&
	       !survey->unterminated && !survey->any_macro && item->flow != FLOW_BARRIER;
}

/* A register that may be changed in front of the instruction. */
static uint8_t scratch_before(const struct function *function, const struct item *item)
{
	resources able = function->usable & ~live_before(item);

	able &= RESOURCE_REGISTERS & ~processor.never_free;
	return able && !function->frame_by_other ? (uint8_t)__builtin_ctz(able) : REGISTER_NONE;
}

static struct counting *add_counting(struct accesses *accesses, const struct function *function,
				     uint32_t index, uint32_t access)
{
	const struct item *item = &function->items[index];
	struct counting *counting;

	accesses->counting = make_room(accesses->counting, accesses->counting_count,
				       &accesses->counting_space, sizeof *accesses->counting);
	counting = &accesses->counting[accesses->counting_count++];
	*counting = (struct counting){
		.item = index,
		.access = access,
		.flags_free = !(live_before(item) & RESOURCE_FLAGS),
		.scratch = scratch_before(function, item),
	};
	return counting;
}

/* The value of an element of an array is not compared: which one it is, only the program knows. */
static void compare(struct accesses *accesses, struct counting *counting, const struct field *field,
		    const struct operand *operand)
{
	bool single = field->size && field->size <= 8 && !(field->size & (field->size - 1));

	if (!counting || !single || field->flags & RCPP_FIELD_INDEXED)
		return;
	counting->operand = operand->text;
	if (operand->indirect) /* the star */
		counting->operand = (struct span){operand->text.text + 1, operand->text.length - 1};
	counting->width = field->size;
	if (!(field->flags & RCPP_FIELD_REMOTE))
		accesses->accesses[counting->access].operand = counting->operand;
}

/* Returns where it counts; NULL: it does not. */
static struct counting *note(struct accesses *accesses, const struct function *function,
			     uint32_t index, const struct field *field, unsigned flags,
			     enum kind use)
{
	const struct item *item = &function->items[index];
	struct access access = {
		.field = add_field(accesses, field),
		.function = item_function(function, item),
		.flags = (uint16_t)flags,
		.use = (uint16_t)use,
		.line = item->source_line,
	};
	uint32_t number = add_access(accesses, &access);

	if (flags & RCPP_ACCESS_UNCOUNTED)
		return NULL;
	return add_counting(accesses, function, index, number);
}

/* An address that goes where nothing is counted. */
static void note_address(struct accesses *accesses, const struct function *function, uint32_t index,
			 const struct operand *operand)
{
	struct field field = {.symbol = unquoted(operand->value.symbol),
			      .offset = operand->value.number,
			      .flags = RCPP_FIELD_NOWHERE};

	if (operand->value.symbolic && may_be_variable(function->survey, field.symbol))
		note(accesses, function, index, &field, RCPP_ACCESS_UNCOUNTED | RCPP_ACCESS_WRITE,
		     KIND_ADDRESSES);
}

/* Is it x@GOTPCREL(%rip), and some read or store through the address is not known? */
static bool leaks_address(const struct item *item, const struct operand *operand)
{
	return operand->value.modified && span_contains(operand->text, processor.slot) &&
	       item->flow == FLOW_NEXT && !item->followed;
}

static void find_in_memory(struct accesses *accesses, const struct function *function,
			   uint32_t index, const struct parsed_instruction *parsed, int at)
{
	const struct item *item = &function->items[index];
	const struct operand *operand = &parsed->operands[at];
	const struct instruction *facts =
		instruction_find(parsed->mnemonic.text, parsed->mnemonic.length, parsed->count);
	unsigned access = processor.access_of(parsed, facts, at), uncounted;
	bool through = item->pointer != NO_ITEM && item->pointer != index &&
		       pointers_operand(parsed) == at;
	struct field field;

	if (facts && facts->kind != INSTRUCTION_ORDINARY && !operand->indirect)
		return;
	if (access == ACCESS_A || leaks_address(item, operand)) {
		if (access != ACCESS_A || processor.forms_address(parsed->mnemonic))
			note_address(accesses, function, index, operand);
		return;
	}
	if (!(through ? field_behind_pointer(function, item, operand, &field)
		      : field_of_operand(function, operand, &field)))
		return;
	field.size = width_of(parsed, facts, item);
	uncounted = facts && can_count(function, item) ? 0 : RCPP_ACCESS_UNCOUNTED;
	if (access & ACCESS_R)
		compare(accesses,
			note(accesses, function, index, &field, uncounted,
			     use_of(function, index, parsed)),
			&field, operand);
	if (access & ACCESS_W)
		note(accesses, function, index, &field, uncounted | RCPP_ACCESS_WRITE, KIND_MOVES);
}

/* Is it known what its words mean? */
static bool is_read(const struct item *item)
{
	return item->place != PLACE_SYNTAX && item->place != PLACE_REPEATED &&
	       item->place != PLACE_INCLUDED;
}

static void find_in_item(struct accesses *accesses, const struct function *function, uint32_t index)
{
	const struct item *item = &function->items[index];
	struct parsed_instruction parsed;

	if (item->statement.kind != STATEMENT_INSTRUCTION || item->place == PLACE_DATA)
		return;
	if (!is_read(item) || !parse_instruction(&item->statement, &parsed)) {
		accesses->unread++;
		return;
	}
	for (int i = 0; i < parsed.count; i++) {
		const struct operand *operand = &parsed.operands[i];

		if (operand->kind == OPERAND_MEMORY)
			find_in_memory(accesses, function, index, &parsed, i);
		else if (operand->kind == OPERAND_IMMEDIATE)
			note_address(accesses, function, index, operand);
	}
}

/* .quad x+8: an address that goes where nothing is counted. */
static void note_data(struct accesses *accesses, const struct statement *directive)
{
	struct span arguments = statement_arguments(directive), argument;

	if (!span_is(statement_name(directive), ".quad"))
		return;
	while (next_argument(&arguments, &argument)) {
		struct field field = {.symbol = cut_word(&argument), .flags = RCPP_FIELD_NOWHERE};
		struct access access = {.flags = RCPP_ACCESS_UNCOUNTED | RCPP_ACCESS_WRITE,
					.use = KIND_ADDRESSES};

		if (!may_be_variable(accesses->survey, field.symbol) ||
		    (argument.length && argument.text[0] != '+'))
			continue;
		field.offset = argument.length ? strtoll(argument.text, NULL, 10) : 0;
		access.field = add_field(accesses, &field);
		add_access(accesses, &access);
	}
}

static bool is_data(const struct function *function, const struct item *item)
{
	const struct section *section = &function->sections->list[item->section];

	return item->statement.kind == STATEMENT_DIRECTIVE && !section->executable &&
	       !section->debug;
}

void accesses_init(struct accesses *accesses, const struct survey *survey)
{
	*accesses = (struct accesses){.survey = survey};
}

void accesses_find(struct accesses *accesses, const struct function *function)
{
	accesses->counting_count = 0;
	for (uint32_t i = 0; i < function->count; i++)
		if (is_data(function, &function->items[i]))
			note_data(accesses, &function->items[i].statement);
		else
			find_in_item(accesses, function, i);
}

void accesses_free(struct accesses *accesses)
{
	for (uint32_t i = 0; i < accesses->keys.count; i++)
		free(accesses->keys.text[i]);
	free(accesses->keys.text);
	free(accesses->fields);
	free(accesses->accesses);
	free(accesses->counting);
	names_free(&accesses->field_numbers);
	names_free(&accesses->access_numbers);
}
