// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The command line (and, for the assembler's wrapper, the words of RCPP_FLAGS) in, struct options
 * out. Symbol lists are read here too: their errors have a file and a line of their own.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "command.h"
#include "kinds.h"
#include "list_line.h"
#include "memory.h"
#include "options.h"

enum {
	OPTION_SYMBOL = 256,
	OPTION_SYMBOLS_FROM,
	OPTION_SECTION,
	OPTION_INIT_SECTION,
	OPTION_UNPATCHED,
	OPTION_EARLY_FROM,
	OPTION_OBJTOOL,
	OPTION_AS_LINES,
	OPTION_PROFILE,
	OPTION_WIDE,
	OPTION_CALLS,
	OPTION_ONLY,
	OPTION_NO_FUSE,
	OPTION_NO_BRANCH,
	OPTION_NO_CALL,
	OPTION_NO_DIV,
	OPTION_EXPLAIN,
	OPTION_STATS,
};

static const struct option long_options[] = {
	{"symbol", required_argument, NULL, OPTION_SYMBOL},
	{"symbols-from", required_argument, NULL, OPTION_SYMBOLS_FROM},
	{"section", required_argument, NULL, OPTION_SECTION},
	{"init-section", required_argument, NULL, OPTION_INIT_SECTION},
	{"unpatched", required_argument, NULL, OPTION_UNPATCHED},
	{"early-from", required_argument, NULL, OPTION_EARLY_FROM},
	{"objtool", no_argument, NULL, OPTION_OBJTOOL},
	{"as-lines", no_argument, NULL, OPTION_AS_LINES},
	{"profile", no_argument, NULL, OPTION_PROFILE},
	{"wide", required_argument, NULL, OPTION_WIDE},
	{"calls", required_argument, NULL, OPTION_CALLS},
	{"only", required_argument, NULL, OPTION_ONLY},
	{"no-fuse", no_argument, NULL, OPTION_NO_FUSE},
	{"no-branch", no_argument, NULL, OPTION_NO_BRANCH},
	{"no-call", no_argument, NULL, OPTION_NO_CALL},
	{"no-div", no_argument, NULL, OPTION_NO_DIV},
	{"explain", optional_argument, NULL, OPTION_EXPLAIN},
	{"stats", optional_argument, NULL, OPTION_STATS},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static void append(struct texts *texts, char *text)
{
	texts->text = make_room(texts->text, texts->count, &texts->space, sizeof *texts->text);
	texts->text[texts->count++] = text;
}

static int cannot_read(const char *list)
{
	fprintf(stderr, "rcpp: error: cannot read the list '%s': %s\n", list, strerror(errno));
	return 1;
}

static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(allocate(size), text, size);
}

/* NAME or NAME+OFF:LEN in place; returns NULL or what is wrong with it. */
static const char *add_symbol(struct options *options, char *text)
{
	struct symbol_option symbol = {.name = {text, strcspn(text, "+")}};
	char *end = text + symbol.name.length;

	if (!symbol.name.length)
		return "a symbol without a name; write NAME or NAME+OFF:LEN";
	if (*end) {
		char *number = end + 1;

		errno = 0;
		symbol.offset = strtoll(number, &end, 0);
		if (end == number || *end != ':')
			return "a field without a length; write NAME+OFF:LEN, both in bytes";
		number = end + 1;
		symbol.length = strtoll(number, &end, 0);
		if (end == number || *end || errno || symbol.length < 1 || symbol.offset < 0)
			return "not a field; write NAME+OFF:LEN, both in bytes, LEN at least 1";
	}
	options->symbols = make_room(options->symbols, options->symbol_count,
				     &options->symbol_space, sizeof *options->symbols);
	options->symbols[options->symbol_count++] = symbol;
	return NULL;
}

static int add_symbols(struct options *options, const char *argument)
{
	char *text = copy(argument);

	append(&options->owned, text);
	for (char *name = text; name;) {
		char *comma = strchr(name, ',');
		const char *wrong;

		if (comma)
			*comma++ = '\0';
		wrong = add_symbol(options, name);
		if (wrong) {
			fprintf(stderr, "rcpp: error: --symbol '%s': %s\n", argument, wrong);
			return 2;
		}
		name = comma;
	}
	return 0;
}

