// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "assemble.h"
#include "memory.h"

/* What an option means to this program. */
enum meaning {
	OPTION_IGNORED = 256,
	OPTION_DEPENDENCIES,
	OPTION_NO_INPUT,
	OPTION_OTHER_TEXT,
	OPTION_SYNTAX,
	OPTION_LINES,
	/*
	 * Options that put prefixes and padding in front of branches, and so into sites, whose
	 * bytes would then differ from their tables. They are only for speed, on some processors.
	 */
	OPTION_MOVES_BRANCHES,
	/* Sites would contain what these add, too, or would lack it behind their padding. */
	OPTION_ADDITIONS,
	OPTION_FENCE_LOADS = OPTION_ADDITIONS + ADDITION_FENCE_LOADS,
	OPTION_FENCE_BRANCHES = OPTION_ADDITIONS + ADDITION_FENCE_BRANCHES,
	OPTION_FENCE_RETURNS = OPTION_ADDITIONS + ADDITION_FENCE_RETURNS,
	OPTION_BOUNDS = OPTION_ADDITIONS + ADDITION_BOUNDS,
};

/*
 * GNU as takes long options with one dash or two, abbreviated, and their arguments joined or
 * separate. getopt_long_only() knows all that; it has to be told which options have arguments, and
 * the others only so that abbreviations mean the same as there.
 */
