// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * References, sites and writes in, lines for people and counts out, in the order of the text. Both
 * are kept until the end and written at once, so that they do not mix with those of other files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>
#include "code.h"
#include "memory.h"
#include "report.h"
#include "stores.h"

static int cannot_write(const struct options *options)
{
	fprintf(stderr, "rcpp: error: cannot write '%s': %s\n", options->explain_file,
		strerror(errno));
	return 1;
}

static FILE *open_memory(char **text, size_t *length)
{
	FILE *file = open_memstream(text, length);

	if (!file)
		allocate(SIZE_MAX); /* says that memory is exhausted */
	return file;
}

/* The stream is in memory, so an error means that memory is exhausted. */
static void close_memory(FILE *file)
{
	bool complete = !ferror(file);

	if (fclose(file) || !complete)
		allocate(SIZE_MAX);
}

int report_open(struct report *report, const struct options *options)
{
	*report = (struct report){.options = options, .explain_file = STDERR_FILENO};
	if (!options->explain)
		return 0;
	if (options->explain_file)
		report->explain_file = open(options->explain_file,
					    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (report->explain_file < 0)
		return cannot_write(options);
	report->explain = open_memory(&report->lines, &report->lines_length);
	return 0;
}

void report_text(struct report *report, const char *input_name, struct span text)
{
	place_begin(&report->place, text.text);
	if (report->explain && place_is_temporary(input_name))
		report->source = place_source(text, "");
}

/*
 * The line of the source where .loc, a line marker or a comment of gcc's gives one, else the line
 * of the assembly. If that is gone when the compiler is done, its source without a line is better.
 */
static void print_place(struct report *report, const struct function *function,
			const struct item *item)
{
	const struct survey *survey = function->survey;
	struct span file = {survey->input_name, strlen(survey->input_name)};
	uint32_t line = item->statement.line;

	place_follow(&report->place, item->statement.text);
	if (item->source_line && item->source_file < survey->file_count) {
		file = survey->files[item->source_file];
		line = item->source_line;
	} else if (report->place.line) {
		file = report->place.file;
		line = report->place.line;
	} else if (report->source.length) {
		file = report->source;
		line = 0;
	}
	fprintf(report->explain, "%.*s:%u: ", (int)file.length, file.text, line);
}

static void print_function(FILE *file, const struct function *function, const struct item *item)
{
	struct span name = item_function(function, item);

	if (!name.length)
		name = SPAN("?");
	fprintf(file, "%.*s: ", (int)name.length, name.text);
}

static void explain_site(FILE *file, const struct site *site)
{
	for (uint32_t i = 0; i <= site->consumers; i++) {
		char *form = describe_form(&site[i]);

		fprintf(file, "%s%s", i ? "; " : "", form);
		free(form);
	}
	fputc('\n', file);
}

static void explain_reason(FILE *file, const struct reason_text *text, bool by_hand)
{
	fprintf(file, "%s; %s\n", text->sentence, reason_advice(text, by_hand));
}

/* Did a person write the instruction? */
static bool is_by_hand(const struct function *function, uint32_t item)
{
	return function->items[item].by_hand || !function->survey->compiled;
}

/* Where it is, and what it is about. */
static void explain_variable(struct report *report, const struct function *function, uint32_t item,
			     struct span variable, int64_t offset)
{
	FILE *file = report->explain;

	print_place(report, function, &function->items[item]);
	print_function(file, function, &function->items[item]);
	fprintf(file, "%.*s", (int)variable.length, variable.text);
	if (offset)
		fprintf(file, "%+lld", (long long)offset);
	fputs(": ", file);
}

static void explain_reference(struct report *report, const struct function *function,
			      const struct site_list *sites, const struct reference *reference)
{
	explain_variable(report, function, reference->item, reference->variable, reference->offset);
	if (reference->reason == REASON_NONE) {
		explain_site(report->explain, &sites->sites[reference->site]);
		return;
	}
	fputs("load: ", report->explain);
	explain_reason(report->explain, &reason_texts[reference->reason],
		       is_by_hand(function, reference->item));
}

/* The writes from one item up to another. */
static void report_stores(struct report *report, const struct function *function, uint32_t from,
			  uint32_t to)
{
	for (uint32_t item = from; item < to; item++) {
		struct variable variable;

		if (!store_examine(function, item, &variable))
			continue;
		report->stats.written++;
		if (!report->explain)
			continue;
		explain_variable(report, function, item, variable.symbol, variable.offset);
		explain_reason(report->explain, &written_text, is_by_hand(function, item));
	}
}

void report_function(struct report *report, const struct function *function,
		     const struct site_list *sites)
{
	uint32_t item = 0; /* the writes before this one have been told */

	if (!report->explain && !report->options->stats)
		return;
	for (uint32_t i = 0; i < sites->reference_count; i++) {
		const struct reference *reference = &sites->references[i];

		stats_add(&report->stats, sites, reference);
		if (report->explain)
			explain_reference(report, function, sites, reference);
		report_stores(report, function, item, reference->item + 1);
		item = reference->item + 1;
	}
	report_stores(report, function, item, function->count);
}

static bool write_all(int file, const char *bytes, size_t length)
{
	while (length) {
		ssize_t count = write(file, bytes, length);

		if (count < 0 && errno != EINTR)
			return false;
		bytes += count > 0 ? count : 0;
		length -= count > 0 ? (size_t)count : 0;
	}
	return true;
}

/*
 * To a file that is open for appending, one write() is not mixed with others. The lock is for files
 * that take a write() in parts, as pipes do. If a file cannot be locked, it is written without the
 * lock.
 */
static int append_lines(const struct report *report)
{
	int file = report->explain_file;
	bool written;

	if (file != STDERR_FILENO)
		flock(file, LOCK_EX);
	written = write_all(file, report->lines, report->lines_length);
	return written || file == STDERR_FILENO ? 0 : cannot_write(report->options);
}

static int end_explanation(struct report *report, int status)
{
	close_memory(report->explain);
	if (!status)
		status = append_lines(report);
	if (report->explain_file != STDERR_FILENO && close(report->explain_file) && !status)
		status = cannot_write(report->options);
	free(report->lines);
	return status;
}

static void print_stats(const struct report *report, struct span name)
{
	char *text;
	size_t length;
	FILE *file = open_memory(&text, &length);

	stats_print(file, &report->stats, report->options->stats, name);
	close_memory(file);
	write_all(STDERR_FILENO, text, length);
	free(text);
}

int report_close(struct report *report, const char *input_name, struct span text, int status)
{
	if (report->explain)
		status = end_explanation(report, status);
	if (report->options->stats)
		print_stats(report, place_source(text, input_name));
	stats_free(&report->stats);
	return status;
}
