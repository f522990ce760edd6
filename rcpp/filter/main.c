// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rcpp: assembly in, assembly with sites and tables out. The input is read whole (the second look
 * at it begins where the first one did), the output is written to a temporary file and renamed, so
 * it is there whole or not at all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "command.h"
#include "descriptors.h"
#include "filter.h"
#include "kinds.h"
#include "output.h"

#ifndef RCPP_VERSION
#define RCPP_VERSION "0"
#endif

static const char help[] =
	"Usage: rcpp [OPTION]... [FILE.s]\n"
	"Turn the reads of patchable variables in x86-64 assembly into sites that rcpp_patch()\n"
	"overwrites with immediates. Reads FILE.s or standard input, writes standard output.\n"
	"\n"
	"  -o FILE                    write to FILE, whole or not at all\n"
	"  --symbol NAME[,NAME]...    these symbols are patchable, too; NAME+OFF:LEN is a field,\n"
	"                             and with -g, a.field and ns::name are names of the source\n"
	"  --symbols-from FILE        the same, one a line, # begins a comment\n"
	"  --section GLOB             symbols defined in such sections are patchable, besides\n"
	"                             rcpp_patchable[_inline], .data..patchable and\n"
	"                             .data.rcpp_patchable_inline.*\n"
	"  --init-section GLOB        code there runs before patching and is left alone, besides\n"
	"                             .init.text* and .text.rcpp_init*\n"
	"  --unpatched=load|fault     until it is patched, a site reads the variable (default) or\n"
	"                             traps\n"
	"  --early-from FILE          in the functions named there, one a line, it never traps\n"
	"  --objtool                  say in .discard.reachable that code goes on behind a trap\n"
	"  --as-lines                 as will make the lines (as -g): where the text has none, "
	"NOPs\n"
	"                             fill sites, not prefixes\n"
	"  --wide=temp|load           a value beyond 32 bits in 64-bit arithmetic goes through a "
	"dead\n"
	"                             register (default), or the site reads memory\n"
	"  --calls=any|abi            functions use registers as they like (default), or keep to\n"
	"                             the ABI (-fno-ipa-ra)\n"
	"  --only=KIND[,KIND]...      make sites of these kinds only: " KIND_NAMES "\n"
	"  --no-fuse                  leave loads and the instructions that consume them apart\n"
	"  --no-branch --no-call --no-div\n"
	"                             leave that kind of site out\n"
	"  --explain[=FILE]           append to FILE, or write to standard error, a line for\n"
	"                             each reference: its form, or why it stays a load\n"
	"  --stats[=text|json]        counts, to standard error\n"
	"  --profile                  instead of sites, counters of reads and writes, for\n"
	"                             rcpp-report\n"
	"  -h, --help                 print this and exit\n"
	"  -V, --version              print the version and exit\n"
	"\n"
	"In assembly written by hand, $rcpp_value(b) is the value of b, see rcpp(1).\n"
	"\n"
	"Exit status: 0 done, 1 the input is wrong, 2 wrong usage.\n";

/* With the two NULs behind it that the filter wants. */
static bool read_input(const struct options *options, struct text *text)
{
	int result =
		options->input ? read_file(options->input, text) : read_all(STDIN_FILENO, text);

	if (result)
		fprintf(stderr, "rcpp: %s: error: cannot be read: %s\n",
			options->input ? options->input : "{standard input}", strerror(errno));
	reserve(text, 1);
	text->bytes[text->length] = text->bytes[text->length + 1] = '\0';
	return !result;
}

static int run(const struct options *options)
{
	const char *input_name = options->input ? options->input : "{standard input}";
	struct output output;
	struct text text = {0};
	bool changed, written;
	int status = 1;

	if (!read_input(options, &text)) {
		free(text.bytes);
		return 1;
	}
	written = output_open(&output, options->output);
	if (written)
		status = filter_text(options, input_name, text.bytes, text.length, output.file,
				     &changed);
	written = output_close(&output, options->output, !status) && written;
	if (!written) {
		fprintf(stderr, "rcpp: error: cannot write %s: %s\n",
			options->output ? options->output : "the standard output", strerror(errno));
		status = 1;
	}
	free(text.bytes);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	int status;

	reserve_standard_descriptors();
	status = options_parse(&options, argc, argv);
	if (!status && options.help)
		fputs(help, stdout);
	else if (!status && options.version)
		puts("rcpp " RCPP_VERSION);
	else if (!status)
		status = run(&options);
	options_free(&options);
	return status;
}
