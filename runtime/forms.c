// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Nothing in a form is trusted: each record, field and length is checked before it is used, and the
 * whole must be there twice.
 */
#include "forms.h"
#include "encoding.h"
#include "nops.h"
#include "rows.h"
#include "values.h"

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

/* RCPP_GUARD_A32 promises room for no more than RCPP_ADDEND_MAX. */
static bool addend_is_valid(const struct alternative *alternative)
{
	const struct rcpp_field *field = alternative->field;
	int64_t addend;

	if (alternative->head.guard != RCPP_GUARD_A32 || !alternative->head.fields ||
	    RCPP_FIELD_KIND(field->kind) != RCPP_FIELD_ADD)
		return true;
	addend = rcpp_get_signed(alternative->site + field->end - RCPP_FIELD_WIDTH(field->kind),
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
	if (head->carry_end < RCPP_DISPLACEMENT_SIZE || head->carry_end > head->length ||
	    head->fields > 1)
		return false;
	return !head->fields || head->carry_end <= field->end - RCPP_FIELD_WIDTH(field->kind) ||
	       field->end <= head->carry_end - RCPP_DISPLACEMENT_SIZE;
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

static bool has_jump(const struct alternative *alternative)
{
	return alternative->head.fields &&
	       RCPP_FIELD_KIND(alternative->field->kind) == RCPP_FIELD_JUMP;
}

/* Jumps are known by their bytes. An empty alternative has no instruction to make longer. */
static bool prefix_is_valid(const struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;

	if (head->prefix == RCPP_PREFIX_NONE)
		return true;
	return rcpp_is_prefix(head->prefix) && head->length && !has_jump(alternative);
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
	return alternative->head.guard == RCPP_GUARD_ORIGINAL &&
	       rcpp_is_call(alternative->site, alternative->head.length);
}

/* Is it a jump, conditional or not, or a call, in its long encoding? */
static bool is_jump(const struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;
	const struct rcpp_field *field = alternative->field;

	return head->fields == 1 && RCPP_FIELD_WIDTH(field->kind) == RCPP_DISPLACEMENT_SIZE &&
	       field->function == RCPP_FUNCTION_PLAIN && !head->carry_end &&
	       field->end == head->length &&
	       (rcpp_is_jump(alternative->site, head->length) || is_call(alternative));
}

/* The short encoding of the same jump. */
static void shorten(struct alternative *alternative)
{
	rcpp_shorten_jump(alternative->site, alternative->head.length);
	alternative->head.length = RCPP_SHORT_JUMP;
	alternative->field[0] = (struct rcpp_field){
		.kind = RCPP_FIELD_JUMP | 1,
		.end = RCPP_SHORT_JUMP,
	};
}

static bool is_width(unsigned int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static bool condition_is_valid(const struct rcpp_condition *condition)
{
	unsigned int kind = RCPP_COMPARE_KIND(condition->compare);

	return kind <= RCPP_COMPARE_LAST && is_width(condition->compare >> 4) &&
	       condition->code <= 15 && (kind != RCPP_COMPARE_BIT || condition->code >> 1 == 1);
}

static bool are_steps_valid(const struct form *form)
{
	unsigned int i;

	for (i = 0; i < RCPP_STEPS(form->condition.compare); i++)
		if ((form->step[i].operation & 0x0f) > RCPP_STEP_LAST ||
		    !is_width(form->step[i].operation >> 4))
			return false;
	return true;
}

/* The condition, and the steps behind it. */
static bool read_condition(const uint8_t **next, size_t *left, struct form *form)
{
	size_t steps;

	if (*left < sizeof(form->condition))
		return false;
	memcpy(&form->condition, *next, sizeof(form->condition));
	*next += sizeof(form->condition);
	*left -= sizeof(form->condition);
	steps = RCPP_STEPS(form->condition.compare) * sizeof(form->step[0]);
	if (*left < steps)
		return false;
	memcpy(form->step, *next, steps);
	*next += steps;
	*left -= steps;
	return condition_is_valid(&form->condition) && are_steps_valid(form);
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
	form->asks = form->has_condition && rcpp_asks(rcpp_code(original), head->length);
	if (consumer && form->original == RCPP_FIELD_JUMP) {
		form->jumps = true;
		return true;
	}
	if (consumer)
		return !head->fields && carry_is_valid(original);
	if (form->original != RCPP_FIELD_PCREL && form->original != RCPP_FIELD_ABSOLUTE &&
	    form->original != RCPP_FIELD_OFFSET)
		return false;
	if (RCPP_FIELD_WIDTH(original->field->kind) != RCPP_DISPLACEMENT_SIZE || head->carry_end)
		return false;
	form->behind = original->field->end ? original->field->end : head->length;
	if (form->behind > head->length)
		return false;
	for (i = 0; i + RCPP_DISPLACEMENT_SIZE <= form->behind; i++)
		if (rcpp_get_signed(original->site + i, RCPP_DISPLACEMENT_SIZE) == RCPP_MARKER) {
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
	alternative->offset = 0; /* until the code is moved */
	memcpy(&alternative->head, *next, sizeof(*head));
	*next += sizeof(*head);
	*left -= sizeof(*head);
	fields = head->fields * sizeof(struct rcpp_field);
	if (head->fields > RCPP_FIELDS_MAX || head->length > RCPP_SITE_MAX ||
	    *left < fields + head->length)
		return false;
	memcpy(alternative->field, *next, fields);
	memcpy(alternative->site, *next + fields, head->length);
	*next += fields + head->length;
	*left -= fields + head->length;
	return true;
}

/* Inside of the site nothing is loaded yet, so a reach goes beyond it. */
static bool read_reach(const uint8_t **next, size_t *left, struct form *form)
{
	struct rcpp_reach reach;

	if (*left < sizeof(reach))
		return false;
	memcpy(&reach, *next, sizeof(reach));
	*next += sizeof(reach);
	*left -= sizeof(reach);
	form->reach = (uint32_t)rcpp_get_signed(reach.bytes, sizeof(reach.bytes));
	return form->reach > form->length && !form->consumer;
}

/* What stands in front of the alternatives. */
static bool read_head(const uint8_t **next, size_t *left, struct form *form)
{
	struct rcpp_form head;

	if (*left < sizeof(head))
		return false;
	memcpy(&head, *next, sizeof(head));
	*next += sizeof(head);
	*left -= sizeof(head);
	form->count = head.alternatives;
	form->at_end = head.flags & RCPP_FORM_AT_END;
	form->led = head.flags & RCPP_FORM_LED;
	form->has_condition = head.flags & RCPP_FORM_CONDITION;
	form->together = head.flags & RCPP_FORM_TOGETHER;
	form->check = head.check[0] | (unsigned int)head.check[1] << 8;
	form->reach = 0;
	if (form->count < 2 || form->count > RCPP_ALTERNATIVES_MAX || head.flags & ~RCPP_FORM_FLAGS)
		return false;
	if (head.flags & RCPP_FORM_REACH && !read_reach(next, left, form))
		return false;
	return !form->has_condition || read_condition(next, left, form);
}

static bool is_wide(const struct alternative *alternative)
{
	unsigned int i;

	for (i = 0; i < alternative->head.fields; i++)
		if (RCPP_FIELD_WIDTH(alternative->field[i].kind) == 8)
			return true;
	return false;
}

/* Fields and displacements move with their instruction. */
static void move_places(struct form *form, struct alternative *alternative, unsigned int distance)
{
	unsigned int i;

	for (i = 0; i < alternative->head.fields; i++)
		alternative->field[i].end += distance;
	if (alternative->head.carry_end)
		alternative->head.carry_end += distance;
	if (alternative != &form->list[0])
		return;
	form->displacement += distance;
	form->behind += distance;
}

/* Make the code as long as the site, if prefixes can do it. */
static void lengthen(struct form *form, struct alternative *alternative)
{
	struct rcpp_alternative *head = &alternative->head;
	unsigned int count = RCPP_PREFIXES(head->prefix, form->led, form->length, head->length);

	alternative->prefixes = count;
	memmove(alternative->site + count, alternative->site, head->length);
	memset(alternative->site, head->prefix, count);
	head->length += count;
	move_places(form, alternative, count);
}

/*
 * Fill what lies between two offsets of the site with NOPs. Behind a REX the first one has no
 * prefix; originals that take RCPP_PREFIX_OPERAND have that in front of the site.
 */
static void pad(const struct form *form, uint8_t *site, unsigned int start, unsigned int stop)
{
	unsigned int bare = 0;

	if (form->led && !start && form->list[0].head.prefix != RCPP_PREFIX_OPERAND)
		bare = rcpp_pad_bare(site, stop);
	rcpp_pad(site + start + bare, stop - start - bare);
}

/* Move the code to its place in the site, and fill the rest. False if it has no room. */
static bool place_code(struct form *form, struct alternative *alternative)
{
	unsigned int length;
	unsigned int end;

	if (alternative->head.length > form->length)
		return false;
	lengthen(form, alternative);
	length = alternative->head.length;
	alternative->offset = form->at_end ? form->length - length : 0;
	end = alternative->offset + length;
	memmove(alternative->site + alternative->offset, alternative->site, length);
	pad(form, alternative->site, 0, alternative->offset);
	pad(form, alternative->site, end, form->length);
	return true;
}

/* Check the record, and make of it what this site needs. */
static bool enter_alternative(struct form *form, unsigned int number)
{
	struct alternative *alternative = &form->list[number];

	if (has_jump(alternative)) {
		if (!is_jump(alternative))
			return false;
		if (form->length == RCPP_SHORT_JUMP && !is_call(alternative))
			shorten(alternative);
	}
	form->empties |= (unsigned int)!alternative->head.length << number;
	form->wides |= (unsigned int)is_wide(alternative) << number;
	/* A displacement that one alternative drops could not be brought back. */
	return (number ? replacement_is_valid(form, alternative)
		       : original_is_valid(form, form->consumer)) &&
	       prefix_is_valid(alternative) &&
	       !alternative->head.carry_end == !form->list[0].head.carry_end &&
	       place_code(form, alternative);
}

static bool read_records(struct form *form, size_t left)
{
	const uint8_t *start = RCPP_AT(form->address);
	const uint8_t *next = start;
	size_t size;
	unsigned int i;

	if (!read_head(&next, &left, form))
		return false;
	for (i = 0; i < form->count; i++)
		if (!read_alternative(&next, &left, &form->list[i]) || !enter_alternative(form, i))
			return false;
	size = (size_t)(next - start);
	form->text = (const char *)next + size;
	return left > size && !memcmp(start, next, size) && memchr(next + size, 0, left - size);
}

/*
 * The numbers for which the guard holds. If they are not one after the other, it might hold for
 * any, and then somebody else has to ask it.
 */
static void note_limits(const struct rcpp_alternative *head, struct plain *plain)
{
	uint64_t last = UINT64_MAX;

	plain->least = 0;
	plain->fits &= rcpp_guard_limits(head->guard, &plain->least, &last);
	plain->span = last - plain->least;
	plain->unused = 64 - 8u * (head->number & ~RCPP_NUMBER_SIGNED);
	plain->is_signed = head->number & RCPP_NUMBER_SIGNED;
}

static bool takes_value(const struct alternative *alternative)
{
	const struct rcpp_field *field = alternative->field;

	return alternative->head.fields == 1 && field->function == RCPP_FUNCTION_PLAIN &&
	       RCPP_FIELD_KIND(field->kind) == RCPP_FIELD_VALUE &&
	       RCPP_FIELD_WIDTH(field->kind) <=
		       (alternative->head.number & ~(unsigned int)RCPP_NUMBER_SIGNED);
}

/* What the site's words are with this alternative. The original's field is the displacement. */
static void note_words(const struct form *form, struct alternative *alternative)
{
	const struct rcpp_field *field = alternative->field;
	struct plain *plain = &alternative->plain;
	bool original = alternative == &form->list[0];
	unsigned int width = alternative->head.fields ? RCPP_FIELD_WIDTH(field->kind) : 0;
	uint8_t fixed[RCPP_PLAIN_MAX] = {0};
	unsigned int i;

	plain->fits = original || !width || takes_value(alternative);
	if (!plain->fits)
		return;
	plain->mask = width ? ~(uint64_t)0 >> (64 - 8 * width) : 0;
	plain->place = !width	  ? 0
		       : original ? form->displacement + alternative->offset
				  : alternative->offset + field->end - width;
	memset(fixed, ~0, form->length);
	memset(fixed + plain->place, 0, width);
	memcpy(plain->fixed, fixed, sizeof(fixed));
	memcpy(plain->words, alternative->site, sizeof(plain->words));
	for (i = 0; i < RCPP_PLAIN_WORDS; i++)
		plain->words[i] &= plain->fixed[i];
}

static bool is_plain(const struct form *form, const struct rcpp_row *raw)
{
	return !(raw->flags & ~RCPP_ROW_DECLARED) && rcpp_row_is_valid(raw) &&
	       !form->has_condition && !form->together && !form->reach &&
	       form->original == RCPP_FIELD_PCREL && form->length <= RCPP_PLAIN_MAX;
}

static void note_plain(struct form *form, const struct rcpp_row *raw)
{
	unsigned int i;

	form->end = &form->list[form->count];
	form->dividend = RCPP_CHECK_DIVIDEND(0, raw->read, raw->flags, form->check);
	form->after = form->list[0].offset + form->behind;
	form->plain = is_plain(form, raw);
	for (i = 0; i < form->count && form->plain; i++) {
		note_words(form, &form->list[i]);
		if (i)
			note_limits(&form->list[i].head, &form->list[i].plain);
	}
}

bool rcpp_read_form(struct form *form, uintptr_t address, size_t left, const struct rcpp_row *raw)
{
	form->address = address;
	form->kind = rcpp_kind_of(raw);
	form->consumer = raw->flags & RCPP_ROW_CONSUMER;
	form->length = raw->length;
	form->jumps = form->asks = false;
	form->empties = form->wides = 0;
	form->behind = 0;
	if (read_records(form, left)) {
		note_plain(form, raw);
		return true;
	}
	form->address = 0;
	return false;
}

void rcpp_forget_forms(struct rcpp_forms *forms)
{
	unsigned int i;

	for (i = 0; i < RCPP_FORMS_KEPT; i++)
		if (forms->used[i])
			forms->list[i].address = 0;
	memset(forms->used, 0, sizeof(forms->used));
}
