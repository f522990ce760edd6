// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What was counted of a field in, its verdict out. The rule is written down in rcpp-report(1): a
 * field is settled if it is read more often than written, 99 of 100 reads come after the last
 * write, and that write lies in the start-up, the first tenth of the run (profile_start_up()). If
 * the program has called rcpp_patch(), the start-up ends there, and nothing else counts. Where it
 * is not known for all reads whether they came before, those for which it is known count, and the
 * time. Where nothing is known of the run after the write, the reads alone count, and must be 100
 * times the writes. A field that may have been written by what was not counted is called settled
 * only if its bytes were looked at (rcpp_profile.h).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rows.h"

#define READS_BEFORE_MAX 100 /* of so many reads one may come before the last write */

static bool is_early(const struct row *row, uint64_t few)
{
	return !row->late || (row->at_end && !row->before_unknown && row->writes <= few);
}

static bool is_settled(const struct row *row)
{
	uint64_t few = row->reads / READS_BEFORE_MAX;

	if (row->patched)
		return !row->late;
	return is_early(row, few) && row->before <= few && row->writes <= row->reads;
}

/* Writes that follow the one with which each run begins. */
static uint64_t written_again(const struct row *row, uint64_t runs)
{
	return row->writes > runs ? row->writes - runs : row->writes;
}

static enum verdict judge(const struct row *row, uint64_t runs)
{
	if (!row->reads && !row->reads_uncounted)
		return VERDICT_NEVER_READ;
	if (row->indexed)
		return VERDICT_ARRAY;
	if (row->writes_uncounted && !row->watched)
		return VERDICT_UNKNOWN;
	if (!row->writes && row->last <= 0)
		return VERDICT_NEVER_WRITTEN;
	if (is_settled(row))
		return VERDICT_SETTLED;
	if (row->patched)
		return row->late_writes <= 1 ? VERDICT_ONE_WRITE : VERDICT_WRITTEN;
	return row->writes / 2 <= runs && row->writes <= 2 * (runs ? runs : 1) ? VERDICT_ONE_WRITE
									       : VERDICT_WRITTEN;
}

void row_judge(struct row *row, uint64_t runs)
{
	row->looks_settled = is_settled(row);
	row->verdict = judge(row, runs);
}

static const char *const words[] = {
	[VERDICT_SETTLED] = "settled",	     [VERDICT_NEVER_WRITTEN] = "never written",
	[VERDICT_ONE_WRITE] = "one write",   [VERDICT_WRITTEN] = "written again",
	[VERDICT_ARRAY] = "array",	     [VERDICT_UNKNOWN] = "unknown",
	[VERDICT_NEVER_READ] = "never read",
};

const char *verdict_word(enum verdict verdict)
{
	return words[verdict];
}

/* Its address is taken, or it is written where nothing could count. */
static bool is_loose(const struct row *row)
{
	return row->writes_uncounted && row->verdict != VERDICT_UNKNOWN &&
	       row->verdict != VERDICT_ARRAY && row->verdict != VERDICT_NEVER_READ;
}

/* The first function that writes it, of all or of those that were not counted. */
static const struct share *writer(const struct row *row, bool uncounted)
{
	for (size_t i = 0; i < row->writers.count; i++)
		if (!uncounted || row->writers.share[i].uncounted)
			return &row->writers.share[i];
	return NULL;
}

/* " by f()", or nothing if it has no name. */
static char *by(const char *function, struct demangler *demangler)
{
	char *call = *function ? demangle_function(demangler, function) : NULL, *text;

	if (asprintf(&text, "%s%s", call ? " by " : "", call ? call : "") < 0)
		text = dump_allocate(1, 1);
	free(call);
	return text;
}

static int format(char **text, const struct row *row, uint64_t runs, const char *by_writer)
{
	uint64_t again = row->patched ? row->late_writes : written_again(row, runs);

	switch (row->verdict) {
	case VERDICT_ONE_WRITE:
		return asprintf(text, "settled but for one write%s", by_writer);
	case VERDICT_WRITTEN:
		return asprintf(text, "written again %" PRIu64 " time%s%s%s", again,
				again == 1 ? "" : "s", by_writer,
				row->unseen ? ", not all counted" : "");
	case VERDICT_UNKNOWN:
		return asprintf(text,
				writer(row, true)->use ? "unknown: its address is taken%s"
						       : "unknown: written%s, not counted",
				by_writer);
	default:
		return asprintf(text, "%s", verdict_word(row->verdict));
	}
}

static char *by_function(const struct share *writer, struct demangler *demangler)
{
	return by(writer ? writer->function : "", demangler);
}

/* "TEXT; its address is taken by f()" */
static char *with_note(char *text, const struct row *row, struct demangler *demangler)
{
	char *by_writer = by_function(writer(row, true), demangler), *both;

	if (asprintf(&both, "%s; %s%s", text,
		     writer(row, true)->use ? "its address is taken" : "written, not counted,",
		     by_writer) < 0)
		both = dump_allocate(1, 1);
	free(by_writer);
	free(text);
	return both;
}

char *verdict_text(const struct row *row, uint64_t runs, struct demangler *demangler)
{
	char *by_writer = by_function(writer(row, row->verdict == VERDICT_UNKNOWN), demangler);
	char *text;

	if (format(&text, row, runs, by_writer) < 0)
		text = dump_allocate(1, 1);
	free(by_writer);
	return is_loose(row) ? with_note(text, row, demangler) : text;
}
