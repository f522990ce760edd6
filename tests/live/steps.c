// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A thread is interrupted at each instruction of all forms, one after the other, and there another
 * thread changes the values, or reverts, or patches. What the forms return is made of the old
 *values up to some form, and of the new ones from then on.
 *
 *	steps handler	the processor's trap flag interrupts the thread: its place is that of an
 *			outer frame. Prints each place, and whether it was "inside" or "outside".
 *	steps tracer	another process steps it: the signal that stops threads interrupts it there
 *	steps MODE unstopped	the same without the stop: it goes wrong
 */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <ucontext.h>

#include "forms.h"

#define TRAP_FLAG 0x100

/* What happens at a place: new values, or one of the other calls. */
enum { TO_REVERT = SETS, TO_PATCH, CHANGES };

/* One run of the forms. The tracer shares it with the process that it steps. */
struct experiment {
	unsigned long from;   /* number of a set */
	unsigned long to;     /* the same, or TO_* */
	unsigned long wanted; /* after so many instructions something happens */
	_Atomic bool running; /* the forms */
	_Atomic enum { BEFORE, ASKED, ANSWERED } stage; /* of what shall happen */
	_Atomic bool refused;				/* it did not happen */
};

static struct experiment *experiment;
static const unsigned long x = 0x123456789abcdef;
static bool stopless;

#define CHANGE(variable, v)                                                                        \
	{                                                                                          \
		&variable, &(v)->variable, sizeof(variable)                                        \
	}

static int update_to(const struct values *v)
{
	const struct rcpp_change changes[] = {CHANGE(number, v),   CHANGE(divisor, v),
					      CHANGE(small, v),	   CHANGE(shift, v),
					      CHANGE(function, v), CHANGE(flag, v)};

	return rcpp_update(changes, sizeof(changes) / sizeof(*changes));
}

static int change(void)
{
	switch (experiment->to) {
	case TO_REVERT:
		return rcpp_revert();
	case TO_PATCH:
		return rcpp_patch();
	default:
		return update_to(&sets[experiment->to]);
	}
}

static void prepare(void)
{
	rcpp_set_timeout(10000);
	rcpp_configure(0);
	CHECK(!rcpp_patch() && !update_to(&sets[experiment->from]));
	CHECK(experiment->to != TO_PATCH || !rcpp_revert());
	rcpp_configure(stopless ? RCPP_NO_STOP : 0);
	experiment->refused = false;
	experiment->stage = BEFORE;
}

/* The forms run in the order of the bits. */
static void check(const struct results *results)
{
	unsigned long to = experiment->to < SETS ? experiment->to : experiment->from;
	unsigned int not_old = wrong(results, x, &sets[experiment->from]);
	unsigned int not_new = wrong(results, x, &sets[to]);

	CHECK(!(not_old & not_new));
	CHECK(!not_old || not_new < (not_old & -not_old)); /* nothing old behind something new */
	CHECK(!experiment->refused || !not_old);
	CHECK(stopless || !rcpp_verify());
}

static void wait_for_answer(void)
{
	while (experiment->stage != ANSWERED)
		sched_yield();
}

static bool run_to_end(struct results *results)
{
	experiment->running = true;
	__asm__ volatile("int3"); /* from here on the thread is stepped */
	*results = run_forms(x);
	experiment->running = false;
	return experiment->stage != BEFORE;
}

static bool run(void)
{
	struct results results;

	prepare();
	if (!run_to_end(&results))
		return false;
	wait_for_answer();
	check(&results);
	return true;
}

/* Each set becomes two others, is reverted and patched. */
static bool is_of_interest(unsigned long from, unsigned long to)
{
	return to >= SETS || (to + SETS - from - 1) % SETS < 2;
}

