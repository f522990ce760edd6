// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The units of the module's table in, its fields by address out, so that a write knows which other
 * fields it overlaps, whichever unit they are from.
 */
#include "profile.h"

struct rcpp_profile_run run __attribute__((section(".data.rcpp_profile"))) = {.now.no_tick = 1};

/* The next unit; what the linker left between two is zero. NULL: there is none. */
static const struct rcpp_profile_unit *next_unit(const char *at)
{
	for (; at + sizeof(struct rcpp_profile_unit) <= rcpp_table_stop; at += 8)
		if (((const struct rcpp_profile_unit *)at)->magic == RCPP_PROFILE_UNIT)
			return (const struct rcpp_profile_unit *)at;
	return NULL;
}

const struct rcpp_profile_unit *rcpp_profile_first(void)
{
	return next_unit((const char *)(((uintptr_t)rcpp_table_start + 7) & ~(uintptr_t)7));
}

const struct rcpp_profile_unit *rcpp_profile_next(const struct rcpp_profile_unit *unit)
{
	return next_unit((const char *)unit + unit->size);
}

/* Is it in what of the module can be read? Its segments may have holes between them. */
static bool is_own(uintptr_t start, uintptr_t stop)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)module_start;
	const Elf64_Phdr *segment;

	if (!header)
		return false;
	segment = (const Elf64_Phdr *)(module_start + header->e_phoff);
	for (int i = 0; i < header->e_phnum; i++, segment++) {
		uintptr_t base =
			segment->p_vaddr + (header->e_type == ET_DYN ? (uintptr_t)header : 0);

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_R && start >= base &&
		    stop > start && stop <= base + segment->p_memsz)
			return true;
	}
	return false;
}

static void add_places(const struct rcpp_profile_unit *unit)
{
	for (uint32_t i = 0; i < unit->field_count; i++) {
		const struct rcpp_profile_field *field = &fields_of(unit)[i];
		uintptr_t start = address_of(field), stop = start + (field->size ? field->size : 1);

		if (start)
			run.places[run.place_count++] =
				(struct place){start, stop, unit, i, is_own(start, stop)};
	}
}

static void sink(uint32_t at, uint32_t count)
{
	for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
		struct place place = run.places[at];

		child += child + 1 < count && run.places[child + 1].start > run.places[child].start;
		if (run.places[child].start <= place.start)
			return;
		run.places[at] = run.places[child];
		run.places[child] = place;
	}
}

static void sort_places(void)
{
	for (uint32_t i = run.place_count / 2; i-- > 0;)
		sink(i, run.place_count);
	for (uint32_t i = run.place_count; i-- > 1;) {
		struct place place = run.places[0];

		run.places[0] = run.places[i];
		run.places[i] = place;
		sink(0, i);
	}
}

static bool is_written(const struct place *place)
{
	const struct rcpp_profile_field *field = &fields_of(place->unit)[place->field];
	const struct rcpp_profile_access *access = &accesses_of(place->unit)[field->first];

	for (uint32_t i = 0; i < field->count; i++)
		if (access[i].flags == RCPP_ACCESS_WRITE)
			return true;
	return false;
}

static uintptr_t find_longest(void)
{
	uintptr_t longest = 0;

	for (uint32_t i = 0; i < run.place_count; i++)
		if (run.places[i].stop - run.places[i].start > longest)
			longest = run.places[i].stop - run.places[i].start;
	return longest;
}

/* How many there are behind `first`; with run.neighbours they are added there, from `at` on. */
static uint32_t add_neighbours(const struct place *place, uint32_t first, uint32_t at)
{
	uint32_t stop = at;

	for (uint32_t i = first; i < run.place_count && run.places[i].start < place->stop; i++) {
		const struct place *other = &run.places[i];

		if (other->stop <= place->start || other == place)
			continue;
		if (run.neighbours)
			run.neighbours[stop] = (struct rcpp_profile_neighbour){
				&states_of(other->unit)[other->field],
				&own_of(other->unit)[other->field]};
		stop++;
	}
	return stop - at;
}

/* Of all that is written. What begins farther before a place than the longest is long ends before
 * it. */
static uint32_t find_neighbours(void)
{
	uintptr_t longest = find_longest();
	uint32_t first = 0, count = 0;

	for (uint32_t i = 0; i < run.place_count; i++) {
		const struct place *place = &run.places[i];
		struct rcpp_profile_own *own = &own_of(place->unit)[place->field];
		uint32_t found;

		if (!is_written(place))
			continue;
		while (run.places[first].start + longest <= place->start)
			first++;
		found = add_neighbours(place, first, count);
		if (run.neighbours) {
			own->neighbours = &run.neighbours[count];
			own->count = found;
		}
		count += found;
	}
	return count;
}

void rcpp_profile_find_places(void)
{
	const struct rcpp_profile_unit *unit;
	uint32_t count = 0;

	for (unit = rcpp_profile_first(); unit; unit = rcpp_profile_next(unit))
		count += unit->field_count;
	run.places = get_memory(count * sizeof *run.places);
	if (!run.places)
		return;
	for (unit = rcpp_profile_first(); unit; unit = rcpp_profile_next(unit))
		add_places(unit);
	sort_places();
	run.neighbours = get_memory(find_neighbours() * sizeof *run.neighbours);
	if (run.neighbours)
		find_neighbours();
}
