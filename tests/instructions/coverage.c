// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * coverage BARRIERS MILLIONTHS [--disassembly] FILE...: assembly, or what objdump -d
 * --no-show-raw-insn prints, in; out, what the filter makes of the instructions: how many it knows,
 * and how many are barriers to it, and why. The filter's own code classifies them. Fails if an
 * instruction is not understood, or its name is not in the table, and BARRIERS does not list it
 * with a reason; and if the share of barriers is above so many millionths.
 *
 * Barriers cost nothing but sites, and an unknown name that comes up often costs many of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cutting.h"
#include "instruction.h"
#include "memory.h"
#include "names.h"
#include "options.h"

#define FUNCTION_MAX 20000 /* items kept of one disassembly, at a time */

enum class {
	CLASS_KNOWN,
	CLASS_BARRIER, /* the table says so: syscall, int3, hlt, ... */
	CLASS_TRAP,    /* ud2: nothing comes behind it */
	CLASS_PLACE,   /* in data, between .if and .endif, ... */
	CLASS_LISTED,  /* not known, and that is on the list */
	CLASS_UNKNOWN,
	CLASS_COUNT
};

static unsigned long counts[CLASS_COUNT], bad;
static struct names listed;
static struct names seen; /* what CLASS_LISTED and CLASS_UNKNOWN were, by first word */

/* --- the list ------------------------------------------------------------------------------- */

/* A copy that lives as long as this program, for names. */
static struct span kept(struct span span)
{
	char *copy = allocate(span.length + 1);

	memcpy(copy, span.text, span.length);
	copy[span.length] = '\0';
	return (struct span){copy, span.length};
}

static void read_list(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t space = 0;

	if (!file) {
		perror(path);
		exit(2);
	}
	while (getline(&line, &space, file) > 0) {
		struct span name = {line, strcspn(line, " \t\n")};

		if (line[0] == '#' || !name.length)
			continue;
		if (!line[name.length + strspn(line + name.length, " \t\n")]) {
			fprintf(stderr, "%s: no reason for %s", path, line);
			exit(2);
		}
		names_add(&listed, kept(name), 0);
	}
	free(line);
	fclose(file);
}

/* --- one function --------------------------------------------------------------------------- */

static void note_unknown(const struct item *item, const struct survey *survey, struct span name)
{
	enum class class = names_find(&listed, name) ? CLASS_LISTED : CLASS_UNKNOWN;
	uint32_t *times;

	/* The file's own macros are no instructions. */
	if (names_find(&survey->macros, name)) {
		counts[CLASS_PLACE]++;
		return;
	}
	counts[class]++;
	times = names_find(&seen, name);
	if (times)
		++*times;
	else
		names_add(&seen, kept(name), 1);
	if (class == CLASS_UNKNOWN && (!times || *times < 3))
		printf("unknown: %.*s\n", (int)item->statement.length, item->statement.text);
}

static void classify(const struct item *item, const struct survey *survey)
{
	struct parsed_instruction parsed;
	const struct instruction *facts;

	if (item->statement.kind != STATEMENT_INSTRUCTION)
		return;
	if (item->flow != FLOW_BARRIER &&
	    (item->place == PLACE_OPEN || item->place == PLACE_LOCKED)) {
		counts[CLASS_KNOWN]++;
		return;
	}
	if (!parse_instruction(&item->statement, &parsed) || !parsed.mnemonic.length) {
		/* A prefix on its own is understood, too. */
		if (parsed.prefixed && item->statement.length == item->statement.name_length)
			counts[CLASS_PLACE]++;
		else
			note_unknown(item, survey, statement_name(&item->statement));
		return;
	}
	facts = instruction_find(parsed.mnemonic.text, parsed.mnemonic.length, parsed.count);
	if (!facts)
		note_unknown(item, survey, parsed.mnemonic);
	else if (facts->kind == INSTRUCTION_TRAP)
		counts[CLASS_TRAP]++;
	else if (facts->kind == INSTRUCTION_BARRIER)
		counts[CLASS_BARRIER]++;
	else
		counts[CLASS_PLACE]++;
}

static void finish_function(struct function *function)
{
	function_analyse(function);
	for (uint32_t i = 0; i < function->count; i++)
		classify(&function->items[i], function->survey);
	function_clear(function);
}