static const struct option long_options[] = {
	{"32", no_argument, NULL, OPTION_OTHER_TEXT},
	{"64", no_argument, NULL, OPTION_IGNORED},
	{"x32", no_argument, NULL, OPTION_OTHER_TEXT},
	{"MD", required_argument, NULL, OPTION_DEPENDENCIES},
	{"a", optional_argument, NULL, OPTION_IGNORED},
	{"al", optional_argument, NULL, OPTION_IGNORED},
	{"alternate", no_argument, NULL, OPTION_IGNORED},
	{"compress-debug-sections", optional_argument, NULL, OPTION_IGNORED},
	{"debug-prefix-map", required_argument, NULL, OPTION_IGNORED},
	{"defsym", required_argument, NULL, OPTION_IGNORED},
	{"divide", no_argument, NULL, OPTION_IGNORED},
	{"dump-config", no_argument, NULL, OPTION_NO_INPUT},
	{"elf-stt-common", required_argument, NULL, OPTION_IGNORED},
	{"emulation", required_argument, NULL, OPTION_IGNORED},
	{"execstack", no_argument, NULL, OPTION_IGNORED},
	{"fatal-warnings", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf-2", no_argument, NULL, OPTION_LINES},
	{"gdwarf-3", no_argument, NULL, OPTION_LINES},
	{"gdwarf-4", no_argument, NULL, OPTION_LINES},
	{"gdwarf-5", no_argument, NULL, OPTION_LINES},
	{"gdwarf-cie-version", required_argument, NULL, OPTION_IGNORED},
	{"gdwarf-sections", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf2", no_argument, NULL, OPTION_LINES},
	{"gen-debug", no_argument, NULL, OPTION_LINES},
	{"generate-missing-build-notes", required_argument, NULL, OPTION_IGNORED},
	{"gsframe", no_argument, NULL, OPTION_IGNORED},
	{"gstabs", no_argument, NULL, OPTION_LINES},
	{"gstabs+", no_argument, NULL, OPTION_LINES},
	{"hash-size", required_argument, NULL, OPTION_IGNORED},
	{"help", no_argument, NULL, OPTION_NO_INPUT},
	{"keep-locals", no_argument, NULL, OPTION_IGNORED},
	{"listing-cont-lines", required_argument, NULL, OPTION_IGNORED},
	{"listing-lhs-width", required_argument, NULL, OPTION_IGNORED},
	{"listing-lhs-width2", required_argument, NULL, OPTION_IGNORED},
	{"listing-rhs-width", required_argument, NULL, OPTION_IGNORED},
	{"madd-bnd-prefix", no_argument, NULL, OPTION_BOUNDS},
	{"malign-branch", required_argument, NULL, OPTION_MOVES_BRANCHES},
	{"malign-branch-boundary", required_argument, NULL, OPTION_MOVES_BRANCHES},
	{"malign-branch-prefix-size", required_argument, NULL, OPTION_MOVES_BRANCHES},
	{"mamd64", no_argument, NULL, OPTION_IGNORED},
	{"march", required_argument, NULL, OPTION_IGNORED},
	{"mavxscalar", required_argument, NULL, OPTION_IGNORED},
	{"mbig-obj", no_argument, NULL, OPTION_IGNORED},
	{"mbranches-within-32B-boundaries", no_argument, NULL, OPTION_MOVES_BRANCHES},
	{"mevexlig", required_argument, NULL, OPTION_IGNORED},
	{"mevexrcig", required_argument, NULL, OPTION_IGNORED},
	{"mevexwig", required_argument, NULL, OPTION_IGNORED},
	{"mfence-as-lock-add", required_argument, NULL, OPTION_IGNORED},
	{"mindex-reg", no_argument, NULL, OPTION_IGNORED},
	{"mintel64", no_argument, NULL, OPTION_IGNORED},
	{"mlfence-after-load", required_argument, NULL, OPTION_FENCE_LOADS},
	{"mlfence-before-indirect-branch", required_argument, NULL, OPTION_FENCE_BRANCHES},
	{"mlfence-before-ret", required_argument, NULL, OPTION_FENCE_RETURNS},
	{"mmnemonic", required_argument, NULL, OPTION_SYNTAX},
	{"mnaked-reg", no_argument, NULL, OPTION_OTHER_TEXT},
	{"momit-lock-prefix", required_argument, NULL, OPTION_IGNORED},
	{"moperand-check", required_argument, NULL, OPTION_IGNORED},
	{"mrelax-relocations", required_argument, NULL, OPTION_IGNORED},
	{"mri", no_argument, NULL, OPTION_OTHER_TEXT},
	{"mshared", no_argument, NULL, OPTION_IGNORED},
	{"msse-check", required_argument, NULL, OPTION_IGNORED},
	{"msse2avx", no_argument, NULL, OPTION_IGNORED},
	{"msyntax", required_argument, NULL, OPTION_SYNTAX},
	{"mtune", required_argument, NULL, OPTION_IGNORED},
	{"multibyte-handling", required_argument, NULL, OPTION_IGNORED},
	{"muse-unaligned-vector-move", no_argument, NULL, OPTION_IGNORED},
	{"mvexwig", required_argument, NULL, OPTION_IGNORED},
	{"mx86-used-note", required_argument, NULL, OPTION_IGNORED},
	{"no-pad-sections", no_argument, NULL, OPTION_IGNORED},
	{"no-warn", no_argument, NULL, OPTION_IGNORED},
	{"nocompress-debug-sections", no_argument, NULL, OPTION_IGNORED},
	{"nocpp", no_argument, NULL, OPTION_IGNORED},
	{"noexecstack", no_argument, NULL, OPTION_IGNORED},
	{"reduce-memory-overheads", no_argument, NULL, OPTION_IGNORED},
	{"sectname-subst", no_argument, NULL, OPTION_IGNORED},
	{"size-check", required_argument, NULL, OPTION_IGNORED},
	{"statistics", no_argument, NULL, OPTION_IGNORED},
	{"strip-local-absolute", no_argument, NULL, OPTION_IGNORED},
	{"target-help", no_argument, NULL, OPTION_NO_INPUT},
	{"traditional-format", no_argument, NULL, OPTION_IGNORED},
	{"verbose", no_argument, NULL, OPTION_IGNORED},
	{"version", no_argument, NULL, OPTION_NO_INPUT},
	{"warn", no_argument, NULL, OPTION_IGNORED},
	{NULL, 0, NULL, 0},
};

/* The '-' in front makes getopt return input files in their order, as 1. */
static const char short_options[] = "-JKLMRWXZa::Dfg::I:no:vwkVQ:sqO::";

/* An option's argument by which it does nothing. */
static bool is_none(const char *argument)
{
	return argument != NULL && (strcmp(argument, "no") == 0 || strcmp(argument, "none") == 0);
}

/* Notes an option, which the words from number `first` on belong to. */
static void note_option(struct command *command, int option, int first)
{
	char **words = command->words.word;

	switch (option) {
	case 1:
		command->inputs[command->input_count++] = optind - 1;
		break;
	case 'o':
		command->output = optarg;
		break;
	case OPTION_DEPENDENCIES:
		command->dependencies = true;
		break;
	case 'M':
	case OPTION_NO_INPUT:
	case OPTION_OTHER_TEXT:
		command->not_for_filter = true;
		break;
	case OPTION_SYNTAX:
		if (strcmp(optarg, "att") != 0)
			command->not_for_filter = true;
		break;
	case 'g':
	case OPTION_LINES:
		command->makes_lines = true;
		break;
	case OPTION_MOVES_BRANCHES:
		for (int i = first; i < optind; i++)
			command->moves_branches[i] = true;
		break;
	case OPTION_FENCE_LOADS:
	case OPTION_FENCE_BRANCHES:
	case OPTION_FENCE_RETURNS:
	case OPTION_BOUNDS:
		command->additions[option - OPTION_ADDITIONS] =
			is_none(optarg) ? NULL : words[first];
		break;
	default:
		break;
	}
}

void parse_command(struct command *command)
{
	struct words *words = &command->words;
	int option, first = optind;

	command->output = "a.out";
	command->inputs = reallocate(NULL, words->count * sizeof(size_t));
	command->moves_branches = reallocate(NULL, words->count * sizeof(bool));
	memset(command->moves_branches, 0, words->count * sizeof(bool));
	opterr = 0;
	while ((option = getopt_long_only((int)words->count, words->word, short_options,
					  long_options, NULL)) != -1) {
		note_option(command, option, first);
		first = optind;
	}
	/* The filter parses options too: it starts anew, and prints its messages. */
	optind = 0;
	opterr = 1;
}

bool take_request(struct command *command)
{
	struct words *words = &command->words;
	const char *problem = NULL;
	size_t kept = 0;
	bool found = false;

	command->request = (struct request){.product = PRODUCT_OBJECT,
					    .assembler = getenv("RCPP_AS"),
					    .flags = getenv("RCPP_FLAGS")};
	for (size_t i = 0; i < words->count; i++) {
		struct request request;
		const char *wrong;

		if (!has_prefix(words->word[i], REQUEST_PREFIX)) {
			words->word[kept++] = words->word[i];
			continue;
		}
		wrong = request_decode(words->word[i], &request);
		if (wrong != NULL) {
			problem = wrong;
			request_free(&request);
			continue;
		}
		if (found)
			request_free(&command->request);
		command->request = request;
		found = true;
	}
	if (problem != NULL && !found)
		die("%s", problem);
	words->count = kept;
	words->word[kept] = NULL;
	return found;
}
