// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every byte of a site must be one that the form explains. What a site holds is read from the text
 * itself: there is no record of earlier patching that could disagree with it.
 */
#include "site.h"
#include "encoding.h"
#include "nops.h"
#include "values.h"

/* ---- What a site holds ---- */

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

	if (in_hole(offset, head->carry_end, head->carry_end ? RCPP_DISPLACEMENT_SIZE : 0))
		return true;
	/* Where the original's field ends up is known, and is in the bytes to compare with. */
	for (i = 0; i < head->fields && head->guard != RCPP_GUARD_ORIGINAL; i++)
		if (in_hole(offset, alternative->field[i].end,
			    RCPP_FIELD_WIDTH(alternative->field[i].kind)))
			return true;
	return false;
}

/* Do these bytes hold the code at this offset, and around it padding? */
static bool holds_code(const uint8_t *bytes, unsigned int length, unsigned int offset,
		       const struct alternative *alternative, const uint8_t *code)
{
	unsigned int size = alternative->head.length;
	unsigned int i;

	for (i = 0; i < size; i++)
		if (bytes[offset + i] != code[i] && !is_filled_in(alternative, i))
			return false;
	return rcpp_are_nops(bytes, offset) &&
	       rcpp_are_nops(bytes + offset + size, length - offset - size);
}

/*
 * The variable's address in the original, or how far away that or a jump's target is, if the
 * original's code stands at this offset in the site; with a remote, the remote's offset.
 */
static int64_t original_distance(const struct row *row, const struct form *form,
				 unsigned int offset)
{
	uintptr_t end =
		row->site + offset + (form->jumps ? form->list[0].head.length : form->behind);

	if (form->original == RCPP_FIELD_OFFSET)
		return row->offset;
	return (int64_t)(form->original == RCPP_FIELD_ABSOLUTE ? row->variable
							       : row->variable - end);
}

/* How wide that is, if the original has it. */
static unsigned int distance_width(const struct form *form)
{
	return RCPP_FIELD_WIDTH(form->list[0].field->kind);
}

bool rcpp_reaches(const struct row *row, const struct form *form)
{
	return !form->original ||
	       rcpp_fits(original_distance(row, form, form->list[0].offset), distance_width(form));
}

/* Put the displacement of the variable, or of the target, into the original's code. */
static void put_original(const struct row *row, const struct form *form, unsigned int offset,
			 uint8_t *code)
{
	int64_t distance = original_distance(row, form, offset);
	unsigned int place = form->displacement;

	if (!form->original)
		return;
	if (form->jumps)
		place = form->list[0].head.length - distance_width(form);
	rcpp_put_number(code + place, distance_width(form), (uint64_t)distance);
}

/* Does the original stand at this offset in the site, behind `before` bytes of something else? */
static bool holds_original(const struct row *row, const struct form *form, unsigned int before,
			   unsigned int offset)
{
	const struct alternative *original = &form->list[0];
	uint8_t code[RCPP_SITE_MAX];

	memcpy(code, rcpp_code(original), original->head.length);
	put_original(row, form, offset, code);
	return holds_code((const uint8_t *)RCPP_AT(row->site) + before, row->raw.length - before,
			  offset - before, original, code);
}

/* Nearly all sites have so many bytes or fewer. */
#define FEW_BYTES 16

static void copy_site(uint8_t *to, const uint8_t *from, unsigned int length)
{
	memcpy(to, from, FEW_BYTES);
	if (length > FEW_BYTES)
		memcpy(to + FEW_BYTES, from + FEW_BYTES, RCPP_SITE_MAX - FEW_BYTES);
}

