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
#include "forms.h"
#include "nops.h"
#include "values.h"

/* What a site holds: the number of an alternative (0 is the original), or ud2. */
#define STATE_FAULT RCPP_ALTERNATIVES_MAX
#define STATE_NONE  (RCPP_ALTERNATIVES_MAX + 1)

/* A row with its offsets followed. */
struct row {
	uintptr_t site;
	uintptr_t variable;
	uintptr_t form;
	unsigned int remote; /* the number of its struct rcpp_remote, from 1 on; 0: it has none */
	int32_t offset;	     /* of the remote */
	bool absent;	     /* the remote's symbol is weak, and nothing defines it */
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
	struct rcpp_range known[RCPP_MEMORY_KINDS]; /* memory that was asked about last */
	struct rcpp_range remotes;		    /* where the batch has them */
	uintptr_t previous; /* the site of the row before, or the batch's anchor */
	struct load load;
};

/* How many bytes from the address on lie in the range. */
static size_t left_in(const struct rcpp_range *range, uintptr_t address)
{
	return address >= range->start && address < range->stop ? range->stop - address : 0;
}

/* How many bytes from the address on are memory of this kind. */
static size_t extent(struct walk *walk, enum rcpp_memory kind, uintptr_t address)
{
	struct rcpp_range *known = &walk->known[kind];
	size_t left = left_in(known, address);

	if (left)
		return left;
	*known = walk->view->memory(walk->view->context, kind, address);
	return left_in(known, address);
}

static bool within(struct walk *walk, enum rcpp_memory kind, uintptr_t address, size_t length)
{
	return extent(walk, kind, address) >= length;
}

