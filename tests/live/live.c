// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites change while threads run them.
 *
 *	live values	each result is that of the old values or of the new ones, in every form
 *	live blocked	a thread blocks all signals: refused, with the thread's name
 *	live outer	a handler has interrupted a site and has not returned: refused until it has
 *	live alternate	the same, on an alternate stack
 *	live caller	a handler that has interrupted a site calls us: refused
 *	live signal	the choice of the signal
 *	live library's	the C library's signal: it stops a thread that blocks all, and works as
 *before
 */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"
#include "far.h"
#include "forms.h"

#define THREADS 4

/* A load and its consumer with much between them: whoever runs this is inside. */
DEFINE_FAR(number)

static atomic_bool stop;
static atomic_long calls;

static void *run(void *unused)
{
	unsigned long x = 0x123456789abcdef;

	while (!stop) {
		struct results results = run_forms(x);

		CHECK(are_of_sets(&results, x));
		x = next(x);
		calls++;
	}
	return unused;
}

static void set(const struct values *v)
{
	*(long *)hide(&number) = v->number;
	*(unsigned long *)hide(&divisor) = v->divisor;
	*(unsigned int *)hide(&small) = v->small;
	*(unsigned int *)hide(&shift) = v->shift;
	*(long (**)(long))hide((void *)&function) = v->function;
	*(bool *)hide(&flag) = v->flag;
}

static void check_values(void)
{
	pthread_t threads[THREADS];
	double end = now() + 2;
	long rounds = 0;

	rcpp_configure(RCPP_KEEP_WRITABLE);
	rcpp_set_timeout(10000);
	set(&sets[0]);
	for (int i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&threads[i], NULL, run, NULL));
	for (; now() < end || rounds < 20; rounds++) {
		set(&sets[rounds % SETS]);
		CHECK(!(rounds % 7 == 6 ? rcpp_revert() : rcpp_patch()));
	}
	stop = true;
	for (int i = 0; i < THREADS; i++)
		CHECK(!pthread_join(threads[i], NULL));
	printf("%ld changes, %ld rounds of calls\n", rounds, (long)calls);
}

static void *sleep_blocked(void *unused)
{
	sigset_t all;

	prctl(PR_SET_NAME, "sleeper");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	while (!stop) {
		calls++;
		usleep(1000);
	}
	return unused;
}

static void check_blocked(void)
{
	pthread_t thread;

	set(&sets[0]);
	CHECK(!pthread_create(&thread, NULL, sleep_blocked, NULL));
	while (!calls)
		usleep(1000);
	CHECK(rcpp_patch() == -1);
	CHECK(strstr(rcpp_error(),
		     "(sleeper) blocks the signal that stops threads; the text is unchanged"));
	set(&sets[1]); /* it is open */
	CHECK(add(0) == 5 + sets[1].number);
	rcpp_configure(RCPP_NO_STOP);
	CHECK(!rcpp_patch());
	stop = true;
	CHECK(!pthread_join(thread, NULL));
}

static atomic_bool inside, leave;
static atomic_int result;

static void wait_in_handler(int number_of_signal)
{
	(void)number_of_signal;
	inside = true;
	while (!leave)
		;
}

static void patch_in_handler(int number_of_signal)
{
	(void)number_of_signal;
	result = rcpp_patch();
	if (result)
		CHECK(strstr(rcpp_error(), "called by a signal handler that interrupted a site"));
	inside = true;
}

static void *run_far(void *alternate)
{
	static char memory[65536];
	stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};

	if (alternate)
		CHECK(!sigaltstack(&stack, NULL));
	for (unsigned long expected = many_steps(1) + 5; !stop; calls++) {
		CHECK(far(1) == expected);
	}
	return NULL;
}

static pthread_t start_far(void (*handler)(int), bool alternate)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = alternate ? SA_ONSTACK : 0};
	pthread_t thread;

	set(&sets[0]);
	CHECK(sets[0].number == 5);
	CHECK(!sigaction(SIGUSR1, &action, NULL));
	CHECK(!pthread_create(&thread, NULL, run_far, alternate ? (void *)1 : NULL));
	while (!calls)
		usleep(1000);
	return thread;
}

