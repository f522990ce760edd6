// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * New values by rcpp_update() while threads run the sites.
 *
 *	update values [SECONDS [THREADS [SIGNAL]]]	all old or all new, in every form
 *	update unstopped	the same, but no thread is stopped: this goes wrong
 *	update churn		the same as values, while threads, signals and processes come and go
 *	update closed		no other write comes through, before, after or meanwhile
 *	update refused		what is refused, and that nothing is changed then
 *	update parts		fields, parts of a variable, variables that overlap
 *	update unpatched	modules that are not patched, variables that are open
 *	update disabled		with RCPP_DISABLE=1
 */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "forms.h"

#define THREADS_MAX 64

/* Which set the values are of. It never comes back to an older number. */
__patchable unsigned long generation;

FORM unsigned long read_generation(void)
{
	return generation;
}

static atomic_bool stop;
static atomic_long calls, exact;

/* What happens between two reads of the same generation is all of its set. */
static void check_forms(unsigned long x)
{
	unsigned long before = read_generation();
	struct results results = run_forms(x);
	unsigned long after = read_generation();

	if (before == after) {
		CHECK(!wrong(&results, x, &sets[before % SETS]));
		exact++;
	}
	CHECK(before <= after);
	CHECK(are_of_sets(&results, x));
	calls++;
}

static void *run(void *unused)
{
	unsigned long x = 0x123456789abcdef;

	while (!stop) {
		check_forms(x);
		x = next(x);
	}
	return unused;
}

#define CHANGE(variable, from)                                                                     \
	{                                                                                          \
		&variable, &from, sizeof(from)                                                     \
	}

static int update_to(unsigned long number_of_set)
{
	const struct values *v = &sets[number_of_set % SETS];
	const struct rcpp_change changes[] = {
		CHANGE(number, v->number),	   CHANGE(divisor, v->divisor),
		CHANGE(small, v->small),	   CHANGE(shift, v->shift),
		CHANGE(function, v->function),	   CHANGE(flag, v->flag),
		CHANGE(generation, number_of_set),
	};

	return rcpp_update(changes, sizeof(changes) / sizeof(*changes));
}

/* In this thread the new values hold when the call returns. */
static unsigned long change_for(double seconds)
{
	double end = now() + seconds;
	unsigned long round = 0;

	CHECK(!rcpp_patch());
	while (now() < end || round < 30) {
		struct results results;

		round++;
		if (round % 13 == 12)
			CHECK(!rcpp_revert());
		CHECK(!update_to(round));
		results = run_forms(round);
		CHECK(!wrong(&results, round, &sets[round % SETS]));
		if (round % 13 == 12)
			CHECK(!rcpp_patch());
		CHECK(!rcpp_verify());
	}
	return round;
}

static void start(pthread_t *threads, int count)
{
	CHECK(!update_to(0));
	for (int i = 0; i < count; i++)
		CHECK(!pthread_create(&threads[i], NULL, run, NULL));
}

static void join(pthread_t *threads, int count)
{
	for (int i = 0; i < count; i++)
		CHECK(!pthread_join(threads[i], NULL));
}

static void check_values(double seconds, int count)
{
	pthread_t threads[THREADS_MAX];
	unsigned long rounds;

	rcpp_set_timeout(60000);
	start(threads, count);
	rounds = change_for(seconds);
	stop = true;
	join(threads, count);
	CHECK(exact > 0);
	printf("%lu updates, %ld rounds of calls, %ld of these within one generation\n", rounds,
	       (long)calls, (long)exact);
}

/* ---- Threads, signals, processes ---- */

static void on_signal(int unused)
{
	(void)unused;
	check_forms((unsigned long)calls);
}

static void *run_briefly(void *unused)
{
	for (unsigned long x = 1; x < 100; x++)
		check_forms(x);
	return unused;
}

static void *make_threads(void *unused)
{
	while (!stop) {
		pthread_t thread;

		CHECK(!pthread_create(&thread, NULL, run_briefly, NULL));
		pthread_kill(thread, SIGUSR1);
		CHECK(!pthread_join(thread, NULL));
	}
	return unused;
}

static void *make_processes(void *unused)
{
	while (!stop) {
		int status;
		pid_t child = fork();

		if (!child) {
			run_briefly(NULL);
			CHECK(!update_to(1UL << 40));
			run_briefly(NULL);
			_exit(0);
		}
		CHECK(waitpid(child, &status, 0) == child && !status);
	}
	return unused;
}

