// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * runtime/core.c driven directly with tables that are built here, then damaged: every byte of rows,
 * forms and text is flipped in every way. A walk may end with an error or go on, but it must read
 * nothing outside of what the platform allowed (AddressSanitizer watches the gaps) and show no site
 * outside of the text. Also the NOPs of the assembler and of the runtime, in all lengths.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core.h"
#include "forms.h"
#include "rows.h"
#include "same.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size)	 ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);    \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

#define GAP 64

/* Text, tables and the variable, with gaps between them that nobody may touch. */
struct region {
	uint8_t *start;
	size_t size;
};

#define ROWS   5
#define TARGET 41 /* of the jumps in text_bytes */

static struct region text, spare_text, batch, form[ROWS], variable;
static uint8_t *behind_all;

/* nops.s: padding, 1 byte of it, then 2, and so on: the assembler's, and rcpp's. */
extern const uint8_t nops_start[], nops_end[], padding_start[], padding_end[];

static unsigned int visits;
static struct rcpp_site last[8];

/*
 * mov VAR,%rax; mov %rax,M(%rip); a site that traps, and two jumps that consume its value; padding
 * as GNU as makes it.
 */
static const uint8_t text_bytes[] = {
	0x48, 0x8b, 0x05, 0,	0,    0,    0,	  0x0f, 0x1f, 0x00,	  /* load, 10 */
	0x48, 0x89, 0x05, 0x44, 0x33, 0x22, 0x11, 0x0f, 0x1f, 0x40, 0x00, /* consumer, 11 */
	0x0f, 0x0b, 0x48, 0x03, 0x05, 0,    0,	  0,	0,    0x66, 0x90, /* fault, 11 */
	0x75, 7,							  /* jne, 2 */
	0x0f, 0x84, 1,	  0,	0,    0,				  /* je, 6 */
	0x90, 0xc3,
};

/* Forms in short: without the check, once, then a text of one letter. */
static const uint8_t form_load[] = {
	4,
	0,
	RCPP_GUARD_ORIGINAL,
	8,
	1,
	0,
	0,
	7,
	RCPP_FIELD_PCREL | 4,
	RCPP_FUNCTION_PLAIN,
	0,
	0x48,
	0x8b,
	0x05,
	0x7e,
	0x5a,
	0x3c,
	0x1b,
	RCPP_GUARD_S32,
	8,
	0,
	0,
	0,
	0,
	RCPP_GUARD_POWER, /* of two: rax = V & 0x7f << log(V) */
	4,
	2,
	0,
	0,
	9,
	RCPP_FIELD_AND | 4,
	RCPP_FUNCTION_PLAIN,
	5,
	RCPP_FIELD_VALUE | 1,
	RCPP_FUNCTION_LOG,
	9,
	0xb8,
	0x7f,
	0,
	0,
	0,
	0x48,
	0xc1,
	0xe0,
	0,
	RCPP_GUARD_ANY,
	8,
	1,
	0,
	0,
	10,
	RCPP_FIELD_VALUE | 8,
	RCPP_FUNCTION_PLAIN,
	10,
	0x48,
	0xb8,
	1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	'l',
	0,
};

static const uint8_t form_store[] = {
	2,
	0,
	RCPP_GUARD_ORIGINAL,
	8,
	0,
	7,
	0,
	7,
	0x48,
	0x89,
	0x05,
	0,
	0,
	0,
	0,
	RCPP_GUARD_S32,
	8,
	1,
	7,
	0,
	11,
	RCPP_FIELD_VALUE | 4,
	RCPP_FUNCTION_PLAIN,
	11,
	0x48,
	0xc7,
	0x05,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	's',
	0,
};

static const uint8_t form_fault[] = {
	2,
	0,
	RCPP_GUARD_ORIGINAL,
	8,
	1,
	0,
	0,
	7,
	RCPP_FIELD_PCREL | 4,
	RCPP_FUNCTION_PLAIN,
	0,
	0x48,
	0x03,
	0x05,
	0x7e,
	0x5a,
	0x3c,
	0x1b,
	RCPP_GUARD_A32,
	8,
	1,
	0,
	0,
	6,
	RCPP_FIELD_ADD | 4,
	RCPP_FUNCTION_PLAIN,
	6,
	0x48,
	0x05,
	0x10,
	0,
	0,
	0,
	'f',
	0,
};

/* V != 5, and (V >> 1 & 2) == 0: V & 4 == 0 */
static const uint8_t form_unequal[] = {
	3,
	RCPP_FORM_CONDITION,
	8 << 4 | RCPP_COMPARE_CMP,
	5, /* ne */
	5,
	0,
	0,
	0,
	RCPP_GUARD_ORIGINAL,
	8,
	1,
	0,
	0,
	6,
	RCPP_FIELD_JUMP | 4,
	RCPP_FUNCTION_PLAIN,
	6,
	0x0f,
	0x85,
	0,
	0,
	0,
	0,
	RCPP_GUARD_TRUE,
	8,
	1,
	0,
	0,
	5,
	RCPP_FIELD_JUMP | 4,
	RCPP_FUNCTION_PLAIN,
	5,
	0xe9,
	0,
	0,
	0,
	0,
	RCPP_GUARD_ANY,
	8,
	0,
	0,
	0,
	0,
	'j',
	0,
};

