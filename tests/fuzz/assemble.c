// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Asks GNU as whether it takes a text. It runs with limits on time, memory and the size of its
 * output (`.rept 1000000000` is a valid line); what runs into them has no verdict. Neither has text
 * that names other files.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fuzz.h"

#define SECONDS	    5
#define MEMORY	    ((rlim_t)1 << 30)
#define OUTPUT_SIZE ((rlim_t)1 << 26)

/* .include, .incbin, and whatever else begins so. */
static bool names_files(const char *text, size_t length)
{
	for (size_t i = 0; i + 3 < length; i++)
		if (text[i] == '.' && tolower((unsigned char)text[i + 1]) == 'i' &&
		    tolower((unsigned char)text[i + 2]) == 'n' &&
		    tolower((unsigned char)text[i + 3]) == 'c')
			return true;
	return false;
}

static void limit(int resource, rlim_t most)
{
	const struct rlimit limits = {most, most};

	setrlimit(resource, &limits);
}

/* In the child, which shares the parent's memory: nothing but system calls. */
__attribute__((noreturn)) static void become_assembler(int input, bool loud, const char *object)
{
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(input, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	if (!loud)
		dup2(nothing, STDERR_FILENO);
	limit(RLIMIT_CPU, SECONDS);
	limit(RLIMIT_AS, MEMORY);
	limit(RLIMIT_FSIZE, OUTPUT_SIZE);
	limit(RLIMIT_CORE, 0);
	execlp("as", "as", "-o", object, "-", (char *)NULL);
	_exit(127);
}

static int text_as_file(const char *text, size_t length)
{
	int file = memfd_create("input", MFD_CLOEXEC);

	while (length) {
		ssize_t written = write(file, text, length);

		if (written <= 0)
			fuzz_fail("no memory for the assembler's input");
		text += written;
		length -= (size_t)written;
	}
	lseek(file, 0, SEEK_SET);
	return file;
}

enum verdict fuzz_assemble(const char *text, size_t length, bool loud)
{
	const char *directory = getenv("TMPDIR");
	char object[4096];
	int input, status;
	pid_t child;

	if (names_files(text, length))
		return VERDICT_NONE;
	snprintf(object, sizeof object, "%s/rcpp-fuzz-%ld.o", directory ? directory : "/tmp",
		 (long)getpid());
	input = text_as_file(text, length);
	child = vfork(); /* a fork would copy the sanitizers' page tables */
	if (!child)
		become_assembler(input, loud, object);
	while (child > 0 && waitpid(child, &status, 0) != child)
		if (errno != EINTR) /* libFuzzer has a timer running */
			child = -1;
	if (child < 0)
		fuzz_fail("cannot run the assembler");
	close(input);
	unlink(object);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		fuzz_fail("there is no assembler to run");
	if (!WIFEXITED(status))
		return VERDICT_NONE;
	return WEXITSTATUS(status) ? VERDICT_REFUSED : VERDICT_TAKEN;
}
