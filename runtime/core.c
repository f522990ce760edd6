// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One row after the other: trust nothing, find out what the site holds (site.c), choose what it
 * should hold, and have those bytes made.
 */
#include "core.h"
#include "encoding.h"
#include "flags.h"
#include "forms.h"
#include "joined.h"
#include "rows.h"
#include "site.h"
#include "values.h"

/*
 * What a load decides also for the consumers behind it: the variable is read once, so that all of
 * them see the same value even if somebody writes it meanwhile.
 */
struct load {
	bool present;
	bool kept;    /* none of the new values is the variable's: its sites are passed over */
	bool settled; /* the variable may become an immediate */
	bool removed; /* the load's site becomes nothing but NOPs */
	bool held;    /* it stays, and has a reach */
	uintptr_t variable;
	uint8_t read;
	uint64_t value;
};

struct walk {
	enum rcpp_action action;
	struct batch batch;
	uintptr_t previous; /* the site of the row before, or the batch's anchor */
	struct load load;
	struct run *run; /* sites that are not visited yet */
	rcpp_visit *visit;
	void *context;
	uintptr_t where; /* what rcpp_walk() says in *where */
};

/* Nearly all rows go through these, so that each instruction shows in the time of a walk. */
#define FAST inline __attribute__((__always_inline__))
#define HOT  __attribute__((__hot__, __noinline__))

/* gcc shall keep this pointer, and not compute it again and again from a number. */
#define OPAQUE(pointer) __asm__("" : "+r"(pointer))

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
	unsigned int unused = 64 - 8 * rcpp_read_width(read);

	if (!(read & RCPP_READ_SIGNED))
		return value; /* with zeros above what was read */
	value = (uint64_t)((int64_t)(value << unused) >> unused);
	unused = 64 - 8 * rcpp_read_to(read);
	return value << unused >> unused;
}

static bool is_right(const struct row *row, const struct form *form,
		     const struct alternative *alternative, uint64_t value)
{
	const struct rcpp_alternative *head = &alternative->head;

	if (head->guard == RCPP_GUARD_ANY)
		return true;
	if (head->guard == RCPP_GUARD_NEAR)
		return rcpp_is_near(row, alternative, value);
	if (head->guard == RCPP_GUARD_TRUE)
		return rcpp_condition_holds(&form->condition, form->step, value);
	return rcpp_guard_holds(head->guard, head->number, value);
}

static FAST bool may_be_patched(const struct walk *walk, const struct load *load)
{
	return walk->action == RCPP_PATCH && load->settled;
}

static unsigned int choose(const struct walk *walk, const struct row *row, const struct form *form)
{
	const struct rcpp_view *view = walk->batch.view;
	unsigned int i;

	if (!may_be_patched(walk, &walk->load) || (form->together && view->one_by_one) ||
	    (form->consumer && walk->load.held && view->unheld))
		return 0;
	for (i = 1; i < form->count; i++)
		if (is_right(row, form, &form->list[i], walk->load.value))
			return i;
	return 0;
}

/* ---- Rows ---- */

/* Only a load names a remote for itself; its consumers, but for jumps, name the same. */
static bool remote_fits(const struct row *row, const struct form *form)
{
	if (row->raw.flags & RCPP_ROW_CONSUMER)
		return !form->jumps || !row->remote;
	return !row->remote == (form->original != RCPP_FIELD_OFFSET);
}

/* Only multiples of the modulus have a quotient so small when they are multiplied by this. */
#define CHECK_INVERSE 0x58862fdccdf01111ULL
_Static_assert(CHECK_INVERSE *RCPP_CHECK_MODULUS == 1, "");

/* Is the row as it was written, and is its form the one that it was written for? */
static FAST bool check_fits(const struct walk *walk, const struct row *row, const struct form *form)
{
	int32_t distance = (int32_t)(row->site + row->raw.length - walk->previous);
	uint64_t dividend = form->dividend + row->remote + (uint64_t)(int64_t)distance;

	return row->raw.check < RCPP_CHECK_MODULUS &&
	       (dividend - row->raw.check) * CHECK_INVERSE <= UINT64_MAX / RCPP_CHECK_MODULUS;
}