static const uint8_t form_masked[] = {
	3,
	RCPP_FORM_CONDITION,
	8 << 4 | 2 << 2 | RCPP_COMPARE_TEST,
	4, /* e */
	0xff,
	0xff,
	0xff,
	0xff,
	8 << 4 | RCPP_STEP_SHR,
	1,
	0,
	0,
	0,
	4 << 4 | RCPP_STEP_AND,
	2,
	0,
	0,
	0,
	RCPP_GUARD_ORIGINAL,
	8,
	1,
	0,
	0,
	6,
	RCPP_FIELD_JUMP | 4,
	RCPP_FUNCTION_PLAIN,
	6,
	0x0f,
	0x84,
	0,
	0,
	0,
	0,
	RCPP_GUARD_TRUE,
	8,
	1,
	0,
	0,
	5,
	RCPP_FIELD_JUMP | 4,
	RCPP_FUNCTION_PLAIN,
	5,
	0xe9,
	0,
	0,
	0,
	0,
	RCPP_GUARD_ANY,
	8,
	0,
	0,
	0,
	0,
	'j',
	0,
};

static struct region place(uint8_t **next, const void *bytes, size_t size)
{
	struct region region = {*next + GAP, size};

	memcpy(region.start, bytes, size);
	ASAN_POISON_MEMORY_REGION(*next, GAP);
	ASAN_POISON_MEMORY_REGION(region.start + size, GAP);
	*next = region.start + (size + 15) / 8 * 8;
	return region;
}

/* The form as it is in the tables: the check added, and everything but the text twice. */
static struct region place_form(uint8_t **next, const uint8_t *one, size_t size, unsigned int check)
{
	uint8_t bytes[256];
	size_t once = size - 2 + sizeof(((struct rcpp_form *)0)->check);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint8_t *copy = bytes + i * once;

		memcpy(copy, one, 2);
		copy[2] = (uint8_t)check;
		copy[3] = (uint8_t)(check >> 8);
		memcpy(copy + 4, one + 2, size - 4);
	}
	memcpy(bytes + 2 * once, one + size - 2, 2);
	return place(next, bytes, 2 * once + 2);
}

static size_t left_in(const struct region *region, uintptr_t address)
{
	size_t offset = address - (uintptr_t)region->start;

	return offset < region->size ? region->size - offset : 0;
}

static struct rcpp_forms forms;

static struct rcpp_range range_of(const struct region *region)
{
	uintptr_t start = (uintptr_t)region->start;

	return (struct rcpp_range){start, start + region->size};
}

static struct rcpp_range memory(const void *unused, enum rcpp_memory kind, uintptr_t address)
{
	unsigned int i;

	(void)unused;
	if (kind == RCPP_TEXT)
		return range_of(&text);
	if (kind == RCPP_VARIABLES)
		return range_of(&variable);
	for (i = 0; i < ROWS; i++)
		if (left_in(&form[i], address))
			return range_of(&form[i]);
	return range_of(&batch);
}

static void visit(void *unused, const struct rcpp_site *site)
{
	(void)unused;
	CHECK(site->length >= 1 && site->length <= RCPP_SITE_MAX);
	CHECK(left_in(&text, site->address) >= site->length);
	if (visits < 8)
		last[visits] = *site;
	visits++;
}

static bool one_by_one;
static struct rcpp_range settled;

/* With the forms of that walk still there, all is as it was. */
static void walk_again(const struct rcpp_view *view, enum rcpp_action action,
		       enum rcpp_problem problem, uintptr_t where)
{
	struct rcpp_site first[8];
	unsigned int count = visits, i;
	uintptr_t again;

	memcpy(first, last, sizeof(first));
	visits = 0;
	CHECK(rcpp_walk(view, action, visit, NULL, &again) == problem);
	CHECK(visits == count && (!problem || again == where));
	for (i = 0; i < visits; i++)
		CHECK(are_same(&first[i], &last[i], action != RCPP_LOOK));
}

static struct rcpp_view view_with(struct rcpp_forms *kept)
{
	return (struct rcpp_view){.batch = batch.start,
				  .size = batch.size,
				  .memory = memory,
				  .forms = kept,
				  .settled = settled,
				  .one_by_one = one_by_one};
}

static enum rcpp_problem walk(enum rcpp_action action)
{
	struct rcpp_view view = view_with(&forms);
	enum rcpp_problem problem;
	uintptr_t where;

	visits = 0;
	rcpp_forget_forms(&forms);
	problem = rcpp_walk(&view, action, visit, NULL, &where);
	walk_again(&view, action, problem, where);
	return problem;
}

