// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The sites of a module of a process in, what each of them holds out. The runtime's own code finds
 * out: it walks the rows in copies of the process's memory as if it were to patch, and says what a
 * site holds and whether it would change.
 *
 * One load and its consumers are walked at a time, so that a damaged site hides no others. The
 * process runs meanwhile, so the text may be copied before an update and the variable after it.
 * What disagrees is therefore copied and walked again, until it agrees or has been tried often.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "encoding.h"
#include "forms.h"
#include "rows.h"
#include "dump_process.h"

#define TRIES	    5	    /* at once, */
#define SLEEPS	    50	    /* then with pauses, which all sites of a module share */
#define PAUSE	    1000000 /* nanoseconds */
#define WIDEST_READ 8

struct looking {
	struct dump_tables *tables;
	uintptr_t bias;
	size_t *order; /* numbers of the sites, by their addresses */
	unsigned sleeps;
	uintptr_t *variables; /* of each load of the batch; 0: it has none, or is no load */
	bool removed, agrees; /* of the group that is walked */
};

/* A load and its consumers. */
struct group {
	const struct rcpp_view *view;
	uint32_t number, count; /* of rows */
	uintptr_t variable;
};

bool dump_agrees(const struct dump_held *held)
{
	return held->state != DUMP_UNKNOWN && held->state != DUMP_DIFFERS &&
	       held->state != DUMP_ORPHANED;
}

/* ---- Sites by addresses ---- */

static const struct dump_tables *sorted; /* qsort() has no context */

static int compare_sites(const void *left, const void *right)
{
	uint64_t a = sorted->sites[*(const size_t *)left].address;
	uint64_t b = sorted->sites[*(const size_t *)right].address;

	return a < b ? -1 : a > b;
}

static void sort_sites(struct looking *looking)
{
	size_t count = looking->tables->site_count;

	looking->order = dump_allocate(count, sizeof(*looking->order));
	for (size_t i = 0; i < count; i++)
		looking->order[i] = i;
	sorted = looking->tables;
	if (count > 0)
		qsort(looking->order, count, sizeof(*looking->order), compare_sites);
}

/* The number of the site at an address of the process; the count of sites: there is none. */
static size_t find_site(const struct looking *looking, uintptr_t address)
{
	const struct dump_tables *tables = looking->tables;
	size_t low = 0, high = tables->site_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tables->sites[looking->order[middle]].address < address - looking->bias)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == tables->site_count ||
	    tables->sites[looking->order[low]].address != address - looking->bias)
		return tables->site_count;
	return looking->order[low];
}

static struct dump_held *find_held(const struct looking *looking, uintptr_t address)
{
	size_t number = find_site(looking, address);

	return number < looking->tables->site_count ? &looking->tables->held[number] : NULL;
}

/* ---- Rows ---- */

static uintptr_t row_address(const struct rcpp_view *view, uint32_t number)
{
	return (uintptr_t)view->batch + sizeof(struct rcpp_batch) +
	       number * sizeof(struct rcpp_row);
}

static struct rcpp_row read_row(const struct rcpp_view *view, uint32_t number)
{
	struct rcpp_row row;

	memcpy(&row, dump_at(row_address(view, number)), sizeof(row));
	return row;
}

static uintptr_t site_of(const struct rcpp_view *view, uint32_t number)
{
	return row_address(view, number) + offsetof(struct rcpp_row, site) +
	       (uintptr_t)(intptr_t)read_row(view, number).site;
}

static void forget_group(const struct looking *looking, const struct group *group)
{
	for (uint32_t i = group->number; i < group->number + group->count; i++) {
		struct dump_held *held = find_held(looking, site_of(group->view, i));

		if (held != NULL)
			*held = (struct dump_held){.address = site_of(group->view, i)};
	}
}

/* Copies the text before the variable, as close together as can be. */
static void refresh_group(const struct group *group)
{
	for (uint32_t i = group->number; i < group->number + group->count; i++)
		dump_memory_refresh(site_of(group->view, i), read_row(group->view, i).length);
	if (group->variable != 0)
		dump_memory_refresh(group->variable, WIDEST_READ);
}

/* ---- What a site holds ---- */

static enum dump_state original_state(const struct rcpp_site *site, bool removed)
{
	if (removed)
		return DUMP_ORPHANED;
	if (RCPP_ROW_FAULTS(site->flags) &&
	    memcmp(dump_at(site->address), "\x0f\x0b", RCPP_FAULT_LENGTH) == 0)
		return DUMP_TRAPS;
	if (!site->settled)
		return DUMP_FIXED;
	return site->changes ? DUMP_READS : DUMP_UNFIT;
}

