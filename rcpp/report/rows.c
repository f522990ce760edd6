// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fields as units have counted them in, one row for each field of a variable out.
 *
 * Overlapping reads are one row, and so is a number that is read whole and by its bytes; a read
 * that spans several rows is a row of its own, so that each read is counted once. A write belongs
 * to every row that it overlaps, whichever unit it is from, and a write by an index to the whole
 * array, or to the whole variable if nothing says where the array is: a row must never look more
 * settled than it is.
 */
#include <stdlib.h>
#include <string.h>
#include "rcpp_profile.h"
#include "kinds.h"
#include "rows.h"

struct range {
	int64_t start, end;
};

/* A row being made. */
struct draft {
	struct range range;
	bool indexed;
	const struct piece *piece; /* the first of it */
	size_t first, count; /* of the variable's pieces, those that are read here, by index */
};

/* The pieces of one variable. */
struct group {
	const struct profile *profile;
	const struct names *names;
	struct demangler *demangler;
	const struct piece *pieces;
	struct range *ranges; /* of each piece */
	size_t *draft_of;     /* of each piece that is read: its draft + 1 */
	size_t count;
	struct draft *drafts;
	size_t draft_count;
};

static bool overlap(struct range one, struct range other)
{
	return one.start < other.end && other.start < one.end;
}

static struct range everything(void)
{
	return (struct range){INT64_MIN, INT64_MAX};
}

static bool is_indexed(const struct piece *piece)
{
	return piece->field->flags & RCPP_FIELD_INDEXED;
}

/* Not a write, but an address that goes where nothing is counted. */
static bool takes_address(const struct piece *piece)
{
	return piece->field->flags & RCPP_FIELD_NOWHERE && !piece->field->size;
}

/* Where an index, an address, or an access of unknown size, may lead. */
static struct range wide_range(const struct group *group, const struct piece *piece)
{
	const struct names_place place = {piece->variable, piece->offset, piece->field->size, true,
					  piece->symbol};
	struct range range;

	if (is_indexed(piece) && names_array(group->names, &place, &range.start, &range.end))
		return range;
	if (takes_address(piece) && names_object(group->names, &place, &range.start, &range.end))
		return range;
	if (piece->whole && piece->whole < INT64_MAX)
		return (struct range){0, (int64_t)piece->whole};
	return everything();
}

static struct range range_of(const struct group *group, const struct piece *piece)
{
	if (is_indexed(piece) || !piece->field->size)
		return wide_range(group, piece);
	return (struct range){piece->offset, piece->offset + (int64_t)piece->field->size};
}

/* Whether the field has reads, or else writes, at all. */
static bool has(const struct group *group, const struct piece *piece, bool writes)
{
	const struct profile_access *access = group->profile->accesses + piece->field->first;

	for (size_t i = 0; i < piece->field->count; i++)
		if (!!(access[i].flags & RCPP_ACCESS_WRITE) == writes)
			return true;
	return false;
}

static struct draft *add_draft(struct group *group, size_t piece)
{
	group->drafts = dump_grow(group->drafts, group->draft_count + 1, sizeof *group->drafts);
	group->drafts[group->draft_count] = (struct draft){
		.range = group->ranges[piece],
		.indexed = is_indexed(&group->pieces[piece]) || !group->pieces[piece].field->size,
		.piece = &group->pieces[piece],
	};
	return &group->drafts[group->draft_count++];
}

/* The draft that a read belongs to; NULL: to none, or to several. */
static struct draft *find_draft(struct group *group, size_t piece, bool indexed)
{
	struct range range = group->ranges[piece];
	struct draft *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < group->draft_count; i++) {
		struct draft *draft = &group->drafts[i];

		if (draft->indexed != indexed || !overlap(draft->range, range))
			continue;
		if (draft->range.start == range.start && draft->range.end == range.end)
			return draft;
		found = draft;
		count++;
	}
	return count == 1 ? found : NULL;
}

static void add_read(struct group *group, size_t piece)
{
	struct range range = group->ranges[piece];
	bool indexed = is_indexed(&group->pieces[piece]) || !group->pieces[piece].field->size;
	struct draft *draft = find_draft(group, piece, indexed);

	if (!draft)
		draft = add_draft(group, piece);
	if (range.start < draft->range.start)
		draft->range.start = range.start;
	if (range.end > draft->range.end)
		draft->range.end = range.end;
	group->draft_of[piece] = (size_t)(draft - group->drafts) + 1;
}

