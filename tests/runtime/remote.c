// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * runtime/core.c with rows whose variables are behind slots of a global offset table. Every byte of
 * the batch is flipped in every way: the walk reports it, or makes what it makes of the good one.
 * Then slots that are none: elsewhere, writable, not aligned, empty.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core.h"
#include "forms.h"

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);    \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

#define ROWS	   4
#define REMOTES	   3
#define FORM_CHECK 0x1234
#define READ_LONG  (3 | 3 << RCPP_READ_TO_SHIFT)

/* movq 8(%rax),%rax: 10 bytes; movq %rax,%rbx, its consumer: 7; and two more loads. */
static const uint8_t text_bytes[] = {
	0x66, 0x66, 0x66, 0x48, 0x8b, 0x80, 8,	  0,	0,    0,    /* of x+8 */
	0x67, 0x67, 0x67, 0x67, 0x48, 0x89, 0xc3,		    /* consumer */
	0x66, 0x66, 0x66, 0x48, 0x8b, 0x80, 8,	  0,	0,    0,    /* of y+8 */
	0x66, 0x66, 0x66, 0x48, 0x8b, 0x80, 0xf8, 0xff, 0xff, 0xff, /* of y-8 */
};

#define FORM_ONCE(...) 3, 0, FORM_CHECK & 0xff, FORM_CHECK >> 8, __VA_ARGS__
#define LOAD                                                                                       \
	FORM_ONCE(RCPP_GUARD_ORIGINAL, 8, 1, 0, RCPP_PREFIX_OPERAND, 7, RCPP_FIELD_OFFSET | 4, 0,  \
		  0, 0x48, 0x8b, 0x80, 0x7e, 0x5a, 0x3c, 0x1b, RCPP_GUARD_S32, 8, 0, 0, 0, 0,      \
		  RCPP_GUARD_ANY, 8, 1, 0, RCPP_PREFIX_ADDRESS, 10, RCPP_FIELD_VALUE | 8, 0, 10,   \
		  0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0)
#define MOVE                                                                                       \
	2, 0, FORM_CHECK & 0xff, FORM_CHECK >> 8, RCPP_GUARD_ORIGINAL, 8, 0, 0,                    \
		RCPP_PREFIX_ADDRESS, 3, 0x48, 0x89, 0xc3, RCPP_GUARD_S32, 8, 1, 0,                 \
		RCPP_PREFIX_ADDRESS, 7, RCPP_FIELD_VALUE | 4, 0, 7, 0x48, 0xc7, 0xc3, 0, 0, 0, 0

struct long_pair {
	uint64_t first, second, third;
};

/* What the platform allows: text, tables, variables, each of them one run of bytes. */
static struct {
	uint8_t text[sizeof(text_bytes)];
	_Alignas(8) struct {
		struct rcpp_batch batch;
		struct rcpp_row rows[ROWS];
		struct rcpp_remote remotes[REMOTES];
		uint8_t load[128], move[64];
		_Alignas(8) uintptr_t slots[2]; /* of x and y */
	} tables;
	struct {
		struct long_pair x, y;
		uintptr_t writable_slot;
	} variables;
} memory;

static struct rcpp_site sites[ROWS];
static unsigned int visits;

static struct rcpp_forms forms;

static struct rcpp_range range_of(const void *start, size_t size)
{
	return (struct rcpp_range){(uintptr_t)start, (uintptr_t)start + size};
}

static struct rcpp_range memory_of(const void *unused, enum rcpp_memory kind, uintptr_t address)
{
	(void)unused;
	(void)address;
	switch (kind) {
	case RCPP_TEXT:
		return range_of(memory.text, sizeof(memory.text));
	case RCPP_TABLES:
		return range_of(&memory.tables, sizeof(memory.tables));
	default:
		return range_of(&memory.variables, sizeof(memory.variables));
	}
}

static void visit(void *unused, const struct rcpp_site *site)
{
	(void)unused;
	CHECK(visits < ROWS);
	sites[visits++] = *site;
}

static enum rcpp_problem walk_values(enum rcpp_action action, const struct rcpp_values *values)
{
	struct rcpp_view view = {
		.batch = &memory.tables.batch,
		.size = offsetof(__typeof__(memory.tables), load),
		.memory = memory_of,
		.forms = &forms,
		.values = values,
	};
	uintptr_t where;