/* The same rule as that of rcpp_verify(). */
static void visit_site(void *context, const struct rcpp_site *site)
{
	struct looking *looking = context;
	bool consumer = site->flags & RCPP_ROW_CONSUMER;
	struct dump_held *held = find_held(looking, site->address);

	if (!consumer)
		looking->removed = site->empty;
	if (held == NULL)
		return;
	held->alternative = site->holds;
	held->valued = site->settled;
	held->value = site->value;
	if (site->patched)
		held->state = site->changes ? DUMP_DIFFERS : DUMP_HOLDS;
	else
		held->state = original_state(site, consumer && looking->removed);
	looking->agrees &= dump_agrees(held);
}

static bool try_again(struct looking *looking, unsigned tries)
{
	const struct timespec pause = {0, PAUSE};

	if (tries < TRIES)
		return true;
	if (looking->sleeps == SLEEPS)
		return false;
	looking->sleeps++;
	nanosleep(&pause, NULL);
	return true;
}

static void note_problem(const struct looking *looking, const struct group *group,
			 enum rcpp_problem problem, uintptr_t where)
{
	uint32_t number = (where - row_address(group->view, 0)) / sizeof(struct rcpp_row);
	struct dump_held *held;

	if (problem == RCPP_BAD_NOTE)
		number = group->number;
	if (problem < RCPP_BAD_REACH)
		where = site_of(group->view, number);
	held = find_held(looking, where);
	if (held != NULL)
		held->problem = rcpp_problem_text(problem);
}

/* ---- The value that a site holds, which is not its variable's ---- */

/* A value for which the site may hold its alternative's code: the walk says whether it is right. */
struct guess {
	const struct group *group;
	uintptr_t site;
	unsigned alternative;
	bool right;
	uint64_t value;
};

static void check_guess(void *context, const struct rcpp_site *site)
{
	struct guess *guess = context;

	if (site->address != guess->site || !site->patched || site->changes ||
	    site->holds != guess->alternative)
		return;
	guess->right = true;
	guess->value = site->value;
}

/* Would just these bytes stand there if the variable had this value? */
static bool try_value(struct guess *guess, uint64_t value)
{
	const struct rcpp_row row = read_row(guess->group->view, guess->group->number);
	const struct rcpp_value stored = {
		.address = guess->group->variable,
		.bytes = (const uint8_t *)&value,
		.size = (size_t)1 << (row.read & RCPP_READ_WIDTH_MASK),
	};
	const struct rcpp_values values = {&stored, 1};
	struct rcpp_view view = *guess->group->view;
	uintptr_t where;

	view.values = &values;
	rcpp_walk_group(&view, RCPP_PATCH, guess->group->number, check_guess, guess, &where);
	return guess->right;
}

/* A value of which the function makes the result; whether it is right is seen later. */
static uint64_t undo_function(unsigned function, uint64_t result)
{
	int64_t times = function & ~RCPP_FUNCTION_TIMES;

	if (function & RCPP_FUNCTION_TIMES)
		return times != 0 ? (uint64_t)((int64_t)result / times) : 0;
	switch (function) {
	case RCPP_FUNCTION_NOT:
		return ~result;
	case RCPP_FUNCTION_NEG:
		return -result;
	case RCPP_FUNCTION_MASK:
		return result + 1;
	case RCPP_FUNCTION_LOG:
		return (uint64_t)1 << (result & 63);
	case RCPP_FUNCTION_RECIPROCAL:
		return result > 1 ? UINT64_MAX / (result - 1) : 0;
	default:
		return result;
	}
}

/* Only powers of two have a logarithm of their own. */
static bool can_undo(const struct alternative *alternative, unsigned function)
{
	return function == RCPP_FUNCTION_PLAIN || function == RCPP_FUNCTION_NOT ||
	       function == RCPP_FUNCTION_NEG || function == RCPP_FUNCTION_MASK ||
	       function == RCPP_FUNCTION_RECIPROCAL || function & RCPP_FUNCTION_TIMES ||
	       (function == RCPP_FUNCTION_LOG && alternative->head.guard == RCPP_GUARD_POWER);
}

static bool is_telling(const struct alternative *alternative, const struct rcpp_field *field)
{
	unsigned kind = RCPP_FIELD_KIND(field->kind);

	return (kind == RCPP_FIELD_VALUE || kind == RCPP_FIELD_ADD || kind == RCPP_FIELD_TARGET) &&
	       can_undo(alternative, field->function);
}

/* With the field's sign, and without. */
static bool try_field(struct guess *guess, const struct alternative *alternative,
		      const struct rcpp_field *field)
{
	unsigned width = RCPP_FIELD_WIDTH(field->kind);
	uintptr_t end = guess->site + alternative->offset + field->end;
	const uint8_t *code = rcpp_code(alternative) + field->end - width;
	uint64_t filled = (uint64_t)rcpp_get_signed(dump_at(end - width), width);
	uint64_t mask = UINT64_MAX >> (64 - 8 * width);

	if (RCPP_FIELD_KIND(field->kind) == RCPP_FIELD_ADD)
		filled -= (uint64_t)rcpp_get_signed(code, width);
	if (RCPP_FIELD_KIND(field->kind) == RCPP_FIELD_TARGET)
		filled += end;
	filled = undo_function(field->function, filled);
	return try_value(guess, filled) || try_value(guess, filled & mask);
}

