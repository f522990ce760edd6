// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Threads that are unlike others, while the text changes:
 *
 *	edges sigwait	a thread waits for all signals: refused, and it gets none
 *	edges exit	a thread blocks all signals: exit() does not wait for it
 *	edges leader	the first thread has ended
 *	edges pending	there is room for few signals
 *	edges taken	somebody takes the signal for himself
 *	edges future	what is mapped is locked: not more than a few pages
 *	edges uring	a thread of the process works for the kernel
 *	edges torn	the end of a stack looks like a frame
 *	edges late	a thread looks at its frames while the call gives up
 *	edges cancel	threads are cancelled, and their cleanup handlers run sites
 *	edges turn	a thread calls again and again: others get their turn
 *	edges alone	no other thread
 */
#define _GNU_SOURCE 1
#include <linux/io_uring.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"
#include "far.h"

#define PAGE	4096UL
#define THREADS 16

__patchable long number = 5;

__attribute__((noinline)) long use(long x)
{
	return x + number;
}

/* A load and its consumer with much between them. */
DEFINE_FAR(number)

static atomic_int started;

static void set(long value)
{
	*(long *)hide(&number) = value;
}

static void start(void *(*run)(void *))
{
	int before = started;
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, run, NULL));
	while (started == before)
		usleep(1000);
}

static void *spin(void *unused)
{
	for (started++; use(1) > 0;)
		;
	return unused;
}

static void *sleep_long(void *unused)
{
	started++;
	sleep(1000);
	return unused;
}

static void block_all(sigset_t *all)
{
	sigfillset(all);
	pthread_sigmask(SIG_SETMASK, all, NULL);
	started++;
}

static void *take_signals(void *unused)
{
	sigset_t all;
	int got;

	block_all(&all);
	sigwait(&all, &got);
	printf("sigwait() got signal %d\n", got);
	exit(1);
	return unused;
}

static void *block_signals(void *unused)
{
	sigset_t all;

	block_all(&all);
	return sleep_long(unused);
}

static void check_sigwait(void)
{
	start(take_signals);
	usleep(100000);
	rcpp_set_timeout(200);
	CHECK(rcpp_patch() == -1);
	CHECK(strstr(rcpp_error(), "blocks the signal that stops threads"));
}

static double exit_began;

static void check_exit_time(void)
{
	CHECK(now() - exit_began < 5);
}

static void check_exit(void)
{
	atexit(check_exit_time); /* runs last */
	rcpp_configure(0);
	rcpp_set_timeout(10000);
	CHECK(!rcpp_patch());
	start(block_signals);
	exit_began = now();
}

static bool is_text_of_file(void)
{
	FILE *maps = fopen("/proc/thread-self/maps", "re");
	unsigned long first, behind, place = (unsigned long)use;
	bool found = false;
	char line[4352];

	CHECK(maps);
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx", &first, &behind) == 2 && place >= first &&
		    place < behind)
			found = strchr(line, '/');
	fclose(maps);
	return found;
}

static void *follow_leader(void *leader)
{
	CHECK(!pthread_join(*(pthread_t *)leader, NULL));
	CHECK(!rcpp_patch());
	CHECK(use(1) == 6 && is_text_of_file());
	CHECK(!rcpp_revert());
	exit(0);
}

static void check_leader(void)
{
	static pthread_t leader;
	pthread_t thread;

	leader = pthread_self();
	CHECK(!pthread_create(&thread, NULL, follow_leader, &leader));
	pthread_exit(NULL);
}

/* The number in the line of this format; -1 if there is no such line. */
static long read_status(const char *format)
{
	FILE *status = fopen("/proc/self/status", "re");
	long number = -1;
	char line[256];

	CHECK(status);
	while (fgets(line, sizeof(line), status))
		sscanf(line, format, &number);
	fclose(status);
	return number;
}

static void check_pending(void)
{
	/* Signals wait for any process of this user: the limit is for them all. */
	rlim_t room = (rlim_t)read_status("SigQ: %ld") + 4;
	const struct rlimit limit = {room, room};

	for (int i = 0; i < THREADS; i++)
		start(spin);
	CHECK(!setrlimit(RLIMIT_SIGPENDING, &limit));
	rcpp_set_timeout(20000);
	CHECK(!rcpp_patch());
}

static void be_called(int got)
{
	printf("somebody's handler got signal %d\n", got);
	exit(1);
}

static void check_taken(void)
{
	start(spin);
	CHECK(!rcpp_use_signal(SIGUSR2));
	CHECK(!rcpp_patch());
	CHECK(signal(SIGUSR2, be_called) != SIG_ERR);
	set(7);
	CHECK(!rcpp_patch() && use(1) == 8);
}

static long locked_kilobytes(void)
{
	return read_status("VmLck: %ld");
}

static void check_future(void)
{
	long before;

	start(sleep_long);
	CHECK(!mlockall(MCL_CURRENT | MCL_FUTURE));
	before = locked_kilobytes();
	CHECK(before > 0 && !rcpp_patch());
	CHECK(locked_kilobytes() - before < 4096);
}

