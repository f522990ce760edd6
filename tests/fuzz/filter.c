// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzz target: the whole filter, with the options that the input's first line asks for. Checked,
 * besides what the sanitizers see:
 *
 *	the output without what the filter added is the input, its value-of operands written out
 *	and the sections of marked constants writable; and the input without sites, such operands
 *	and sections is the output; called as the assembler's wrapper calls it, the filter writes
 *	the same; filtered text comes back unchanged;
 *	where the first look sees nothing to do, there is nothing to do;
 *	once value-of operands are written out there are none, and as many lines as before;
 *	what as takes before it takes after. Assembling is a hundred times slower than filtering,
 *	so only one in RCPP_FUZZ_AS inputs is assembled, 0 for none, 1, the default, for all.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "emit.h"
#include "filter.h"
#include "first_look.h"
#include "fuzz.h"
#include "operands.h"
#include "sections.h"

#define WORDS_MAX 32

/* What the input asks for: the words of its first line that are options here. */
struct command {
	char *word[WORDS_MAX + 2];
	int count;
};

struct result {
	char *text;
	size_t length;
	int status;
	bool changed;
};

static char *known_option(const char *word, size_t length)
{
	for (size_t i = 0; i < fuzz_option_count; i++)
		if (strlen(fuzz_options[i]) == length && !memcmp(fuzz_options[i], word, length))
			return (char *)fuzz_options[i]; /* getopt wants it writable, never writes */
	return NULL;
}

static void read_command(struct command *command, const char *text)
{
	static char program[] = "rcpp", symbol[] = "--symbol=b";
	size_t mark = strlen(FUZZ_OPTIONS_MARK);

	*command = (struct command){.word = {program}, .count = 1};
	if (strncmp(text, FUZZ_OPTIONS_MARK, mark)) {
		command->word[command->count++] = symbol;
		return;
	}
	for (text += mark; *text == ' ' && command->count < WORDS_MAX;) {
		size_t length = strcspn(++text, " \n");
		char *word = known_option(text, length);

		if (word)
			command->word[command->count++] = word;
		text += length;
	}
}

static struct result filter(const struct command *command, const void *data, size_t size)
{
	struct result result = {.text = NULL};
	char *text = fuzz_copy(data, size);
	FILE *output = open_memstream(&result.text, &result.length);
	struct command copy = *command; /* getopt sorts the words */
	struct options options;

	if (options_parse(&options, copy.count, copy.word))
		fuzz_fail("the options are refused");
	result.status = filter_text(&options, "input", text, size, output, &result.changed);
	options_free(&options);
	fclose(output);
	if (!result.status && size && memcmp(text, data, size)) {
		char *open = fuzz_copy(data, size);

		if (!sections_open_homes(open, size) || memcmp(text, open, size))
			fuzz_fail("filtering changed the input");
		free(open);
	}
	free(text);
	return result;
}

/* Once more, as the assembler's wrapper does it. */
static void check_again(const struct command *command, const void *data, size_t size,
			const struct result *once)
{
	char *text = fuzz_copy(data, size);
	struct command copy = *command;
	int file = memfd_create("output", MFD_CLOEXEC);
	bool changed = false;
	int status = rcpp_filter_for_as(copy.count, copy.word, "input", text, size, file, &changed);
	char *output;

	if (status != once->status || (!status && changed != once->changed))
		fuzz_fail("called twice, the filter says different things");
	if (changed) {
		output = malloc(once->length + 1);
		if (!output || pread(file, output, once->length + 1, 0) != (ssize_t)once->length ||
		    memcmp(output, once->text, once->length))
			fuzz_fail("called twice, the filter writes different texts");
		free(output);
	}
	close(file);
	free(text);
}

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* Behind what `ends` the construct; fails if nothing does. */
static const char *behind(const char *text, const char *ends)
{
	const char *end = strstr(text, ends);

	if (!end)
		fuzz_fail("what the filter added has no end: %.100s", text);
	return end + strlen(ends);
}

/* Behind a label of the filter's, which may be marked for a .loc, or NULL. */
static const char *behind_label(const char *output)
{
	static const char mark[] = ".loc_mark_labels 1; .Lrcpp";

	if (!begins(output, ".Lrcpp") && !begins(output, mark))
		return NULL;
	output = behind(output, ": ");
	return begins(output, ".loc_mark_labels 0; ") ? behind(output, "; ") : output;
}

/* Behind the byte at an entry. */
static const char *behind_entry(const char *output)
{
	static const char *const bytes[] = {"nop; ", ".byte 0x90; ", ".byte .LrcppF"};

	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
		if (begins(output, bytes[i]) && behind_label(behind(output, "; ")))
			return behind_label(behind(output, "; "));
	return output;
}

/* Behind what the filter put here, or NULL if it put nothing here. */
static const char *behind_addition(const char *output, const char *input)
{
	if (begins(output, ".pushsection rcpp_forms,"))
		return behind(output, ".popsection; ");
	if (begins(output, "; .byte 0xeb,.LrcppF"))
		output = behind(output, "g-2");
	if (begins(output, "; .nops .LrcppF") || begins(output, "; .fill .LrcppF"))
		return behind(output, "g") + strspn(behind(output, "g"), "-,0129x");
	if (begins(output, "; .Lrcpp") && output[strcspn(output, ":") - 1] == 'z')
		return behind(output, "z:"); /* the end of a reach */
	if (begins(output, "; .Lrcpp") && strchr("ex", output[strcspn(output, ":") - 1]))
		return behind(output, "x:"); /* the site's end, not the next site */
	output = behind_label(output);
	if (!output)
		return NULL;
	output = behind_entry(output);
	if (begins(output, ".reloc .Lrcpp"))
		output = behind(output, "; ");
	if (begins(output, ".nops (.LrcppF"))
		output = behind(output, "; ");
	if (begins(output, ".fill .LrcppF"))
		output = behind(output, "; ");
	if (begins(output, "{disp32} ") && !begins(input, "{disp32} "))
		output += strlen("{disp32} ");
	return output;
}

