/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The `as` that a compiler finds through -B<libexecdir>/rcpp/: the filter and the real assembler in
 * one process.
 *
 * In: a command line of GNU as and the text it names. Out: the real assembler in this process's
 * place -- with the untouched command line if the filter has nothing to change, so that objects
 * without patchables are the same to the bit; otherwise with the filtered text as its standard
 * input (an anonymous file in memory) and "-" for the name of the input. No shell, no temporary
 * file, no child.
 *
 * A limit: --MD leaves the input file out of the list.
 */
#define _GNU_SOURCE 1
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "filter.h"

#define STANDARD_INPUT "{standard input}" /* what GNU as calls it */
#define RESPONSE_DEPTH 16		  /* a response file that names itself must end somewhere */

/* A growing NULL-terminated list of strings. */
struct words {
	char **word;
	size_t count;
};

/* A growing text, NUL-terminated. */
struct text {
	char *bytes;
	size_t length;
	size_t space;
};

/* What matters of a command line of GNU as. */
struct command {
	struct words words;   /* with response files expanded */
	size_t *inputs;	      /* which words are input files */
	size_t input_count;   /* 0: standard input */
	const char *output;   /* the object file */
	bool not_for_filter;  /* nothing is assembled, or not as 64-bit AT&T text */
	bool input_exhausted; /* standard input has been read: */
	struct text standard_input;
};

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
	va_list arguments;

	fputs("rcpp as: error: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

static void add_word(struct words *words, char *word)
{
	words->word = reallocate(words->word, (words->count + 2) * sizeof(char *));
	words->word[words->count++] = word;
	words->word[words->count] = NULL;
}

static void reserve(struct text *text, size_t more)
{
	if (text->space - text->length > more)
		return;
	text->space = 2 * text->space + more + 1;
	text->bytes = reallocate(text->bytes, text->space);
}

/* Appends all that `file` has. Returns 0, or -1 with errno set. */
static int read_all(int file, struct text *text)
{
	struct stat status;

	reserve(text, fstat(file, &status) == 0 && status.st_size > 0 ? status.st_size : 65536);
	for (;;) {
		ssize_t count;

		reserve(text, 4096);
		count = read(file, text->bytes + text->length, text->space - text->length - 1);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			text->bytes[text->length] = '\0';
			return (int)count;
		}
		text->length += count;
	}
}

/* Like read_all(), by name. */
static int read_file(const char *name, struct text *text)
{
	int file = open(name, O_RDONLY | O_CLOEXEC);
	int result, error;

	if (file < 0)
		return -1;
	result = read_all(file, text);
	error = errno;
	close(file);
	errno = error;
	return result;
}

/*
 * Splits a response file as the GNU tools do: at white space, with both kinds of quotes, and a
 * backslash before a character that is to be taken as it is.
 */
static void split_response(const char *text, struct words *words)
{
	for (;;) {
		char *word, *out;
		char quote = '\0';

		while (isspace((unsigned char)*text))
			text++;
		if (*text == '\0')
			return;
		word = out = reallocate(NULL, strlen(text) + 1);
		for (; *text != '\0' && (quote != '\0' || !isspace((unsigned char)*text)); text++) {
			if (*text == '\\' && text[1] != '\0')
				*out++ = *++text;
			else if (quote != '\0' && *text == quote)
				quote = '\0';
			else if (quote == '\0' && (*text == '\'' || *text == '"'))
				quote = *text;
			else
				*out++ = *text;
		}
		*out = '\0';
		add_word(words, word);
	}
}

/* Copies `from` to `to` with every @FILE replaced by what is in FILE; an unreadable one stays. */
static void expand_responses(const struct words *from, struct words *to, int depth)
{
	for (size_t i = 0; i < from->count; i++) {
		struct words inner = {NULL, 0};
		struct text text = {NULL, 0, 0};

		if (from->word[i][0] != '@' || read_file(from->word[i] + 1, &text) != 0) {
			add_word(to, from->word[i]);
			continue;
		}
		if (depth >= RESPONSE_DEPTH)
			die("%s: response files are nested too deeply", from->word[i]);
		split_response(text.bytes, &inner);
		expand_responses(&inner, to, depth + 1);
	}
}