/* Do what a platform does: all sites, from the last walk. */
static void write_sites(void)
{
	unsigned int i;

	for (i = 0; i < visits; i++)
		if (last[i].changes)
			memcpy((void *)last[i].address, last[i].bytes, last[i].length);
}

static void put_offset(size_t at, const uint8_t *target)
{
	int32_t offset = (int32_t)(target - (batch.start + at));

	memcpy(batch.start + at, &offset, sizeof(offset));
}

static uint8_t *row_at(unsigned int number)
{
	return batch.start + sizeof(struct rcpp_batch) + number * sizeof(struct rcpp_row);
}

static void put_row(unsigned int number, size_t site, uint8_t length, uint8_t flags)
{
	size_t at = (size_t)(row_at(number) - batch.start);
	struct rcpp_row row = {.length = length, .read = 3 | 3 << 3, .flags = flags & 7};

	memcpy(batch.start + at, &row, sizeof(row));
	put_offset(at, text.start + site);
	put_offset(at + 4, variable.start);
	put_offset(at + 8, form[number].start);
}

/* The head of the batch, and the checks that fit what its rows say. */
static void put_checks(unsigned int rows)
{
	struct rcpp_batch head = {.rows = rows};
	const uint8_t *previous = NULL;
	unsigned int i;

	memcpy(batch.start, &head, sizeof(head));
	for (i = 0; i < rows; i++) {
		struct rcpp_row row;
		const uint8_t *site, *its_form;

		memcpy(&row, row_at(i), sizeof(row));
		site = row_at(i) + row.site;
		its_form = row_at(i) + offsetof(struct rcpp_row, form) + row.form;
		if (!i) {
			put_offset(offsetof(struct rcpp_batch, anchor), site);
			previous = site;
		}
		row.check = RCPP_ROW_CHECK((int32_t)(site + row.length - previous), row.read,
					   row.flags, its_form[2] | its_form[3] << 8);
		memcpy(row_at(i), &row, sizeof(row));
		previous = site;
	}
}

static void put_displacement(size_t at, size_t end)
{
	int32_t displacement = (int32_t)(variable.start - (text.start + end));

	memcpy(text.start + at, &displacement, sizeof(displacement));
}

static void build(uint8_t *memory)
{
	static const uint8_t zeros[sizeof(struct rcpp_batch) + ROWS * sizeof(struct rcpp_row)];
	static const uint64_t value = 5;
	uint8_t *next = memory;
	unsigned int i;

	text = place(&next, text_bytes, sizeof(text_bytes));
	batch = place(&next, zeros, sizeof(zeros));
	form[0] = place_form(&next, form_load, sizeof(form_load), 0x1234);
	form[1] = place_form(&next, form_store, sizeof(form_store), 0xfedc);
	form[2] = place_form(&next, form_fault, sizeof(form_fault), 0);
	form[3] = place_form(&next, form_unequal, sizeof(form_unequal), 0x2345);
	form[4] = place_form(&next, form_masked, sizeof(form_masked), 0x3456);
	variable = place(&next, &value, sizeof(value));
	spare_text = place(&next, zeros, RCPP_SITE_MAX);
	behind_all = next;
	put_row(0, 0, 10, 0);
	put_row(1, 10, 11, RCPP_ROW_CONSUMER);
	put_row(2, 21, 11, RCPP_ROW_FAULT);
	put_row(3, 32, 2, RCPP_ROW_CONSUMER);
	put_row(4, 34, 6, RCPP_ROW_CONSUMER);
	for (i = 3; i < ROWS; i++)
		put_offset((size_t)(row_at(i) - batch.start) + offsetof(struct rcpp_row, variable),
			   text.start + TARGET);
	put_checks(ROWS);
	put_displacement(3, 7);
	put_displacement(21 + 5, 21 + 9);
}

static void flip(const struct region *region)
{
	size_t i;
	unsigned int bits;
	int action;

	for (i = 0; i < region->size; i++)
		for (bits = 1; bits < 256; bits++) {
			region->start[i] ^= (uint8_t)bits;
			for (action = RCPP_LOOK; action <= RCPP_REVERT; action++)
				walk((enum rcpp_action)action);
			region->start[i] ^= (uint8_t)bits;
		}
}

static bool is_same(const struct rcpp_site *good)
{
	unsigned int i;

	for (i = 0; i < visits; i++)
		if (last[i].address != good[i].address || last[i].length != good[i].length ||
		    last[i].changes != good[i].changes ||
		    memcmp(last[i].bytes, good[i].bytes, good[i].length) != 0)
			return false;
	return true;
}

/*
 * Of sites that are not yet patched: with one byte of the tables wrong, the walk reports it, or
 * makes what it makes of good tables. Only the texts for people at the forms' ends may be anything.
 */
