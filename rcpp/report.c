// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * References and sites in, lines for people and counts out. Kinds are the headings of the rules
 * file, so a new heading needs nothing here.
 */
#include <errno.h>
#include <stdlib.h>
#include "emit.h"
#include "report.h"

int report_open(struct report *report, const struct options *options)
{
	*report = (struct report){.options = options};
	if (!options->explain)
		return 0;
	report->explain = options->explain_file ? fopen(options->explain_file, "we") : stderr;
	if (!report->explain) {
		fprintf(stderr, "rcpp: error: cannot write '%s': %s\n", options->explain_file,
			strerror(errno));
		return 1;
	}
	return 0;
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

/* The line of the C source where .loc gives one, else the line of the assembly. */
static void print_place(FILE *file, const struct function *function, const struct item *item)
{
	const struct survey *survey = function->survey;
	struct span name = item_function(function, item);

	if (item->source_line && item->source_file < survey->file_count) {
		struct span source = survey->files[item->source_file];

		fprintf(file, "%.*s:%u: ", (int)source.length, source.text, item->source_line);
	} else {
		fprintf(file, "%s:%u: ", survey->input_name, item->statement.line);
	}
	if (name.length)
		fprintf(file, "%.*s: ", (int)name.length, name.text);
	else
		fputs("?: ", file);
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

static void explain(struct report *report, const struct function *function,
		    const struct site_list *sites, const struct reference *reference)
{
	FILE *file = report->explain;

	print_place(file, function, &function->items[reference->item]);
	fprintf(file, "%.*s", (int)reference->variable.length, reference->variable.text);
	if (reference->offset)
		fprintf(file, "%+lld", (long long)reference->offset);
	fputs(": ", file);
	if (reference->reason == REASON_NONE)
		explain_site(file, &sites->sites[reference->site]);
	else
		fprintf(file, "load: %s\n", reason_texts[reference->reason].sentence);
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

int report_close(struct report *report)
{
	int status = 0;

	if (report->options->stats == STATS_TEXT)
		print_text(report);
	else if (report->options->stats == STATS_JSON)
		print_json(report);
	if (report->explain && report->explain != stderr && fclose(report->explain)) {
		fprintf(stderr, "rcpp: error: cannot write '%s': %s\n",
			report->options->explain_file, strerror(errno));
		status = 1;
	}
	free(report->kinds);
	return status;
}