static void check_churn(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	pthread_t threads[2], makers[2];

	CHECK(!sigaction(SIGUSR1, &action, NULL));
	rcpp_set_timeout(60000);
	start(threads, 2);
	CHECK(!pthread_create(&makers[0], NULL, make_threads, NULL));
	CHECK(!pthread_create(&makers[1], NULL, make_processes, NULL));
	change_for(3);
	stop = true;
	join(threads, 2);
	join(makers, 2);
}

/* ---- Closed variables ---- */

static sigjmp_buf fault;
static atomic_long faults;

static void on_fault(int unused)
{
	(void)unused;
	siglongjmp(fault, 1);
}

static bool faults_when_written(void *variable)
{
	if (sigsetjmp(fault, 1))
		return true;
	*(volatile char *)hide(variable) = 99;
	return false;
}

static void *write_all_the_time(void *unused)
{
	while (!stop) {
		CHECK(faults_when_written(&shift));
		faults++;
	}
	return unused;
}

static void check_closed(void)
{
	struct sigaction action = {.sa_handler = on_fault};
	pthread_t thread;

	CHECK(!sigaction(SIGSEGV, &action, NULL));
	CHECK(!update_to(0) && !rcpp_patch());
	CHECK(!pthread_create(&thread, NULL, write_all_the_time, NULL));
	for (unsigned long i = 0; i < 300 || faults < 1000; i++)
		CHECK(!update_to(i));
	stop = true;
	CHECK(!pthread_join(thread, NULL));
	CHECK(faults_when_written(&generation));
}

/* ---- Refused ---- */

static void *sleep_blocked(void *unused)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	for (calls = 1; !stop;)
		usleep(1000);
	return unused;
}

static void check_unchanged(unsigned long number_of_set)
{
	struct results results = run_forms(3);

	CHECK(read_generation() == number_of_set);
	CHECK(*(unsigned long *)hide(&generation) == number_of_set);
	CHECK(!wrong(&results, 3, &sets[number_of_set % SETS]));
	CHECK(!rcpp_verify());
}

/* With this change among others, in any place. */
static void refuse(void *variable, const void *value, const char *why)
{
	unsigned long later = 7;
	const struct rcpp_change first[] = {{variable, value, 8}, CHANGE(generation, later)};
	const struct rcpp_change last[] = {CHANGE(generation, later), {variable, value, 8}};

	CHECK(rcpp_update(first, 2) == -1);
	CHECK(strstr(rcpp_error(), why));
	check_unchanged(1);
	CHECK(rcpp_update(last, 2) == -1);
	CHECK(strstr(rcpp_error(), "nothing is changed"));
	check_unchanged(1);
}

static void refuse_all(void)
{
	static const long constant = 5;
	static char pages[8192] __attribute__((aligned(4096)));

	CHECK(!mprotect(pages + 4096, 4096, PROT_READ));
	refuse(NULL, &constant, "change 0 has no memory; nothing is changed");
	refuse(&generation, NULL, "change 0 has no memory; nothing is changed");
	refuse((void *)&constant, &constant, "cannot be written; nothing is changed");
	refuse((void *)check_unchanged, &constant, "cannot be written; nothing is changed");
	refuse((void *)8, &constant, "cannot be written; nothing is changed");
	refuse((void *)-8L, &constant, "nothing is changed");
	refuse(pages + 4092, &constant, "cannot be written; nothing is changed");
	CHECK(!pages[4092]);
}

static void check_refused(void)
{
	struct sigaction action = {.sa_handler = on_fault};
	pthread_t thread;

	CHECK(!sigaction(SIGSEGV, &action, NULL));
	CHECK(!update_to(1));
	refuse_all();
	CHECK(!rcpp_patch());
	refuse_all();
	CHECK(faults_when_written(&generation));
	CHECK(!rcpp_update(NULL, 0) && !*rcpp_error());
	CHECK(!rcpp_update(&(struct rcpp_change){NULL, NULL, 0}, 1));

	CHECK(!pthread_create(&thread, NULL, sleep_blocked, NULL));
	while (!calls)
		usleep(1000);
	CHECK(update_to(2) == -1);
	CHECK(strstr(rcpp_error(), "blocks the signal that stops threads"));
	check_unchanged(1);
	CHECK(faults_when_written(&generation));
	rcpp_configure(RCPP_NO_STOP);
	CHECK(!update_to(2));
	check_unchanged(2);
	stop = true;
	CHECK(!pthread_join(thread, NULL));
}

/* ---- Parts of variables ---- */

struct fields {
	signed char a;
	unsigned short b;
	int c;
	long d;
	unsigned char e[8];
};

__patchable struct fields fields = {-1, 2, 3, 4, {5, 6, 7, 8, 9, 10, 11, 12}};

FORM long read_fields(void)
{
	return fields.a * 1000000007L + fields.b * 10007L + fields.c * 1009L + fields.d * 101;
}