static const char *add_early(struct options *options, char *function)
{
	append(&options->early, function);
	return NULL;
}

/* A list in a file, of what `add` takes one by one. */
static int read_list(struct options *options, const char *name,
		     const char *(*add)(struct options *, char *))
{
	FILE *file = fopen(name, "re");
	char *line = NULL;
	size_t size = 0;
	int number = 0, status = 0;

	if (!file)
		return cannot_read(name);
	while (!status && getline(&line, &size, file) > 0) {
		char *entry = list_line(line);
		const char *wrong = NULL;

		number++;
		if (*entry) {
			entry = copy(entry);
			append(&options->owned, entry);
			wrong = strpbrk(entry, " \t,") ? "more than one symbol; write one a line"
						       : add(options, entry);
		}
		if (wrong) {
			fprintf(stderr, "%s:%d: error: %s\n", name, number, wrong);
			status = 1;
		}
	}
	if (!status && ferror(file))
		status = cannot_read(name);
	free(line);
	fclose(file);
	return status;
}

/* One of two words; returns an exit status. */
static int choose(const char *option, const char *argument, const char *no, const char *yes,
		  bool *chosen)
{
	*chosen = !strcmp(argument, yes);
	if (*chosen || !strcmp(argument, no))
		return 0;
	fprintf(stderr, "rcpp: error: --%s=%s: write --%s=%s or --%s=%s\n", option, argument,
		option, no, option, yes);
	return 2;
}

/* Several such options add up. */
static int set_only(struct options *options, const char *list)
{
	for (;;) {
		unsigned length = (unsigned)strcspn(list, ",");
		unsigned kind = kind_named(list, length);

		if (!kind) {
			fprintf(stderr,
				"rcpp: error: --only=: '%.*s' is no kind of site; the kinds "
				"are " KIND_NAMES "\n",
				(int)length, list);
			return 2;
		}
		options->only |= kind;
		if (!list[length])
			return 0;
		list += length + 1;
	}
}

static int set_stats(struct options *options, const char *format)
{
	bool json = false;
	int status = format ? choose("stats", format, "text", "json", &json) : 0;

	options->stats = json ? STATS_JSON : STATS_TEXT;
	return status;
}

static int apply(struct options *options, int option, char *argument)
{
	switch (option) {
	case 'o':
		options->output = argument;
		return 0;
	case OPTION_SYMBOL:
		return add_symbols(options, argument);
	case OPTION_SYMBOLS_FROM:
		return read_list(options, argument, add_symbol);
	case OPTION_SECTION:
		append(&options->sections, argument);
		return 0;
	case OPTION_INIT_SECTION:
		append(&options->init_sections, argument);
		return 0;
	case OPTION_UNPATCHED:
		return choose("unpatched", argument, "load", "fault", &options->fault);
	case OPTION_EARLY_FROM:
		return read_list(options, argument, add_early);
	case OPTION_OBJTOOL:
		options->objtool = true;
		return 0;
	case OPTION_AS_LINES:
		options->as_lines = true;
		return 0;
	case OPTION_PROFILE:
		options->profile = true;
		return 0;
	case OPTION_WIDE:
		return choose("wide", argument, "temp", "load", &options->wide_load);
	case OPTION_CALLS:
		return choose("calls", argument, "any", "abi", &options->calls_abi);
	case OPTION_ONLY:
		return set_only(options, argument);
	case OPTION_NO_FUSE:
		options->no_fuse = true;
		return 0;
	case OPTION_NO_BRANCH:
		options->left_out |= KIND_BRANCHES;
		return 0;
	case OPTION_NO_CALL:
		options->left_out |= KIND_CALLS;
		return 0;
	case OPTION_NO_DIV:
		options->left_out |= KIND_DIVISIONS;
		return 0;
	case OPTION_EXPLAIN:
		options->explain = true;
		options->explain_file = argument;
		return 0;
	case OPTION_STATS:
		return set_stats(options, argument);
	case 'h':
		options->help = true;
		return 0;
	case 'V':
		options->version = true;
		return 0;
	}
	fputs("rcpp: error: wrong usage; `rcpp --help` lists the options\n", stderr);
	return 2;
}