static bool is_tables(const char *output)
{
	return begins(output, "\t" EMIT_ROWS) ||
	       begins(output, "\t.weak __start_rcpp_patchable,") ||
	       (begins(output, "\t.pushsection rcpp_patchable") &&
		(strstr(output, "\n\t" EMIT_PAGE_END) || strstr(output, "\n\t" EMIT_ROWS)));
}

/*
 * May the filter have ended the input's last line itself? It is open, or the newline stands behind
 * a quote or a backslash, and may be the character that is quoted.
 */
static bool may_be_open(const char *begin, const char *end)
{
	return end > begin && (end[-1] != '\n' || (end - begin > 1 && strchr("'\\", end[-2])));
}

/* Both texts end with a NUL and hold no other. */
static void check_text(const char *input, const char *output)
{
	const char *begin = input;

	while (*input || *output) {
		const char *next = behind_addition(output, input);

		if (next)
			output = next;
		else if (!*input && (input == begin || input[-1] == '\n') && is_tables(output))
			return;
		else if (!*input && may_be_open(begin, input) && *output == '\n' &&
			 is_tables(output + 1))
			return;
		else if (*input++ != *output++)
			fuzz_fail("the output is not the input and sites, but: %.200s", output - 1);
	}
}

static void check_idempotent(const struct command *command, const struct result *once)
{
	struct result twice = filter(command, once->text, once->length);

	if (twice.length != once->length || memcmp(twice.text, once->text, once->length))
		fuzz_fail("filtered text is filtered again");
	free(twice.text);
}

/* One in how many inputs gets the slow checks? At most one in `most`. By a hash, so repeatable. */
static bool is_chosen(const uint8_t *data, size_t size, unsigned long most)
{
	const char *text = getenv("RCPP_FUZZ_AS");
	unsigned long each = text ? strtoul(text, NULL, 10) : 1;
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return each && (hash ^ hash >> 16) % (each < most ? each : most) == 0;
}

static void check_assembling(const char *text, size_t size, const struct result *result)
{
	if (is_chosen((const uint8_t *)text, size, ULONG_MAX) &&
	    fuzz_assemble(text, size, false) == VERDICT_TAKEN &&
	    fuzz_assemble(result->text, result->length, false) == VERDICT_REFUSED) {
		fuzz_assemble(result->text, result->length, true);
		fuzz_fail("as takes the input and refuses the output");
	}
}

/* The same text behind a comment that makes the filter read all of it. */
static void check_first_look(const struct command *command, char *text, size_t size)
{
	static const char comment[] = "#.rcpp_extern\n";
	struct command copy = *command;
	struct options options;
	struct result whole;
	char *commented;

	options_parse(&options, copy.count, copy.word);
	if (!first_look(&options, text, size, true)) {
		commented = malloc(sizeof comment + size);
		memcpy(commented, comment, sizeof comment - 1);
		memcpy(commented + sizeof comment - 1, text, size);
		whole = filter(command, commented, sizeof comment - 1 + size);
		if (!whole.status && whole.changed)
			fuzz_fail("the first look has overlooked something");
		free(whole.text);
		free(commented);
	}
	options_free(&options);
}

static size_t count_lines(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '\n';
	return count;
}

/* `text` with value-of operands written out, if there are any that can be. */
static void write_out(struct values *values, char *text, size_t size)
{
	struct values again;
	char *copy;

	if (values_write_out(values, "input", text, size) || !values->text)
		return;
	if (values->length > size ||
	    count_lines(values->text, values->length) != count_lines(text, size))
		fuzz_fail("value-of operands have changed the lines: %.200s", values->text);
	copy = fuzz_copy(values->text, values->length);
	if (values_write_out(&again, "input", copy, values->length) || again.text)
		fuzz_fail("value-of operands are there after they were written out");
	values_free(&again);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	const char *base = text; /* what is to be found again in the output */
	char *open;
	size_t length = size;
	struct command command;
	struct result result;
	struct values values;

	read_command(&command, text);
	write_out(&values, text, size);
	if (values.text) {
		base = values.text;
		length = values.length;
	}
	base = open = fuzz_copy(base, length);
	sections_open_homes(open, length);
	result = filter(&command, data, size);
	check_first_look(&command, text, size);
	if (is_chosen(data, size, 8))
		check_again(&command, data, size, &result);
	if (!result.status && !result.changed &&
	    (result.length != size || memcmp(result.text, data, size)))
		fuzz_fail("there are no sites, but the output is not the input");
	/* Names of the filter's own in the input are not for it to know. */
	if (!result.status && result.changed && !strstr(text, "rcpp_rows") &&
	    !strstr(text, "rcpp_forms") && !strstr(text, ".Lrcpp")) {
		bool faults = false;

		for (int i = 0; i < command.count; i++)
			faults |= !strcmp(command.word[i], "--unpatched=fault");
		if (!faults && strlen(text) == size)
			check_text(base, result.text);
		if (is_chosen(data, size, 8))
			check_idempotent(&command, &result);
		check_assembling(text, size, &result);
		if (values.text)
			check_assembling(base, length, &result);
	}
	values_free(&values);
	free(result.text);
	free(open);
	free(text);
	return 0;
}
