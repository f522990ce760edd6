// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The whole way through the tool, one stage after the other: a first look at the text, value-of
 * operands written out, the survey of all of it, then function by function what its statements do,
 * what is live, which sites there are, and the text with them.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "choose.h"
#include "counters.h"
#include "cutting.h"
#include "emit.h"
#include "fields.h"
#include "filter.h"
#include "first_look.h"
#include "foreign.h"
#include "liveness.h"
#include "memory.h"
#include "operands.h"
#include "pointers.h"
#include "report.h"
#include "returns.h"
#include "tables.h"
#include "target.h"

struct pass {
	const struct options *options;
	struct survey survey;
	struct sections sections;
	struct function function;
	struct site_list sites;
	struct emitter emitter;
	struct counters counters;
	struct report *report;
	bool ours;    /* the text has words of rcpp's own */
	bool changed; /* the output is not the input */
};

static void finish_function(struct pass *pass)
{
	struct function *function = &pass->function;

	if (function->candidates) {
		function_analyse(function);
		processor.use_copies(function);
		liveness_solve(function);
		pointers_follow(function);
		sites_choose(&pass->sites, function);
		report_function(pass->report, function, &pass->sites);
	}
	emit_function(&pass->emitter, function, &pass->sites);
	sites_clear(&pass->sites);
	function_clear(function);
}

/* --profile */
static void count_function(struct pass *pass)
{
	struct function *function = &pass->function;

	function_analyse(function);
	liveness_solve(function);
	pointers_follow(function);
	counters_function(&pass->counters, function);
	function_clear(function);
}

/* Leave out what stands behind the last statement and need not be read. */
static void skip(struct pass *pass, struct reader *reader, struct stretch_walk *walk)
{
	const struct stretch *stretch = stretch_walk_next(walk, reader_place(reader).at);

	if (stretch) {
		function_skip(&pass->function, stretch);
		reader_continue(reader, stretch->end);
	}
}

static void filter_functions(struct pass *pass, char *text, size_t length,
			     void (*finish)(struct pass *pass))
{
	struct reader *reader = reader_open(text, length);
	const struct statement *statement;
	struct stretch_walk walk;

	stretch_walk_init(&walk, &pass->survey.stretches, &pass->survey.patchables,
			  (struct span){text, length});
	while ((statement = reader_next(reader))) {
		if (function_ends_before(&pass->function, statement))
			finish(pass);
		if (!pass->function.count && !pass->options->profile)
			stretch_walk_cut(&walk, statement->text);
		function_add(&pass->function, statement);
		skip(pass, reader, &walk);
	}
	reader_close(reader);
	finish(pass);
}

/* Text that has been through rcpp has its tables already, and its pages are full. */
static bool is_filtered(const char *bytes, size_t length)
{
	struct span text = {bytes, length};

	return span_contains(text, EMIT_ROWS) || span_contains(text, EMIT_PAGE_END) ||
	       span_contains(text, EMIT_RELEASE) || span_contains(text, COUNTERS_SECTION);
}

static void filter_surveyed(struct pass *pass, char *text, size_t length, FILE *output)
{
	sections_init(&pass->sections, pass->options);
	function_init(&pass->function, &pass->survey, &pass->sections);
	if (pass->options->profile) {
		counters_init(&pass->counters, output, text, &pass->survey);
		filter_functions(pass, text, length, count_function);
		pass->changed |= counters_end(&pass->counters, length);
		counters_free(&pass->counters);
	} else {
		emitter_init(&pass->emitter, output, text, &pass->sections);
		filter_functions(pass, text, length, finish_function);
		if (pass->survey.unterminated)
			sections_forget_homes(&pass->sections);
		emit_end(&pass->emitter, length);
		tables_emit(&pass->emitter, &pass->survey, length);
		pass->changed |= pass->emitter.changed;
		emitter_free(&pass->emitter);
	}
	sites_free(&pass->sites);
	function_free(&pass->function);
	sections_free(&pass->sections);
}

/* Text that may hold something patchable. */
static int filter_promising(struct pass *pass, const char *input_name, char *text, size_t length,
			    FILE *output)
{
	struct values values = {0};
	int status = pass->ours ? values_write_out(&values, input_name, text, length) : 0;

	if (!status && values.text) {
		text = values.text;
		length = values.length;
		pass->changed = true;
	}
	if (!status && pass->ours)
		pass->changed |= sections_open_homes(text, length);
	if (!status)
		status = survey_take(&pass->survey, pass->options, input_name, text, length);
	for (uint32_t i = 0; i < values.count && !status; i++)
		survey_declare(&pass->survey, values.uses[i].symbol);
	if (!status && (pass->survey.patchables.count || pass->options->profile)) {
		if (pass->survey.described)
			returns_take(&pass->survey.returns, (struct span){text, length});
		report_text(pass->report, input_name, (struct span){text, length});
		filter_surveyed(pass, text, length, output);
	} else if (!status) {
		fwrite(text, 1, length, output);
	}
	survey_free(&pass->survey);
	values_free(&values);
	return status;
}

