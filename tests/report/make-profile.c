// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes what a program that was built with --profile has in it, and the profile that it writes,
 *from a description in text. So tests say what was counted, without a run.
 *
 *	make-profile table <DESCRIPTION			the unit's tables, as assembly
 *	make-profile file <DESCRIPTION TABLE PATH ADDRESS COUNTERS-ADDRESS COUNTERS-SIZE
 *
 * TABLE is the section rcpp_profile of the linked program. The description has these lines:
 *
 *	run RUNS TICKS NANOSECONDS			of the chunk
 *	unit NAME
 *	field SYMBOL OFFSET SIZE BEFORE LAST [indexed] [static] [remote] [nowhere]
 *	read FUNCTION KIND COUNT [uncounted]		of the field before
 *	write FUNCTION KIND COUNT [uncounted]
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../rcpp/common/kinds.h"
#include "../../runtime/rcpp_profile.h"

#define MAX 128

struct access {
	char function[128];
	unsigned flags, use;
	uint64_t count;
};

struct field {
	char symbol[128];
	int64_t offset;
	uint32_t size, flags, first, count;
	struct rcpp_profile_state state;
};

struct unit {
	char name[128];
	struct field fields[MAX];
	struct access accesses[MAX];
	uint32_t field_count, access_count;
};

static struct unit units[8];
static size_t unit_count;
static struct rcpp_profile_chunk chunk = {.runs = 1, .ticks = 1000, .nanoseconds = 1000000000};

static void die(const char *what)
{
	fprintf(stderr, "make-profile: %s\n", what);
	exit(1);
}

static uint32_t flags_of(const char *words)
{
	return (strstr(words, "indexed") ? RCPP_FIELD_INDEXED : 0) |
	       (strstr(words, "static") ? RCPP_FIELD_STATIC : 0) |
	       (strstr(words, "remote") ? RCPP_FIELD_REMOTE : 0) |
	       (strstr(words, "nowhere") ? RCPP_FIELD_NOWHERE : 0);
}

static void add_field(const char *line)
{
	struct unit *unit = &units[unit_count - 1];
	struct field *field = &unit->fields[unit->field_count++];
	int end = 0;

	if (sscanf(line, "field %127s %" SCNd64 " %u %" SCNu64 " %" SCNu64 "%n", field->symbol,
		   &field->offset, &field->size, &field->state.seen, &field->state.last, &end) < 5)
		die(line);
	field->flags = flags_of(line + end);
	field->first = unit->access_count;
}

static void add_access(const char *line, unsigned flags)
{
	struct unit *unit = &units[unit_count - 1];
	struct access *access = &unit->accesses[unit->access_count++];
	char kind[32];
	int end = 0;

	if (sscanf(line, "%*s %127s %31s %" SCNu64 "%n", access->function, kind, &access->count,
		   &end) < 3)
		die(line);
	access->flags = flags | (strstr(line + end, "uncounted") ? RCPP_ACCESS_UNCOUNTED : 0);
	access->use = kind_named(kind, (unsigned)strlen(kind));
	unit->fields[unit->field_count - 1].count++;
}

static void read_line(const char *line)
{
	if (!strncmp(line, "run ", 4))
		sscanf(line, "run %" SCNu64 " %" SCNu64 " %" SCNu64, &chunk.runs, &chunk.ticks,
		       &chunk.nanoseconds);
	else if (!strncmp(line, "unit ", 5))
		sscanf(line, "unit %127s", units[unit_count++].name);
	else if (!strncmp(line, "field ", 6))
		add_field(line);
	else if (!strncmp(line, "read ", 5))
		add_access(line, 0);
	else if (!strncmp(line, "write ", 6))
		add_access(line, RCPP_ACCESS_WRITE);
	else if (*line != '\n')
		die(line);
}

static void put_field(size_t unit, uint32_t number)
{
	const struct field *field = &units[unit].fields[number];

	printf("\t.quad %" PRId64 "\n\t.long .Lsymbol%zu_%u - .Lunit%zu\n", field->offset, unit,
	       number, unit);
	if (field->flags & RCPP_FIELD_NOWHERE)
		printf("\t.long 0\n");
	else if (field->flags & RCPP_FIELD_REMOTE)
		printf("\t.long %s@GOTPCREL\n", field->symbol);
	else
		printf("\t.long %s + %" PRId64 " - .\n", field->symbol, field->offset);
	printf("\t.long %u, %u, %u, %u\n", field->size, field->flags, field->first, field->count);
}

static void put_strings(size_t number)
{
	const struct unit *unit = &units[number];

	printf(".Lname%zu:\t.asciz \"%s\"\n", number, unit->name);
	for (uint32_t i = 0; i < unit->field_count; i++)
		printf(".Lsymbol%zu_%u:\t.asciz \"%s\"\n", number, i, unit->fields[i].symbol);
	for (uint32_t i = 0; i < unit->access_count; i++)
		printf(".Lfunction%zu_%u:\t.asciz \"%s\"\n", number, i, unit->accesses[i].function);
}