/* Does the row's variable, all of what is read of it? */
static bool lies_in(const struct rcpp_range *range, const struct row *row)
{
	return row->variable >= range->start && row->variable < range->stop &&
	       range->stop - row->variable >= rcpp_read_width(row->raw.read);
}

/*
 * Pages are no shorter. Where a page changes nothing, the next one may not even be readable; and in
 * the first one there is nothing but weak variables that nobody defines.
 */
#define PAGE_MIN 4096

/* May this row's variable become an immediate? */
static FAST bool is_settled(const struct walk *walk, const struct row *row)
{
	const struct rcpp_range *settled = &walk->batch.view->settled;

	if (row->absent || (!row->remote && row->variable < PAGE_MIN) ||
	    (settled->stop && !lies_in(settled, row)))
		return false;
	if (!(row->raw.flags & RCPP_ROW_DECLARED))
		return true;
	return lies_in(&walk->batch.patchable, row);
}

static FAST enum rcpp_problem read_variable(struct walk *walk, struct load *load)
{
	const struct rcpp_values *values = walk->batch.view->values;
	unsigned int width = rcpp_read_width(load->read);
	uint64_t value;

	if (rcpp_extent(&walk->batch, RCPP_VARIABLES, load->variable) < width)
		return RCPP_BAD_VARIABLE;
	value = read_memory(load->variable, width);
	if (values)
		overlay(values, load->variable, width, &value);
	load->value = extend(value, load->read);
	return RCPP_FINE;
}

/* What a load says for itself and its consumers. */
static FAST enum rcpp_problem enter_load(struct walk *walk, const struct row *row,
					 const struct form *form, struct load *load)
{
	load->present = true;
	load->removed = false;
	load->held = form->reach;
	load->settled = is_settled(walk, row);
	load->variable = row->variable;
	load->read = row->raw.read;
	load->value = 0;
	if (!may_be_patched(walk, load))
		return RCPP_FINE; /* so the variable need not even exist */
	return read_variable(walk, load);
}