static void run_all(void)
{
	unsigned long places = 0, refused = 0;

	for (experiment->from = 0; experiment->from < SETS; experiment->from++) {
		for (experiment->to = 0; experiment->to < CHANGES; experiment->to++) {
			if (!is_of_interest(experiment->from, experiment->to))
				continue;
			for (experiment->wanted = 0; run(); experiment->wanted++, places++)
				refused += experiment->refused;
			CHECK(experiment->wanted > 50);
		}
	}
	printf("%lu times at a place, %lu times refused\n", places, refused);
}

/* ---- The other thread ---- */

/* A thread that stands inside does not go on before this returns. */
static bool is_refused(void)
{
	unsigned int milliseconds = 1;

	for (; rcpp_set_timeout(milliseconds), change(); milliseconds *= 2) {
		if (strstr(rcpp_error(), "stays inside of a site"))
			return true;
		CHECK(milliseconds < 10000); /* it was too short for anything */
	}
	return false;
}

static void *change_when_asked(void *traced)
{
	for (;; experiment->stage = ANSWERED) {
		while (experiment->stage != ASKED)
			sched_yield();
		if (traced)
			CHECK(!change());
		else
			experiment->refused = is_refused();
	}
	return NULL;
}

static void start_other(bool traced)
{
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, change_when_asked, traced ? experiment : NULL));
}

/* ---- Stepped by the trap flag ---- */

static unsigned long steps;

static void on_trap(int unused, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)unused;
	(void)info;
	if (!experiment->running) {
		registers[REG_EFL] &= ~TRAP_FLAG;
		steps = 0;
		return;
	}
	registers[REG_EFL] |= TRAP_FLAG;
	if (steps++ != experiment->wanted)
		return;
	experiment->stage = ASKED;
	wait_for_answer();
	printf("%s 0x%llx\n", experiment->refused ? "inside" : "outside", registers[REG_RIP]);
}

static void step_in_process(void)
{
	struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};

	CHECK(!sigaction(SIGTRAP, &action, NULL));
	start_other(false);
	run_all();
}

/* ---- Stepped by another process ---- */

static bool has_pending(pid_t child)
{
	char name[64], line[128];
	unsigned long pending = 0;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)child);
	file = fopen(name, "r");
	CHECK(file);
	while (fgets(line, sizeof(line), file) && sscanf(line, "SigPnd: %lx", &pending) != 1)
		;
	fclose(file);
	return pending;
}

/* The signal with which it stopped; it ends with this process if it ends otherwise. */
static int wait_for_stop(pid_t child)
{
	int status;

	CHECK(waitpid(child, &status, 0) == child);
	if (!WIFSTOPPED(status))
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return WSTOPSIG(status);
}

/* It has just begun to run the forms. */
static void step(pid_t child)
{
	unsigned long i;

	for (i = 0; i < experiment->wanted && experiment->running; i++) {
		CHECK(!ptrace(PTRACE_SINGLESTEP, child, NULL, NULL));
		CHECK(wait_for_stop(child) == SIGTRAP);
	}
	if (!experiment->running)
		return;
	experiment->stage = ASKED;
	while (!has_pending(child) && experiment->stage != ANSWERED)
		sched_yield();
}

static void trace(pid_t child)
{
	long number = 0;

	for (;;) {
		CHECK(!ptrace(PTRACE_CONT, child, NULL, (void *)number));
		number = wait_for_stop(child);
		if (number == SIGTRAP && experiment->running)
			step(child);
		if (number == SIGTRAP || number == SIGSTOP)
			number = 0;
	}
}

static void step_other_process(void)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child) {
		wait_for_stop(child);
		trace(child);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	start_other(true);
	CHECK(!ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	raise(SIGSTOP);
	run_all();
	fflush(stdout);
	_exit(0);
}

int main(int count, char **arguments)
{
	experiment = mmap(NULL, sizeof(*experiment), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(experiment != MAP_FAILED && count > 1);
	stopless = count > 2 && !strcmp(arguments[2], "unstopped");
	if (!strcmp(arguments[1], "tracer"))
		step_other_process();
	else
		step_in_process();
	return 0;
}
