// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rcpp-report [OPTION]... PROGRAM [FILE]...: which variables are worth it, what became of them, and
 * what can be done. Options are read here; then the inputs are, each by the file that knows it;
 * then one output is written.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "show.h"

static const char usage[] =
	"Usage: rcpp-report [OPTION]... PROGRAM [FILE]...\n"
	"Say which variables of PROGRAM, an executable or a shared library, are worth patching, "
	"what\n"
	"became of those that are patchable, and what can be done. FILEs are what --explain=FILE "
	"of\n"
	"rcpp has written, and profiles (rcpp.profile) of a program that was built with "
	"--profile.\n"
	"\n"
	"  --json               write JSON\n"
	"  --symbols            write the settled variables of a profile, for rcpp --symbols-from\n"
	"  --symbols-from FILE  say which names of this list match nothing in PROGRAM\n"
	"  --function NAME      write one function, as compiled and as patched\n"
	"  --html FILE          write all of it as one page of HTML\n"
	"  --patched FILE       write a copy of PROGRAM whose text is patched\n"
	"  --pid PID            ... with the values that the variables have in this process\n"
	"  --value NAME=V       ... with this value; NAME+OFF:LEN=V are some bytes of a variable\n"
	"  -h, --help           show this help and exit\n"
	"  -V, --version        show the version and exit\n"
	"\n"
	"Exit status: 0 done, 1 a file cannot be read or is damaged, 2 wrong usage.\n";

struct request {
	bool json, symbols;
	const char *list; /* of --symbols-from */
	struct show show;
	const char *program;
	char **files;
	int file_count;
};

static int wrong_usage(const char *message)
{
	fprintf(stderr, "rcpp-report: error: %s: see rcpp-report --help\n", message);
	return 2;
}

enum {
	OPTION_JSON = 256,
	OPTION_SYMBOLS,
	OPTION_SYMBOLS_FROM,
	OPTION_FUNCTION,
	OPTION_HTML,
	OPTION_PATCHED,
	OPTION_PID,
	OPTION_VALUE
};

static const struct option options[] = {
	{"json", no_argument, NULL, OPTION_JSON},
	{"symbols", no_argument, NULL, OPTION_SYMBOLS},
	{"symbols-from", required_argument, NULL, OPTION_SYMBOLS_FROM},
	{"function", required_argument, NULL, OPTION_FUNCTION},
	{"html", required_argument, NULL, OPTION_HTML},
	{"patched", required_argument, NULL, OPTION_PATCHED},
	{"pid", required_argument, NULL, OPTION_PID},
	{"value", required_argument, NULL, OPTION_VALUE},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

/* One of those that show the program as patched. The same results as of apply(). */
static int apply_show(struct show *show, int option)
{
	switch (option) {
	case OPTION_FUNCTION:
		show->function = optarg;
		return -1;
	case OPTION_HTML:
		show->html = optarg;
		return -1;
	case OPTION_PATCHED:
		show->copy = optarg;
		return -1;
	case OPTION_PID:
		return show_set_pid(show, optarg) ? -1 : wrong_usage("--pid wants a number");
	case OPTION_VALUE:
		show_add_value(show, optarg);
		return -1;
	}
	return wrong_usage("wrong option");
}

/* Returns -1, or the exit status if there is nothing more to do. */
static int apply(struct request *request, int option)
{
	switch (option) {
	case OPTION_JSON:
		request->json = true;
		return -1;
	case OPTION_SYMBOLS:
		request->symbols = true;
		return -1;
	case OPTION_SYMBOLS_FROM:
		request->list = optarg;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return fflush(stdout) != 0;
	case 'V':
		puts("rcpp-report " RCPP_VERSION);
		return fflush(stdout) != 0;
	}
	return apply_show(&request->show, option);
}

static int parse_options(struct request *request, int argc, char **argv)
{
	const struct patched_values *values = &request->show.values;
	int option, status = -1;

	while (status < 0 && (option = getopt_long(argc, argv, "hV", options, NULL)) != -1)
		status = apply(request, option);
	if (status >= 0)
		return status;
	if (optind == argc)
		return wrong_usage("no PROGRAM");
	if (request->json && request->symbols)
		return wrong_usage("--json and --symbols exclude each other");
	if ((request->json || request->symbols) && show_wanted(&request->show))
		return wrong_usage("--json and --symbols exclude --function, --html and --patched");
	if ((values->pid || values->count) && !show_wanted(&request->show))
		return wrong_usage("--pid and --value need --function, --html or --patched");
	request->program = argv[optind];
	request->files = argv + optind + 1;
	request->file_count = argc - optind - 1;
	return -1;
}

/* A profile says in its first bytes that it is one. */
static bool read_file(struct inputs *inputs, const char *path)
{
	size_t size;
	char *bytes = dump_read_file(path, &size);

	if (!bytes)
		return report_error(path,
				    "cannot read it: %s: give a file of --explain or a profile",
				    strerror(errno));
	if (!profile_is(bytes, size)) {
		inputs->has_explained = true;
		return explained_add_text(&inputs->explained, path, bytes, size);
	}
	inputs->has_profile = true;
	return profile_add(&inputs->profile, &inputs->program, path, bytes, size);
}

static bool read_list(struct inputs *inputs, const char *path)
{
	inputs->has_list = path;
	if (!path)
		return true;
	if (!list_read(&inputs->list, path))
		return false;
	list_match(&inputs->list, &inputs->program, &inputs->explained, &inputs->profile);
	return true;
}

static bool read_inputs(struct inputs *inputs, const struct request *request)
{
	bool done = program_open(&inputs->program, request->program);

	for (int i = 0; done && i < request->file_count; i++)
		done = read_file(inputs, request->files[i]);
	done = done && read_list(inputs, request->list);
	if (done && request->symbols && !inputs->has_profile)
		return report_error(request->program, "--symbols needs a profile: build it with "
						      "rcpp --profile, run it, and give the "
						      "rcpp.profile that it has written");
	return done;
}

static void write_output(struct inputs *inputs, const struct request *request)
{
	struct report report;

	report_make(&report, inputs);
	report_match_names(&report, &inputs->list);
	if (request->json)
		report_json(&report);
	else if (request->symbols)
		report_symbols(&report);
	else
		report_print(&report);
	report_free(&report);
}

static void free_inputs(struct inputs *inputs)
{
	list_free(&inputs->list);
	profile_free(&inputs->profile);
	explained_free(&inputs->explained);
	program_close(&inputs->program);
}

int main(int argc, char **argv)
{
	struct request request = {0};
	struct inputs inputs = {0};
	int status = parse_options(&request, argc, argv);

	if (status >= 0) {
		show_free(&request.show);
		return status;
	}
	status = read_inputs(&inputs, &request) ? 0 : 1;
	if (!status && show_wanted(&request.show))
		status = show_program(&request.show, &inputs) ? 0 : 1;
	else if (!status)
		write_output(&inputs, &request);
	show_free(&request.show);
	free_inputs(&inputs);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "rcpp-report: error: cannot write: %s\n", strerror(errno));
		status = 1;
	}
	return status;
}
