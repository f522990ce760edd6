// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* An output file that is written whole or not at all: a temporary file beside it, and a rename. */
#include <fcntl.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "memory.h"
#include "output.h"

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

bool output_open(struct output *output, const char *name)
{
	struct stat status;
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	*output = (struct output){.file = stdout};
	if (!name || strcmp(name, "-") == 0)
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

bool output_close(struct output *output, const char *name, bool keep)
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
