// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A debugger sets a breakpoint, or removes it, while a call of the library changes the text: at
 * every third of the stops before and behind its system calls. Afterwards the text holds what the
 * debugger wrote last. (When mremap() begins, nobody can look any more.)
 */
#define _GNU_SOURCE 1
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "check.h"

#define BREAKPOINT 0xcc

__patchable long number = 1;

__attribute__((noinline)) long use(long x)
{
	return x + number;
}

/* Without a site, on the same page. */
__attribute__((noinline)) long other(long x)
{
	return x * 3;
}

/* Which call it is. */
enum call { UPDATE, REVERT, PATCH, CALLS };

static volatile enum call *call;
static pid_t program;
static unsigned char original;

/* ---- The program: it stops before each call, behind it, and before all is made ready ---- */

static int change(long value)
{
	switch (*call) {
	case UPDATE:
		return RCPP_SET(number, value);
	case REVERT:
		return rcpp_revert();
	default:
		return rcpp_patch();
	}
}

static void run(void)
{
	CHECK(!ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	for (long value = 2;; value++) {
		raise(SIGSTOP);
		CHECK(*call == PATCH ? !rcpp_revert() : !rcpp_patch());
		raise(SIGSTOP);
		CHECK(!change(value));
		raise(SIGSTOP);
		CHECK(!rcpp_verify() && use(1) == 1 + *(long *)hide(&number));
	}
}

/* ---- The debugger ---- */

/* Goes on to the next stop, and returns the signal; a system call is one, too, if asked for. */
static int go_on(bool system_calls)
{
	int status;

	CHECK(!ptrace(system_calls ? PTRACE_SYSCALL : PTRACE_CONT, program, NULL, NULL));
	CHECK(waitpid(program, &status, 0) == program);
	if (!WIFSTOPPED(status))
		exit(1);
	return WSTOPSIG(status);
}

static unsigned char read_byte(void)
{
	return (unsigned char)ptrace(PTRACE_PEEKTEXT, program, other, NULL);
}

static void write_byte(unsigned char byte)
{
	long word = ptrace(PTRACE_PEEKTEXT, program, other, NULL);

	CHECK(!ptrace(PTRACE_POKETEXT, program, other, (word & ~0xffL) | byte));
}

static bool mremap_begins(void)
{
	struct __ptrace_syscall_info info;

	CHECK(ptrace(PTRACE_GET_SYSCALL_INFO, program, sizeof(info), &info) > 0);
	return info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_mremap;
}

/* At this stop of the call; false if it ends before. */
static bool is_kept(int stop, bool sets)
{
	unsigned char last = sets ? BREAKPOINT : original;
	bool late, kept;

	CHECK(go_on(false) == SIGSTOP);
	write_byte(sets ? original : BREAKPOINT);
	for (int i = 0; i <= stop; i++)
		if (go_on(true) == SIGSTOP)
			return false;
	late = mremap_begins();
	write_byte(last);
	CHECK(go_on(false) == SIGSTOP);
	kept = read_byte() == last;
	if (!kept && !late) {
		printf("call %d, stop %d: the breakpoint is %s\n", (int)*call, stop,
		       sets ? "lost" : "back");
		exit(1);
	}
	return true;
}

static void debug(void)
{
	int stops = 0;

	CHECK(!ptrace(PTRACE_SETOPTIONS, program, NULL, PTRACE_O_TRACESYSGOOD));
	original = read_byte();
	for (*call = 0; *call < CALLS; ++*call) {
		for (int sets = 0; sets < 2; sets++) {
			int stop = 0;

			for (; is_kept(stop, sets); stop += 3) {
				write_byte(original);
				CHECK(go_on(false) == SIGSTOP);
			}
			CHECK(stop > 10);
			stops += stop / 3;
			write_byte(original);
			CHECK(go_on(false) == SIGSTOP);
		}
	}
	printf("%d times a breakpoint came or went\n", stops);
}

int main(void)
{
	int status;

	call = mmap(NULL, sizeof(*call), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	program = fork();
	CHECK(program >= 0);
	if (!program)
		run();
	CHECK(waitpid(program, &status, 0) == program && WIFSTOPPED(status));
	debug();
	kill(program, SIGKILL);
	return 0;
}
