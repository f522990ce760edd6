// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Files of --profile in, the fields and accesses of PROGRAM with their counts out.
 *
 * A file has a chunk for each module that was counted. The chunk of PROGRAM is the one whose table
 * is in PROGRAM, byte for byte; then addresses in it are PROGRAM's. If there is none, the chunk of
 * a module with PROGRAM's file name is taken, or the only one: names then tell what is what.
 *
 * Every byte of a file is checked before it is used. Numbers are copied out, since nothing need be
 * aligned.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "rcpp_profile.h"
#include "profile.h"

#define AGAIN	   "remove it and run the program again"
#define OFFSET_MAX ((int64_t)1 << 40) /* of a field in its symbol: no variable is as large */

enum match { MATCH_OTHER, MATCH_NAME, MATCH_BUILD };

struct chunk {
	const char *bytes, *path;
	enum match match;
	uint64_t ticks;			  /* of the longest run, as far as is known */
	struct rcpp_profile_chunk header; /* the last, for it has no fixed size */
};

struct reader {
	struct profile *profile;
	const char *path;
	struct chunk *chunks;
	size_t count;
};

/* A unit being read; offsets are from its beginning. */
struct unit {
	struct rcpp_profile_unit header;
	const struct chunk *chunk;
	const char *bytes;
	uint64_t at;	   /* in the table */
	uint64_t counters; /* of the unit, from the beginning of the chunk's */
	size_t first;	   /* its accesses, in the profile */
};

static bool damaged(const struct reader *reader, const char *what)
{
	return report_error(reader->path, "damaged profile (%s): " AGAIN, what);
}

static bool lies_in(uint64_t start, uint64_t size, uint64_t whole)
{
	return start <= whole && size <= whole - start;
}