/* What may be done with a text, by a look at its bytes. */
enum prospect {
	PROSPECT_NOTHING,
	PROSPECT_SITES,
	PROSPECT_OURS, /* sites, and it has words of rcpp's own */
	PROSPECT_FOREIGN,
};

static enum prospect prospect_of(const struct options *options, const char *text, size_t length)
{
	bool ours = span_contains((struct span){text, length}, FIRST_LOOK_OURS);
	uint32_t line;

	if (foreign_input(text, length, &line))
		return PROSPECT_FOREIGN;
	if (!first_look(options, text, length, ours) || (ours && is_filtered(text, length)))
		return PROSPECT_NOTHING;
	return ours ? PROSPECT_OURS : PROSPECT_SITES;
}

static int refuse_foreign(const char *input_name, const char *text, size_t length)
{
	uint32_t line;
	const char *name = foreign_input(text, length, &line);

	fprintf(stderr,
		"%s:%u: error: this is %s, not assembly; run rcpp on what the compiler writes "
		"with -S\n",
		input_name, line, name);
	return 1;
}

static int filter_prospect(enum prospect prospect, const struct fields *fields,
			   const char *input_name, char *text, size_t length, FILE *output,
			   bool *changed)
{
	struct report report;
	struct pass pass = {
		.options = &fields->options, .report = &report, .ours = prospect == PROSPECT_OURS};
	int status = report_open(&report, pass.options);

	*changed = false;
	if (status)
		return status;
	if (report.explain)
		fields_explain(fields, report.explain);
	switch (prospect) {
	case PROSPECT_NOTHING:
		fwrite(text, 1, length, output);
		break;
	case PROSPECT_SITES:
	case PROSPECT_OURS:
		status = filter_promising(&pass, input_name, text, length, output);
		*changed = pass.changed;
		break;
	case PROSPECT_FOREIGN:
		status = refuse_foreign(input_name, text, length);
	}
	return report_close(&report, input_name, (struct span){text, length}, status);
}

int filter_text(const struct options *options, const char *input_name, char *text, size_t length,
		FILE *output, bool *changed)
{
	struct fields fields;
	int status;

	fields_resolve(&fields, options, (struct span){text, length});
	status = filter_prospect(prospect_of(&fields.options, text, length), &fields, input_name,
				 text, length, output, changed);
	fields_free(&fields);
	return status;
}

/* The same, of a text that is not to be written to, to a descriptor. */
static int filter_copy(enum prospect prospect, const struct fields *fields, const char *input_name,
		       const char *text, size_t length, int output_fd, bool *changed)
{
	char *copy = memcpy(allocate(length + 2), text, length);
	FILE *output = fdopen(dup(output_fd), "w");
	int status = 1;

	copy[length] = copy[length + 1] = '\0';
	if (output)
		status = filter_prospect(prospect, fields, input_name, copy, length, output,
					 changed);
	if (!output || fclose(output)) {
		perror("rcpp: error: cannot write the filtered text");
		status = 1;
	}
	free(copy);
	return status;
}

int rcpp_filter_for_as(int argc, char **argv, const char *input_name, const char *text,
		       size_t length, int output_fd, bool *changed)
{
	struct options options;
	struct fields fields;
	int status = options_parse(&options, argc, argv);
	enum prospect prospect;

	if (!status && (options.input || options.output || options.help || options.version)) {
		fputs("rcpp: error: an input, an output, --help or --version has no place in "
		      "RCPP_FLAGS\n",
		      stderr);
		status = 2;
	}
	if (status) {
		options_free(&options);
		return status;
	}
	*changed = false;
	fields_resolve(&fields, &options, (struct span){text, length});
	prospect = prospect_of(&fields.options, text, length);
	if (prospect != PROSPECT_NOTHING || options.stats ||
	    (options.explain && fields.missing_count))
		status = filter_copy(prospect, &fields, input_name, text, length, output_fd,
				     changed);
	fields_free(&fields);
	options_free(&options);
	return status;
}
