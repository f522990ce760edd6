// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * References and sites in, lines for people and counts out. Kinds are the headings of the rules
 * file, so a new heading needs nothing here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>
#include "code.h"
#include "report.h"

static int cannot_write(const struct options *options)
{
	fprintf(stderr, "rcpp: error: cannot write '%s': %s\n", options->explain_file,
		strerror(errno));
	return 1;
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
	report->explain = open_memstream(&report->lines, &report->lines_length);
	if (!report->explain)
		allocate(SIZE_MAX);
	return 0;
}

void report_text(struct report *report, const char *text)
{
	place_begin(&report->place, text);
}

static struct kind_count *count_of(struct report *report, const char *kind)
{
	for (uint32_t i = 0; i < report->kind_count; i++)
		if (!strcmp(report->kinds[i].kind, kind))
			return &report->kinds[i];
	report->kinds = make_room(report->kinds, report->kind_count, &report->kind_space,
				  sizeof *report->kinds);
	report->kinds[report->kind_count] = (struct kind_count){.kind = kind};
	return &report->kinds[report->kind_count++];
}

/*
 * The line of the source where .loc, a line marker or a comment of gcc's gives one, else the line
 * of the assembly.
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

static void explain_load(FILE *file, enum reason reason, bool by_hand)
{
	fprintf(file, "load: %s; %s\n", reason_texts[reason].sentence,
		reason_advice(reason, by_hand));
}

/* Did a person write the instruction? */
static bool is_by_hand(const struct function *function, uint32_t item)
{
	return function->items[item].by_hand || !function->survey->compiled;
}

static void explain(struct report *report, const struct function *function,
		    const struct site_list *sites, const struct reference *reference)
{
	FILE *file = report->explain;

	print_place(report, function, &function->items[reference->item]);
	print_function(file, function, &function->items[reference->item]);
	fprintf(file, "%.*s", (int)reference->variable.length, reference->variable.text);
	if (reference->offset)
		fprintf(file, "%+lld", (long long)reference->offset);
	fputs(": ", file);
	if (reference->reason == REASON_NONE)
		explain_site(file, &sites->sites[reference->site]);
	else
		explain_load(file, reference->reason, is_by_hand(function, reference->item));
}

void report_function(struct report *report, const struct function *function,
		     const struct site_list *sites)
{
	for (uint32_t i = 0; i < sites->reference_count; i++) {
		const struct reference *reference = &sites->references[i];

		report->references++;
		report->reasons[reference->reason]++;
		if (reference->reason == REASON_NONE) {
			const struct site *site = &sites->sites[reference->site];
			struct kind_count *count;

			report->sites++;
			count = count_of(report, site[site->consumers ? 1 : 0].kind);
			count->sites++;
			count->fused += site->consumers > 0;
		}
		if (report->explain)
			explain(report, function, sites, reference);
	}
}

static void print_text(const struct report *report)
{
	fprintf(stderr, "rcpp: %lu references, %lu sites, %lu loads\n", report->references,
		report->sites, report->references - report->sites);
	for (uint32_t i = 0; i < report->kind_count; i++)
		fprintf(stderr, "rcpp: site %s: %lu (%lu fused)\n", report->kinds[i].kind,
			report->kinds[i].sites, report->kinds[i].fused);
	for (int reason = 1; reason < REASON_COUNT; reason++)
		if (report->reasons[reason])
			fprintf(stderr, "rcpp: load %s: %lu\n", reason_texts[reason].word,
				report->reasons[reason]);
}

static void print_json(const struct report *report)
{
	const char *comma = "";

	fprintf(stderr, "{\"references\": %lu, \"sites\": %lu, \"loads\": %lu, \"forms\": {",
		report->references, report->sites, report->references - report->sites);
	for (uint32_t i = 0; i < report->kind_count; i++)
		fprintf(stderr, "%s\"%s\": {\"sites\": %lu, \"fused\": %lu}", i ? ", " : "",
			report->kinds[i].kind, report->kinds[i].sites, report->kinds[i].fused);
	fputs("}, \"reasons\": {", stderr);
	for (int reason = 1; reason < REASON_COUNT; reason++) {
		if (!report->reasons[reason])
			continue;
		fprintf(stderr, "%s\"%s\": %lu", comma, reason_texts[reason].word,
			report->reasons[reason]);
		comma = ", ";
	}
	fputs("}}\n", stderr);
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

/* The stream is in memory, so an error means that memory is exhausted. */
static int end_explanation(struct report *report, int status)
{
	bool complete = !ferror(report->explain);

	if (fclose(report->explain) || !complete)
		allocate(SIZE_MAX);
	if (!status)
		status = append_lines(report);
	if (report->explain_file != STDERR_FILENO && close(report->explain_file) && !status)
		status = cannot_write(report->options);
	free(report->lines);
	return status;
}

int report_close(struct report *report, int status)
{
	if (report->explain)
		status = end_explanation(report, status);
	if (report->options->stats == STATS_TEXT)
		print_text(report);
	else if (report->options->stats == STATS_JSON)
		print_json(report);
	free(report->kinds);
	return status;
}
