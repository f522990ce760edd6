/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The `as` that a compiler finds through -B<libexecdir>/rcpp/: the filter and the real assembler in
 * one process.
 *
 * In: a command line of GNU as and the text it names. Out: the real assembler is run, and this
 * program ends as it does. It gets the untouched command line if the filter has nothing to change,
 * so that objects without patchables are bit for bit the same; otherwise, or if the input was a
 * pipe, it gets the text as its standard input (an anonymous file in memory) and "-" for the name
 * of the input. No shell, no temporary file. If rcpp-cc was asked for the filtered text
 * (--filter-S), that is the output, and there is no assembler.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.h"
#include "assemble.h"
#include "command.h"
#include "descriptors.h"
#include "filter.h"
#include "lasting.h"
#include "memory.h"
#include "output.h"

#define STANDARD_INPUT "{standard input}" /* what GNU as calls it */

/* The input of this number, or NULL for the standard input. */
static const char *input_file(const struct command *command, size_t number)
{
	const char *name =
		command->input_count > 0 ? command->words.word[command->inputs[number]] : "-";

	return strcmp(name, "-") == 0 ? NULL : name;
}

static const char *input_name(const struct command *command)
{
	const char *name = input_file(command, 0);

	return name != NULL ? name : STANDARD_INPUT;
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

static void on_cut_off(int signal_number)
{
	static const char message[] =
		"rcpp as: error: the input became shorter while it was read: is something else "
		"writing it?\n";

	(void)signal_number;
	_exit(write(STDERR_FILENO, message, sizeof message - 1) < 0 ? 2 : 1);
}

/*
 * The text of a file without a copy of it: most have nothing for the filter, and are looked at only
 * once. Returns whether there is one; it has no end but its length.
 */
static bool map_input(const char *name, struct text *text)
{
	struct stat status;
	void *bytes;
	int file;

	/* Before it is opened: who writes into a pipe would see that it is closed again. */
	if (stat(name, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
		return false;
	file = open(name, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	bytes = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	if (bytes == MAP_FAILED)
		return false;
	signal(SIGBUS, on_cut_off);
	*text = (struct text){bytes, status.st_size, 0};
	return true;
}

/* Is an input a pipe with a name, as the shell's <(COMMAND) is? What is read of it is gone. */
static bool is_read_once(const struct command *command)
{
	struct stat status;

	for (size_t i = 0; i < command->input_count; i++)
		if (input_file(command, i) != NULL && stat(input_file(command, i), &status) == 0 &&
		    S_ISFIFO(status.st_mode))
			return true;
	return false;
}

/*
 * Reads all inputs, one behind the other as the assembler does, each ending with a newline.
 * Returns 0, or -1 if one cannot be read: the assembler will say so in its own words.
 */
static int read_inputs(struct command *command, struct text *text)
{
	size_t count = command->input_count > 0 ? command->input_count : 1;

	if (count == 1 && command->request.product == PRODUCT_OBJECT &&
	    input_file(command, 0) != NULL && map_input(input_file(command, 0), text))
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *name = input_file(command, i);
		int result =
			name != NULL ? read_file(name, text) : read_standard_input(command, text);

		if (result != 0)
			return -1;
		reserve(text, 1);
		if (i + 1 < count && text->length > 0 && text->bytes[text->length - 1] != '\n')
			text->bytes[text->length++] = '\n';
		text->bytes[text->length] = '\0';
	}
	return 0;
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

/* A file in memory with this text. */
static int file_of(const struct text *input)
{
	int file = memory_file();
	size_t done = 0;

	while (done < input->length) {
		ssize_t count = write(file, input->bytes + done, input->length - done);

		if (count < 0 && errno != EINTR)
			die("cannot keep the text in memory: %s", strerror(errno));
		done += count > 0 ? count : 0;
	}
	return file;
}

/*
 * The command line with "-" in the place of the first input and without the others; for text with
 * sites, without what they do not stand.
 */
static char **command_for_text(const struct command *command, bool has_sites)
{
	static char standard_input[] = "-";
	struct words words = {NULL, 0};
	size_t input = 0;

	for (size_t i = 0; i < command->words.count; i++) {
		char *word = command->words.word[i];

		if (input < command->input_count && command->inputs[input] == i) {
			if (input++ == 0)
				add_word(&words, standard_input);
		} else if (!has_sites || !command->moves_branches[i]) {
			add_word(&words, word);
		} else if (word[0] == '-') {
			fprintf(stderr,
				"rcpp as: warning: %s is left out: it would change the bytes of "
				"sites\n",
				word);
		}
	}
	return words.word;
}

static bool can_be_quoted(const char *name)
{
	return !strpbrk(name, "\"\\\n");
}

/* Line markers name the file, for messages and for -g; what no quotes can hold goes without. */
static bool can_be_named(const struct command *command)
{
	return command->input_count == 1 && can_be_quoted(input_name(command));
}

/*
 * The assembler lists what it opens (--MD), and is not to open the inputs: so it takes nothing,
 * from the end of each. No newline, since lines count.
 */
static void list_inputs(const struct command *command, FILE *named)
{
	for (size_t i = 0; command->dependencies && i < command->input_count; i++) {
		const char *name = input_file(command, i);
		struct stat status;

		if (name != NULL && can_be_quoted(name) && stat(name, &status) == 0 &&
		    S_ISREG(status.st_mode))
			fprintf(named, ".incbin \"%s\",%lld;", name, (long long)status.st_size);
	}
}

/* The statement `.file "a.c"`, with which the assembler would go on in that name: behind it. */
static const char *end_of_file_name(const char *text)
{
	static const char statement[] = "\t.file\t\"";
	const char *found = has_prefix(text, statement) ? text : strstr(text, "\n\t.file\t\"");
	const char *end = found != NULL ? strchr(found + 1, '\n') : NULL;

	return end != NULL ? end + 1 : text;
}

/*
 * What the assembler is to read: the filtered text, with the inputs' names. Sites stay on their
 * lines, so the line numbers are right.
 */
static int named_text(const struct command *command, int filtered)
{
	struct text text = {NULL, 0, 0};
	const char *name = input_name(command), *rest;
	bool marked = can_be_named(command);
	FILE *named;
	int line = 1, file;

	if (!marked && !command->dependencies)
		return filtered;
	file = memory_file();
	named = fdopen(dup(file), "w");
	if (named == NULL || lseek(filtered, 0, SEEK_SET) < 0 || read_all(filtered, &text) != 0)
		die("cannot read the filtered text: %s", strerror(errno));
	rest = end_of_file_name(text.bytes);
	for (const char *c = text.bytes; c < rest; c++)
		line += *c == '\n';
	list_inputs(command, named);
	if (marked)
		fprintf(named, "%s# 1 \"%s\"\n", command->dependencies ? "\n" : "", name);
	fwrite(text.bytes, 1, rest - text.bytes, named);
	if (marked && rest != text.bytes)
		fprintf(named, "# %d \"%s\"\n", line, name);
	fwrite(rest, 1, text.bytes + text.length - rest, named);
	if (fclose(named) != 0)
		die("cannot keep the filtered text: %s", strerror(errno));
	free(text.bytes);
	return file;
}

/* What is written, in new memory: the object, or the text in its place. */
static char *product_name(const struct command *command)
{
	const char *dot = strrchr(command->output, '.');
	char *name;

	if (command->request.product != PRODUCT_RENAMED_TEXT || !dot || strcmp(dot, ".o") != 0)
		return duplicate(command->output);
	name = duplicate(command->output);
	strcpy(name + (dot - command->output), ".s");
	return name;
}

/* The text instead of an object: from `filtered` if that is a file, or as it was. */
static void write_text(const struct command *command, struct text *text, int filtered)
{
	struct output output;
	bool written;

	if (filtered >= 0) {
		text->length = 0;
		if (lseek(filtered, 0, SEEK_SET) < 0 || read_all(filtered, text) != 0)
			die("cannot read the filtered text: %s", strerror(errno));
	}
	written = output_open(&output, command->product);
	if (written)
		fwrite(text->bytes, 1, text->length, output.file);
	if (!output_close(&output, command->product, written) || !written)
		die("cannot write %s: %s", command->product, strerror(errno));
}

/* Runs the assembler; what is half-written when a signal ends that, is removed. */
__attribute__((noreturn)) static void assemble(const struct command *command, char **words)
{
	bool unneeded = command->request.temporary_input && command->input_count == 1;
	char *assembler = find_assembler(command->request.assembler);

	unsetenv("RCPP_AS"); /* it may be the `as` of another rcpp, which must not take itself */
	run_assembler(assembler, words, command->output, unneeded ? input_name(command) : NULL);
}

static struct words split_request(const struct command *command)
{
	struct words flags = {NULL, 0};

	add_word(&flags, duplicate("rcpp"));
	split_flags(command->request.flags ? command->request.flags : "", &flags);
	return flags;
}

/* Is it code for link-time optimization, which the compiler turns into assembly at the link? */
static bool is_optimized_later(const struct text *text)
{
	return memmem(text->bytes, text->length, LTO_PREFIX, sizeof LTO_PREFIX - 1) != NULL;
}

/*
 * Writes the options that the object keeps behind the text, into `output`, which has the filtered
 * text if there is one. Returns whether there are any. In the string each byte is an octal number.
 */
static bool append_lasting(const struct command *command, const struct text *text, bool filtered,
			   int output)
{
	struct words flags = split_request(command);
	struct options options;
	char *lasting = NULL;
	FILE *file;

	if (options_parse(&options, (int)flags.count, flags.word) == 0)
		lasting = options_lasting(&options);
	options_free(&options);
	free_words(&flags);
	if (lasting == NULL || lasting[0] == '\0') {
		free(lasting);
		return false;
	}
	file = fdopen(dup(output), "w");
	if (file == NULL || lseek(output, 0, filtered ? SEEK_END : SEEK_SET) < 0)
		die("cannot keep the options: %s", strerror(errno));
	if (!filtered)
		fwrite(text->bytes, 1, text->length, file);
	fputs("\n\t.section\t" LASTING_SECTION ",\"e\",@progbits\n\t.asciz\t\"", file);
	for (const char *c = lasting; *c != '\0'; c++)
		fprintf(file, "\\%03o", (unsigned char)*c);
	fputs("\"\n", file);
	if (fclose(file) != 0)
		die("cannot keep the options: %s", strerror(errno));
	free(lasting);
	return true;
}

/* Runs the filter with these words. Returns whether it has changed anything, in `output`. */
static bool run_filter(const struct command *command, const struct words *flags,
		       const struct text *text, int output)
{
	bool changed = false;

	if (rcpp_filter_for_as((int)flags->count, flags->word, input_name(command), text->bytes,
			       text->length, output, &changed) != 0) {
		remove_output(command->product);
		exit(1);
	}
	return changed;
}

/* The same without reports: would the filter change anything? */
static bool has_work(const struct command *command, const struct words *flags,
		     const struct text *text)
{
	struct words quiet = {NULL, 0};
	int output = memory_file();
	bool changed;

	for (size_t i = 0; i < flags->count; i++)
		if (!has_prefix(flags->word[i], "--ex") && !has_prefix(flags->word[i], "--st"))
			add_word(&quiet, flags->word[i]);
	changed = run_filter(command, &quiet, text, output);
	close(output);
	free(quiet.word);
	return changed;
}

/* An option of the assembler by which there can be no sites, or NULL. */
static const char *addition(const struct command *command)
{
	for (size_t i = 0; i < sizeof command->additions / sizeof *command->additions; i++)
		if (command->additions[i] != NULL)
			return command->additions[i];
	return NULL;
}

/*
 * Filters the inputs into `output`. Returns whether anything has changed. Ends the program if the
 * input or an option is wrong. Where there can be no sites, all code counts as an init section.
 */
static bool filter_inputs(const struct command *command, const struct text *text, int output)
{
	static const char everywhere[] = "--init-section=*";
	struct words flags = split_request(command);
	size_t given = flags.count;
	bool changed;

	if (addition(command) != NULL && has_work(command, &flags, text)) {
		fprintf(stderr,
			"rcpp as: warning: %s adds to the code: references stay loads in this "
			"file\n",
			addition(command));
		add_word(&flags, duplicate(everywhere));
	}
	if (command->makes_lines)
		add_word(&flags, duplicate("--as-lines"));
	changed = run_filter(command, &flags, text, output);
	if (given > 1 && is_optimized_later(text))
		changed |= append_lasting(command, text, changed, output);
	free_words(&flags);
	return changed;
}

int main(int argc, char **argv)
{
	const struct words untouched = {argv, argc};
	static struct command command; /* static: lives as long as the program, */
	static struct text text;       /* leak checkers agree */
	const char *looping;
	bool object, changed = false;
	int output;

	reserve_standard_descriptors();
	looping = expand_responses(&untouched, &command.words);
	if (looping != NULL)
		die("%s: response files are nested too deeply", looping);
	if (take_request(&command))
		argv = command.words.word;
	parse_command(&command);
	command.product = product_name(&command);
	object = command.request.product == PRODUCT_OBJECT;
	if (command.not_for_filter && object)
		assemble(&command, argv);
	if (read_inputs(&command, &text) == 0) {
		output = memory_file();
		if (!command.not_for_filter)
			changed = filter_inputs(&command, &text, output);
		if (object && changed) {
			use_as_input(named_text(&command, output));
			assemble(&command, command_for_text(&command, addition(&command) == NULL));
		}
		if (object && is_read_once(&command)) {
			use_as_input(named_text(&command, file_of(&text)));
			assemble(&command, command_for_text(&command, false));
		}
		if (!object) {
			write_text(&command, &text, changed ? output : -1);
			return 0;
		}
	}
	if (command.input_exhausted)
		use_as_input(file_of(&command.standard_input));
	assemble(&command, argv);
}