FORM unsigned long read_bytes(unsigned long x)
{
	return x + fields.e[0] * 3 + fields.e[7];
}

static long sum_of(const struct fields *f)
{
	return f->a * 1000000007L + f->b * 10007L + f->c * 1009L + f->d * 101;
}

static void check_fields(const struct fields *expected)
{
	CHECK(!memcmp(hide(&fields), expected, sizeof(fields)));
	CHECK(read_fields() == sum_of(expected));
	CHECK(read_bytes(1) == 1UL + expected->e[0] * 3U + expected->e[7]);
	CHECK(!rcpp_verify());
}

/* Any bytes of it. */
static void change_bytes(struct fields *expected, size_t from, size_t size)
{
	static unsigned char bytes[sizeof(struct fields)];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(bytes[i] * 5 + 131 + i);
	memcpy((char *)expected + from, bytes, size);
	CHECK(!rcpp_update(&(struct rcpp_change){(char *)&fields + from, bytes, size}, 1));
	check_fields(expected);
}

static void check_parts(void)
{
	struct fields expected = fields;
	const unsigned char x = 77, y = 88;
	const long wide = 0x1122334455667788, d = 55;
	const struct rcpp_change overlapping[] = {CHANGE(fields.d, wide),
						  {(char *)&fields.d + 2, &x, 1},
						  {(char *)&fields.d + 2, &y, 1}};
	const struct rcpp_change others[] = {CHANGE(fields.d, d), {&expected, &wide, 1}};

	CHECK(!rcpp_patch());
	check_fields(&expected);
	for (size_t from = 0; from < sizeof(fields); from++)
		for (size_t size = 1; from + size <= sizeof(fields); size++)
			change_bytes(&expected, from, size);
	expected.d = (wide & ~(0xffL << 16)) | 88L << 16;
	CHECK(!rcpp_update(overlapping, 3));
	check_fields(&expected);
	expected.d = 55;
	*(char *)&expected ^= 0x55;
	CHECK(!rcpp_update(others, 2)); /* memory that no module has */
	CHECK(*(unsigned char *)&expected == 0x88 && fields.d == 55);
}

/* ---- Without rcpp_patch() ---- */

static void check_unpatched(void)
{
	struct rcpp_stats before, stats;

	CHECK(!update_to(3) && !rcpp_stats(&stats));
	CHECK(stats.sites && !stats.patched);
	check_unchanged(3);
	*(unsigned long *)hide(&generation) = 8; /* open */
	check_unchanged(8);

	rcpp_configure(RCPP_KEEP_WRITABLE);
	CHECK(!rcpp_patch() && !rcpp_stats(&stats) && stats.patched);
	CHECK(!update_to(4));
	check_unchanged(4);
	*(unsigned long *)hide(&generation) = 9; /* open, behind the sites' back */
	CHECK(read_generation() == 4 && rcpp_verify() > 0);
	CHECK(!RCPP_SET(shift, 3)); /* the other sites stay as they are */
	CHECK(read_generation() == 4 && rcpp_verify() > 0);
	CHECK(!update_to(5));
	check_unchanged(5);

	CHECK(!rcpp_stats(&before) && !RCPP_SET(divisor, 0) && !rcpp_stats(&stats));
	CHECK(stats.patched < before.patched); /* no number is divided by 0 */
	CHECK(!RCPP_SET(divisor, sets[5 % SETS].divisor) && !rcpp_stats(&stats));
	CHECK(stats.patched == before.patched);

	CHECK(!rcpp_revert() && !update_to(6));
	CHECK(!rcpp_stats(&stats) && !stats.patched);
	check_unchanged(6);
}

static void check_disabled(void)
{
	struct rcpp_stats stats;

	CHECK(!rcpp_patch() && !update_to(3) && !rcpp_stats(&stats) && !stats.patched);
	check_unchanged(3);
}

int main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";

	if (count > 4)
		CHECK(!rcpp_use_signal(atoi(arguments[4])));
	if (!strcmp(what, "values")) {
		check_values(count > 2 ? atof(arguments[2]) : 2,
			     count > 3 ? atoi(arguments[3]) : 4);
	} else if (!strcmp(what, "unstopped")) {
		rcpp_configure(RCPP_NO_STOP);
		check_values(30, 4);
	} else if (!strcmp(what, "churn")) {
		check_churn();
	} else if (!strcmp(what, "closed")) {
		check_closed();
	} else if (!strcmp(what, "refused")) {
		check_refused();
	} else if (!strcmp(what, "parts")) {
		check_parts();
	} else if (!strcmp(what, "disabled")) {
		check_disabled();
	} else {
		check_unpatched();
	}
	return 0;
}