	visits = 0;
	rcpp_forget_forms(&forms);
	return rcpp_walk(&view, action, visit, NULL, &where);
}

static enum rcpp_problem walk(enum rcpp_action action)
{
	return walk_values(action, NULL);
}

static int32_t distance(const void *field, const void *to)
{
	return (int32_t)((const uint8_t *)to - (const uint8_t *)field);
}

static void put_remote(unsigned int number, int32_t offset, const void *slot)
{
	struct rcpp_remote *remote = &memory.tables.remotes[number];

	remote->offset = remote->offset_again = offset;
	remote->slot = distance(&remote->slot, slot);
	remote->slot_again = distance(&remote->slot_again, slot);
}

static void put_row(unsigned int number, size_t site, uint8_t length, unsigned int remote,
		    const uint8_t *form, uint8_t flags)
{
	struct rcpp_row *row = &memory.tables.rows[number];
	size_t before =
		number ? (size_t)(row[-1].site + (uint8_t *)&row[-1].site - memory.text) : 0;

	row->site = distance(&row->site, memory.text + site);
	row->variable = distance(&row->variable, &memory.tables.remotes[remote]);
	row->form = distance(&row->form, form);
	row->length = length;
	row->read = READ_LONG;
	row->flags = flags & 7;
	row->check = RCPP_ROW_CHECK(site + length - before, row->read, row->flags,
				    FORM_CHECK + remote + 1);
}

static void build(void)
{
	static const uint8_t load[] = {LOAD, LOAD, 'l', 0}, move[] = {MOVE, MOVE, 'm', 0};

	memcpy(memory.text, text_bytes, sizeof(text_bytes));
	memcpy(memory.tables.load, load, sizeof(load));
	memcpy(memory.tables.move, move, sizeof(move));
	memory.tables.batch = (struct rcpp_batch){.rows = ROWS, .remotes = REMOTES};
	memory.tables.batch.anchor = distance(&memory.tables.batch.anchor, memory.text);
	memory.tables.slots[0] = (uintptr_t)&memory.variables.x;
	memory.tables.slots[1] = (uintptr_t)&memory.variables.y.second;
	put_remote(0, 8, &memory.tables.slots[0]);
	put_remote(1, 8, &memory.tables.slots[1]);
	put_remote(2, -8, &memory.tables.slots[1]);
	put_row(0, 0, 10, 0, memory.tables.load, 0);
	put_row(1, 10, 7, 0, memory.tables.move, RCPP_ROW_CONSUMER);
	put_row(2, 17, 10, 1, memory.tables.load, 0);
	put_row(3, 27, 10, 2, memory.tables.load, 0);
	memory.variables.x.second = 0x11;
	memory.variables.y.third = 0x1122334455667788;
	memory.variables.y.first = 0x99;
}

static void write_sites(void)
{
	for (unsigned int i = 0; i < visits; i++)
		if (sites[i].changes)
			memcpy((void *)sites[i].address, sites[i].bytes, sites[i].length);
}

static void check_good(void)
{
	static const uint8_t moved[] = {0x48, 0xc7, 0xc3, 0x11, 0, 0, 0};
	static const uint8_t wide[] = {0x48, 0xb8, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};

	CHECK(walk(RCPP_LOOK) == RCPP_FINE && visits == ROWS && !sites[0].patched);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && visits == ROWS);
	write_sites();
	CHECK(!memcmp(memory.text + 10, moved, sizeof(moved)));
	CHECK(!memcmp(memory.text + 17, wide, sizeof(wide)));
	CHECK(sites[3].value == 0x99);
	CHECK(walk(RCPP_LOOK) == RCPP_FINE && sites[0].empty && sites[1].patched);
	CHECK(walk(RCPP_REVERT) == RCPP_FINE);
	write_sites();
	CHECK(!memcmp(memory.text, text_bytes, sizeof(text_bytes) - 3));
}