static void finish(pthread_t thread)
{
	stop = true;
	CHECK(!pthread_join(thread, NULL));
	CHECK(!rcpp_verify());
}

static void check_outer(bool alternate)
{
	pthread_t thread = start_far(wait_in_handler, alternate);

	rcpp_set_timeout(300);
	CHECK(!pthread_kill(thread, SIGUSR1));
	while (!inside)
		usleep(1000);
	CHECK(rcpp_patch() == -1);
	CHECK(strstr(rcpp_error(), "stays inside of a site; the text is unchanged"));
	leave = true;
	rcpp_set_timeout(10000);
	CHECK(!rcpp_patch());
	CHECK(!rcpp_revert());
	finish(thread);
}

/* The handler calls us: is it refused when it has interrupted a site? */
static void check_refused(pthread_t thread, int number)
{
	int refused = 0;

	for (int i = 0; i < 20 && !refused; i++) {
		inside = false;
		CHECK(!pthread_kill(thread, number));
		while (!inside)
			usleep(1000);
		refused += result != 0;
		if (!result)
			CHECK(!rcpp_revert());
	}
	CHECK(refused);
}

/* As a handler may that emulates an instruction. */
static void write_flags(int number_of_signal, siginfo_t *info, void *context)
{
	(void)info;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= 0x8d5;
	patch_in_handler(number_of_signal);
}

static void check_caller(void)
{
	const struct sigaction action = {.sa_sigaction = write_flags, .sa_flags = SA_SIGINFO};
	pthread_t thread = start_far(patch_in_handler, false);

	rcpp_set_timeout(10000);
	check_refused(thread, SIGUSR1);
	CHECK(!rcpp_revert());
	CHECK(!sigaction(SIGUSR2, &action, NULL));
	check_refused(thread, SIGUSR2);
	finish(thread);
}

static void check_signal(void)
{
	CHECK(signal(SIGUSR1, wait_in_handler) != SIG_ERR);
	CHECK(rcpp_use_signal(SIGUSR1) == -1);
	CHECK(strstr(rcpp_error(), "signal 10 has a handler already"));
	CHECK(rcpp_use_signal(SIGKILL) == -1 && rcpp_use_signal(0) == -1);
	CHECK(!rcpp_use_signal(SIGUSR2) && !rcpp_use_signal(SIGUSR2));
	check_outer(false);
}

static void check_outer_stack(void)
{
	check_outer(false);
}

static void check_alternate_stack(void)
{
	check_outer(true);
}

/* The C library sends its signal to all threads, and waits for an answer of each. */
static void *change_ids(void *unused)
{
	for (; !stop; calls++)
		CHECK(!setresuid(-1, -1, -1));
	return unused;
}

static void check_librarys(void)
{
	pthread_t threads[3];

	CHECK(!rcpp_use_signal(SIGRTMIN - 1)); /* it has no handler yet */
	set(&sets[0]);
	CHECK(!pthread_create(&threads[0], NULL, sleep_blocked, NULL));
	CHECK(!pthread_create(&threads[1], NULL, change_ids, NULL));
	CHECK(!pthread_create(&threads[2], NULL, run, NULL));
	while (!calls)
		usleep(1000);
	rcpp_set_timeout(20000);
	for (int i = 0; i < 300; i++)
		CHECK(!(i % 2 ? rcpp_revert() : rcpp_patch()));
	CHECK(!rcpp_use_signal(SIGUSR2));
	CHECK(!rcpp_revert() || strstr(rcpp_error(), "(sleeper) blocks the signal"));
	stop = true;
	for (int i = 0; i < 3; i++)
		CHECK(!pthread_join(threads[i], NULL));
}

static const struct check {
	const char *name;
	void (*run)(void);
} checks[] = {
	{"values", check_values},      {"blocked", check_blocked},
	{"outer", check_outer_stack},  {"alternate", check_alternate_stack},
	{"caller", check_caller},      {"signal", check_signal},
	{"library's", check_librarys},
};

int main(int count, char **arguments)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (count > 1 && !strcmp(arguments[1], checks[i].name)) {
			checks[i].run();
			return 0;
		}
	return 2;
}
