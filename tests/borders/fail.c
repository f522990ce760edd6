// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fail once|rest|never PROGRAM [ARGUMENT]...: runs the program again and again, and lets one system
 * call of its marked parts fail: the first, the second and so on; with `rest`, all that follow in
 * the same part, too. The program marks the begin of a part by getpgid(BEGIN), its end by
 * getpgid(END). With `never` it runs once, and its calls are only counted.
 *
 * Each run must end with status 0. The last line says how many calls there were.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "marks.h"

#define SECONDS_MAX 60 /* for one run */

struct run {
	long wanted; /* the call to fail */
	bool rest;
	long seen; /* calls in marked parts so far */
	bool marked, failing;
	long name; /* of the first that failed */
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void enter_call(pid_t process, struct run *run)
{
	struct user_regs_struct registers;

	if (ptrace(PTRACE_GETREGS, process, NULL, &registers))
		die("PTRACE_GETREGS");
	if (registers.orig_rax == SYS_getpgid && (registers.rdi == BEGIN || registers.rdi == END)) {
		run->marked = registers.rdi == BEGIN;
		run->failing = false;
		return;
	}
	if (!run->marked)
		return;
	if (run->seen == run->wanted) {
		run->failing = true;
		run->name = (long)registers.orig_rax;
	} else if (!run->rest) {
		run->failing = false;
	}
	run->seen++;
	if (!run->failing)
		return;
	registers.orig_rax = (unsigned long)-1; /* no call at all */
	if (ptrace(PTRACE_SETREGS, process, NULL, &registers))
		die("PTRACE_SETREGS");
}

static void leave_call(pid_t process, const struct run *run)
{
	struct user_regs_struct registers;

	if (!run->failing)
		return;
	if (ptrace(PTRACE_GETREGS, process, NULL, &registers))
		die("PTRACE_GETREGS");
	registers.rax = (unsigned long)-ENOMEM;
	if (ptrace(PTRACE_SETREGS, process, NULL, &registers))
		die("PTRACE_SETREGS");
}

static pid_t start(char **arguments)
{
	pid_t process = fork();
	int status;

	if (!process) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			die("PTRACE_TRACEME");
		execv(arguments[0], arguments);
		die(arguments[0]);
	}
	if (waitpid(process, &status, 0) != process || !WIFSTOPPED(status))
		die("waitpid");
	if (ptrace(PTRACE_SETOPTIONS, process, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		die("PTRACE_SETOPTIONS");
	return process;
}

/* Returns the status that the program ends with. */
static int trace(pid_t process, struct run *run)
{
	bool inside = false;
	int signal = 0;
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, process, NULL, (void *)(long)signal))
			die("PTRACE_SYSCALL");
		if (waitpid(process, &status, 0) != process)
			die("waitpid");
		if (!WIFSTOPPED(status))
			return status;
		signal = WSTOPSIG(status);
		if (signal != (SIGTRAP | 0x80))
			continue;
		signal = 0;
		inside = !inside;
		if (inside)
			enter_call(process, run);
		else
			leave_call(process, run);
	}
}

int main(int count, char **arguments)
{
	long failed = 0, calls = 0;
	int bad = 0;

	if (count < 3)
		return 2;
	if (!strcmp(arguments[1], "never"))
		failed = LONG_MAX;
	for (;; failed++) {
		struct run run = {.wanted = failed, .rest = !strcmp(arguments[1], "rest")};
		int status;

		alarm(SECONDS_MAX); /* who waits for ever fails, too */
		status = trace(start(arguments + 2), &run);

		if (status) {
			printf("call %ld (number %ld) fails: status 0x%x\n", failed, run.name,
			       status);
			bad++;
		}
		calls = run.seen;
		if (calls <= failed)
			break;
	}
	printf("%ld system calls, %d runs wrong\n", calls, bad);
	return bad != 0;
}
