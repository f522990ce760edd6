// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One row after the other: believe nothing, find out what the site holds, choose what it should
 * hold, make those bytes.
 *
 * A table may be damaged and the text may have been changed by somebody else, so every offset is
 * checked before it is followed and every byte of a site must be one that the form explains. What a
 * site holds is read from the text itself: there is no record of earlier patching that could
 * disagree with it.
 */
#include "core.h"
#include "values.h"

/* What a site holds: the number of an alternative (0 is the original), or ud2. */
#define STATE_FAULT RCPP_ALTERNATIVES_MAX
#define STATE_NONE  (RCPP_ALTERNATIVES_MAX + 1)

#define DISPLACEMENT_SIZE 4

struct alternative {
	struct rcpp_alternative head;
	struct rcpp_field field[RCPP_FIELDS_MAX];
	const uint8_t *code;
};

struct form {
	unsigned int count;
	bool at_end; /* code stands at the site's end */
	bool has_condition;
	bool jumps; /* its original is a conditional jump */
	unsigned int check;
	const char *text;
	unsigned int original;	   /* kind of the original's field; 0: it has none */
	unsigned int displacement; /* offset of the variable's displacement in the original */
	struct rcpp_condition condition;
	struct alternative list[RCPP_ALTERNATIVES_MAX];
	uint8_t shortened[RCPP_ALTERNATIVES_MAX][RCPP_SHORT_JUMP];
};

/* A row with its offsets followed. */
struct row {
	uintptr_t site;
	uintptr_t variable;
	uintptr_t form;
	struct rcpp_row raw;
};

/*
 * What a load decides also for the consumers behind it: the variable is read once, so that all of
 * them see the same value even if somebody writes it meanwhile.
 */
struct load {
	bool present;
	bool kept;    /* none of the new values is the variable's: its sites are passed over */
	bool settled; /* the variable may become an immediate */
	bool removed; /* the load's site becomes nothing but NOPs */
	uintptr_t variable;
	uint8_t read;
	uint64_t value;
};

struct walk {
	const struct rcpp_view *view;
	enum rcpp_action action;
	struct rcpp_range patchable;
	uintptr_t previous; /* the site of the row before, or the batch's anchor */
	struct load load;
};

static bool within(const struct rcpp_view *view, enum rcpp_memory kind, uintptr_t address,
		   size_t length)
{
	return view->extent(view->context, kind, address) >= length;
}

static bool fits_s32(int64_t value)
{
	return value == (int32_t)value;
}