static void flip_unpatched(const struct region *region)
{
	struct rcpp_site good[ROWS];
	unsigned int reported = 0;
	size_t i;
	unsigned int bits;

	CHECK(walk(RCPP_PATCH) == RCPP_FINE && visits == ROWS);
	memcpy(good, last, sizeof(good));
	for (i = 0; i < region->size; i++)
		for (bits = 1; bits < 256; bits++) {
			region->start[i] ^= (uint8_t)bits;
			if (walk(RCPP_PATCH) != RCPP_FINE)
				reported++;
			else
				CHECK(visits == ROWS && is_same(good));
			region->start[i] ^= (uint8_t)bits;
		}
	CHECK(reported >= (region->size - 2) * 255);
}

/* Several bytes at once, anywhere in the tables and the text. */
static void scramble(void)
{
	const struct region *regions[] = {&text,    &batch,   &form[0], &form[1],
					  &form[2], &form[3], &form[4]};
	unsigned int round;

	for (round = 0; round < 100000; round++) {
		struct {
			uint8_t *byte;
			uint8_t saved;
		} changes[4];
		int i;

		for (i = 0; i < 4; i++) {
			const struct region *region = regions[rand() % 7];

			changes[i].byte = region->start + (size_t)rand() % region->size;
			changes[i].saved = *changes[i].byte;
			*changes[i].byte = (uint8_t)(rand() % 2 ? rand() : rand() % 16);
		}
		walk((enum rcpp_action)(round % 3));
		while (i-- > 0)
			*changes[i].byte = changes[i].saved;
	}
}

static void flip_all(void)
{
	int i;

	scramble();
	flip(&text);
	flip(&batch);
	for (i = 0; i < ROWS; i++)
		flip(&form[i]);
}

static void set(uint64_t value)
{
	memcpy(variable.start, &value, sizeof(value));
}

static void check_good(void)
{
	static const uint8_t store[] = {0x48, 0xc7, 0x05, 0x40, 0x33, 0x22, 0x11, 5, 0, 0, 0};
	static const uint8_t sum[] = {0x48, 0x05, 21, 0, 0, 0, 0x0f, 0x1f, 0x44, 0, 0};
	static const uint8_t not_taken[] = {0x66, 0x90, 0x66, 0x0f, 0x1f, 0x44, 0, 0};
	static const uint8_t taken[] = {0xeb, 7, 0xe9, 2, 0, 0, 0, 0x90};
	int i;

	CHECK(walk(RCPP_LOOK) == RCPP_FINE && visits == ROWS);
	CHECK(!last[0].patched && !last[2].patched);
	flip_unpatched(&batch);
	for (i = 0; i < ROWS; i++)
		flip_unpatched(&form[i]);
	flip_all();
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && visits == ROWS);
	CHECK(last[0].changes && last[1].changes && last[2].changes);
	CHECK(!memcmp(last[1].bytes, store, sizeof(store)));
	CHECK(!memcmp(last[2].bytes, sum, sizeof(sum)));
	write_sites();
	CHECK(!memcmp(text.start + 32, not_taken, sizeof(not_taken)));
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(last[0].patched && !last[0].changes && !last[1].changes && !last[2].changes);
	flip_all();
	set(1UL << 40);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	write_sites();
	CHECK(!memcmp(text.start + 10, text_bytes + 10, 11));
	CHECK(!memcmp(text.start + 32, taken, sizeof(taken)));
	CHECK(walk(RCPP_LOOK) == RCPP_FINE && last[0].patched && !last[2].patched);
	flip_all();
	CHECK(walk(RCPP_REVERT) == RCPP_FINE);
	write_sites();
	CHECK(!memcmp(text.start + 7, text_bytes + 7, 14));
	CHECK(text.start[21] == 0x48 && text.start[22] == 0x03);
	CHECK(!memcmp(text.start + 32, text_bytes + 32, 8));
	set(5);
}

static void set_in_form(const struct region *region, size_t offset, uint8_t value)
{
	region->start[offset] = value;
	region->start[(region->size - 2) / 2 + offset] = value;
}

/* What both copies of a form say, and still is no form. */
static void expect_in_form(const struct region *region, size_t offset, uint8_t value)
{
	uint8_t saved = region->start[offset];

	set_in_form(region, offset, value);
	CHECK(walk(RCPP_PATCH) == RCPP_BAD_FORM);
	set_in_form(region, offset, saved);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
}

/* Damage that must be told from harmless changes. */
static void expect(enum rcpp_problem problem, uint8_t *byte, uint8_t value)
{
	uint8_t saved = *byte;

	*byte = value;
	CHECK(walk(RCPP_PATCH) == problem);
	*byte = saved;
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
}