static uint32_t get_u32(const uint8_t *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static uint64_t get_u64(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* memcmp(), by two words for the lengths that nearly all sites have. */
static bool are_equal(const uint8_t *a, const uint8_t *b, unsigned int length)
{
	if (length >= 8 && length <= FEW_BYTES)
		return get_u64(a) == get_u64(b) &&
		       get_u64(a + length - 8) == get_u64(b + length - 8);
	if (length >= 4 && length < 8)
		return get_u32(a) == get_u32(b) &&
		       get_u32(a + length - 4) == get_u32(b + length - 4);
	return !memcmp(a, b, length);
}

bool rcpp_holds_bytes(const struct row *row, const struct alternative *new, const uint8_t *bytes)
{
	const uint8_t *site = RCPP_AT(row->site);
	unsigned int end = new->offset + new->head.length;

	if (are_equal(site, bytes, row->raw.length))
		return true;
	return !memcmp(site + new->offset, bytes + new->offset, new->head.length) &&
	       rcpp_are_nops(site, new->offset) && rcpp_are_nops(site + end, row->raw.length - end);
}

/* The site begins with ud2, and the original stands behind it. */
static bool holds_fault(const struct row *row, const struct form *form)
{
	const struct alternative *original = &form->list[0];
	unsigned int offset = form->at_end ? original->offset : RCPP_FAULT_LENGTH;

	if (!RCPP_ROW_FAULTS(row->raw.flags) ||
	    row->raw.length < RCPP_FAULT_LENGTH + original->head.length ||
	    !rcpp_is_trap(RCPP_AT(row->site)))
		return false;
	return rcpp_fits(original_distance(row, form, offset), RCPP_DISPLACEMENT_SIZE) &&
	       holds_original(row, form, RCPP_FAULT_LENGTH, offset);
}

static bool is_original(const struct row *row, const struct form *form)
{
	const struct alternative *original = &form->list[0];
	uint8_t bytes[RCPP_SITE_MAX];

	if (original->head.carry_end)
		return holds_original(row, form, 0, original->offset);
	copy_site(bytes, original->site, row->raw.length);
	put_original(row, form, original->offset, bytes + original->offset);
	return rcpp_holds_bytes(row, original, bytes);
}

unsigned int rcpp_find_state(const struct row *row, const struct form *form)
{
	unsigned int i;

	if (is_original(row, form))
		return 0;
	if (holds_fault(row, form))
		return RCPP_STATE_FAULT;
	for (i = 1; i < form->count; i++)
		if (holds_code(RCPP_AT(row->site), row->raw.length, form->list[i].offset,
			       &form->list[i], rcpp_code(&form->list[i])))
			return i;
	return RCPP_STATE_NONE;
}

/* ---- New bytes ---- */

/* Where the alternative's field would end in this site. */
static uintptr_t field_end(const struct row *row, const struct alternative *alternative,
			   const struct rcpp_field *field)
{
	return row->site + alternative->offset + field->end;
}

/* A RCPP_FIELD_TARGET is its alternative's only field. */
bool rcpp_is_near(const struct row *row, const struct alternative *alternative, uint64_t value)
{
	uintptr_t end = field_end(row, alternative, alternative->field);

	return value && rcpp_fits((int64_t)(value - end), RCPP_DISPLACEMENT_SIZE);
}

/* How far the target is from an end in memory. */
static bool put_distance(uint8_t *place, unsigned int width, uintptr_t target, uintptr_t end)
{
	int64_t distance = (int64_t)(target - end);

	rcpp_put_number(place, width, (uint64_t)distance);
	return rcpp_fits(distance, width);
}

/* `code` is that of the alternative. */
static bool put_field(const struct row *row, const struct alternative *alternative,
		      const struct rcpp_field *field, uint64_t value, uint8_t *code)
{
	unsigned int width = RCPP_FIELD_WIDTH(field->kind);
	uint8_t *place = code + field->end - width;
	uintptr_t end = field_end(row, alternative, field);
	uint8_t number = alternative->head.number;
	uint64_t result = field->function == RCPP_FUNCTION_PLAIN
				  ? rcpp_number_of(number, value)
				  : rcpp_function_of(field->function, number, value);

	switch (RCPP_FIELD_KIND(field->kind)) {
	case RCPP_FIELD_JUMP:
		return put_distance(place, width, row->variable, end);
	case RCPP_FIELD_TARGET:
		return put_distance(place, width, (uintptr_t)value, end);
	case RCPP_FIELD_ADD:
		result += (uint64_t)rcpp_get_signed(place, width);
		break;
	case RCPP_FIELD_AND:
		result &= (uint64_t)rcpp_get_signed(place, width);
		break;
	default:
		break;
	}
	rcpp_put_number(place, width, result);
	return true;
}

static bool put_fields(const struct row *row, const struct alternative *alternative, uint64_t value,
		       uint8_t *code)
{
	unsigned int i;

	for (i = 0; i < alternative->head.fields; i++)
		if (!put_field(row, alternative, &alternative->field[i], value, code))
			return false;
	return true;
}

bool rcpp_carry(const struct row *row, const struct alternative *old, const struct alternative *new,
		uint8_t *code)
{
	const uint8_t *carried =
		(const uint8_t *)RCPP_AT(row->site) + old->offset + old->head.carry_end;
	int64_t displacement;

	if (!new->head.carry_end)
		return true;
	displacement = rcpp_get_signed(carried - RCPP_DISPLACEMENT_SIZE, RCPP_DISPLACEMENT_SIZE);
	displacement += (int64_t)old->offset + old->head.length;
	displacement -= (int64_t) new->offset + new->head.length;
	rcpp_put_number(code + new->head.carry_end - RCPP_DISPLACEMENT_SIZE, RCPP_DISPLACEMENT_SIZE,
			(uint64_t)displacement);
	return rcpp_fits(displacement, RCPP_DISPLACEMENT_SIZE);
}

bool rcpp_make_bytes(const struct row *row, const struct form *form, unsigned int chosen,
		     uint64_t value, uint8_t *bytes)
{
	const struct alternative *new = &form->list[chosen];

	copy_site(bytes, new->site, row->raw.length);
	if (chosen)
		return put_fields(row, new, value, bytes + new->offset);
	put_original(row, form, new->offset, bytes + new->offset);
	return true;
}