static bool fits_s32(int64_t value)
{
	return value == (int32_t)value;
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

/* A displacement that ends at `end` in memory and at `field_end` in the bytes. */
static bool put_distance(uint8_t *field_end, unsigned int width, uintptr_t target, uintptr_t end)
{
	int64_t distance = (int64_t)(target - end);

	memcpy(field_end - width, &distance, width); /* x86 is little-endian */
	return width == 1 ? distance == (int8_t)distance : fits_s32(distance);
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

/* Can the original say where its variable is, or its target? */
static bool reaches(const struct row *row, const struct form *form)
{
	int64_t distance = original_distance(row, form, form->list[0].offset);

	if (form->original == RCPP_FIELD_JUMP && RCPP_FIELD_WIDTH(form->list[0].field->kind) == 1)
		return distance == (int8_t)distance;
	return !form->original || fits_s32(distance);
}

/* Put the displacement of the variable, or of the target, into the original's code. */
static void put_original(const struct row *row, const struct form *form, unsigned int offset,
			 uint8_t *code)
{
	int64_t distance = original_distance(row, form, offset);
	unsigned int width;

	if (form->original == RCPP_FIELD_JUMP) {
		width = RCPP_FIELD_WIDTH(form->list[0].field->kind);
		memcpy(code + form->list[0].head.length - width, &distance, width);
	} else if (form->original) {
		put_s32(code + form->displacement, (int32_t)distance);
	}
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

/* Does the site hold these bytes? Another assembler's padding is as good. */
static bool holds_bytes(const struct row *row, const struct alternative *new, const uint8_t *bytes)
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

	if (!(row->raw.flags & RCPP_ROW_FAULT) ||
	    row->raw.length < RCPP_FAULT_LENGTH + original->head.length ||
	    memcmp(RCPP_AT(row->site), "\x0f\x0b", RCPP_FAULT_LENGTH) != 0)
		return false;
	return fits_s32(original_distance(row, form, offset)) &&
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
	return holds_bytes(row, original, bytes);
}

/* The first fit wins; where two fit, both explain every byte of the site. */
static unsigned int find_state(const struct row *row, const struct form *form)
{
	unsigned int i;

	if (is_original(row, form))
		return 0;
	if (holds_fault(row, form))
		return STATE_FAULT;
	for (i = 1; i < form->count; i++)
		if (holds_code(RCPP_AT(row->site), row->raw.length, form->list[i].offset,
			       &form->list[i], rcpp_code(&form->list[i])))
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
		memcpy(&value, RCPP_AT(variable), 1);
		break;
	case 2:
		memcpy(&value, RCPP_AT(variable), 2);
		break;
	case 4:
		memcpy(&value, RCPP_AT(variable), 4);
		break;
	default:
		memcpy(&value, RCPP_AT(variable), 8);
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
static uintptr_t field_end(const struct row *row, const struct alternative *alternative,
			   const struct rcpp_field *field)
{
	return row->site + alternative->offset + field->end;
}

/* A RCPP_FIELD_TARGET is its alternative's only field. */
static bool is_near(const struct row *row, const struct alternative *alternative, uint64_t value)
{
	uintptr_t end = field_end(row, alternative, alternative->field);

	return value && fits_s32((int64_t)(value - end));
}

static bool is_right(const struct row *row, const struct form *form,
		     const struct alternative *alternative, uint64_t value)
{
	const struct rcpp_alternative *head = &alternative->head;

	if (head->guard == RCPP_GUARD_ANY)
		return true;
	if (head->guard == RCPP_GUARD_NEAR)
		return is_near(row, alternative, value);
	if (head->guard == RCPP_GUARD_TRUE)
		return rcpp_condition_holds(&form->condition, form->step, value);
	return rcpp_guard_holds(head->guard, head->number, value);
}

static unsigned int choose(const struct walk *walk, const struct row *row, const struct form *form)
{
	unsigned int i;

	if (walk->action != RCPP_PATCH || !walk->load.settled ||
	    (form->together && walk->view->one_by_one))
		return 0;
	for (i = 1; i < form->count; i++)
		if (is_right(row, form, &form->list[i], walk->load.value))
			return i;
	return 0;
}

/* ---- New bytes ---- */

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
		return put_distance(place + width, width, row->variable, end);
	case RCPP_FIELD_TARGET:
		return put_distance(place + width, width, (uintptr_t)value, end);
	case RCPP_FIELD_ADD:
		result += (uint64_t)rcpp_get_signed(place, width);
		break;
	case RCPP_FIELD_AND:
		result &= (uint64_t)rcpp_get_signed(place, width);
		break;
	default:
		break;
	}
	memcpy(place, &result, width); /* x86 is little-endian */
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

/* The carried displacement counts from the end of the instruction, which moves. */
static bool carry(const struct row *row, const struct alternative *old,
		  const struct alternative *new, uint8_t *code)
{
	const uint8_t *carried =
		(const uint8_t *)RCPP_AT(row->site) + old->offset + old->head.carry_end;
	int64_t displacement;

	if (!new->head.carry_end)
		return true;
	displacement = rcpp_get_signed(carried - RCPP_DISPLACEMENT_SIZE, RCPP_DISPLACEMENT_SIZE);
	displacement += (int64_t)old->offset + old->head.length;
	displacement -= (int64_t) new->offset + new->head.length;
	put_s32(code + new->head.carry_end - RCPP_DISPLACEMENT_SIZE, (int32_t)displacement);
	return fits_s32(displacement);
}

/* All that the site should hold, but for what is carried. */
static bool make_bytes(const struct walk *walk, const struct row *row, const struct form *form,
		       unsigned int chosen, uint8_t *bytes)
{
	const struct alternative *new = &form->list[chosen];

	copy_site(bytes, new->site, row->raw.length);
	if (chosen)
		return put_fields(row, new, walk->load.value, bytes + new->offset);
	put_original(row, form, new->offset, bytes + new->offset);
	return true;
}

/* ---- Rows ---- */

static uintptr_t follow(uintptr_t field, int32_t offset)
{
	return field + (uintptr_t)(int64_t)offset;
}

static void read_row(uintptr_t address, struct row *row)
{
	*row = (struct row){.remote = 0};
	memcpy(&row->raw, RCPP_AT(address), sizeof(row->raw));
	row->site = follow(address + offsetof(struct rcpp_row, site), row->raw.site);
	row->variable = follow(address + offsetof(struct rcpp_row, variable), row->raw.variable);
	row->form = follow(address + offsetof(struct rcpp_row, form), row->raw.form);
}

/* Where the slot of a remote is, which both of its halves say; 0 if they differ. */
static uintptr_t slot_of(uintptr_t address, struct rcpp_remote *remote)
{
	uintptr_t slot;
	uintptr_t again;

	memcpy(remote, RCPP_AT(address), sizeof(*remote));
	slot = follow(address + offsetof(struct rcpp_remote, slot), remote->slot);
	again = follow(address + offsetof(struct rcpp_remote, slot_again), remote->slot_again);
	return slot == again && remote->offset == remote->offset_again &&
			       remote->offset >= -RCPP_OFFSET_MAX &&
			       remote->offset <= RCPP_OFFSET_MAX
		       ? slot
		       : 0;
}

/*
 * Where a row's variable is: if the row names a remote, then row->variable becomes what the slot
 * says now. The slot must not be writable any more, for the values of what it says go into the
 * code.
 */
static enum rcpp_problem find_variable(struct walk *walk, struct row *row)
{
	uintptr_t distance = row->variable - walk->remotes.start;
	struct rcpp_remote remote;
	uintptr_t slot;
	uintptr_t address;

	if (distance >= walk->remotes.stop - walk->remotes.start)
		return RCPP_FINE;
	if (distance % sizeof(remote))
		return RCPP_BAD_ROW;
	slot = slot_of(row->variable, &remote);
	if (!slot || slot % sizeof(address))
		return RCPP_BAD_ROW;
	if (!within(walk, RCPP_TABLES, slot, sizeof(address)))
		return within(walk, RCPP_VARIABLES, slot, sizeof(address)) ? RCPP_BAD_SLOT
									   : RCPP_BAD_ROW;
	memcpy(&address, RCPP_AT(slot), sizeof(address));
	row->variable = follow(address, remote.offset);
	row->remote = (unsigned int)(distance / sizeof(remote)) + 1;
	row->offset = remote.offset;
	row->absent = !address;
	return RCPP_FINE;
}

/* Only a load names a remote for itself; its consumers, but for jumps, name the same. */
static bool remote_fits(const struct row *row, const struct form *form)
{
	if (row->raw.flags & RCPP_ROW_CONSUMER)
		return !form->jumps || !row->remote;
	return !row->remote == (form->original != RCPP_FIELD_OFFSET);
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

	return row->raw.check == RCPP_ROW_CHECK((int32_t)distance, row->raw.read, row->raw.flags,
						form->check + row->remote);
}

/* May this row's variable become an immediate? */
static bool is_settled(const struct walk *walk, const struct row *row)
{
	const struct rcpp_range *unsettled = &walk->view->unsettled;

	if (row->absent || (row->variable >= unsettled->start && row->variable < unsettled->stop))
		return false;
	if (!(row->raw.flags & RCPP_ROW_DECLARED))
		return true;
	return row->variable >= walk->patchable.start && row->variable < walk->patchable.stop &&
	       walk->patchable.stop - row->variable >= read_width(row->raw.read);
}

static enum rcpp_problem read_variable(struct walk *walk, struct load *load)
{
	const struct rcpp_values *values = walk->view->values;
	unsigned int width = read_width(load->read);
	uint64_t value;

	if (!within(walk, RCPP_VARIABLES, load->variable, width))
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

/* A consumer whose load is gone would read a register that nothing sets. */
static bool suits_load(struct load *load, const struct row *row, const struct form *form,
		       unsigned int chosen)
{
	if (row->raw.flags & RCPP_ROW_CONSUMER)
		return chosen || !load->removed;
	load->removed = !form->list[chosen].head.length;
	return true;
}

/*
 * Choose what the site should hold, make its bytes, and say what it holds now. Mostly it holds just
 * that already: then no other question is asked.
 */
static enum rcpp_problem do_change(struct walk *walk, const struct row *row,
				   const struct form *form, unsigned int *state,
				   struct rcpp_site *site)
{
	unsigned int chosen = choose(walk, row, form);
	const struct alternative *new = &form->list[chosen];
	const struct alternative *old;

	if (!suits_load(&walk->load, row, form, chosen))
		return RCPP_BAD_ROW;
	if (!make_bytes(walk, row, form, chosen, site->bytes))
		return RCPP_BAD_REACH;
	*state = chosen;
	if (!new->head.carry_end && holds_bytes(row, new, site->bytes))
		return RCPP_FINE;
	*state = find_state(row, form);
	if (*state == STATE_NONE)
		return RCPP_BAD_TEXT;
	/* A faulting site has nothing to carry, so any old alternative will do. */
	old = &form->list[*state == STATE_FAULT ? 0 : *state];
	if (!carry(row, old, new, site->bytes + new->offset))
		return RCPP_BAD_REACH;
	site->changes = *state != chosen || !holds_bytes(row, new, site->bytes);
	return RCPP_FINE;
}

static enum rcpp_problem look(const struct row *row, const struct form *form, unsigned int *state)
{
	*state = find_state(row, form);
	return *state == STATE_NONE ? RCPP_BAD_TEXT : RCPP_FINE;
}

static const struct form *find_form(struct walk *walk, const struct row *row)
{
	struct form *form = rcpp_form_place(walk->view->forms, row->form);
	bool consumer = row->raw.flags & RCPP_ROW_CONSUMER;

	if (rcpp_is_form(form, row->form, consumer, row->raw.length) ||
	    rcpp_read_form(form, row->form, extent(walk, RCPP_TABLES, row->form), consumer,
			   row->raw.length))
		return form;
	return NULL;
}

/* Everything about one row. */
static enum rcpp_problem do_row(struct walk *walk, const struct row *row, struct rcpp_site *site)
{
	const struct form *form;
	unsigned int state;
	enum rcpp_problem problem;

	if (!row_is_valid(&row->raw))
		return RCPP_BAD_ROW;
	if (!within(walk, RCPP_TEXT, row->site, row->raw.length))
		return RCPP_BAD_SITE;
	form = find_form(walk, row);
	if (!form)
		return RCPP_BAD_FORM;
	if (!remote_fits(row, form))
		return RCPP_BAD_ROW;
	if (!check_fits(walk, row, form))
		return RCPP_BAD_ROW;
	problem = enter_row(walk, row, form);
	if (problem)
		return problem;
	if (!reaches(row, form))
		return RCPP_BAD_REACH;
	site->changes = false;
	problem = walk->action == RCPP_LOOK ? look(row, form, &state)
					    : do_change(walk, row, form, &state, site);
	if (problem)
		return problem;

	site->address = row->site;
	site->length = row->raw.length;
	site->flags = row->raw.flags;
	site->patched = state != 0 && state != STATE_FAULT;
	site->empty = site->patched && !form->list[state].head.length;
	site->wide = site->patched && form->list[state].wide;
	site->form = form->text;
	site->holds = site->patched ? state : 0;
	site->settled = walk->load.settled;
	site->value = walk->load.value;
	return RCPP_FINE;
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
static bool is_unloading(struct walk *walk, uintptr_t address)
{
	static const char mark[] = RCPP_UNLOADING_MARK;

	return within(walk, RCPP_VARIABLES, address, sizeof(struct rcpp_unloading)) &&
	       !memcmp(RCPP_AT(address), mark, sizeof(mark)) &&
	       address % _Alignof(struct rcpp_unloading) == 0 &&
	       (address < walk->patchable.start || address >= walk->patchable.stop);
}

/* Are there as many rows and remotes as the batch says? Without rows there are no remotes. */
static bool size_fits(const struct rcpp_view *view, const struct rcpp_batch *batch)
{
	uint64_t rows = (uint64_t)batch->rows * sizeof(struct rcpp_row);
	uint64_t remotes = (uint64_t)batch->remotes * sizeof(struct rcpp_remote);

	return view->size == sizeof(*batch) + rows + remotes && (batch->rows || !remotes);
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

	if (view->size < sizeof(batch) || !within(walk, RCPP_TABLES, address, view->size))
		return false;
	memcpy(&batch, RCPP_AT(view->batch), sizeof(batch));
	if (!size_fits(view, &batch))
		return false;
	walk->remotes.stop = address + view->size;
	walk->remotes.start = walk->remotes.stop - batch.remotes * sizeof(struct rcpp_remote);
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

/* One row; *where is what rcpp_walk() says. */
static enum rcpp_problem do_next(struct walk *walk, uintptr_t address, rcpp_visit *visit,
				 void *context, uintptr_t *where)
{
	enum rcpp_problem problem;
	struct row row;

	read_row(address, &row);
	problem = find_variable(walk, &row);
	if (!problem && !is_passed_over(walk, &row))
		problem = visit_row(walk, &row, visit, context);
	if (problem)
		*where = problem >= RCPP_BAD_REACH ? row.site : address;
	walk->previous = row.site;
	return problem;
}

enum rcpp_problem rcpp_walk(const struct rcpp_view *view, enum rcpp_action action,
			    rcpp_visit *visit, void *context, uintptr_t *where)
{
	struct walk walk = {.view = view, .action = action};
	uintptr_t address = (uintptr_t)view->batch;
	enum rcpp_problem problem = RCPP_FINE;

	*where = address;
	if (!enter_batch(&walk))
		return RCPP_BAD_NOTE;
	for (address += sizeof(struct rcpp_batch); address < walk.remotes.start && !problem;
	     address += sizeof(struct rcpp_row))
		problem = do_next(&walk, address, visit, context, where);
	return problem;
}

static bool is_consumer(uintptr_t address)
{
	struct row row;

	read_row(address, &row);
	return row.raw.flags & RCPP_ROW_CONSUMER;
}

/* The site of the row before, which the row's check counts from. */
static void enter_behind(struct walk *walk, uintptr_t address)
{
	struct row row;

	if (address == (uintptr_t)walk->view->batch + sizeof(struct rcpp_batch))
		return; /* it is the anchor, which enter_batch() has found */
	read_row(address - sizeof(struct rcpp_row), &row);
	walk->previous = row.site;
}

enum rcpp_problem rcpp_walk_group(const struct rcpp_view *view, enum rcpp_action action,
				  uint32_t number, rcpp_visit *visit, void *context,
				  uintptr_t *where)
{
	struct walk walk = {.view = view, .action = action};
	uintptr_t address = (uintptr_t)view->batch + sizeof(struct rcpp_batch);
	enum rcpp_problem problem;

	*where = (uintptr_t)view->batch;
	if (!enter_batch(&walk) ||
	    number >= (walk.remotes.start - address) / sizeof(struct rcpp_row))
		return RCPP_BAD_NOTE;
	address += number * sizeof(struct rcpp_row);
	enter_behind(&walk, address);
	do {
		problem = do_next(&walk, address, visit, context, where);
		address += sizeof(struct rcpp_row);
	} while (!problem && address < walk.remotes.start && is_consumer(address));
	return problem;
}

void rcpp_list_loads(const struct rcpp_view *view,
		     void (*visit)(void *context, uint32_t row, uintptr_t variable), void *context)
{
	struct walk walk = {.view = view};
	uintptr_t address = (uintptr_t)view->batch + sizeof(struct rcpp_batch);
	uint32_t number = 0;

	if (!enter_batch(&walk))
		return;
	for (; address < walk.remotes.start; address += sizeof(struct rcpp_row), number++) {
		struct row row;

		read_row(address, &row);
		if (!find_variable(&walk, &row) && !row.absent &&
		    !(row.raw.flags & RCPP_ROW_CONSUMER))
			visit(context, number, row.variable);
	}
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
	case RCPP_BAD_SLOT:
		return "finds its variable through writable memory (link without -z norelro)";
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