enum meaning { OPTION_IGNORED = 256, OPTION_NO_INPUT, OPTION_OTHER_TEXT, OPTION_SYNTAX };

/*
 * GNU as takes long options with one dash or two, abbreviated, and their arguments joined or
 * separate. getopt_long_only() knows all that; it has to be told which options have arguments, and
 * the others only so that abbreviations mean the same as there.
 */
static const struct option long_options[] = {
	{"32", no_argument, NULL, OPTION_OTHER_TEXT},
	{"64", no_argument, NULL, OPTION_IGNORED},
	{"x32", no_argument, NULL, OPTION_OTHER_TEXT},
	{"MD", required_argument, NULL, OPTION_IGNORED},
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
	{"gdwarf-2", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf-3", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf-4", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf-5", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf-cie-version", required_argument, NULL, OPTION_IGNORED},
	{"gdwarf-sections", no_argument, NULL, OPTION_IGNORED},
	{"gdwarf2", no_argument, NULL, OPTION_IGNORED},
	{"gen-debug", no_argument, NULL, OPTION_IGNORED},
	{"generate-missing-build-notes", required_argument, NULL, OPTION_IGNORED},
	{"gsframe", no_argument, NULL, OPTION_IGNORED},
	{"gstabs", no_argument, NULL, OPTION_IGNORED},
	{"gstabs+", no_argument, NULL, OPTION_IGNORED},
	{"hash-size", required_argument, NULL, OPTION_IGNORED},
	{"help", no_argument, NULL, OPTION_NO_INPUT},
	{"keep-locals", no_argument, NULL, OPTION_IGNORED},
	{"listing-cont-lines", required_argument, NULL, OPTION_IGNORED},
	{"listing-lhs-width", required_argument, NULL, OPTION_IGNORED},
	{"listing-lhs-width2", required_argument, NULL, OPTION_IGNORED},
	{"listing-rhs-width", required_argument, NULL, OPTION_IGNORED},
	{"madd-bnd-prefix", no_argument, NULL, OPTION_IGNORED},
	{"malign-branch", required_argument, NULL, OPTION_IGNORED},
	{"malign-branch-boundary", required_argument, NULL, OPTION_IGNORED},
	{"malign-branch-prefix-size", required_argument, NULL, OPTION_IGNORED},
	{"mamd64", no_argument, NULL, OPTION_IGNORED},
	{"march", required_argument, NULL, OPTION_IGNORED},
	{"mavxscalar", required_argument, NULL, OPTION_IGNORED},
	{"mbig-obj", no_argument, NULL, OPTION_IGNORED},
	{"mbranches-within-32B-boundaries", no_argument, NULL, OPTION_IGNORED},
	{"mevexlig", required_argument, NULL, OPTION_IGNORED},
	{"mevexrcig", required_argument, NULL, OPTION_IGNORED},
	{"mevexwig", required_argument, NULL, OPTION_IGNORED},
	{"mfence-as-lock-add", required_argument, NULL, OPTION_IGNORED},
	{"mindex-reg", no_argument, NULL, OPTION_IGNORED},
	{"mintel64", no_argument, NULL, OPTION_IGNORED},
	{"mlfence-after-load", required_argument, NULL, OPTION_IGNORED},
	{"mlfence-before-indirect-branch", required_argument, NULL, OPTION_IGNORED},
	{"mlfence-before-ret", required_argument, NULL, OPTION_IGNORED},
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

/*
 * Finds the inputs and the output. What is not known is left to the assembler: it may be newer than
 * this table, or it prints the message. A word "--" ends the command line there, and here.
 */
static void parse_command(struct command *command)
{
	struct words *words = &command->words;
	int option;

	command->output = "a.out";
	command->inputs = reallocate(NULL, words->count * sizeof(size_t));
	opterr = 0;
	while ((option = getopt_long_only((int)words->count, words->word, short_options,
					  long_options, NULL)) != -1) {
		switch (option) {
		case 1:
			command->inputs[command->input_count++] = optind - 1;
			break;
		case 'o':
			command->output = optarg;
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
		default:
			break;
		}
	}
	/* The filter parses options too: it starts anew, and prints its messages. */
	optind = 0;
	opterr = 1;
}

/* Standard input can be read once; what it had is kept for an assembler that wants it too. */
static int read_standard_input(struct command *command, struct text *text)
{
	struct text *input = &command->standard_input;

	if (!command->input_exhausted) {
		command->input_exhausted = true;
		if (read_all(STDIN_FILENO, input) != 0)
			return -1;
		reserve(text, input->length);
		memcpy(text->bytes + text->length, input->bytes, input->length);
		text->length += input->length;
	}
	return 0;
}

/*
 * Reads all inputs, one behind the other as the assembler does, each ending with a newline.
 * Returns 0, or -1 if one cannot be read: the assembler will say so in its own words.
 */
static int read_inputs(struct command *command, struct text *text)
{
	size_t count = command->input_count > 0 ? command->input_count : 1;

	for (size_t i = 0; i < count; i++) {
		const char *name =
			command->input_count > 0 ? command->words.word[command->inputs[i]] : "-";
		int result = strcmp(name, "-") == 0 ? read_standard_input(command, text)
						    : read_file(name, text);

		if (result != 0)
			return -1;
		reserve(text, 1);
		if (i + 1 < count && text->length > 0 && text->bytes[text->length - 1] != '\n')
			text->bytes[text->length++] = '\n';
		text->bytes[text->length] = '\0';
	}
	return 0;
}

static const char *input_name(const struct command *command)
{
	const char *name;

	if (command->input_count == 0)
		return STANDARD_INPUT;
	name = command->words.word[command->inputs[0]];
	return strcmp(name, "-") == 0 ? STANDARD_INPUT : name;
}

/* RCPP_FLAGS: split at blanks; a backslash takes the next character as it is. */
static void split_flags(const char *flags, struct words *words)
{
	static char program[] = "rcpp";
	static const char blanks[] = " \t\n";

	add_word(words, program);
	while (flags != NULL && *(flags += strspn(flags, blanks)) != '\0') {
		char *word = reallocate(NULL, strlen(flags) + 1);
		char *out = word;

		for (; *flags != '\0' && strchr(blanks, *flags) == NULL; flags++) {
			if (*flags == '\\' && flags[1] != '\0')
				flags++;
			*out++ = *flags;
		}
		*out = '\0';
		add_word(words, word);
	}
}

static int memory_file(void)
{
	int file = memfd_create("rcpp", MFD_CLOEXEC);

	if (file < 0)
		die("cannot make a file in memory: %s", strerror(errno));
	return file;
}

/* Makes `file` the standard input, from its beginning. */
static void use_as_input(int file)
{
	if (lseek(file, 0, SEEK_SET) < 0 || dup2(file, STDIN_FILENO) < 0)
		die("cannot pass the text on to the assembler: %s", strerror(errno));
}

static void restore_standard_input(const struct text *input)
{
	int file = memory_file();
	size_t done = 0;

	while (done < input->length) {
		ssize_t count = write(file, input->bytes + done, input->length - done);

		if (count < 0 && errno != EINTR)
			die("cannot keep the text in memory: %s", strerror(errno));
		done += count > 0 ? count : 0;
	}
	use_as_input(file);
}

static bool is_self(const char *path)
{
	struct stat self, other;

	return stat("/proc/self/exe", &self) == 0 && stat(path, &other) == 0 &&
	       self.st_dev == other.st_dev && self.st_ino == other.st_ino;
}

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* The real assembler's path, in new memory: never this program, wherever PATH leads. */
static char *find_assembler(void)
{
	static const char usual_path[] = "/usr/local/bin:/usr/bin:/bin";
	const char *name = getenv("RCPP_AS");
	const char *directory = getenv("PATH");

	if (name == NULL || name[0] == '\0')
		name = "as";
	if (strchr(name, '/') != NULL) {
		if (is_self(name))
			die("RCPP_AS=%s is rcpp's own `as`: name the real assembler", name);
		return strdup(name);
	}
	if (directory == NULL)
		directory = usual_path;
	while (directory != NULL) {
		int length = (int)strcspn(directory, ":");
		char *path;

		if (asprintf(&path, "%.*s%s/%s", length, directory, length == 0 ? "." : "", name) <
		    0)
			die("out of memory");
		if (is_program(path) && !is_self(path))
			return path;
		free(path);
		directory = directory[length] == ':' ? directory + length + 1 : NULL;
	}
	die("no assembler '%s' in PATH: install binutils, or set RCPP_AS", name);
}

__attribute__((noreturn)) static void run_assembler(char **words)
{
	char *path = find_assembler();

	if (path == NULL)
		die("out of memory");
	words[0] = path;
	execv(path, words);
	die("cannot run %s: %s", path, strerror(errno));
}

/*
 * Options by which as puts prefixes and padding in front of branches, and so into sites, whose
 * bytes would then not be what their tables say. They are for speed on some processors only.
 */
static bool moves_branches(const char *word)
{
	static const char *const options[] = {"-mbranches-within-32B-boundaries", "-malign-branch"};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (strncmp(word, options[i], strlen(options[i])) == 0) {
			fprintf(stderr,
				"rcpp as: warning: %s is left out: sites keep their bytes\n", word);
			return true;
		}
	}
	return false;
}

