// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The writes outside of init code that --explain lists in, a paragraph for each variable out, with
 * all functions that write it. The advice is the same for all of them, so it is printed once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "summary.h"

struct written {
	char *variable;
	const struct explained_line *line;
};

static int compare(const void *left, const void *right)
{
	const struct written *a = left, *b = right;
	int order = strcmp(a->variable, b->variable);

	/* else as they were, which is by file and line */
	return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* "f(), a.c:12" */
static void put_place(FILE *out, struct report *report, const struct explained_line *line)
{
	char *call = demangle_function(&report->demangler, line->function);

	fprintf(out, "%s, %s:%u", strcmp(line->function, "?") ? call : "?", line->file, line->line);
	free(call);
}

/* What a profile of runs that called rcpp_patch() knows of it. */
static const char *known_of(const struct report *report, const char *variable)
{
	for (size_t i = 0; i < report->rows.count; i++) {
		const struct row *row = &report->rows.row[i];

		if (row->patched && !strcmp(row->name, variable))
			return row->late ? " (written after rcpp_patch() in the profile)"
					 : " (never after rcpp_patch() in the profile)";
	}
	return "";
}

/* All writes of one variable. */
static void print_variable(struct report *report, const struct written *written, size_t count)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "%s%s: written in ", written->variable, known_of(report, written->variable));
	for (size_t i = 0; i < count; i++) {
		fputs(i ? "; " : "", out);
		put_place(out, report, written[i].line);
	}
	fclose(out);
	column_lines(stdout, text, 4);
	free(text);
}

static void print_advice(const struct written *written, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool again = false;

		for (size_t j = 0; j < i && !again; j++)
			again = !strcmp(written[i].line->advice, written[j].line->advice);
		if (!again)
			column_lines(stdout, written[i].line->advice, 8);
	}
}

void report_written(struct report *report)
{
	const struct explained *explained = &report->inputs->explained;
	struct written *written = dump_allocate(explained->count, sizeof *written);
	size_t count = 0;

	for (size_t i = 0; i < explained->count; i++)
		if (explained->lines[i].written)
			written[count++] =
				(struct written){report_line_variable(report, &explained->lines[i]),
						 &explained->lines[i]};
	if (count)
		puts("\nWritten outside of init code:");
	qsort(written, count, sizeof *written, compare);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1;
		     end < count && !strcmp(written[i].variable, written[end].variable);)
			end++;
		print_variable(report, &written[i], end - i);
	}
	print_advice(written, count);
	for (size_t i = 0; i < count; i++)
		free(written[i].variable);
	free(written);
}
