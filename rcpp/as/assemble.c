/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finds the real assembler and runs it as a child. GNU as dies from a signal with its object
 * half-written; gcc does not remove that if the signal was for the assembler only (the kernel's,
 * when memory runs out), nor does clang if it was for all of them (ctrl-C). This program does, and
 * waits for the child for that reason.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "assemble.h"
#include "command.h"

void die(const char *format, ...)
{
	va_list arguments;

	fputs("rcpp as: error: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

void remove_output(const char *name)
{
	struct stat status;

	if (lstat(name, &status) == 0 && S_ISREG(status.st_mode))
		unlink(name);
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

char *find_assembler(const char *name)
{
	static const char usual_path[] = "/usr/local/bin:/usr/bin:/bin";
	const char *directory = getenv("PATH");

	if (name == NULL || name[0] == '\0')
		name = "as";
	if (strchr(name, '/') != NULL) {
		if (is_self(name))
			die("RCPP_AS=%s is rcpp's own `as`: name the real assembler", name);
		return duplicate(name);
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

static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
#define ENDING_SIGNALS (sizeof ending_signals / sizeof *ending_signals)

/* For the handler: what is running, and the files that it may leave. */
static volatile pid_t assembler;
static const char *volatile half_written, *volatile unneeded;

static void remove_files(void)
{
	remove_output(half_written);
	if (unneeded != NULL)
		remove_output(unneeded);
}

/* By the signal's default action; a core would be of the wrong program. */
__attribute__((noreturn)) static void end_by(int signal_number)
{
	static const struct rlimit no_core = {0, 0};
	sigset_t set;

	setrlimit(RLIMIT_CORE, &no_core);
	signal(signal_number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signal_number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signal_number);
	_exit(128 + signal_number);
}

static void pass_on(int signal_number)
{
	kill(assembler, signal_number);
	while (waitpid(assembler, NULL, 0) < 0 && errno == EINTR)
		;
	remove_files();
	end_by(signal_number);
}

/* Handles the signals that would end this program; those that are ignored stay so. */
static void handle_signals(void)
{
	struct sigaction action = {.sa_handler = pass_on}, old;

	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		sigaddset(&action.sa_mask, ending_signals[i]);
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		if (sigaction(ending_signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(ending_signals[i], &action, NULL);
}

__attribute__((noreturn)) static void become_assembler(char *path, char **words, pid_t parent)
{
	/* Where this program is killed, nothing waits for the assembler. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	execv(path, words);
	fprintf(stderr, "rcpp as: error: cannot run %s: %s\n", path, strerror(errno));
	_exit(1);
}

void run_assembler(char *path, char **words, const char *output, const char *input)
{
	pid_t parent = getpid(), child;
	sigset_t set, old;
	int status;

	words[0] = path;
	half_written = output;
	unneeded = input;
	sigemptyset(&set);
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		sigaddset(&set, ending_signals[i]);
	sigprocmask(SIG_BLOCK, &set, &old);
	fflush(stderr);
	child = vfork(); /* nothing is copied, and the child does little */
	if (child < 0)
		die("cannot run %s: %s", path, strerror(errno));
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		become_assembler(path, words, parent);
	}
	assembler = child;
	handle_signals();
	sigprocmask(SIG_SETMASK, &old, NULL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		remove_files();
		end_by(WTERMSIG(status));
	}
	exit(WEXITSTATUS(status));
}