/* Sections of patchables without any option. */
static char *const usual_sections[] = {"rcpp_patchable", "rcpp_patchable_inline",
				       ".data.rcpp_patchable_inline.*", ".data..patchable"};
static char *const usual_init_sections[] = {".init.text*", ".text.rcpp_init*"};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void append_all(struct texts *texts, char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		append(texts, list[i]);
}

int options_parse(struct options *options, int argc, char **argv)
{
	int option, status = 0;

	*options = (struct options){0};
	append_all(&options->sections, usual_sections, COUNT(usual_sections));
	append_all(&options->init_sections, usual_init_sections, COUNT(usual_init_sections));
	optind = 0; /* glibc: start over, also after an earlier call */
	while (!status && (option = getopt_long(argc, argv, "o:hV", long_options, NULL)) != -1)
		status = apply(options, option, optarg);
	if (!status && argc - optind > 1) {
		fprintf(stderr, "rcpp: error: more than one input file ('%s' and '%s')\n",
			argv[optind], argv[optind + 1]);
		status = 2;
	}
	if (!status && optind < argc && strcmp(argv[optind], "-"))
		options->input = argv[optind];
	/* In this mode main and the constructors, which run before the patching, must not trap. */
	if (options->fault)
		append(&options->init_sections, ".text.startup*");
	return status;
}

/* Appends one option, with its argument if it has one, to flags. */
static char *append_option(char *flags, const char *option, const char *argument)
{
	char *word;

	if (asprintf(&word, "--%s%s%s", option, argument ? "=" : "", argument ? argument : "") < 0)
		allocate(SIZE_MAX);
	flags = append_flag(flags, word, strlen(word));
	free(word);
	return flags;
}

/* Symbols from lists become --symbol options: the lists may be gone when the program is linked. */
static char *append_symbol(char *flags, const struct symbol_option *symbol)
{
	char *text;
	int length = (int)symbol->name.length;

	if ((symbol->length ? asprintf(&text, "%.*s+%lld:%lld", length, symbol->name.text,
				       (long long)symbol->offset, (long long)symbol->length)
			    : asprintf(&text, "%.*s", length, symbol->name.text)) < 0)
		allocate(SIZE_MAX);
	flags = append_option(flags, "symbol", text);
	free(text);
	return flags;
}

char *options_lasting(const struct options *options)
{
	const struct {
		bool given;
		const char *option, *argument;
	} switches[] = {
		{options->no_fuse, "no-fuse", NULL},
		{options->left_out & KIND_BRANCHES, "no-branch", NULL},
		{options->left_out & KIND_CALLS, "no-call", NULL},
		{options->left_out & KIND_DIVISIONS, "no-div", NULL},
		{options->wide_load, "wide", "load"},
		{options->profile, "profile", NULL},
	};
	char *flags = duplicate("");
	const char *kind;
	unsigned at = 0;

	for (uint32_t i = 0; i < options->symbol_count; i++)
		flags = append_symbol(flags, &options->symbols[i]);
	for (uint32_t i = COUNT(usual_sections); i < options->sections.count; i++)
		flags = append_option(flags, "section", options->sections.text[i]);
	/* The last one comes from --unpatched=fault. */
	for (uint32_t i = COUNT(usual_init_sections);
	     i + options->fault < options->init_sections.count; i++)
		flags = append_option(flags, "init-section", options->init_sections.text[i]);
	while ((kind = kinds_next(options->only, &at)))
		flags = append_option(flags, "only", kind);
	for (size_t i = 0; i < COUNT(switches); i++)
		if (switches[i].given)
			flags = append_option(flags, switches[i].option, switches[i].argument);
	return flags;
}

bool options_leave_out(const struct options *options, unsigned kind)
{
	return (options->only && !(options->only & kind)) || options->left_out & kind;
}

bool options_early(const struct options *options, struct span function)
{
	for (uint32_t i = 0; i < options->early.count; i++)
		if (span_is(function, options->early.text[i]))
			return true;
	return false;
}

void options_free(struct options *options)
{
	for (size_t i = 0; i < options->owned.count; i++)
		free(options->owned.text[i]);
	free(options->owned.text);
	free(options->early.text);
	free(options->sections.text);
	free(options->init_sections.text);
	free(options->symbols);
	*options = (struct options){0};
}