/* A consumer must fit its load. */
static enum rcpp_problem enter_row(struct walk *walk, const struct row *row,
				   const struct form *form)
{
	const struct load *load = &walk->load;

	if (!(row->raw.flags & RCPP_ROW_CONSUMER))
		return enter_load(walk, row, form, &walk->load);
	if (!load->present || load->read != row->raw.read ||
	    (!form->jumps && load->variable != row->variable))
		return RCPP_BAD_ROW;
	return RCPP_FINE;
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
 * that already: then no other question is asked. What no form explains, others that it is joined
 * with may.
 */
static enum rcpp_problem do_change(struct walk *walk, const struct row *row,
				   const struct form *form, struct piece *piece)
{
	unsigned int chosen = choose(walk, row, form);
	const struct alternative *new = &form->list[chosen];
	const struct alternative *old;
	struct rcpp_site *site = &piece->site;

	if (!suits_load(&walk->load, row, form, chosen))
		return RCPP_BAD_ROW;
	if (!rcpp_make_bytes(row, form, chosen, walk->load.value, site->bytes))
		return RCPP_BAD_REACH;
	piece->chosen = piece->state = chosen;
	if (!new->head.carry_end && rcpp_holds_bytes(row, new, site->bytes))
		return RCPP_FINE;
	piece->state = rcpp_find_state(row, form);
	/* A faulting site has nothing to carry, and neither has one that may be joined. */
	old = &form->list[piece->state >= RCPP_STATE_FAULT ? 0 : piece->state];
	if (!rcpp_carry(row, old, new, site->bytes + new->offset))
		return RCPP_BAD_REACH;
	site->changes = piece->state != chosen || !rcpp_holds_bytes(row, new, site->bytes);
	return RCPP_FINE;
}

static const struct form *find_form(struct walk *walk, const struct row *row)
{
	struct form *form = rcpp_form_place(walk->batch.view->forms, row->form, &row->raw);

	if (rcpp_is_form(form, row->form, &row->raw))
		return form;
	rcpp_use_place(walk->batch.view->forms, form);
	if (rcpp_read_form(form, row->form, rcpp_extent(&walk->batch, RCPP_TABLES, row->form),
			   &row->raw))
		return form;
	return NULL;
}

/* Its bytes are made later, and what it holds is said when that is known. */
static void begin_site(const struct walk *walk, const struct row *row, const struct form *form,
		       struct rcpp_site *site)
{
	site->address = row->site;
	site->length = row->raw.length;
	site->reach = form->reach;
	site->flags = row->raw.flags;
	site->asks = form->asks;
	site->form = form->text;
	site->count = 1;
	site->settled = walk->load.settled;
	site->value = walk->load.value;
}

/* Everything about any row, but for what is joined with it. */
static enum rcpp_problem do_row(struct walk *walk, const struct row *row, bool in_run,
				struct piece *piece)
{
	const struct form *form;
	enum rcpp_problem problem;

	if (!rcpp_row_is_valid(&row->raw))
		return RCPP_BAD_ROW;
	if (rcpp_extent(&walk->batch, RCPP_TEXT, row->site) < row->raw.length)
		return RCPP_BAD_SITE;
	form = find_form(walk, row);
	if (!form)
		return RCPP_BAD_FORM;
	if (!remote_fits(row, form))
		return RCPP_BAD_ROW;
	if (!check_fits(walk, row, form))
		return RCPP_BAD_ROW;
	if (rcpp_extent(&walk->batch, RCPP_TEXT, row->site) < form->reach)
		return RCPP_BAD_SITE;
	problem = enter_row(walk, row, form);
	if (problem)
		return problem;
	if (!rcpp_reaches(row, form))
		return RCPP_BAD_REACH;
	begin_site(walk, row, form, &piece->site);
	piece->site.changes = false;
	piece->chosen = 0;
	if (walk->action != RCPP_LOOK)
		problem = do_change(walk, row, form, piece);
	else
		piece->state = rcpp_find_state(row, form);
	rcpp_describe_piece(piece, row, form, in_run);
	return problem;
}

static void visit_site(const struct walk *walk, struct rcpp_site *site, unsigned int state,
		       unsigned int empties, unsigned int wides)
{
	site->patched = state != 0 && state != RCPP_STATE_FAULT;
	site->holds = site->patched ? state : 0;
	site->empty = site->patched && empties >> state & 1;
	site->wide = site->patched && wides >> state & 1;
	walk->visit(walk->context, site);
}

/* ---- Plain rows: nearly all are ---- */

/* RCPP_ROW_* of the row at the address; 0: it is the end. */
static uint8_t flags_at(const struct walk *walk, uintptr_t address)
{
	struct rcpp_row raw;

	if (address >= walk->batch.rows.stop)
		return 0;
	memcpy(&raw, RCPP_AT(address), sizeof(raw));
	return raw.flags;
}

/* So many bytes are read from a plain site on: its words, and a field that begins in the last. */
#define PLAIN_AHEAD (RCPP_PLAIN_MAX + RCPP_PLAIN_WORD)

static uint64_t read_word(uintptr_t address)
{
	uint64_t word;

	memcpy(&word, RCPP_AT(address), sizeof(word));
	return word;
}

/* The variable as the displacement says it in the original. */
static FAST int64_t plain_distance(const struct row *row, const struct form *form)
{
	return (int64_t)(row->variable - (row->site + form->after));
}

/*
 * Is the row plain, its form read before, and is it right? Asks all that do_row() asks, for the
 * form was read for such a row.
 */
static FAST bool is_plain(struct walk *walk, const struct row *row, const struct form *form)
{
	return rcpp_is_form(form, row->form, &row->raw) && form->plain &&
	       !rcpp_left_in(&walk->batch.remotes, row->variable) &&
	       row->site % PAGE_MIN <= PAGE_MIN - PLAIN_AHEAD &&
	       rcpp_left_in(&walk->batch.known[RCPP_TEXT], row->site) >= PLAIN_AHEAD &&
	       check_fits(walk, row, form) &&
	       rcpp_fits(plain_distance(row, form), RCPP_DISPLACEMENT_SIZE);
}

/* Does the site hold the alternative, but for its field? */
static FAST bool holds_words(const struct plain *plain, uintptr_t site)
{
	return !(((read_word(site) ^ plain->words[0]) & plain->fixed[0]) |
		 ((read_word(site + RCPP_PLAIN_WORD) ^ plain->words[1]) & plain->fixed[1]));
}

static FAST bool holds_number(const struct plain *plain, uintptr_t site, uint64_t number)
{
	return !((read_word(site + plain->place) ^ number) & plain->mask);
}

/* Which alternative does the site hold? RCPP_STATE_NONE: rcpp_find_state() may know. */
static unsigned int find_plain(const struct form *form, uintptr_t site, int64_t distance)
{
	unsigned int i;

	if (holds_words(&form->list[0].plain, site) &&
	    holds_number(&form->list[0].plain, site, (uint64_t)distance))
		return 0;
	for (i = 1; i < form->count; i++)
		if (form->list[i].plain.fits && holds_words(&form->list[i].plain, site))
			return i;
	return RCPP_STATE_NONE;
}

/* The alternative for the value. NULL: none that takes it as it is. */
static FAST const struct alternative *choose_plain(const struct form *form, uint64_t value)
{
	const struct alternative *alternative;

	for (alternative = &form->list[1]; alternative < form->end; alternative++) {
		const struct plain *plain = &alternative->plain;
		uint64_t number = value << plain->unused;

		number = plain->is_signed ? (uint64_t)((int64_t)number >> plain->unused)
					  : number >> plain->unused;
		if (number - plain->least <= plain->span)
			return plain->fits ? alternative : NULL;
	}
	return form->list;
}

/* The site's bytes with this number in the field. */
static FAST void make_plain(const struct plain *plain, uint64_t number, uint8_t *bytes)
{
	unsigned __int128 field = (unsigned __int128)(number & plain->mask) << 8 * plain->place;
	uint64_t words[RCPP_PLAIN_WORDS];

	words[0] = plain->words[0] | (uint64_t)field;
	words[1] = plain->words[1] | (uint64_t)(field >> 64);
	memcpy(bytes, words, sizeof(words));
}

static FAST void visit_plain(struct walk *walk, const struct row *row, const struct form *form,
			     const struct load *load, const struct alternative *chosen,
			     uint64_t number, bool changes, unsigned int state)
{
	struct rcpp_site site;

	walk->load = *load;
	walk->load.removed = !chosen->head.length;
	begin_site(walk, row, form, &site);
	make_plain(&chosen->plain, number, site.bytes);
	site.changes = changes;
	visit_site(walk, &site, state, form->empties, form->wides);
}

/* Sites that are visited together. */
struct sum {
	uintptr_t start;
	uintptr_t stop;
	unsigned int count;
	bool patched;
};

static FAST void add_to_sum(struct sum *sum, const struct row *row, unsigned int state)
{
	uintptr_t stop = row->site + row->raw.length;

	if (!sum->count++ || row->site < sum->start)
		sum->start = row->site;
	if (stop > sum->stop)
		sum->stop = stop;
	sum->patched |= state != 0;
}

static void visit_sum(const struct walk *walk, const struct sum *sum)
{
	struct rcpp_site site = {
		.address = sum->start,
		.length = (unsigned int)(sum->stop - sum->start),
		.count = sum->count,
		.patched = sum->patched,
		.changes = true,
	};

	if (sum->count)
		walk->visit(walk->context, &site);
}

/* Know the text that this row's site lies in. */
static void find_text(struct walk *walk, uintptr_t address)
{
	struct row row;

	if (address >= walk->batch.rows.stop)
		return;
	rcpp_read_row(address, &row);
	rcpp_extent(&walk->batch, RCPP_TEXT, row.site);
}

/*
 * What do_next() does, in a tenth of the time, for as many rows as are plain, and have their sites
 * in the text of the first one's. Returns the first that is not: something is special about it, or
 * wrong.
 */
static HOT uintptr_t do_plain(struct walk *walk, uintptr_t address)
{
	const struct rcpp_view *view = walk->batch.view;
	uintptr_t stop = walk->batch.rows.stop;
	struct sum sum = {0};

	find_text(walk, address);
	for (; address < stop; address += sizeof(struct rcpp_row)) {
		uint8_t following = flags_at(walk, address + sizeof(struct rcpp_row));
		struct load load = {.kept = false}; /* there are no new values */
		const struct alternative *chosen;
		const struct form *form;
		struct row row;
		uint64_t number;
		unsigned int state;
		bool changes, alone;

		rcpp_read_row(address, &row);
		form = rcpp_form_place(view->forms, row.form, &row.raw);
		OPAQUE(form);
		if (RCPP_ROW_IS_JOINED(following) || !is_plain(walk, &row, form) ||
		    enter_load(walk, &row, form, &load))
			break;
		chosen = may_be_patched(walk, &load) ? choose_plain(form, load.value) : form->list;
		if (!chosen)
			break;
		OPAQUE(chosen);
		number = chosen == form->list ? (uint64_t)plain_distance(&row, form) : load.value;
		changes = !holds_words(&chosen->plain, row.site) ||
			  !holds_number(&chosen->plain, row.site, number);
		alone = view->holds && !(following & RCPP_ROW_CONSUMER);
		if (!changes && alone) {
			*view->holds |= chosen != form->list;
			walk->previous = row.site;
			continue;
		}
		state = changes ? find_plain(form, row.site, plain_distance(&row, form))
				: (unsigned int)(chosen - form->list);
		if (state == RCPP_STATE_NONE)
			break;
		walk->previous = row.site;
		if (alone && view->summed)
			add_to_sum(&sum, &row, state);
		else
			visit_plain(walk, &row, form, &load, chosen, number, changes, state);
	}
	visit_sum(walk, &sum);
	return address;
}

/* ---- Runs of joined sites ---- */

static void visit_piece(const struct walk *walk, struct piece *piece)
{
	visit_site(walk, &piece->site, piece->state, piece->empties, piece->wides);
}

/* Sites that are written one by one, while code may run, hold what each may hold by itself. */
static enum rcpp_problem end_run(struct walk *walk)
{
	struct run *run = walk->run;
	const struct piece *wrong = NULL;
	unsigned int i;

	if (!run->count)
		return RCPP_FINE;
	if (run->count > 1 && walk->action == RCPP_PATCH && !walk->batch.view->one_by_one)
		rcpp_join(run);
	if (run->count > 1 || run->piece[0].state == RCPP_STATE_NONE)
		wrong = rcpp_find_joined(run);
	if (wrong) {
		walk->where = wrong->site.address;
		return RCPP_BAD_TEXT;
	}
	for (i = 0; i < run->count; i++)
		visit_piece(walk, &run->piece[i]);
	run->count = 0;
	return RCPP_FINE;
}

/*
 * Is the row joined with the one in front of it, and is there room for both in a run? If an
 * assembler has put something between their sites, they are not.
 */
static bool is_joined(const struct run *run, const struct row *row)
{
	const struct rcpp_site *before;

	if (!RCPP_ROW_IS_JOINED(row->raw.flags) || run->count == RCPP_RUN_MAX)
		return false;
	before = &run->piece[run->count - 1].site;
	return before->address + before->length == row->site;
}

/* The row's site becomes a part of the run, or begins one. */
static enum rcpp_problem add_row(struct walk *walk, const struct row *row, bool before_joined)
{
	struct run *run = walk->run;
	enum rcpp_problem problem =
		do_row(walk, row, run->count || before_joined, &run->piece[run->count]);

	if (!problem)
		run->count++;
	return problem;
}

/* With new values, nothing is asked of rows that read none of them: there may be very many. */
static bool is_passed_over(struct walk *walk, const struct row *row)
{
	const struct rcpp_values *values = walk->batch.view->values;
	uint64_t unused = 0;

	if (values && !(row->raw.flags & RCPP_ROW_CONSUMER))
		walk->load.kept =
			!overlay(values, row->variable, rcpp_read_width(row->raw.read), &unused);
	return walk->load.kept;
}

/* One row, with the run before it, if it does not go on with that. */
static enum rcpp_problem do_next(struct walk *walk, uintptr_t address)
{
	bool before_joined = RCPP_ROW_IS_JOINED(flags_at(walk, address + sizeof(struct rcpp_row)));
	enum rcpp_problem problem = RCPP_FINE;
	struct row row;

	rcpp_read_row(address, &row);
	if (walk->run->count && !is_joined(walk->run, &row))
		problem = end_run(walk);
	if (problem)
		return problem;
	problem = rcpp_find_variable(&walk->batch, &row);
	if (!problem && !is_passed_over(walk, &row))
		problem = add_row(walk, &row, before_joined);
	if (problem)
		walk->where = problem >= RCPP_BAD_REACH ? row.site : address;
	walk->previous = row.site;
	return problem || before_joined ? problem : end_run(walk);
}

/* The last run. */
static enum rcpp_problem end_walk(struct walk *walk, enum rcpp_problem problem, uintptr_t *where)
{
	if (!problem)
		problem = end_run(walk);
	*where = walk->where;
	return problem;
}

enum rcpp_problem rcpp_walk(const struct rcpp_view *view, enum rcpp_action action,
			    rcpp_visit *visit, void *context, uintptr_t *where)
{
	struct run run;
	struct walk walk = {.action = action, .run = &run, .visit = visit, .context = context};
	enum rcpp_problem problem = RCPP_FINE;
	uintptr_t address;
	bool plain;

	run.count = 0;
	*where = (uintptr_t)view->batch;
	if (!rcpp_enter_batch(&walk.batch, view))
		return RCPP_BAD_NOTE;
	walk.previous = walk.batch.anchor;
	plain = action != RCPP_LOOK && !view->values;
	address = walk.batch.rows.start;
	while (address < walk.batch.rows.stop && !problem) {
		if (plain && !run.count)
			address = do_plain(&walk, address);
		if (address < walk.batch.rows.stop)
			problem = do_next(&walk, address);
		address += sizeof(struct rcpp_row);
	}
	return end_walk(&walk, problem, where);
}

/* The site of the row before, which the row's check counts from; before the first, the anchor. */
static uintptr_t site_before(const struct batch *batch, uintptr_t address)
{
	struct row row;

	if (address == batch->rows.start)
		return batch->anchor;
	rcpp_read_row(address - sizeof(struct rcpp_row), &row);
	return row.site;
}

enum rcpp_problem rcpp_walk_group(const struct rcpp_view *view, enum rcpp_action action,
				  uint32_t number, rcpp_visit *visit, void *context,
				  uintptr_t *where)
{
	struct run run;
	struct walk walk = {.action = action, .run = &run, .visit = visit, .context = context};
	const struct rcpp_range *rows = &walk.batch.rows;
	enum rcpp_problem problem;
	uintptr_t address;

	run.count = 0;
	*where = (uintptr_t)view->batch;
	if (!rcpp_enter_batch(&walk.batch, view) ||
	    number >= (rows->stop - rows->start) / sizeof(struct rcpp_row))
		return RCPP_BAD_NOTE;
	address = rows->start + number * sizeof(struct rcpp_row);
	walk.previous = site_before(&walk.batch, address);
	do {
		problem = do_next(&walk, address);
		address += sizeof(struct rcpp_row);
	} while (!problem && flags_at(&walk, address) & RCPP_ROW_CONSUMER);
	return end_walk(&walk, problem, where);
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