static bool read_form(const struct looking *looking, const struct group *group, size_t number,
		      struct form *form)
{
	const struct dump_site *site = &looking->tables->sites[number];
	uintptr_t address = looking->bias + looking->tables->forms[site->form].place.offset;
	struct rcpp_range tables = group->view->memory(group->view->context, RCPP_TABLES, address);
	const struct rcpp_row row = {
		.length = (uint8_t)site->length,
		.read = site->read & 31,
		.flags = site->flags & 7,
	};

	return address >= tables.start && address < tables.stop &&
	       rcpp_read_form(form, address, tables.stop - address, &row);
}

static void find_value(struct looking *looking, const struct group *group, size_t number)
{
	static struct form form;
	struct dump_held *held = &looking->tables->held[number];
	const struct alternative *alternative = &form.list[held->alternative];
	struct guess guess = {
		.group = group,
		.site = held->address,
		.alternative = held->alternative,
	};

	if (!read_form(looking, group, number, &form))
		return;
	for (unsigned i = 0; i < alternative->head.fields && !held->told; i++) {
		held->told = is_telling(alternative, &alternative->field[i]) &&
			     try_field(&guess, alternative, &alternative->field[i]);
		held->held = guess.value;
	}
}

static void find_values(struct looking *looking, const struct group *group)
{
	for (uint32_t i = group->number; i < group->number + group->count; i++) {
		size_t number = find_site(looking, site_of(group->view, i));

		if (number < looking->tables->site_count && group->variable != 0 &&
		    looking->tables->held[number].state == DUMP_DIFFERS)
			find_value(looking, group, number);
	}
}

/* ---- Groups, batches, modules ---- */

static void look_at_group(struct looking *looking, const struct group *group)
{
	enum rcpp_problem problem;
	unsigned tries = 0;
	uintptr_t where;

	do {
		if (tries > 0)
			refresh_group(group);
		forget_group(looking, group);
		looking->agrees = true;
		problem = rcpp_walk_group(group->view, RCPP_PATCH, group->number, visit_site,
					  looking, &where);
	} while ((problem || !looking->agrees) && try_again(looking, ++tries));
	if (problem)
		note_problem(looking, group, problem, where);
	if (!looking->agrees)
		find_values(looking, group);
}

static void note_variable(void *context, uint32_t number, uintptr_t variable)
{
	struct looking *looking = context;

	looking->variables[number] = variable;
}

static uint32_t group_size(const struct rcpp_view *view, uint32_t first, uint32_t rows)
{
	uint32_t end = first + 1;

	while (end < rows && read_row(view, end).flags & RCPP_ROW_CONSUMER)
		end++;
	return end - first;
}

static void look_at_groups(struct looking *looking, const struct rcpp_view *view, uint32_t rows)
{
	struct group group = {.view = view};

	looking->variables = dump_allocate(rows, sizeof(*looking->variables));
	rcpp_list_loads(view, note_variable, looking);
	while (group.number < rows) {
		group.count = group_size(view, group.number, rows);
		group.variable = looking->variables[group.number];
		look_at_group(looking, &group);
		group.number += group.count;
	}
	free(looking->variables);
}

/* rcpp_walk_group() checks the batch; that its rows are within it is what counts here. */
static enum rcpp_problem look_at_batch(void *context, const struct rcpp_view *view,
				       uintptr_t *where)
{
	struct rcpp_batch batch;

	(void)where;
	if (view->size < sizeof(batch))
		return RCPP_BAD_NOTE;
	memcpy(&batch, dump_at((uintptr_t)view->batch), sizeof(batch));
	if (batch.rows > (view->size - sizeof(batch)) / sizeof(struct rcpp_row))
		return RCPP_BAD_NOTE;
	look_at_groups(context, view, batch.rows);
	return RCPP_FINE;
}

bool dump_tables_hold(struct dump_image *image, struct dump_tables *tables,
		      const struct dump_module *module)
{
	const struct module runtime = dump_runtime_module(module);
	struct looking looking = {.tables = tables, .bias = module->info.dlpi_addr};
	enum rcpp_problem problem;
	const char *unread;
	uintptr_t where;

	tables->held = dump_allocate(tables->site_count, sizeof(*tables->held));
	sort_sites(&looking);
	problem = rcpp_module_batches(&runtime, look_at_batch, &looking, &where);
	free(looking.order);
	unread = dump_memory_problem();
	if (unread != NULL)
		return dump_fail(image, "%s", unread);
	return !problem || dump_fail(image, "the row at 0x%" PRIxPTR " %s", where - looking.bias,
				     rcpp_problem_text(problem));
}