/* Only what reads the new values is visited: a load, and its consumer. */
static void check_values(void)
{
	uint64_t new = 5;
	struct rcpp_value value = {(uintptr_t)&memory.variables.x.second, (uint8_t *)&new, 8};
	struct rcpp_values values = {&value, 1};

	CHECK(walk_values(RCPP_PATCH, &values) == RCPP_FINE && visits == 2 && sites[0].value == 5);
	value.address = (uintptr_t)&memory.variables.y.first;
	CHECK(walk_values(RCPP_PATCH, &values) == RCPP_FINE && visits == 1);
	CHECK(sites[0].address == (uintptr_t)memory.text + 27);
	value.address = (uintptr_t)&memory.tables.slots[0]; /* is not the variable */
	CHECK(walk_values(RCPP_PATCH, &values) == RCPP_FINE && visits == 0);
}

static void flip(void *start, size_t size)
{
	struct rcpp_site good[ROWS];
	uint8_t *bytes = start;

	CHECK(walk(RCPP_PATCH) == RCPP_FINE && visits == ROWS);
	memcpy(good, sites, sizeof(good));
	for (size_t i = 0; i < size; i++)
		for (unsigned int bits = 1; bits < 256; bits++) {
			bytes[i] ^= (uint8_t)bits;
			if (walk(RCPP_PATCH) == RCPP_FINE)
				CHECK(visits == ROWS && !memcmp(good, sites, sizeof(good)));
			bytes[i] ^= (uint8_t)bits;
		}
}

static void expect(enum rcpp_problem problem)
{
	CHECK(walk(RCPP_PATCH) == problem);
	CHECK(walk(RCPP_LOOK) == problem);
	CHECK(walk(RCPP_REVERT) == problem);
	build();
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
}

static void check_bad_slots(void)
{
	struct rcpp_remote *remote = memory.tables.remotes;

	put_remote(1, 8, (uint8_t *)&memory.tables.slots[1] + 4); /* not aligned */
	expect(RCPP_BAD_ROW);
	put_remote(1, 8, &memory.tables + 1); /* behind the tables */
	memory.variables.x.first = (uintptr_t)&memory.variables.y.second;
	expect(RCPP_BAD_SLOT);
	memory.variables.writable_slot = (uintptr_t)&memory.variables.y.second;
	put_remote(1, 8, &memory.variables.writable_slot);
	expect(RCPP_BAD_SLOT);
	put_remote(1, 8, &memory + 1); /* nowhere */
	expect(RCPP_BAD_ROW);
	put_remote(1, RCPP_OFFSET_MAX + 1, &memory.tables.slots[1]);
	expect(RCPP_BAD_ROW);
	put_remote(1, 16, &memory.tables.slots[1]); /* the site reads at 8 */
	CHECK(walk(RCPP_LOOK) == RCPP_BAD_TEXT);
	build();
	remote[1].slot_again++;
	expect(RCPP_BAD_ROW);
	memory.tables.rows[2].variable += 8; /* the middle of a remote */
	expect(RCPP_BAD_ROW);
	memory.tables.rows[2].variable += sizeof(*remote); /* another remote */
	expect(RCPP_BAD_ROW);
	memory.tables.rows[2].variable =
		distance(&memory.tables.rows[2].variable, &memory.variables.y); /* none */
	expect(RCPP_BAD_ROW);
	memory.tables.batch.rows++;
	memory.tables.batch.remotes--;
	CHECK(walk(RCPP_PATCH) != RCPP_FINE);
	build();
}

/* A slot of 0: nothing defines the symbol. A slot that leads nowhere is an error. */
static void check_absent(void)
{
	memory.tables.slots[0] = 0;
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && visits == ROWS);
	CHECK(!sites[0].settled && !sites[0].changes && !sites[1].changes && sites[2].changes);
	write_sites();
	CHECK(!memcmp(memory.text, text_bytes, 17));
	CHECK(walk(RCPP_LOOK) == RCPP_FINE && !sites[0].patched && sites[2].patched);
	build();
	memory.tables.slots[0] = 8;
	CHECK(walk(RCPP_LOOK) == RCPP_FINE && walk(RCPP_PATCH) == RCPP_BAD_VARIABLE);
	build();
}

int main(void)
{
	build();
	check_good();
	build();
	check_values();
	flip(&memory.tables.batch, offsetof(__typeof__(memory.tables), load));
	check_bad_slots();
	check_absent();
	return 0;
}