bool profile_is(const char *bytes, size_t size)
{
	size_t length = sizeof RCPP_PROFILE_MAGIC;

	return size >= length && !memcmp(bytes, RCPP_PROFILE_MAGIC, length);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum match match(const struct chunk *chunk, const struct program *program)
{
	const struct rcpp_profile_chunk *header = &chunk->header;
	size_t available;
	const unsigned char *bytes = dump_bytes(
		&program->image, (struct dump_place){0, header->table_address}, &available);

	if (bytes && header->table_size && available >= header->table_size &&
	    !memcmp(bytes, chunk->bytes + header->table, header->table_size))
		return MATCH_BUILD;
	return strcmp(file_name(chunk->path), file_name(program->path)) ? MATCH_OTHER : MATCH_NAME;
}

static bool read_chunk(const struct reader *reader, const char *bytes, uint64_t left,
		       struct chunk *chunk)
{
	struct rcpp_profile_chunk *header = &chunk->header;
	uint64_t size;

	if (!profile_is(bytes, left) || left < sizeof *header)
		return damaged(reader, "no chunk where one should begin");
	memcpy(header, bytes, sizeof *header);
	size = header->size;
	if (!size || size % RCPP_PROFILE_PAGE || size > left)
		return damaged(reader, "a chunk that the file does not hold");
	if (!lies_in(header->table, header->table_size, size) || header->table < sizeof *header ||
	    !lies_in(header->counters, header->counters_size, size))
		return damaged(reader, "a table outside of its chunk");
	chunk->bytes = bytes;
	chunk->path = bytes + sizeof *header;
	chunk->ticks = header->ticks;
	return memchr(chunk->path, '\0', header->table - sizeof *header) ||
	       damaged(reader, "a path without an end");
}

/* A program ended while it added a chunk: the next one begins it anew. */
static bool is_unfinished(const char *bytes, uint64_t left)
{
	static const char nothing[sizeof RCPP_PROFILE_MAGIC];

	return left >= RCPP_PROFILE_PAGE && !memcmp(bytes, nothing, sizeof nothing);
}

static bool read_chunks(struct reader *reader, const struct program *program, const char *bytes,
			size_t size)
{
	for (uint64_t at = 0; at < size;) {
		struct chunk chunk;

		if (at && is_unfinished(bytes + at, size - at))
			break;
		if (!read_chunk(reader, bytes + at, size - at, &chunk))
			return false;
		chunk.match = match(&chunk, program);
		at += chunk.header.size;
		reader->chunks =
			dump_grow(reader->chunks, reader->count + 1, sizeof *reader->chunks);
		reader->chunks[reader->count++] = chunk;
	}
	return true;
}

/* The string with this number; NULL: the unit has none. */
static const char *string_of(const struct unit *unit, uint64_t number)
{
	if (number >= unit->header.size ||
	    !memchr(unit->bytes + number, '\0', unit->header.size - number))
		return NULL;
	return unit->bytes + number;
}

static uint64_t fields_size(const struct unit *unit)
{
	return unit->header.field_count * (uint64_t)sizeof(struct rcpp_profile_field);
}

static uint64_t field_at(uint32_t field)
{
	return sizeof(struct rcpp_profile_unit) +
	       field * (uint64_t)sizeof(struct rcpp_profile_field);
}

static uint64_t counters_of(const struct unit *unit)
{
	return unit->header.field_count * (uint64_t)sizeof(struct rcpp_profile_state) +
	       unit->header.access_count * (uint64_t)sizeof(uint64_t);
}

/* Whether what the unit's header promises lies in the unit and in the chunk. */
static bool check_unit(const struct reader *reader, struct unit *unit, uint64_t left)
{
	const struct rcpp_profile_chunk *chunk = &unit->chunk->header;
	const struct rcpp_profile_unit *header = &unit->header;
	uint64_t needed = sizeof *header + fields_size(unit) +
			  header->access_count * (uint64_t)sizeof(struct rcpp_profile_access);

	if (header->magic != RCPP_PROFILE_UNIT)
		return damaged(reader, "no unit where one should begin");
	if (header->size % 8 || header->size > left || needed > header->size)
		return damaged(reader, "a unit of a wrong size");
	unit->counters = chunk->table_address + unit->at +
			 offsetof(struct rcpp_profile_unit, counters) +
			 (uint64_t)(int64_t)header->counters - chunk->counters_address;
	return lies_in(unit->counters, counters_of(unit), chunk->counters_size) ||
	       damaged(reader, "counters outside of their chunk");
}

static uint64_t counter(const struct unit *unit, uint64_t at)
{
	const struct chunk *chunk = unit->chunk;
	uint64_t value;

	memcpy(&value, chunk->bytes + chunk->header.counters + unit->counters + at, sizeof value);
	return value;
}

static struct rcpp_profile_state state_of(const struct unit *unit, uint32_t field)
{
	uint64_t at = field * (uint64_t)sizeof(struct rcpp_profile_state);

	struct rcpp_profile_state state;

	memcpy(&state, unit->chunk->bytes + unit->chunk->header.counters + unit->counters + at,
	       sizeof state);
	return state;
}

static bool add_access(struct reader *reader, const struct unit *unit, uint32_t number)
{
	struct profile *profile = reader->profile;
	struct rcpp_profile_access raw;
	struct profile_access access;

	memcpy(&raw, unit->bytes + sizeof unit->header + fields_size(unit) + number * sizeof raw,
	       sizeof raw);
	access = (struct profile_access){
		.function = string_of(unit, raw.function),
		.flags = raw.flags,
		.use = raw.use,
		.line = raw.line,
		.sites = raw.sites,
		.count =
			counter(unit, unit->header.field_count * sizeof(struct rcpp_profile_state) +
					      number * sizeof(uint64_t)),
	};
	if (!access.function)
		return damaged(reader, "a function without a name");
	if (profile->access_count == profile->access_space) {
		profile->access_space = profile->access_space ? 2 * profile->access_space : 64;
		profile->accesses =
			dump_grow(profile->accesses, profile->access_space, sizeof access);
	}
	profile->accesses[profile->access_count++] = access;
	return true;
}

double profile_start_up(double seconds)
{
	return seconds > 1 ? seconds / 10 : 0.1;
}

static double seconds_of(const struct chunk *chunk, uint64_t ticks)
{
	if (!chunk->header.ticks)
		return 0;
	return (double)ticks / (double)chunk->header.ticks * (double)chunk->header.nanoseconds /
	       1e9;
}

static bool is_late(const struct chunk *chunk, uint64_t last)
{
	double start_up = profile_start_up(seconds_of(chunk, chunk->ticks));

	return last && (!chunk->header.ticks || seconds_of(chunk, last) > start_up);
}

/* The run is looked at when something is written, so it may have gone on for long. */
static bool is_at_end(const struct chunk *chunk, uint64_t last)
{
	return last > chunk->ticks - chunk->ticks / 10;
}

static struct profile_field convert(const struct unit *unit, uint32_t number,
				    const struct rcpp_profile_field *raw)
{
	const struct chunk *chunk = unit->chunk;
	struct rcpp_profile_state state = state_of(unit, number);
	double last = seconds_of(chunk, state.last);

	return (struct profile_field){
		.chunk = chunk->bytes,
		.unit = string_of(unit, unit->header.name),
		.symbol = string_of(unit, raw->symbol),
		.offset = raw->offset,
		.size = raw->size,
		.flags = raw->flags,
		.located = chunk->match == MATCH_BUILD && !(raw->flags & RCPP_FIELD_NOWHERE),
		.address = chunk->header.table_address + unit->at + field_at(number) +
			   offsetof(struct rcpp_profile_field, address) +
			   (uint64_t)(int64_t)raw->address,
		.unseen = state.unseen,
		.watched = chunk->header.looks && raw->size && !(raw->flags & RCPP_FIELD_NOWHERE),
		/* Runs that begin and write at the same time may have mixed them up. */
		.before = state.seen > state.apart ? state.seen - state.apart : 0,
		.last = state.last && last <= 0 ? 1e-9 : last,
		.late = chunk->header.patched ? state.late > 0 : is_late(chunk, state.last),
		.patched = chunk->header.patched,
		.late_writes = state.late,
		.at_end = !chunk->header.patched && is_at_end(chunk, state.last),
		.first = unit->first + raw->first,
		.count = raw->count,
	};
}

static bool add_field(struct reader *reader, const struct unit *unit, uint32_t number)
{
	struct profile *profile = reader->profile;
	struct rcpp_profile_field raw;
	struct profile_field field;

	memcpy(&raw, unit->bytes + field_at(number), sizeof raw);
	if (!lies_in(raw.first, raw.count, unit->header.access_count))
		return damaged(reader, "a field with accesses that are not its unit's");
	if (raw.offset <= -OFFSET_MAX || raw.offset >= OFFSET_MAX)
		return damaged(reader, "a field far outside of its variable");
	field = convert(unit, number, &raw);
	if (!field.symbol || !field.unit)
		return damaged(reader, "a field without a name");
	if (profile->field_count == profile->field_space) {
		profile->field_space = profile->field_space ? 2 * profile->field_space : 64;
		profile->fields = dump_grow(profile->fields, profile->field_space, sizeof field);
	}
	profile->fields[profile->field_count++] = field;
	return true;
}

static bool add_unit(struct reader *reader, struct unit *unit)
{
	bool done = true;

	unit->first = reader->profile->access_count;
	for (uint32_t i = 0; done && i < unit->header.access_count; i++)
		done = add_access(reader, unit, i);
	for (uint32_t i = 0; done && i < unit->header.field_count; i++)
		done = add_field(reader, unit, i);
	return done;
}

/* Calls `use` with each unit of a chunk, checked. A linker may put 8 zero bytes between two. */
static bool for_units(struct reader *reader, const struct chunk *chunk,
		      bool (*use)(struct reader *, struct unit *))
{
	const char *table = chunk->bytes + chunk->header.table;
	uint64_t size = chunk->header.table_size;
	static const char zero[8];

	for (uint64_t at = 0; at < size;) {
		struct unit unit = {.chunk = chunk, .bytes = table + at, .at = at};

		if (size - at >= sizeof zero && !memcmp(table + at, zero, sizeof zero)) {
			at += sizeof zero;
			continue;
		}
		if (size - at < sizeof unit.header)
			return damaged(reader, "a table that ends early");
		memcpy(&unit.header, unit.bytes, sizeof unit.header);
		if (!check_unit(reader, &unit, size - at) || !use(reader, &unit))
			return false;
		at += unit.header.size;
	}
	return true;
}

/* A process that was killed was looked at long before its last write. */
static bool find_longest(struct reader *reader, struct unit *unit)
{
	struct chunk *chunk = &reader->chunks[unit->chunk - reader->chunks];

	for (uint32_t i = 0; i < unit->header.field_count; i++) {
		uint64_t last = state_of(unit, i).last;

		chunk->ticks = last > chunk->ticks ? last : chunk->ticks;
	}
	return true;
}

static bool add_chunk(struct reader *reader, const struct chunk *chunk)
{
	struct profile *profile = reader->profile;
	double seconds;

	if (!for_units(reader, chunk, find_longest) || !for_units(reader, chunk, add_unit))
		return false;
	seconds = seconds_of(chunk, chunk->ticks);
	profile->runs += chunk->header.runs;
	profile->seconds = seconds > profile->seconds ? seconds : profile->seconds;
	profile->by_name = profile->by_name || chunk->match != MATCH_BUILD;
	return true;
}

static void add_other(struct profile *profile, const char *path)
{
	char *copy = strcpy(dump_allocate(strlen(path) + 1, 1), path);

	profile->others =
		dump_grow(profile->others, profile->other_count + 1, sizeof *profile->others);
	profile->others[profile->other_count++] = copy;
}

/* The best match that a chunk of this file has. */
static enum match best_match(const struct reader *reader)
{
	enum match best = MATCH_OTHER;

	for (size_t i = 0; i < reader->count; i++)
		best = reader->chunks[i].match > best ? reader->chunks[i].match : best;
	return best;
}

static bool add_chunks(struct reader *reader, const struct program *program)
{
	enum match best = best_match(reader);

	if (best == MATCH_OTHER && reader->count > 1)
		return report_error(reader->path,
				    "nothing in it was counted in %s, but in %s and %zu more: name "
				    "one of these as PROGRAM",
				    file_name(program->path), reader->chunks[0].path,
				    reader->count - 1);
	for (size_t i = 0; i < reader->count; i++) {
		const struct chunk *chunk = &reader->chunks[i];

		if (chunk->match == best && !add_chunk(reader, chunk))
			return false;
		if (chunk->match < best && chunk->match == MATCH_NAME)
			reader->profile->other_build = true;
		else if (chunk->match < best)
			add_other(reader->profile, chunk->path);
	}
	return true;
}

bool profile_add(struct profile *profile, const struct program *program, const char *path,
		 char *bytes, size_t size)
{
	struct reader reader = {.profile = profile, .path = path};
	bool done;

	profile->files = dump_grow(profile->files, profile->file_count + 1, sizeof *profile->files);
	profile->files[profile->file_count++] = bytes;
	done = read_chunks(&reader, program, bytes, size) && add_chunks(&reader, program);
	free(reader.chunks);
	return done;
}

static void free_all(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

void profile_free(struct profile *profile)
{
	free_all(profile->others, profile->other_count);
	free_all(profile->files, profile->file_count);
	free(profile->fields);
	free(profile->accesses);
	*profile = (struct profile){0};
}