static void read_text(const char *path, char *text, size_t length, bool disassembly)
{
	char *arguments[] = {"coverage", NULL};
	struct options options;
	struct survey survey = {0};
	struct sections sections;
	struct function function;
	const struct statement *statement;
	struct reader *reader;

	if (options_parse(&options, 1, arguments) ||
	    survey_take(&survey, &options, path, text, length))
		exit(2);
	sections_init(&sections, &options);
	function_init(&function, &survey, &sections);
	reader = reader_open(text, length);
	while ((statement = reader_next(reader))) {
		if (disassembly ? function.count == FUNCTION_MAX
				: function_ends_before(&function, statement))
			finish_function(&function);
		function_add(&function, statement);
	}
	reader_close(reader);
	finish_function(&function);
	function_free(&function);
	sections_free(&sections);
	survey_free(&survey);
	options_free(&options);
}

/* --- files ---------------------------------------------------------------------------------- */

/* Disassembly says a distance where an assembler is told a symbol: 0x2f(%rip) becomes t(%rip). */
static void name_distance(char *text)
{
	char *rip = strstr(text, "(%rip)"), *number = rip;

	while (number && number > text && strchr("-x0123456789abcdef", number[-1]))
		number--;
	if (number < rip) {
		*number++ = 't';
		memmove(number, rip, strlen(rip) + 1);
	}
}

/* "  4010: jmp 4000 <f+0x10>  # 4000" becomes "jmp target". Returns NULL for no instruction. */
static char *instruction_of(char *line)
{
	char *text = strstr(line, ":\t"), *end, *operand;

	if (!text || line[0] != ' ')
		return NULL;
	text += 2;
	end = text + strcspn(text, "#<\n");
	while (end > text && strchr(" \t", end[-1]))
		end--;
	*end = '\0';
	if (strstr(text, "(bad)")) {
		bad++;
		return NULL;
	}
	name_distance(text);
	operand = strrchr(text, ' ');
	if (operand && strspn(operand + 1, "0123456789abcdef") == strlen(operand + 1))
		strcpy(operand + 1, strlen(operand + 1) < 6 ? "t" : "target");
	return *text ? text : NULL;
}

static char *read_disassembly(FILE *file, size_t *length)
{
	char *line = NULL, *text;
	size_t space = 0;
	FILE *output = open_memstream(&text, length);

	while (getline(&line, &space, file) > 0) {
		const char *instruction = instruction_of(line);

		if (instruction)
			fprintf(output, "%s\n", instruction);
	}
	fwrite("\0", 1, 2, output);
	fclose(output);
	free(line);
	*length -= 2;
	return text;
}

static char *read_assembly(FILE *file, size_t *length)
{
	char buffer[65536], *text;
	size_t got;
	FILE *output = open_memstream(&text, length);

	while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
		fwrite(buffer, 1, got, output);
	fwrite("\0", 1, 2, output);
	fclose(output);
	*length -= 2;
	return text;
}

static void read_file(const char *path, bool disassembly)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	size_t length;
	char *text;

	if (!file) {
		perror(path);
		exit(2);
	}
	text = disassembly ? read_disassembly(file, &length) : read_assembly(file, &length);
	read_text(path, text, length, disassembly);
	free(text);
	fclose(file);
}

/* --- report --------------------------------------------------------------------------------- */

static int report(unsigned long limit)
{
	static const char *const names[] = {"known",
					    "barriers to the table",
					    "traps",
					    "in places that are left alone",
					    "unknown and listed",
					    "unknown"};
	unsigned long total = 0, barriers, share;

	for (int i = 0; i < CLASS_COUNT; i++)
		total += counts[i];
	if (!total) {
		fputs("coverage: no instructions\n", stderr);
		return 1;
	}
	printf("%lu instructions:", total);
	for (int i = 0; i < CLASS_COUNT; i++)
		if (counts[i])
			printf(" %lu %s,", counts[i], names[i]);
	/* Behind a trap nothing is lost. */
	barriers = total - counts[CLASS_KNOWN] - counts[CLASS_TRAP];
	share = (unsigned long)((double)barriers * 1e6 / (double)total);
	printf(" %lu millionths are barriers", share);
	if (bad)
		printf("; %lu lines were no instructions to objdump", bad);
	putchar('\n');
	if (share > limit)
		printf("that is more than %lu\n", limit);
	return counts[CLASS_UNKNOWN] || share > limit;
}

int main(int argc, char **argv)
{
	bool disassembly = argc > 3 && !strcmp(argv[3], "--disassembly");
	int status;

	if (argc < 4 + disassembly) {
		fputs("usage: coverage BARRIERS MILLIONTHS [--disassembly] FILE...\n", stderr);
		return 2;
	}
	read_list(argv[1]);
	for (int i = 3 + disassembly; i < argc; i++)
		read_file(argv[i], disassembly);
	status = report(strtoul(argv[2], NULL, 10));
	names_free(&listed);
	names_free(&seen);
	return status;
}