/* What is written and never read has a row too. */
static void add_write(struct group *group, size_t piece)
{
	for (size_t i = 0; i < group->draft_count; i++)
		if (overlap(group->drafts[i].range, group->ranges[piece]))
			return;
	add_draft(group, piece);
}

/* Is the field one whole number of the source: not some of its bytes, and not more? */
static bool is_scalar(const struct group *group, const struct piece *piece)
{
	const struct names_place place = {piece->variable, piece->offset, piece->field->size, false,
					  piece->symbol};

	return !is_indexed(piece) && piece->field->size && names_scalar(group->names, &place);
}

static void add_reads(struct group *group, bool scalars)
{
	for (size_t i = 0; i < group->count; i++)
		if (has(group, &group->pieces[i], false) &&
		    is_scalar(group, &group->pieces[i]) == scalars)
			add_read(group, i);
}

/* First the numbers: reads of their bytes then find them. */
static void make_drafts(struct group *group)
{
	for (size_t i = 0; i < group->count; i++)
		group->ranges[i] = range_of(group, &group->pieces[i]);
	add_reads(group, true);
	add_reads(group, false);
	for (size_t i = 0; i < group->count; i++)
		if (has(group, &group->pieces[i], true))
			add_write(group, i);
}

static void add_share(struct shares *shares, const struct share *added)
{
	size_t i = 0;

	while (i < shares->count && (shares->share[i].use != added->use ||
				     strcmp(shares->share[i].function, added->function)))
		i++;
	if (i == shares->count) {
		shares->share = dump_grow(shares->share, shares->count + 1, sizeof *added);
		shares->share[shares->count++] = *added;
		return;
	}
	shares->share[i].count += added->count;
	shares->share[i].uncounted |= added->uncounted;
}

static int compare_shares(const void *left, const void *right)
{
	const struct share *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->function, b->function);
}

static void sort_shares(struct shares *shares)
{
	if (shares->count)
		qsort(shares->share, shares->count, sizeof *shares->share, compare_shares);
}

static void count_read(struct row *row, const struct profile_access *access)
{
	bool uncounted = access->flags & RCPP_ACCESS_UNCOUNTED;
	const struct share reader = {access->function, 0, access->count, uncounted};
	const struct share use = {"", access->use, access->count, uncounted};

	row->reads += access->count;
	row->reads_uncounted |= uncounted;
	add_share(&row->readers, &reader);
	add_share(&row->uses, &use);
}

static void count_write(struct row *row, const struct profile_access *access)
{
	bool uncounted = access->flags & RCPP_ACCESS_UNCOUNTED;
	const struct share writer = {access->function, access->use & KIND_ADDRESSES, access->count,
				     uncounted};

	row->writes += access->count;
	row->writes_uncounted |= uncounted;
	add_share(&row->writers, &writer);
}

static void count_accesses(const struct group *group, const struct profile_field *field,
			   struct row *row, bool writes)
{
	const struct profile_access *access = group->profile->accesses + field->first;

	for (size_t i = 0; i < field->count; i++) {
		if (!!(access[i].flags & RCPP_ACCESS_WRITE) != writes)
			continue;
		if (writes)
			count_write(row, &access[i]);
		else
			count_read(row, &access[i]);
	}
}

/*
 * Whether a field's state is one of these bytes. The program that is counted lets every write reach
 * the states of all fields that it overlaps, so the state of a wider field may come from a write
 * beside these bytes. But it does not know where an index leads, nor what has no address.
 */
static bool tells(const struct group *group, size_t piece, struct range range)
{
	const struct profile_field *field = group->pieces[piece].field;
	struct range at = group->ranges[piece];

	if (!overlap(at, range))
		return false;
	if (field->flags & (RCPP_FIELD_INDEXED | RCPP_FIELD_NOWHERE) || !field->size)
		return true;
	return range.start <= at.start && at.end <= range.end;
}

static void set_last(struct row *row, const struct profile_field *field)
{
	if (field->last > row->last)
		row->last = field->last;
	row->late |= field->late;
	row->at_end |= field->at_end;
	row->patched |= field->patched;
	if (field->late_writes > row->late_writes)
		row->late_writes = field->late_writes;
	if (field->unseen > row->unseen) /* each of these fields has seen the same ones */
		row->unseen = field->unseen;
}