/*
 * The command line with "-" in the place of the first input and without the others, and without
 * what sites do not stand.
 */
static char **command_for_filtered(const struct command *command)
{
	static char standard_input[] = "-";
	struct words words = {NULL, 0};
	size_t input = 0;

	for (size_t i = 0; i < command->words.count; i++) {
		bool is_input = input < command->input_count && command->inputs[input] == i;

		if (!is_input && !moves_branches(command->words.word[i]))
			add_word(&words, command->words.word[i]);
		else if (is_input && input++ == 0)
			add_word(&words, standard_input);
	}
	return words.word;
}

/*
 * Tell the assembler the name of the file, for messages and for -g: sites stay on their lines, so
 * the line numbers are right. What cannot stand between quotes goes without.
 */
static void name_input(const struct command *command, int file)
{
	if (command->input_count == 1 && !strpbrk(input_name(command), "\"\\\n"))
		dprintf(file, "# 1 \"%s\"\n", input_name(command));
}

/* After an error no object may be left, or the next `make` takes an old one for the result. */
static void remove_output(const char *name)
{
	struct stat status;

	if (lstat(name, &status) == 0 && S_ISREG(status.st_mode))
		unlink(name);
}

int main(int argc, char **argv)
{
	const struct words untouched = {argv, argc};
	struct command command = {.output = NULL};
	struct words flags = {NULL, 0};
	struct text text = {NULL, 0, 0};
	bool changed = false;
	int output;

	reserve_standard_descriptors();
	expand_responses(&untouched, &command.words, 0);
	parse_command(&command);
	if (command.not_for_filter)
		run_assembler(argv);
	if (read_inputs(&command, &text) == 0) {
		output = memory_file();
		name_input(&command, output);
		split_flags(getenv("RCPP_FLAGS"), &flags);
		if (rcpp_filter_for_as((int)flags.count, flags.word, input_name(&command),
				       text.bytes, text.length, output, &changed) != 0) {
			remove_output(command.output);
			return 1;
		}
		if (changed) {
			use_as_input(output);
			run_assembler(command_for_filtered(&command));
		}
	}
	if (command.input_exhausted)
		restore_standard_input(&command.standard_input);
	run_assembler(argv);
}