/* Its thread shows as one that blocks all signals. */
static void check_uring(void)
{
	struct io_uring_params parameters = {.flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 60000};

	if (syscall(SYS_io_uring_setup, 8, &parameters) < 0) {
		printf("no io_uring: %m\n");
		return;
	}
	CHECK(!rcpp_patch());
	start(spin);
	set(7);
	CHECK(!rcpp_patch() && use(1) == 8);
}

static void *restorer(void)
{
	struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		uint64_t mask;
	} action = {0};

	CHECK(signal(SIGUSR1, be_called) != SIG_ERR);
	CHECK(!syscall(SYS_rt_sigaction, SIGUSR1, NULL, &action, sizeof(action.mask)));
	CHECK(action.restorer);
	return action.restorer;
}

static void patch_here(void)
{
	CHECK(!rcpp_patch());
}

/* The word that begins a frame, so near to the end of the memory that its registers lie across. */
static void check_torn(void)
{
	static ucontext_t here, there;
	char *memory =
		mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	CHECK(!mprotect(memory + 63 * PAGE, PAGE, PROT_NONE));
	*(void **)(memory + 63 * PAGE - 15 * sizeof(void *)) = restorer();
	CHECK(!getcontext(&there));
	there.uc_stack.ss_sp = memory;
	there.uc_stack.ss_size = 62 * PAGE;
	there.uc_link = &here;
	makecontext(&there, patch_here, 0);
	CHECK(!swapcontext(&here, &there));
}

__attribute__((noinline)) static void sink(unsigned long bytes)
{
	volatile char frame[2 * PAGE];

	frame[0] = 1;
	if (bytes > sizeof(frame)) {
		sink(bytes - sizeof(frame));
		frame[1] = 1; /* no tail call */
		return;
	}
	spin(NULL);
}

static void sink_in_handler(int unused)
{
	(void)unused;
	started++;
	sink(60UL << 20);
}

static void *run_sunk(void *unused)
{
	return spin(unused);
}

/* Its frame is far above, and is found only when the call has failed. */
static void check_late(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	CHECK(signal(SIGUSR1, sink_in_handler) != SIG_ERR);
	CHECK(!pthread_attr_init(&attributes));
	CHECK(!pthread_attr_setstacksize(&attributes, 64UL << 20));
	CHECK(!pthread_create(&thread, &attributes, run_sunk, NULL));
	while (!started)
		usleep(1000);
	CHECK(!pthread_kill(thread, SIGUSR1));
	while (started < 3)
		usleep(1000);
	for (unsigned int i = 1; i < 4; i++) {
		rcpp_set_timeout(4 * i);
		set((long)i + 6);
		rcpp_patch();
		usleep(300000);
	}
	rcpp_set_timeout(20000);
	CHECK(!rcpp_patch());
}

static void clean_up(void *unused)
{
	static unsigned long without;

	(void)unused;
	if (!without)
		without = many_steps(1);
	for (int i = 0; i < 20; i++)
		CHECK(far(1) - without < 10);
}

static void *run_cancelled(void *unused)
{
	started++;
	pthread_cleanup_push(clean_up, NULL);
	sleep(1000);
	pthread_cleanup_pop(0);
	return unused;
}

static void *cancel_threads(void *unused)
{
	for (;;) {
		pthread_t threads[THREADS];

		for (int i = 0; i < THREADS; i++)
			CHECK(!pthread_create(&threads[i], NULL, run_cancelled, NULL));
		usleep(1000);
		for (int i = 0; i < THREADS; i++)
			pthread_cancel(threads[i]);
		for (int i = 0; i < THREADS; i++)
			pthread_join(threads[i], NULL);
	}
	return unused;
}

static void check_cancel(void)
{
	double end = now() + 2;
	pthread_t thread;

	rcpp_set_timeout(20000);
	CHECK(!pthread_create(&thread, NULL, cancel_threads, NULL));
	for (long i = 0; now() < end || i < 20; i++) {
		set(i % 7);
		CHECK(!rcpp_patch());
	}
}

static void *patch_again(void *unused)
{
	for (;;) {
		CHECK(!rcpp_patch() && !rcpp_revert());
		started = 1;
	}
	return unused;
}

static void check_turn(void)
{
	struct rcpp_stats stats;
	pthread_t thread;
	double begin;

	CHECK(!pthread_create(&thread, NULL, patch_again, NULL));
	while (!started)
		usleep(1000);
	begin = now();
	for (int i = 0; i < 20; i++)
		CHECK(!rcpp_stats(&stats));
	CHECK(now() - begin < 0.2);
}

static void check_alone(void)
{
	CHECK(!rcpp_patch() && use(1) == 6);
	CHECK(!rcpp_revert() && use(1) == 6);
}

static const struct check {
	const char *name;
	void (*run)(void);
} checks[] = {
	{"sigwait", check_sigwait}, {"exit", check_exit},   {"leader", check_leader},
	{"pending", check_pending}, {"taken", check_taken}, {"future", check_future},
	{"uring", check_uring},	    {"torn", check_torn},   {"late", check_late},
	{"cancel", check_cancel},   {"turn", check_turn},   {"alone", check_alone},
};

int main(int count, char **arguments)
{
	rcpp_configure(RCPP_KEEP_WRITABLE);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (count > 1 && !strcmp(arguments[1], checks[i].name)) {
			checks[i].run();
			return 0;
		}
	return 2;
}