static void check_bad(void)
{
	uint8_t *rows = row_at(0);
	int i;

	expect(RCPP_BAD_NOTE, batch.start, 2);
	expect(RCPP_BAD_NOTE, batch.start + offsetof(struct rcpp_batch, patchable), 1);
	expect(RCPP_BAD_ROW, rows + 14, rows[14] ^ 1); /* check */
	expect(RCPP_BAD_ROW, rows + 12, 0);	       /* length */
	expect(RCPP_BAD_ROW, rows + 12, RCPP_SITE_MAX + 1);
	expect(RCPP_BAD_ROW, rows + 13, 3 | 2 << 3); /* 8 bytes read to 4 */
	/* a load's form, a consumer's form */
	expect(RCPP_BAD_FORM, rows + 13, rows[13] | RCPP_ROW_CONSUMER << 5);
	expect(RCPP_BAD_FORM, rows + 16 + 13, 3 | 3 << 3);
	/* another read than the load's */
	expect(RCPP_BAD_ROW, rows + 16 + 13, 2 | 3 << 3 | RCPP_ROW_CONSUMER << 5);
	expect(RCPP_BAD_SITE, rows + 3, 0x70);
	expect(RCPP_BAD_VARIABLE, rows + 32 + 7, 0x70);
	expect(RCPP_BAD_FORM, rows + 8 + 3, 0x70);
	expect(RCPP_BAD_FORM, form[0].start, 1);
	expect(RCPP_BAD_FORM, form[0].start, RCPP_ALTERNATIVES_MAX + 1);
	expect(RCPP_BAD_FORM, form[0].start + form[0].size - 1, 'x'); /* text without an end */
	expect_in_form(&form[0], 8, 0x2e);		   /* no prefix that this knows */
	expect_in_form(&form[0], 24, RCPP_PREFIX_ADDRESS); /* of nothing */
	expect_in_form(&form[0], 12, 6);		   /* an instruction that ends too soon, */
	expect_in_form(&form[0], 12, 8);		   /* or too late */
	expect_in_form(&form[0], 16, 0);		   /* no marker */
	expect_in_form(&form[0], 6, 2);			   /* an original with more */
	expect_in_form(&form[0], 27, 3);		   /* a number of 3 bytes */
	expect_in_form(&form[0], 28, RCPP_FIELDS_MAX + 1);
	expect_in_form(&form[0], 33, RCPP_FUNCTION_LAST + 1);
	expect_in_form(&form[0], 33, RCPP_FUNCTION_TIMES);
	expect_in_form(&form[0], 33, RCPP_FUNCTION_TIMES | (RCPP_FUNCTION_TIMES_MAX + 1));
	expect_in_form(&form[0], 32, RCPP_FIELD_AND | 3);
	expect_in_form(&form[0], 32, RCPP_FIELD_ADD | 2);
	expect_in_form(&form[0], 32, RCPP_FIELD_TARGET | 4); /* and another field */
	expect_in_form(&form[0], 32, RCPP_FIELD_JUMP | 4);
	expect_in_form(&form[0], 34, 3);			/* begins before the code */
	expect_in_form(&form[0], 37, 5);			/* begins in the field before it */
	expect_in_form(&form[0], 37, 10);			/* ends behind the code */
	expect_in_form(&form[1], 17, RCPP_GUARD_NEAR);		/* of no target */
	expect_in_form(&form[1], 7, 0);				/* a carry that gets lost */
	expect_in_form(&form[1], 17, RCPP_GUARD_TRUE);		/* of no condition */
	expect_in_form(&form[3], 1, 0);				/* its condition is gone */
	expect_in_form(&form[3], 4, 3 << 4 | RCPP_COMPARE_CMP); /* widths that are none */
	expect_in_form(&form[3], 4, 8 << 4 | (RCPP_COMPARE_LAST + 1));
	expect_in_form(&form[3], 4, 8 << 4 | RCPP_COMPARE_BIT); /* says nothing of ne */
	expect_in_form(&form[3], 4, 8 << 4 | 3 << 2);		/* its alternatives are no steps */
	expect_in_form(&form[4], 4, 8 << 4 | 3 << 2 | RCPP_COMPARE_TEST);
	expect_in_form(&form[4], 4, 8 << 4 | RCPP_COMPARE_TEST);
	expect_in_form(&form[4], 10, 8 << 4 | (RCPP_STEP_LAST + 1));
	expect_in_form(&form[4], 15, 3 << 4 | RCPP_STEP_AND);
	expect_in_form(&form[4], 15, RCPP_STEP_AND);
	expect_in_form(&form[3], 5, 16);
	for (i = 3; i < ROWS; i++) {
		size_t steps = RCPP_STEPS(form[i].start[4]) * sizeof(struct rcpp_step);

		expect_in_form(&form[i], steps + 14, RCPP_PREFIX_ADDRESS); /* of a jump */
		expect_in_form(&form[i], steps + 16, RCPP_FIELD_JUMP | 2);
		expect_in_form(&form[i], steps + 17, RCPP_FUNCTION_NOT);
		expect_in_form(&form[i], steps + 18, 5);
		expect_in_form(&form[i], steps + 13, 6); /* carries */
		expect_in_form(&form[i], steps + 15, 5);
		expect_in_form(&form[i], steps + 20, 0x75); /* no jump */
		expect_in_form(&form[i], steps + 34, 0xe8);
	}
	/* jumps elsewhere */
	expect(RCPP_BAD_TEXT, rows + 48 + 4, rows[48 + 4] ^ 1);
	expect(RCPP_BAD_REACH, rows + 48 + 5, rows[48 + 5] ^ 1);
	expect(RCPP_BAD_TEXT, rows + 64 + 4, rows[64 + 4] ^ 1);
	expect(RCPP_BAD_TEXT, text.start, 0xcc);
	expect(RCPP_BAD_TEXT, text.start + 3, text.start[3] ^ 1); /* another variable's address */
	expect(RCPP_BAD_TEXT, text.start + 9, 0x08);		  /* not a NOP */

	/* The load would vanish, but the consumer's guard does not hold. */
	set_in_form(&form[1], 17, RCPP_GUARD_A32);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	set(INT32_MAX);
	CHECK(walk(RCPP_PATCH) == RCPP_BAD_ROW);
	set_in_form(&form[1], 17, RCPP_GUARD_S32);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
}

