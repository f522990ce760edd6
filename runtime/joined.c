// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A run has segments: a site and those behind it, of which all are empty, or all but the last one,
 * which jumps. The segment's one instruction is longer than its first site, or a jump. So none of
 * that site's own alternatives explains it.
 *
 * A debugger may set a breakpoint where a later site of the segment begins, since that may be the
 * beginning of a line. If the instruction is a jump, that byte is never reached. If it is a NOP,
 * that byte must be one whose value does not matter.
 */
#include "joined.h"
#include "encoding.h"
#include "nops.h"

static bool has(unsigned int mask, unsigned int alternative)
{
	return mask >> alternative & 1;
}

static bool always_jumps(const struct form *form, const struct alternative *alternative)
{
	const struct rcpp_alternative *head = &alternative->head;

	return form->jumps && head->guard != RCPP_GUARD_ORIGINAL && head->fields == 1 &&
	       RCPP_FIELD_KIND(alternative->field->kind) == RCPP_FIELD_JUMP &&
	       rcpp_always_jumps(rcpp_code(alternative));
}

void rcpp_describe_piece(struct piece *piece, const struct row *row, const struct form *form,
			 bool in_run)
{
	unsigned int i;

	piece->empties = form->empties;
	piece->wides = form->wides;
	piece->jumps = 0;
	for (i = 1; i < form->count && in_run; i++)
		piece->jumps |= (unsigned int)always_jumps(form, &form->list[i]) << i;
	piece->target = row->variable;
	piece->led = form->led;
}

/* ---- One segment: from one piece to another one behind it ---- */

/* The bytes of both and of all between them. */
static unsigned int length_of(const struct piece *first, const struct piece *last)
{
	return (unsigned int)(last->site.address + last->site.length - first->site.address);
}

/* Each site is filled by itself: a site of it is still where an instruction begins. */
static void pad_behind(const struct piece *first, const struct piece *last, unsigned int length,
		       uint8_t *bytes)
{
	const struct piece *piece;

	for (piece = first; piece <= last; piece++) {
		unsigned int stop = length_of(first, piece);

		if (length < stop)
			rcpp_pad(bytes + length, stop - length);
		if (length < stop)
			length = stop;
	}
}

/* The segment's one instruction, and padding. False if there is none that will do. */
static bool make_segment(const struct piece *first, const struct piece *last, bool jumps,
			 uint8_t *bytes)
{
	unsigned int room = length_of(first, last);
	unsigned int length;

	if (first->led || room > RCPP_SITE_MAX)
		return false;
	if (!jumps)
		return rcpp_pad_as_one(bytes, room, first->site.length);
	length = rcpp_put_jump(bytes, room, first->site.address, last->target);
	if (!length)
		return false;
	pad_behind(first, last, length, bytes);
	return true;
}

static bool holds_segment(const struct piece *first, const struct piece *last, const uint8_t *bytes)
{
	return !memcmp(RCPP_AT(first->site.address), bytes, length_of(first, last));
}

/* ---- What they should hold ---- */

static bool is_chosen(const struct piece *first, const struct piece *last, bool *jumps)
{
	const struct piece *piece;

	for (piece = first; piece < last; piece++)
		if (!has(piece->empties, piece->chosen))
			return false;
	*jumps = has(last->jumps, last->chosen);
	return *jumps || has(last->empties, last->chosen);
}

static void take_bytes(struct piece *first, struct piece *last, const uint8_t *bytes)
{
	bool holds = holds_segment(first, last, bytes);
	struct piece *piece;

	for (piece = first; piece <= last; piece++) {
		unsigned int offset = (unsigned int)(piece->site.address - first->site.address);

		memcpy(piece->site.bytes, bytes + offset, piece->site.length);
		piece->site.changes = memcmp(RCPP_AT(piece->site.address), bytes + offset,
					     piece->site.length) != 0;
		if (holds)
			piece->state = piece->chosen;
	}
}

/* The longest segment from this piece on. Returns its last piece, or this one if there is none. */
static struct piece *join_from(struct piece *first, struct piece *stop)
{
	uint8_t bytes[RCPP_SITE_MAX];
	struct piece *last;
	bool jumps;

	for (last = stop - 1; last > first; last--) {
		if (!is_chosen(first, last, &jumps) || !make_segment(first, last, jumps, bytes))
			continue;
		take_bytes(first, last, bytes);
		break;
	}
	return last;
}

void rcpp_join(struct run *run)
{
	struct piece *stop = run->piece + run->count;
	struct piece *piece;

	for (piece = run->piece; piece < stop; piece++)
		piece = join_from(piece, stop);
}

/* ---- What they hold ---- */

/* The lowest of the mask; what was chosen, if it is one of them. */
static unsigned int one_of(unsigned int mask, unsigned int chosen)
{
	return has(mask, chosen) ? chosen : (unsigned int)__builtin_ctz(mask);
}

static bool take_state(struct piece *first, struct piece *last, bool jumps)
{
	unsigned int at_end = jumps ? last->jumps : last->empties;
	uint8_t bytes[RCPP_SITE_MAX];
	struct piece *piece;

	for (piece = first; piece < last; piece++)
		if (!piece->empties)
			return false;
	if (!at_end || !make_segment(first, last, jumps, bytes) ||
	    !holds_segment(first, last, bytes))
		return false;
	for (piece = first; piece < last; piece++)
		piece->state = one_of(piece->empties, piece->chosen);
	last->state = one_of(at_end, last->chosen);
	return true;
}

/* The last piece of the segment that stands there from this piece on; NULL: there is none. */
static struct piece *find_from(struct piece *first, struct piece *stop)
{
	struct piece *last;

	for (last = stop - 1; last > first; last--)
		if (take_state(first, last, false) || take_state(first, last, true))
			return last;
	return NULL;
}

const struct piece *rcpp_find_joined(struct run *run)
{
	struct piece *stop = run->piece + run->count;
	struct piece *piece;

	for (piece = run->piece; piece < stop; piece++) {
		struct piece *last = piece;

		if (piece->state == RCPP_STATE_NONE)
			last = find_from(piece, stop);
		if (!last)
			return piece;
		piece = last;
	}
	return NULL;
}
