// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rcpp: assembly in, assembly with sites and tables out. The input is read whole (the second look
 * at it begins where the first one did), the output is written to a temporary file and renamed, so
 * it is there whole or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "descriptors.h"
#include "filter.h"

#ifndef RCPP_VERSION
#define RCPP_VERSION "0"
#endif

static const char help[] =
	"Usage: rcpp [OPTION]... [FILE.s]\n"
	"Turn the reads of patchable variables in x86-64 assembly into sites that rcpp_patch()\n"
	"overwrites with immediates. Reads FILE.s or standard input, writes standard output.\n"
	"\n"
	"  -o FILE                    write to FILE, whole or not at all\n"
	"  --symbol NAME[,NAME]...    these symbols are patchable, too; NAME+OFF:LEN is a field\n"
	"  --symbols-from FILE        the same, one a line, # begins a comment\n"
	"  --section GLOB             symbols defined in such sections are patchable, besides\n"
	"                             rcpp_patchable and .data..patchable\n"
	"  --init-section GLOB        code there runs before patching and is left alone, besides\n"
	"                             .init.text* and .text.rcpp_init*\n"
	"  --unpatched=load|fault     until it is patched, a site reads the variable (default) or\n"
	"                             traps\n"
	"  --wide=temp|load           a value beyond 32 bits in 64-bit arithmetic goes through a "
	"dead\n"
	"                             register (default), or the site reads memory\n"
	"  --no-fuse                  leave loads and the instructions that consume them apart\n"
	"  --no-branch --no-call --no-div\n"
	"                             leave that kind of site out\n"
	"  --explain[=FILE]           what became of each reference, a line each, to FILE or\n"
	"                             standard error\n"
	"  --stats[=text|json]        counts, to standard error\n"
	"  --help, --version          print this, or the version, and exit\n"
	"\n"
	"In assembly written by hand, $rcpp_value(b) is the value of b, see rcpp(1).\n"
	"\n"
	"Exit status: 0 done, 1 the input is wrong, 2 wrong usage.\n";

/* The whole file with two NULs behind it, or NULL with errno set. */
static char *read_all(int fd, size_t *length)
{
	struct stat status;
	size_t space = 1 << 16;
	char *text;
	ssize_t got;

	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		space = (size_t)status.st_size + 3;
	text = allocate(space);
	*length = 0;
	while ((got = read(fd, text + *length, space - *length - 2)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(text);
			return NULL;
		}
		*length += (size_t)got;
		if (space - *length <= 2)
			text = reallocate(text, space *= 2);
	}
	text[*length] = text[*length + 1] = '\0';
	return text;
}

static char *read_input(const struct options *options, size_t *length)
{
	int fd = options->input ? open(options->input, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	char *text = fd < 0 ? NULL : read_all(fd, length);

	if (!text)
		fprintf(stderr, "%s:1: error: cannot be read: %s\n",
			options->input ? options->input : "{standard input}", strerror(errno));
	if (fd > STDIN_FILENO)
		close(fd);
	return text;
}

/* Where the output goes until it is complete. */
struct output {
	FILE *file;
	char *temporary; /* NULL: straight to a stream or a device */
};

/* The temporary file, for ways out that do not pass by output_close(). */
static const char *volatile unfinished;

static void remove_unfinished(void)
{
	if (unfinished)
		unlink(unfinished);
}

static void remove_and_end(int signal_number)
{
	remove_unfinished();
	raise(signal_number); /* SA_RESETHAND: this time it ends the program */
}

/* Memory that cannot be had calls exit(); a pipe to read the messages from can be closed. */
static void remove_at_end(const char *temporary)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
	const struct sigaction end = {.sa_handler = remove_and_end,
				      .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
	struct sigaction old;

	unfinished = temporary;
	atexit(remove_unfinished);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &end, NULL);
}

static bool output_open(struct output *output, const char *name)
{
	struct stat status;
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	*output = (struct output){.file = stdout};
	if (!name)
		return true;
	if (!stat(name, &status) && !S_ISREG(status.st_mode)) {
		output->file =
			fopen(name, "we"); /* /dev/null and pipes have no half-written state */
		return output->file;
	}
	if (asprintf(&output->temporary, "%s.XXXXXX", name) < 0)
		allocate(SIZE_MAX);
	fd = mkostemp(output->temporary, O_CLOEXEC);
	if (fd < 0)
		return false;
	remove_at_end(output->temporary);
	output->file = fdopen(fd, "w");
	return output->file && !fchmod(fd, 0666 & ~mask);
}

static bool output_close(struct output *output, const char *name, bool keep)
{
	bool written = true;

	if (output->file)
		written = !fflush(output->file) && !ferror(output->file);
	if (output->file && output->file != stdout)
		written = !fclose(output->file) && written;
	if (output->temporary) {
		if (keep && written)
			written = !rename(output->temporary, name);
		if (!keep || !written) {
			int saved = errno;

			unlink(output->temporary);
			errno = saved;
		}
		unfinished = NULL;
	}
	free(output->temporary);
	return written;
}

static int run(const struct options *options)
{
	const char *input_name = options->input ? options->input : "{standard input}";
	struct output output;
	size_t length;
	bool changed, written;
	char *text = read_input(options, &length);
	int status;

	if (!text)
		return 1;
	written = output_open(&output, options->output);
	status = 1;
	if (written)
		status = filter_text(options, input_name, text, length, output.file, &changed);
	written = output_close(&output, options->output, !status) && written;
	if (!written) {
		fprintf(stderr, "rcpp: error: cannot write %s: %s\n",
			options->output ? options->output : "the standard output", strerror(errno));
		status = 1;
	}
	free(text);
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