/* Sites that are right together only stay as they are where one is written after the other. */
static void check_together(void)
{
	int i;

	set(5);
	for (i = 0; i < 2; i++)
		set_in_form(&form[i], 1, form[i].start[1] | RCPP_FORM_TOGETHER);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(last[0].changes && last[1].changes && last[3].changes);
	one_by_one = true;
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(!last[0].changes && !last[1].changes && last[3].changes);
	for (i = 0; i < 2; i++)
		set_in_form(&form[i], 1, form[i].start[1] & ~RCPP_FORM_TOGETHER);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(last[0].changes && last[1].changes && last[3].changes);
	one_by_one = false;
}

/* Only where all of what is read is settled, it becomes an immediate. */
static void check_settled(void)
{
	struct rcpp_range around = {(uintptr_t)variable.start, (uintptr_t)variable.start + 8};
	int i;

	set(5);
	for (i = 0; i < 4; i++) {
		settled = around;
		settled.start += i == 1;
		settled.stop -= i == 2;
		if (i == 3)
			settled.stop = settled.start;
		CHECK(walk(RCPP_PATCH) == RCPP_FINE);
		CHECK(last[0].settled == !i && last[0].changes == !i && last[1].changes == !i);
	}
	settled = (struct rcpp_range){0};
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && last[0].settled);
}

/* The form with a reach, behind what is in memory already. */
static struct region place_reaching(uint8_t **next, const uint8_t *one, size_t size,
				    unsigned int check, uint32_t reach)
{
	uint8_t bytes[256];

	memcpy(bytes, one, 2);
	bytes[1] |= RCPP_FORM_REACH;
	memcpy(bytes + 2, &reach, sizeof(reach));
	memcpy(bytes + 2 + sizeof(reach), one + 2, size - 2);
	return place_form(next, bytes, size + sizeof(reach), check);
}

static void use_form(unsigned int row, const struct region *region)
{
	form[row] = *region;
	put_offset((size_t)(row_at(row) - batch.start) + offsetof(struct rcpp_row, form),
		   region->start);
	put_checks(ROWS);
}

/* What a load left is read up to there: in the text, and not only in the site. */
static void check_reach(void)
{
	const struct region saved[] = {form[0], form[1]};
	struct region load, store;
	uint8_t *next = behind_all;

	load = place_reaching(&next, form_load, sizeof(form_load), 0x1234, 30);
	store = place_reaching(&next, form_store, sizeof(form_store), 0xfedc, 30);
	set(5);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && !last[0].reach);
	use_form(0, &load);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(last[0].reach == 30 && !last[1].reach && !last[2].reach);
	expect_in_form(&load, 4, 10); /* the site alone */
	expect_in_form(&load, 1, 0);
	expect_in_form(&load, 1, RCPP_FORM_REACH | 1);
	set_in_form(&load, 7, 0x80);
	CHECK(walk(RCPP_PATCH) == RCPP_BAD_SITE);
	set_in_form(&load, 7, 0);
	set_in_form(&load, 4, (uint8_t)(text.size + 1));
	CHECK(walk(RCPP_PATCH) == RCPP_BAD_SITE);
	set_in_form(&load, 4, (uint8_t)text.size);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && last[0].reach == text.size);
	use_form(1, &store); /* of a consumer */
	CHECK(walk(RCPP_PATCH) == RCPP_BAD_FORM);
	use_form(0, &saved[0]);
	use_form(1, &saved[1]);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE && !last[0].reach);
}