static void count_writes(const struct group *group, const struct draft *draft, struct row *row)
{
	for (size_t i = 0; i < group->count; i++) {
		if (overlap(draft->range, group->ranges[i]))
			count_accesses(group, group->pieces[i].field, row, true);
		if (tells(group, i, draft->range))
			set_last(row, group->pieces[i].field);
	}
	row->writes += row->unseen;
}

/*
 * A field's own state says how many of its reads a write has followed. If another one that overlaps
 * it was written later in the same run, and it does not know of that, it is not known of all reads.
 */
static bool written_later(const struct group *group, struct range range,
			  const struct profile_field *read)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct profile_field *field = group->pieces[i].field;

		if (field->chunk == read->chunk && field->last > read->last &&
		    tells(group, i, range))
			return true;
	}
	return false;
}

static void count_reads(const struct group *group, size_t number, struct row *row)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct profile_field *field = group->pieces[i].field;

		if (group->draft_of[i] != number + 1)
			continue;
		count_accesses(group, field, row, false);
		row->watched &= field->watched;
		row->before += field->before;
		row->before_unknown |= written_later(group, group->drafts[number].range, field);
	}
}

static void name_row(const struct group *group, const struct draft *draft, struct row *row)
{
	const struct piece *piece = draft->piece;
	bool known = draft->range.start != INT64_MIN;
	struct names_place place = {
		.variable = piece->variable,
		.offset = draft->indexed ? piece->offset : draft->range.start,
		.size = draft->indexed ? piece->field->size : row->size,
		.indexed = draft->indexed,
		.name = demangle(group->demangler, piece->symbol),
	};

	if (!known)
		place.offset = 0;
	row->name = names_of(group->names, &place);
}

static struct row make_row(const struct group *group, size_t number)
{
	const struct draft *draft = &group->drafts[number];
	const struct piece *piece = draft->piece;
	bool known = draft->range.start != INT64_MIN;
	struct row row = {
		.symbol = piece->field->symbol,
		.unit = piece->field->flags & RCPP_FIELD_STATIC ? piece->field->unit : "",
		.variable = piece->variable,
		.indexed = draft->indexed,
		.uses = {.of_uses = true},
		.watched = piece->variable,
	};

	if (known) {
		row.offset = draft->range.start + piece->field->offset - piece->offset;
		row.size = (uint64_t)(draft->range.end - draft->range.start);
	}
	row.whole = known && !row.offset && row.size == piece->whole;
	name_row(group, draft, &row);
	count_writes(group, draft, &row);
	count_reads(group, number, &row);
	sort_shares(&row.readers);
	sort_shares(&row.writers);
	sort_shares(&row.uses);
	row_judge(&row, group->profile->runs);
	return row;
}

static void add_group(struct rows *rows, struct group *group)
{
	group->ranges = dump_allocate(group->count, sizeof *group->ranges);
	group->draft_of = dump_allocate(group->count, sizeof *group->draft_of);
	make_drafts(group);
	rows->row = dump_grow(rows->row, rows->count + group->draft_count, sizeof *rows->row);
	for (size_t i = 0; i < group->draft_count; i++) {
		rows->row[rows->count] = make_row(group, i);
		rows->reads += rows->row[rows->count++].reads;
	}
	free(group->drafts);
	free(group->ranges);
	free(group->draft_of);
}

uint64_t row_after(const struct row *row)
{
	return row->before < row->reads ? row->reads - row->before : 0;
}

static int compare_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	uint64_t after_a = row_after(a), after_b = row_after(b);

	if (after_a != after_b)
		return after_a > after_b ? -1 : 1;
	if (a->reads != b->reads)
		return a->reads > b->reads ? -1 : 1;
	return strcmp(a->name, b->name);
}

void rows_make(struct rows *rows, const struct profile *profile, const struct locator *locator,
	       const struct names *names, struct demangler *demangler)
{
	struct piece *pieces = locate(profile, locator);

	for (size_t i = 0, end; i < profile->field_count; i = end) {
		struct group group = {.profile = profile,
				      .names = names,
				      .demangler = demangler,
				      .pieces = pieces + i};

		for (end = i + 1;
		     end < profile->field_count && same_variable(&pieces[i], &pieces[end]);)
			end++;
		group.count = end - i;
		add_group(rows, &group);
	}
	if (rows->count)
		qsort(rows->row, rows->count, sizeof *rows->row, compare_rows);
	free(pieces);
}

void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->row[i].name);
		free(rows->row[i].readers.share);
		free(rows->row[i].writers.share);
		free(rows->row[i].uses.share);
	}
	free(rows->row);
	*rows = (struct rows){0};
}