static int32_t get_s32(const uint8_t *bytes)
{
	int32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static void put_s32(uint8_t *bytes, int32_t value)
{
	memcpy(bytes, &value, sizeof(value));
}

static unsigned int read_width(uint8_t read)
{
	return 1U << (read & RCPP_READ_WIDTH_MASK);
}

static unsigned int read_to(uint8_t read)
{
	return 1U << (read >> RCPP_READ_TO_SHIFT & RCPP_READ_WIDTH_MASK);
}

/* ---- NOPs ---- */

/* The sequences that both Intel's and AMD's manuals recommend, and that GNU as emits. */
#define NOP_MAX 11
static const uint8_t nops[NOP_MAX][NOP_MAX] = {
	{0x90},
	{0x66, 0x90},
	{0x0f, 0x1f, 0x00},
	{0x0f, 0x1f, 0x40, 0x00},
	{0x0f, 0x1f, 0x44, 0x00, 0x00},
	{0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
	{0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
	{0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
};

static void pad(uint8_t *bytes, size_t length)
{
	while (length) {
		size_t size = length < NOP_MAX ? length : NOP_MAX;

		memcpy(bytes, nops[size - 1], size);
		bytes += size;
		length -= size;
	}
}

/* Bytes that a modrm byte, sib byte and displacement take; 0 if they are cut off. */
static size_t operand_length(const uint8_t *bytes, size_t length)
{
	size_t size = 1;
	unsigned int mode;
	unsigned int base;

	if (!length)
		return 0;
	mode = bytes[0] >> 6;
	base = bytes[0] & 7;
	if (mode != 3 && base == 4) {
		if (length < 2)
			return 0;
		base = bytes[1] & 7;
		size = 2;
	}
	if (mode == 1)
		size += 1;
	else if (mode == 2 || (mode == 0 && base == 5))
		size += 4;
	return size <= length ? size : 0;
}

/* The length of the NOP at bytes: prefixes 66 and 2e, then 90 or 0f 1f /0; 0 if there is none. */
static size_t nop_length(const uint8_t *bytes, size_t length)
{
	size_t i = 0;
	size_t size;

	if (length > 15) /* no instruction is longer */
		length = 15;
	while (i < length && (bytes[i] == 0x66 || bytes[i] == 0x2e))
		i++;
	if (i < length && bytes[i] == 0x90)
		return i + 1;
	if (length - i < 3 || bytes[i] != 0x0f || bytes[i + 1] != 0x1f || bytes[i + 2] & 0x38)
		return 0;
	size = operand_length(bytes + i + 2, length - i - 2);
	return size ? i + 2 + size : 0;
}

static bool all_nops(const uint8_t *bytes, size_t length)
{
	while (length) {
		size_t size = nop_length(bytes, length);

		if (!size)
			return false;
		bytes += size;
		length -= size;
	}
	return true;
}

/* ---- Forms ---- */

/* Is the field one that a replacement may have? */
static bool field_is_valid(const struct form *form, const struct alternative *alternative,
			   const struct rcpp_field *field)
{
	unsigned int width = RCPP_FIELD_WIDTH(field->kind);

	switch (RCPP_FIELD_KIND(field->kind)) {
	case RCPP_FIELD_VALUE:
		return width == 1 || width == 2 || width == 4 || width == 8;
	case RCPP_FIELD_ADD:
		return width == 4 || width == 8;
	case RCPP_FIELD_AND:
		return width == 1 || width == 2 || width == 4 || width == 8;
	case RCPP_FIELD_TARGET: /* only RCPP_GUARD_NEAR asks how far it is to V */
		return width == 4 && alternative->head.guard == RCPP_GUARD_NEAR &&
		       alternative->head.fields == 1;
	case RCPP_FIELD_JUMP: /* is_jump() has looked at it; it goes where the original went */
		return form->jumps;
	default:
		return false;
	}
}

/* One lies behind the other, all of them in the code. */
static bool fields_are_valid(const struct form *form, const struct alternative *alternative)
{
	unsigned int end = 0;
	unsigned int i;

	for (i = 0; i < alternative->head.fields; i++) {
		const struct rcpp_field *field = &alternative->field[i];

		if (!field_is_valid(form, alternative, field) ||
		    !rcpp_function_is_valid(field->function) ||
		    field->end < end + RCPP_FIELD_WIDTH(field->kind))
			return false;
		end = field->end;
	}
	return end <= alternative->head.length;
}

/* What the bytes of a field hold, with their sign. */
static int64_t get_signed(const uint8_t *bytes, unsigned int width)
{
	uint64_t value = 0;

	memcpy(&value, bytes, width);
	return (int64_t)(value << (64 - 8 * width)) >> (64 - 8 * width);
}

/* RCPP_GUARD_A32 promises room for no more than RCPP_ADDEND_MAX. */
static bool addend_is_valid(const struct alternative *alternative)
{
	const struct rcpp_field *field = alternative->field;
	int64_t addend;

	if (alternative->head.guard != RCPP_GUARD_A32 || !alternative->head.fields ||
	    RCPP_FIELD_KIND(field->kind) != RCPP_FIELD_ADD)
		return true;
	addend = get_signed(alternative->code + field->end - RCPP_FIELD_WIDTH(field->kind),
			    RCPP_FIELD_WIDTH(field->kind));
	return addend >= -RCPP_ADDEND_MAX && addend <= RCPP_ADDEND_MAX;
}

/* The carried displacement lies in the code and apart from the field. */
static bool carry_is_valid(const struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;
	const struct rcpp_field *field = alternative->field;

	if (!head->carry_end)
		return true;
	if (head->carry_end < DISPLACEMENT_SIZE || head->carry_end > head->length ||
	    head->fields > 1)
		return false;
	return !head->fields || head->carry_end <= field->end - RCPP_FIELD_WIDTH(field->kind) ||
	       field->end <= head->carry_end - DISPLACEMENT_SIZE;
}

/* Only a target can be near, and only a condition can be true. */
static bool guard_is_valid(const struct form *form, const struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;

	if (head->guard == RCPP_GUARD_NEAR)
		return head->fields &&
		       RCPP_FIELD_KIND(alternative->field->kind) == RCPP_FIELD_TARGET;
	return head->guard > RCPP_GUARD_ORIGINAL && head->guard <= RCPP_GUARD_LAST &&
	       (head->guard != RCPP_GUARD_TRUE || form->has_condition);
}

static bool replacement_is_valid(const struct form *form, const struct alternative *alternative)
{
	return guard_is_valid(form, alternative) &&
	       rcpp_number_is_valid(alternative->head.number) &&
	       fields_are_valid(form, alternative) && addend_is_valid(alternative) &&
	       carry_is_valid(alternative);
}

/* Only originals call their row's variable, and no call is short. */
static bool is_call(const struct alternative *alternative)
{
	return alternative->head.guard == RCPP_GUARD_ORIGINAL && alternative->code[0] == 0xe8;
}

static bool has_jump(const struct alternative *alternative)
{
	return alternative->head.fields &&
	       RCPP_FIELD_KIND(alternative->field->kind) == RCPP_FIELD_JUMP;
}

/* Is it the long encoding of a conditional jump, of a jump, or of a call? */
static bool is_jump(const struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;
	const struct rcpp_field *field = alternative->field;
	const uint8_t *code = alternative->code;

	return head->fields == 1 && RCPP_FIELD_WIDTH(field->kind) == DISPLACEMENT_SIZE &&
	       field->function == RCPP_FUNCTION_PLAIN && !head->carry_end &&
	       field->end == head->length &&
	       ((head->length == 6 && code[0] == 0x0f && (code[1] & 0xf0) == 0x80) ||
		(head->length == 5 && (code[0] == 0xe9 || is_call(alternative))));
}

/* The short encoding of the same jump. */
static void shorten(struct alternative *alternative, uint8_t code[RCPP_SHORT_JUMP])
{
	struct rcpp_alternative *head = &alternative->head;

	code[0] = head->length == 5 ? 0xeb : 0x70 | (alternative->code[1] & 0x0f);
	code[1] = 0;
	alternative->code = code;
	head->length = RCPP_SHORT_JUMP;
	alternative->field[0] = (struct rcpp_field){
		.kind = RCPP_FIELD_JUMP | 1,
		.end = RCPP_SHORT_JUMP,
	};
}

static bool condition_is_valid(const struct rcpp_condition *condition)
{
	unsigned int width = condition->compare >> 4;

	return (condition->compare & 0x0f) <= RCPP_COMPARE_TEST && condition->code <= 15 &&
	       (width == 1 || width == 2 || width == 4 || width == 8);
}

/*
 * The original: in a load it has the variable's displacement, where the marker stands; in a
 * consumer it has none, and maybe a carried one, or it is a jump.
 */
static bool original_is_valid(struct form *form, bool consumer)
{
	const struct alternative *original = &form->list[0];
	const struct rcpp_alternative *head = &original->head;
	unsigned int i;

	form->original = head->fields ? RCPP_FIELD_KIND(original->field->kind) : 0;
	if (head->guard != RCPP_GUARD_ORIGINAL || !head->length || head->fields > 1)
		return false;
	if (consumer && form->original == RCPP_FIELD_JUMP) {
		form->jumps = true;
		return true;
	}
	if (consumer)
		return !head->fields && carry_is_valid(original);
	if (form->original != RCPP_FIELD_PCREL && form->original != RCPP_FIELD_ABSOLUTE)
		return false;
	if (RCPP_FIELD_WIDTH(original->field->kind) != DISPLACEMENT_SIZE || head->carry_end)
		return false;
	for (i = 0; i + DISPLACEMENT_SIZE <= head->length; i++)
		if (get_s32(original->code + i) == RCPP_MARKER) {
			form->displacement = i;
			return true;
		}
	return false;
}

/* The record at *next, of which *left bytes are; moves both behind it. False if it is cut off. */
static bool read_alternative(const uint8_t **next, size_t *left, struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;
	size_t fields;

	if (*left < sizeof(*head))
		return false;
	memcpy(&alternative->head, *next, sizeof(*head));
	*next += sizeof(*head);
	*left -= sizeof(*head);
	fields = head->fields * sizeof(struct rcpp_field);
	if (head->fields > RCPP_FIELDS_MAX || *left < fields + head->length)
		return false;
	memcpy(alternative->field, *next, fields);
	alternative->code = *next + fields;
	*next += fields + head->length;
	*left -= fields + head->length;
	return true;
}

/* Find the records of a form; false if it is not one, whole, twice there and within the tables. */
static bool read_form(const struct rcpp_view *view, const struct row *row, struct form *form)
{
	bool consumer = row->raw.flags & RCPP_ROW_CONSUMER;
	const uint8_t *next = (const uint8_t *)row->form;
	size_t left = view->extent(view->context, RCPP_TABLES, row->form);
	struct rcpp_form head;
	size_t size;
	unsigned int i;

	if (left < sizeof(head))
		return false;
	memcpy(&head, next, sizeof(head));
	next += sizeof(head);
	left -= sizeof(head);
	form->count = RCPP_FORM_COUNT(head.alternatives);
	form->at_end = head.alternatives & RCPP_FORM_AT_END;
	form->has_condition = head.alternatives & RCPP_FORM_CONDITION;
	form->jumps = false;
	form->check = head.check[0] | (unsigned int)head.check[1] << 8;
	if (form->count < 2 || form->count > RCPP_ALTERNATIVES_MAX)
		return false;
	if (form->has_condition) {
		if (left < sizeof(form->condition))
			return false;
		memcpy(&form->condition, next, sizeof(form->condition));
		next += sizeof(form->condition);
		left -= sizeof(form->condition);
		if (!condition_is_valid(&form->condition))
			return false;
	}
	for (i = 0; i < form->count; i++) {
		struct alternative *alternative = &form->list[i];

		if (!read_alternative(&next, &left, alternative))
			return false;
		if (has_jump(alternative)) {
			if (!is_jump(alternative))
				return false;
			if (row->raw.length == RCPP_SHORT_JUMP && !is_call(alternative))
				shorten(alternative, form->shortened[i]);
		}
		if (alternative->head.length > row->raw.length ||
		    (i ? !replacement_is_valid(form, alternative)
		       : !original_is_valid(form, consumer)))
			return false;
		/* A displacement that one alternative drops could not be brought back. */
		if (!alternative->head.carry_end != !form->list[0].head.carry_end)
			return false;
	}
	size = (size_t)(next - (const uint8_t *)row->form);
	form->text = (const char *)next + size;
	return left > size && !memcmp((const void *)row->form, next, size) &&
	       memchr(next + size, 0, left - size);
}

/* ---- What a site holds ---- */

/* Where in the site the code of an alternative stands. */
static size_t code_offset(const struct row *row, const struct form *form,
			  const struct rcpp_alternative *head)
{
	return form->at_end ? (size_t)row->raw.length - head->length : 0;
}

/* Bytes of a hole of this width that ends at end are not compared. */
static bool in_hole(unsigned int offset, unsigned int end, unsigned int width)
{
	return offset < end && offset + width >= end;
}

/* Is the byte at offset one that differs from site to site? */
static bool is_filled_in(const struct alternative *alternative, unsigned int offset)
{
	const struct rcpp_alternative *head = &alternative->head;
	unsigned int i;

	if (in_hole(offset, head->carry_end, head->carry_end ? DISPLACEMENT_SIZE : 0))
		return true;
	/* Where the original's field ends up is known, and is in the bytes to compare with. */
	for (i = 0; i < head->fields && head->guard != RCPP_GUARD_ORIGINAL; i++)
		if (in_hole(offset, alternative->field[i].end,
			    RCPP_FIELD_WIDTH(alternative->field[i].kind)))
			return true;
	return false;
}

static bool holds_code(const struct row *row, const struct form *form,
		       const struct alternative *alternative, const uint8_t *code)
{
	const struct rcpp_alternative *head = &alternative->head;
	size_t offset = code_offset(row, form, head);
	const uint8_t *site = (const uint8_t *)row->site + offset;
	unsigned int i;

	for (i = 0; i < head->length; i++)
		if (site[i] != code[i] && !is_filled_in(alternative, i))
			return false;
	return all_nops((const uint8_t *)row->site, offset) &&
	       all_nops(site + head->length, row->raw.length - offset - head->length);
}

/* A displacement that ends at `end` in memory and at `field_end` in the bytes. */
static bool put_distance(uint8_t *field_end, unsigned int width, uintptr_t target, uintptr_t end)
{
	int64_t distance = (int64_t)(target - end);

	memcpy(field_end - width, &distance, width); /* x86 is little-endian */
	return width == 1 ? distance == (int8_t)distance : fits_s32(distance);
}

/* The code of the original with the displacement of the variable, or the target, in it. */
static bool make_original(const struct row *row, const struct form *form, uint8_t *bytes)
{
	const struct rcpp_alternative *head = &form->list[0].head;
	uintptr_t end = row->site + code_offset(row, form, head) + head->length;

	memcpy(bytes, form->list[0].code, head->length);
	switch (form->original) {
	case RCPP_FIELD_JUMP:
		return put_distance(bytes + head->length,
				    RCPP_FIELD_WIDTH(form->list[0].field->kind), row->variable,
				    end);
	case RCPP_FIELD_PCREL:
		return put_distance(bytes + form->displacement + DISPLACEMENT_SIZE,
				    DISPLACEMENT_SIZE, row->variable, end);
	case RCPP_FIELD_ABSOLUTE:
		put_s32(bytes + form->displacement, (int32_t)row->variable);
		return fits_s32((int64_t)row->variable);
	default:
		return true;
	}
}

/* The site begins with ud2, and the original stands behind it. */
static bool holds_fault(const struct row *row, const struct form *form)
{
	struct row behind = *row;
	uint8_t original[RCPP_SITE_MAX];

	if (!(row->raw.flags & RCPP_ROW_FAULT) || row->raw.length < RCPP_FAULT_LENGTH ||
	    memcmp((const void *)row->site, "\x0f\x0b", RCPP_FAULT_LENGTH) != 0)
		return false;
	behind.site += RCPP_FAULT_LENGTH;
	behind.raw.length -= RCPP_FAULT_LENGTH;
	return form->list[0].head.length <= behind.raw.length &&
	       make_original(&behind, form, original) &&
	       holds_code(&behind, form, &form->list[0], original);
}

/* The first fit wins; where two fit, both explain every byte of the site. */
static unsigned int find_state(const struct row *row, const struct form *form,
			       const uint8_t *original)
{
	unsigned int i;

	if (holds_code(row, form, &form->list[0], original))
		return 0;
	if (holds_fault(row, form))
		return STATE_FAULT;
	for (i = 1; i < form->count; i++)
		if (holds_code(row, form, &form->list[i], form->list[i].code))
			return i;
	return STATE_NONE;
}

/* ---- Values and guards ---- */

static uint64_t read_memory(uintptr_t variable, unsigned int width)
{
	uint64_t value = 0;

	/* Constant sizes, so that each is one load and no value is torn. */
	switch (width) {
	case 1:
		memcpy(&value, (const void *)variable, 1);
		break;
	case 2:
		memcpy(&value, (const void *)variable, 2);
		break;
	case 4:
		memcpy(&value, (const void *)variable, 4);
		break;
	default:
		memcpy(&value, (const void *)variable, 8);
		break;
	}
	return value;
}

/* Put what the new values have of these bytes over them. Returns whether they have any. */
static bool overlay(const struct rcpp_values *values, uintptr_t variable, unsigned int width,
		    uint64_t *read)
{
	bool any = false;
	size_t i;

	for (i = 0; i < values->count; i++) {
		const struct rcpp_value *value = &values->list[i];
		uintptr_t first = variable > value->address ? variable : value->address;
		uintptr_t stop = variable + width;

		if (stop > value->address + value->size)
			stop = value->address + value->size;
		if (first >= stop)
			continue;
		memcpy((uint8_t *)read + (first - variable),
		       value->bytes + (first - value->address), stop - first);
		any = true;
	}
	return any;
}

/* What the instruction makes of the bytes that it reads. */
static uint64_t extend(uint64_t value, uint8_t read)
{
	unsigned int unused = 64 - 8 * read_width(read);

	if (read & RCPP_READ_SIGNED)
		value = (uint64_t)((int64_t)(value << unused) >> unused);
	unused = 64 - 8 * read_to(read);
	return value << unused >> unused;
}

/* Where the alternative's field would end in this site. */
static uintptr_t field_end(const struct row *row, const struct form *form,
			   const struct alternative *alternative, const struct rcpp_field *field)
{
	return row->site + code_offset(row, form, &alternative->head) + field->end;
}

/* A RCPP_FIELD_TARGET is its alternative's only field. */
static bool is_near(const struct row *row, const struct form *form,
		    const struct alternative *alternative, uint64_t value)
{
	uintptr_t end = field_end(row, form, alternative, alternative->field);

	return value && fits_s32((int64_t)(value - end));
}

static bool is_right(const struct row *row, const struct form *form,
		     const struct alternative *alternative, uint64_t value)
{
	const struct rcpp_alternative *head = &alternative->head;

	if (head->guard == RCPP_GUARD_NEAR)
		return is_near(row, form, alternative, value);
	if (head->guard == RCPP_GUARD_TRUE)
		return rcpp_condition_holds(&form->condition, value);
	return rcpp_guard_holds(head->guard, head->number, value);
}

static unsigned int choose(const struct walk *walk, const struct row *row, const struct form *form)
{
	unsigned int i;

	if (walk->action != RCPP_PATCH || !walk->load.settled)
		return 0;
	for (i = 1; i < form->count; i++)
		if (is_right(row, form, &form->list[i], walk->load.value))
			return i;
	return 0;
}

/* ---- New bytes ---- */

/* `bytes` begins with the code of the alternative. */
static bool put_field(const struct row *row, const struct form *form,
		      const struct alternative *alternative, const struct rcpp_field *field,
		      uint64_t value, uint8_t *bytes)
{
	unsigned int width = RCPP_FIELD_WIDTH(field->kind);
	uint8_t *place = bytes + field->end - width;
	uintptr_t end = field_end(row, form, alternative, field);
	uint64_t result = rcpp_function_of(field->function, alternative->head.number, value);

	switch (RCPP_FIELD_KIND(field->kind)) {
	case RCPP_FIELD_JUMP:
		return put_distance(place + width, width, row->variable, end);
	case RCPP_FIELD_TARGET:
		return put_distance(place + width, width, (uintptr_t)value, end);
	case RCPP_FIELD_ADD:
		result += (uint64_t)get_signed(place, width);
		break;
	case RCPP_FIELD_AND:
		result &= (uint64_t)get_signed(place, width);
		break;
	default:
		break;
	}
	memcpy(place, &result, width); /* x86 is little-endian */
	return true;
}

static bool put_fields(const struct row *row, const struct form *form,
		       const struct alternative *alternative, uint64_t value, uint8_t *bytes)
{
	unsigned int i;

	for (i = 0; i < alternative->head.fields; i++)
		if (!put_field(row, form, alternative, &alternative->field[i], value, bytes))
			return false;
	return true;
}

/* The carried displacement counts from the end of the instruction, which moves. */
static bool carry(const struct row *row, const struct form *form,
		  const struct rcpp_alternative *old, const struct rcpp_alternative *new,
		  uint8_t *bytes)
{
	const uint8_t *code = (const uint8_t *)row->site + code_offset(row, form, old);
	int64_t displacement;

	if (!new->carry_end)
		return true;
	displacement = get_s32(code + old->carry_end - DISPLACEMENT_SIZE);
	displacement += (int64_t)code_offset(row, form, old) + old->length;
	displacement -= (int64_t)code_offset(row, form, new) + new->length;
	put_s32(bytes + new->carry_end - DISPLACEMENT_SIZE, (int32_t)displacement);
	return fits_s32(displacement);
}

/* On entry site->bytes begins with what make_original() made. */
static bool make_bytes(const struct walk *walk, const struct row *row, const struct form *form,
		       unsigned int state, unsigned int chosen, struct rcpp_site *site)
{
	const struct alternative *new = &form->list[chosen];
	size_t offset = code_offset(row, form, &new->head);
	size_t end = offset + new->head.length;

	if (chosen) {
		memcpy(site->bytes, new->code, new->head.length);
		if (!put_fields(row, form, new, walk->load.value, site->bytes))
			return false;
	}
	/* A faulting site has nothing to carry, so any old alternative will do. */
	if (!carry(row, form, &form->list[state == STATE_FAULT ? 0 : state].head, &new->head,
		   site->bytes))
		return false;
	/* Another assembler's padding is as good: it is no reason to touch a page. */
	site->changes = state != chosen || memcmp((const uint8_t *)row->site + offset, site->bytes,
						  new->head.length) != 0;
	memmove(site->bytes + offset, site->bytes, new->head.length);
	pad(site->bytes, offset);
	pad(site->bytes + end, site->length - end);
	return true;
}

/* ---- Rows ---- */

static uintptr_t follow(uintptr_t field, int32_t offset)
{
	return field + (uintptr_t)(int64_t)offset;
}

static void read_row(uintptr_t address, struct row *row)
{
	memcpy(&row->raw, (const void *)address, sizeof(row->raw));
	row->site = follow(address + offsetof(struct rcpp_row, site), row->raw.site);
	row->variable = follow(address + offsetof(struct rcpp_row, variable), row->raw.variable);
	row->form = follow(address + offsetof(struct rcpp_row, form), row->raw.form);
}

/* A consumer does not trap: its load does. */
static bool row_is_valid(const struct rcpp_row *raw)
{
	const unsigned int both = RCPP_ROW_FAULT | RCPP_ROW_CONSUMER;

	return raw->length >= 1 && raw->length <= RCPP_SITE_MAX &&
	       read_to(raw->read) >= read_width(raw->read) && (raw->flags & both) != both;
}

/* Is the row as it was written, and is its form the one that it was written for? */
static bool check_fits(const struct walk *walk, const struct row *row, const struct form *form)
{
	uintptr_t distance = row->site + row->raw.length - walk->previous;

	return row->raw.check ==
	       RCPP_ROW_CHECK((int32_t)distance, row->raw.read, row->raw.flags, form->check);
}

/* May this row's variable become an immediate? */
static bool is_settled(const struct walk *walk, const struct row *row)
{
	const struct rcpp_range *unsettled = &walk->view->unsettled;

	if (row->variable >= unsettled->start && row->variable < unsettled->stop)
		return false;
	if (!(row->raw.flags & RCPP_ROW_DECLARED))
		return true;
	return row->variable >= walk->patchable.start && row->variable < walk->patchable.stop &&
	       walk->patchable.stop - row->variable >= read_width(row->raw.read);
}

static enum rcpp_problem read_variable(const struct walk *walk, struct load *load)
{
	const struct rcpp_values *values = walk->view->values;
	unsigned int width = read_width(load->read);
	uint64_t value;

	if (!within(walk->view, RCPP_VARIABLES, load->variable, width))
		return RCPP_BAD_VARIABLE;
	value = read_memory(load->variable, width);
	if (values)
		overlay(values, load->variable, width, &value);
	load->value = extend(value, load->read);
	return RCPP_FINE;
}

/* A load sets walk->load for itself and its consumers, a consumer must fit it. */
static enum rcpp_problem enter_row(struct walk *walk, const struct row *row,
				   const struct form *form)
{
	struct load *load = &walk->load;

	if (row->raw.flags & RCPP_ROW_CONSUMER) {
		if (!load->present || load->read != row->raw.read ||
		    (!form->jumps && load->variable != row->variable))
			return RCPP_BAD_ROW;
		return RCPP_FINE;
	}
	*load = (struct load){
		.present = true,
		.settled = is_settled(walk, row),
		.variable = row->variable,
		.read = row->raw.read,
	};
	if (walk->action != RCPP_PATCH || !load->settled)
		return RCPP_FINE; /* so the variable need not even exist */
	return read_variable(walk, load);
}

/* Choose what the site should hold and make its bytes. */
static enum rcpp_problem do_change(struct walk *walk, const struct row *row,
				   const struct form *form, unsigned int state,
				   struct rcpp_site *site)
{
	unsigned int chosen = choose(walk, row, form);

	if (!(row->raw.flags & RCPP_ROW_CONSUMER))
		walk->load.removed = !form->list[chosen].head.length;
	else if (walk->load.removed && !chosen)
		return RCPP_BAD_ROW; /* it would read a register that nothing sets */
	return make_bytes(walk, row, form, state, chosen, site) ? RCPP_FINE : RCPP_BAD_REACH;
}

static bool is_wide(const struct alternative *alternative)
{
	unsigned int i;

	for (i = 0; i < alternative->head.fields; i++)
		if (RCPP_FIELD_WIDTH(alternative->field[i].kind) == 8)
			return true;
	return false;
}

/* Everything about one row. */
static enum rcpp_problem do_row(struct walk *walk, const struct row *row, struct rcpp_site *site)
{
	struct form form;
	unsigned int state;
	enum rcpp_problem problem;

	if (!row_is_valid(&row->raw))
		return RCPP_BAD_ROW;
	if (!within(walk->view, RCPP_TEXT, row->site, row->raw.length))
		return RCPP_BAD_SITE;
	if (!read_form(walk->view, row, &form))
		return RCPP_BAD_FORM;
	if (!check_fits(walk, row, &form))
		return RCPP_BAD_ROW;
	problem = enter_row(walk, row, &form);
	if (problem)
		return problem;
	if (!make_original(row, &form, site->bytes))
		return RCPP_BAD_REACH;
	state = find_state(row, &form, site->bytes);
	if (state == STATE_NONE)
		return RCPP_BAD_TEXT;

	site->address = row->site;
	site->length = row->raw.length;
	site->flags = row->raw.flags;
	site->patched = state != 0 && state != STATE_FAULT;
	site->empty = site->patched && !form.list[state].head.length;
	site->wide = site->patched && is_wide(&form.list[state]);
	site->changes = false;
	site->form = form.text;
	site->holds = site->patched ? state : 0;
	site->settled = walk->load.settled;
	site->value = walk->load.value;
	return walk->action == RCPP_LOOK ? RCPP_FINE : do_change(walk, row, &form, state, site);
}

/* With new values, nothing is asked of rows that read none of them: there may be very many. */
static bool is_passed_over(struct walk *walk, const struct row *row)
{
	const struct rcpp_values *values = walk->view->values;
	uint64_t unused = 0;

	if (values && !(row->raw.flags & RCPP_ROW_CONSUMER))
		walk->load.kept =
			!overlay(values, row->variable, read_width(row->raw.read), &unused);
	return walk->load.kept;
}

static struct rcpp_range follow_bounds(uintptr_t field, const struct rcpp_bounds *bounds)
{
	return (struct rcpp_range){
		.start = follow(field + offsetof(struct rcpp_bounds, start), bounds->start),
		.stop = follow(field + offsetof(struct rcpp_bounds, stop), bounds->stop),
	};
}

/* Does a batch without rows lead to a struct rcpp_unloading, which is not closed itself? */
static bool is_unloading(const struct walk *walk, uintptr_t address)
{
	static const char mark[] = RCPP_UNLOADING_MARK;

	return within(walk->view, RCPP_VARIABLES, address, sizeof(struct rcpp_unloading)) &&
	       !memcmp((const void *)address, mark, sizeof(mark)) &&
	       address % _Alignof(struct rcpp_unloading) == 0 &&
	       (address < walk->patchable.start || address >= walk->patchable.stop);
}

/*
 * The head of a batch: as many rows as it says, its bounds twice the same. Without rows it leads to
 * the module's struct rcpp_unloading.
 */
static bool enter_batch(struct walk *walk)
{
	const struct rcpp_view *view = walk->view;
	uintptr_t address = (uintptr_t)view->batch;
	uintptr_t field = address + offsetof(struct rcpp_batch, patchable);
	struct rcpp_batch batch;
	struct rcpp_range again;

	if (view->size < sizeof(batch) || !within(view, RCPP_TABLES, address, view->size))
		return false;
	memcpy(&batch, view->batch, sizeof(batch));
	if (view->size != sizeof(batch) + batch.rows * sizeof(struct rcpp_row))
		return false;
	walk->previous = follow(address + offsetof(struct rcpp_batch, anchor), batch.anchor);
	if (!batch.patchable[0].start && !batch.patchable[0].stop) /* then it is for its rows */
		return batch.rows && !batch.patchable[1].start && !batch.patchable[1].stop;
	walk->patchable = follow_bounds(field, &batch.patchable[0]);
	again = follow_bounds(field + sizeof(struct rcpp_bounds), &batch.patchable[1]);
	return walk->patchable.start == again.start && walk->patchable.stop == again.stop &&
	       again.start <= again.stop && (batch.rows || is_unloading(walk, walk->previous));
}

bool rcpp_patchable_range(const struct rcpp_view *view, struct rcpp_range *range)
{
	struct walk walk = {.view = view};
	bool fine = enter_batch(&walk);

	*range = walk.patchable;
	return fine && range->start < range->stop;
}

static enum rcpp_problem visit_row(struct walk *walk, const struct row *row, rcpp_visit *visit,
				   void *context)
{
	struct rcpp_site site;
	enum rcpp_problem problem = do_row(walk, row, &site);

	if (!problem)
		visit(context, &site);
	return problem;
}

uintptr_t rcpp_unloading_of(const struct rcpp_view *view)
{
	struct walk walk = {.view = view};

	return enter_batch(&walk) && view->size == sizeof(struct rcpp_batch) ? walk.previous : 0;
}

enum rcpp_problem rcpp_walk(const struct rcpp_view *view, enum rcpp_action action,
			    rcpp_visit *visit, void *context, uintptr_t *where)
{
	struct walk walk = {.view = view, .action = action};
	uintptr_t address = (uintptr_t)view->batch;
	uintptr_t end = address + view->size;

	*where = address;
	if (!enter_batch(&walk))
		return RCPP_BAD_NOTE;
	for (address += sizeof(struct rcpp_batch); address < end;
	     address += sizeof(struct rcpp_row)) {
		enum rcpp_problem problem = RCPP_FINE;
		struct row row;

		read_row(address, &row);
		if (!is_passed_over(&walk, &row))
			problem = visit_row(&walk, &row, visit, context);
		if (problem) {
			*where = problem >= RCPP_BAD_REACH ? row.site : address;
			return problem;
		}
		walk.previous = row.site;
	}
	return RCPP_FINE;
}

const char *rcpp_problem_text(enum rcpp_problem problem)
{
	switch (problem) {
	case RCPP_FINE:
		return "is fine";
	case RCPP_BAD_NOTE:
		return "is in a damaged note";
	case RCPP_BAD_VERSION:
		return "is of another version of rcpp (build the program and the library with the "
		       "same one)";
	case RCPP_BAD_MEMORY:
		return "is in writable memory (link without -N, and use linker options instead of "
		       "patchelf or objcopy)";
	case RCPP_BAD_ROW:
		return "is damaged";
	case RCPP_BAD_SITE:
		return "names a site outside of the text";
	case RCPP_BAD_FORM:
		return "names a damaged form";
	case RCPP_BAD_VARIABLE:
		return "names a variable outside of loaded memory";
	case RCPP_BAD_REACH:
		return "has a displacement that does not fit";
	case RCPP_BAD_TEXT:
		return "holds other bytes than its table says "
		       "(another patcher, a debugger's breakpoint?)";
	}
	return "has an unknown problem";
}