/* What a form says does not depend on what was kept in its place before. */
static void check_places(void)
{
	static struct form clean, used;
	struct rcpp_row row;
	unsigned int i, j;

	for (i = 0; i < ROWS; i++) {
		memset(&clean, 0, sizeof(clean));
		memset(&used, 1, sizeof(used));
		memcpy(&row, row_at(i), sizeof(row));
		CHECK(rcpp_read_form(&clean, (uintptr_t)form[i].start, form[i].size, &row));
		CHECK(rcpp_read_form(&used, (uintptr_t)form[i].start, form[i].size, &row));
		CHECK(clean.asks == used.asks && clean.jumps == used.jumps);
		CHECK(clean.plain == used.plain && clean.original == used.original);
		CHECK(clean.empties == used.empties && clean.wides == used.wides);
		for (j = 0; j < clean.count; j++) {
			const struct alternative *a = &clean.list[j], *b = &used.list[j];

			CHECK(a->offset == b->offset && a->prefixes == b->prefixes);
			CHECK(!memcmp(a->site, b->site, clean.length));
			CHECK(!clean.plain || a->plain.fits == b->plain.fits);
		}
	}
}

/* A walk that has the first row's form from good tables, against one that has none. */
static void compare_ways(void)
{
	static struct rcpp_forms good;
	struct rcpp_view longer = view_with(&forms), shorter = view_with(&good);
	uintptr_t first = (uintptr_t)form[0].start;
	struct rcpp_row row;
	struct form *place;
	int action;

	memcpy(&row, row_at(0), sizeof(row));
	place = rcpp_form_place(&good, first, &row);

	for (action = RCPP_LOOK; action <= RCPP_REVERT; action++) {
		enum rcpp_problem problem;
		uintptr_t where;

		visits = 0;
		rcpp_forget_forms(&forms);
		problem = rcpp_walk(&longer, (enum rcpp_action)action, visit, NULL, &where);
		CHECK(rcpp_read_form(place, first, form[0].size, &row) ==
		      !(row.flags & RCPP_ROW_CONSUMER));
		CHECK(!place->address ||
		      place->plain == (row.flags <= RCPP_ROW_DECLARED && rcpp_row_is_valid(&row)));
		walk_again(&shorter, (enum rcpp_action)action, problem, where);
	}
}

/* Rows whose checks are right, and nothing else. */
static void damage_rows(void)
{
	static const int32_t far[] = {INT32_MAX, INT32_MIN};
	uint8_t saved[sizeof(struct rcpp_batch) + ROWS * sizeof(struct rcpp_row)];
	struct rcpp_row row;
	unsigned int i, j;

	memcpy(saved, batch.start, sizeof(saved));
	for (i = 0; i < 256; i++) {
		for (j = 0; j < ROWS; j++) /* the byte of read and flags */
			row_at(j)[13] = (uint8_t)((i & 31) | (row_at(j)[13] & 0xe0));
		row_at(0)[13] = (uint8_t)i;
		put_checks(ROWS);
		compare_ways();
		memcpy(batch.start, saved, sizeof(saved));
	}
	for (i = 0; i < text.size; i++) {
		put_offset((size_t)(row_at(0) - batch.start), text.start + i);
		put_checks(ROWS);
		compare_ways();
		memcpy(batch.start, saved, sizeof(saved));
	}
	for (i = 0; i < 2; i++) {
		memcpy(&row, row_at(0), sizeof(row));
		row.variable = far[i];
		memcpy(row_at(0), &row, sizeof(row));
		compare_ways();
		memcpy(batch.start, saved, sizeof(saved));
	}
}

/* The shorter way of a walk notices damaged rows as the longer one does. */
static void check_shorter(void)
{
	int patched;

	set(5);
	for (patched = 0; patched < 2; patched++) {
		compare_ways();
		damage_rows();
		CHECK(walk(RCPP_PATCH) == RCPP_FINE);
		write_sites();
	}
	CHECK(walk(RCPP_REVERT) == RCPP_FINE);
	write_sites();
}

/* Of 5 the first of two jumps vanishes, and the second one is taken: by itself, or from the first.
 */
static void check_joined(void)
{
	uint8_t *rows = row_at(0);
	struct rcpp_site apart[2];

	set(5);
	set_in_form(&form[4], 16, 8); /* (V >> 1 & 8) == 0 */
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	memcpy(apart, &last[3], sizeof(apart));
	rows[64 + 13] ^= RCPP_ROW_JOINED << 5;
	put_checks(ROWS);
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(memcmp(apart[0].bytes, last[3].bytes, apart[0].length) != 0);
	one_by_one = true;
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	CHECK(!memcmp(apart[0].bytes, last[3].bytes, apart[0].length));
	CHECK(!memcmp(apart[1].bytes, last[4].bytes, apart[1].length));
	one_by_one = false;
	rows[64 + 13] ^= RCPP_ROW_JOINED << 5;
	put_checks(ROWS);
	set_in_form(&form[4], 16, 2);
}