static void put_unit(size_t number)
{
	const struct unit *unit = &units[number];

	printf("\t.pushsection rcpp_counters, \"aw\", @nobits\n\t.p2align 3\n.Lcounters%zu:\n"
	       "\t.skip %u\n\t.popsection\n",
	       number,
	       unit->field_count * (unsigned)sizeof(struct rcpp_profile_state) +
		       unit->access_count * 8);
	printf("\t.pushsection rcpp_profile, \"a\", @progbits\n\t.p2align 3\n.Lunit%zu:\n"
	       "\t.long %#x, .Lend%zu - .Lunit%zu, .Lcounters%zu - ., 0\n"
	       "\t.long .Lname%zu - .Lunit%zu, %u, %u, 0\n",
	       number, RCPP_PROFILE_UNIT, number, number, number, number, number, unit->field_count,
	       unit->access_count);
	for (uint32_t i = 0; i < unit->field_count; i++)
		put_field(number, i);
	for (uint32_t i = 0; i < unit->access_count; i++)
		printf("\t.long .Lfunction%zu_%u - .Lunit%zu\n\t.short %u, %u\n\t.long %u, 1\n",
		       number, i, number, unit->accesses[i].flags, unit->accesses[i].use, i + 1);
	put_strings(number);
	printf("\t.p2align 3\n.Lend%zu:\n\t.popsection\n", number);
}

static char *read_table(const char *path, uint64_t *size)
{
	FILE *file = fopen(path, "re");
	char *bytes = calloc(1, 1 << 20);

	if (!file || !bytes)
		die(path);
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

/* The counters of the next unit of the table, where its header says. */
static void fill(const struct unit *unit, const char *table, uint64_t at, char *counters)
{
	struct rcpp_profile_unit header;
	char *to;

	memcpy(&header, table + at, sizeof header);
	to = counters + chunk.table_address + at + offsetof(struct rcpp_profile_unit, counters) +
	     (int64_t)header.counters - chunk.counters_address;
	for (uint32_t i = 0; i < unit->field_count; i++, to += sizeof(struct rcpp_profile_state))
		memcpy(to, &unit->fields[i].state, sizeof(struct rcpp_profile_state));
	for (uint32_t i = 0; i < unit->access_count; i++, to += sizeof(uint64_t))
		memcpy(to, &unit->accesses[i].count, sizeof(uint64_t));
}

static void write_chunk(const char *table, const char *path)
{
	char *bytes = calloc(1, chunk.size);
	uint64_t at = 0;

	if (!bytes)
		die("no memory");
	memcpy(bytes, &chunk, sizeof chunk);
	strcpy(bytes + sizeof chunk, path);
	memcpy(bytes + chunk.table, table, chunk.table_size);
	for (size_t i = 0; i < unit_count && at < chunk.table_size; i++) {
		uint32_t size;

		fill(&units[i], table, at, bytes + chunk.counters);
		memcpy(&size, table + at + offsetof(struct rcpp_profile_unit, size), sizeof size);
		at += size;
	}
	fwrite(bytes, 1, chunk.size, stdout);
	free(bytes);
}

static uint64_t round_up(uint64_t size, uint64_t to)
{
	return (size + to - 1) / to * to;
}

static void make_file(char **words)
{
	char *table = read_table(words[0], &chunk.table_size);

	memcpy(chunk.magic, RCPP_PROFILE_MAGIC, sizeof chunk.magic);
	chunk.id = 1;
	chunk.table = round_up(sizeof chunk + strlen(words[1]) + 1, 8);
	chunk.table_address = strtoull(words[2], NULL, 16);
	chunk.counters = round_up(chunk.table + chunk.table_size, RCPP_PROFILE_PAGE);
	chunk.counters_address = strtoull(words[3], NULL, 16);
	chunk.counters_size = strtoull(words[4], NULL, 16);
	chunk.size = round_up(chunk.counters + chunk.counters_size, RCPP_PROFILE_PAGE);
	write_chunk(table, words[1]);
	free(table);
}

int main(int argc, char **argv)
{
	char line[512];

	while (fgets(line, sizeof line, stdin))
		read_line(line);
	if (argc == 2 && !strcmp(argv[1], "table"))
		for (size_t i = 0; i < unit_count; i++)
			put_unit(i);
	else if (argc == 7 && !strcmp(argv[1], "file"))
		make_file(argv + 2);
	else
		die("table, or file TABLE PATH ADDRESS COUNTERS-ADDRESS COUNTERS-SIZE");
	return 0;
}