/* A load, and these bytes behind it: the site. */
static void put_padded(const uint8_t *padding, size_t length)
{
	text = spare_text;
	batch.size = sizeof(struct rcpp_batch) + sizeof(struct rcpp_row);
	memcpy(text.start, text_bytes, 3);
	put_displacement(3, 7);
	memcpy(text.start + 7, padding, length);
	put_row(0, 0, (uint8_t)(7 + length), 0);
	put_checks(1);
}

/* Too short for the form? */
static bool is_too_short(size_t padding)
{
	return 7 + padding < 10;
}

/* All padding of nops.s is recognized; `ours`: and the runtime pads in the same way. */
static void check_padding(const uint8_t *padding, const uint8_t *end, bool ours)
{
	size_t length;

	for (length = 1; length <= RCPP_SITE_MAX - 7; padding += length++) {
		put_padded(padding, length);
		if (is_too_short(length))
			continue;
		CHECK(walk(RCPP_PATCH) == RCPP_FINE);
		write_sites();
		CHECK(walk(RCPP_REVERT) == RCPP_FINE);
		write_sites();
		CHECK(!memcmp(text.start + 7, padding, length) == (ours || length <= RCPP_NOP_MAX));
	}
	CHECK(padding == end);
}

/* A jump goes to the padding's end, over nothing but NOPs. */
static void check_jumps(void)
{
	uint8_t padding[20] = {0xeb, 18};
	size_t i;

	memset(padding + 2, 0x90, 18);
	put_padded(padding, sizeof(padding));
	CHECK(walk(RCPP_PATCH) == RCPP_FINE);
	for (i = 0; i < sizeof(padding); i++) {
		padding[i]++;
		put_padded(padding, sizeof(padding));
		CHECK(walk(RCPP_PATCH) == RCPP_BAD_TEXT);
		padding[i]--;
	}
	padding[1] = 17;
	put_padded(padding, sizeof(padding));
	CHECK(walk(RCPP_PATCH) == RCPP_BAD_TEXT);
}

static struct {
	struct rcpp_batch batch;
	uint64_t patchables[2];
	struct rcpp_unloading unloading;
} home;

static struct rcpp_range home_memory(const void *unused, enum rcpp_memory kind, uintptr_t address)
{
	(void)unused;
	(void)address;
	if (kind == RCPP_TEXT)
		return (struct rcpp_range){0};
	return (struct rcpp_range){(uintptr_t)&home, (uintptr_t)(&home + 1)};
}

static enum rcpp_problem walk_home(uintptr_t *unloading)
{
	struct rcpp_view view = {
		.batch = &home.batch, .size = sizeof(home.batch), .memory = home_memory};
	uintptr_t where;

	*unloading = rcpp_unloading_of(&view);
	view.forms = &forms;
	return rcpp_walk(&view, RCPP_PATCH, visit, NULL, &where);
}

static int32_t distance(const void *field, const void *to)
{
	return (int32_t)((const uint8_t *)to - (const uint8_t *)field);
}

/* A batch without rows: no byte of it can change, nor of the mark that it leads to. */
static void check_home(void)
{
	uint8_t *bytes = (uint8_t *)&home.batch;
	struct rcpp_bounds *bounds = home.batch.patchable;
	uintptr_t unloading;
	size_t i;
	int bits;

	memcpy(home.unloading.mark, RCPP_UNLOADING_MARK, sizeof(home.unloading.mark));
	home.batch.anchor = distance(&home.batch.anchor, &home.unloading);
	for (i = 0; i < 2; i++) {
		bounds[i].start = distance(&bounds[i].start, home.patchables);
		bounds[i].stop = distance(&bounds[i].stop, home.patchables + 2);
	}
	CHECK(walk_home(&unloading) == RCPP_FINE && unloading == (uintptr_t)&home.unloading);
	for (i = 0; i < sizeof(home.batch); i++)
		for (bits = 1; bits < 256; bits++) {
			bytes[i] ^= (uint8_t)bits;
			CHECK(walk_home(&unloading) == RCPP_BAD_NOTE && !unloading);
			bytes[i] ^= (uint8_t)bits;
		}
	for (i = 0; i < sizeof(home.unloading.mark); i++) {
		home.unloading.mark[i] ^= 1;
		CHECK(walk_home(&unloading) == RCPP_BAD_NOTE && !unloading);
		home.unloading.mark[i] ^= 1;
	}
	for (i = 0; i < 2; i++) /* it would be closed */
		bounds[i].stop = distance(&bounds[i].stop, &home + 1);
	CHECK(walk_home(&unloading) == RCPP_BAD_NOTE && !unloading);
}

int main(void)
{
	uint8_t *memory = calloc(1, 4096);

	CHECK(memory);
	build(memory);
	check_good();
	check_bad();
	check_together();
	check_settled();
	check_joined();
	check_reach();
	check_places();
	check_shorter();
	check_padding(nops_start, nops_end, false);
	check_padding(padding_start, padding_end, true);
	check_jumps();
	check_home();
	ASAN_UNPOISON_MEMORY_REGION(memory, 4096);
	free(memory);
	return 0;
}
