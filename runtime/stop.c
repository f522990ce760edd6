// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The exchange of pages rules out torn instructions. What remains are threads that are inside a
 * site, after an instruction that the new text does not have there, or between a load and its last
 * consumer. So, for one exchange:
 *
 *  1. Send a signal to every thread that /proc/self/task lists, with the address of its entry in a
 *     table, until no new thread appears.
 *  2. Its handler looks where the signal has interrupted it, and where other signals have
 *     interrupted the frames below: program counters are compared with the forbidden intervals.
 *     Outside of all of them, the thread waits. Inside, it goes on alone, and is asked again.
 *  3. When all wait, which the last one tells, the caller exchanges the pages, and releases them by
 *     changing the round's number.
 *
 * A thread that blocks the signal, or is stopped by a debugger, never answers; after a while the
 * others go on, with the text they had. What the handler reads is kept until no thread reads it any
 * more. The handler stays installed. Nothing here allocates but the table, before the first signal
 * is sent.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "frames.h"
#include "raw.h"
#include "signals.h"
#include "stop.h"
#include "tasks.h"

enum state {
	UNASKED, /* the kernel had no room for the signal */
	ASKED,
	LOOKING, /* its handler runs */
	WAITING,
	INSIDE,
	ENDED,
	KERNEL, /* it runs no code of the process (any more) */
};

struct thread {
	pid_t id;
	_Atomic unsigned int state; /* see in_round() */
	bool answered;		    /* that it stands inside */
};

#define THREADS_MAX (1U << 16) /* more stacks than vm.max_map_count allows */
#define POLL_NS	    50000

static int stop_signal;
static int joined; /* the C library's own signal, if ours is in front of its handler; */
static struct rcpp_signal_action c_librarys; /* which is this one */
static struct thread *threads;
static unsigned int thread_count;
static struct forbidden forbidden;

static _Atomic unsigned int round_number = 1; /* a futex; goes on when threads may go on */
static _Atomic bool stopping;
static _Atomic unsigned int handlers; /* how many run */
/* Threads that do not wait yet; or more, if some have ended, and then the caller has to look. */
static _Atomic int awaited;
static _Atomic unsigned int all_here; /* a futex: none is awaited */

/* A state is one of its round: what a late signal says of another round counts for nothing. */
static unsigned int in_round(unsigned int number, enum state state)
{
	return number << 3 | state;
}

static enum state state_of(const struct thread *entry)
{
	return atomic_load(&entry->state) & 7;
}

/* False if it was in another state. */
static bool change_state(struct thread *entry, unsigned int number, enum state from, enum state to)
{
	unsigned int expected = in_round(number, from);

	return atomic_compare_exchange_strong(&entry->state, &expected, in_round(number, to));
}

/* ---- The handler ---- */

static void wait_while(unsigned int number)
{
	while (atomic_load(&round_number) == number)
		syscall(SYS_futex, &round_number, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, number, NULL,
			NULL, 0);
}

/* The entry that the signal names, if it is still this thread's. */
static struct thread *entry_of(const siginfo_t *info)
{
	struct thread *entry = info->si_value.sival_ptr;

	if (info->si_code != SI_QUEUE || info->si_pid != getpid() || !atomic_load(&stopping) ||
	    entry < threads || entry >= threads + THREADS_MAX ||
	    entry->id != (pid_t)syscall(SYS_gettid))
		return NULL;
	return entry;
}

/*
 * The last thread that begins to wait wakes the caller. One that stands inside does not: before it
 * is asked again it needs the time to go on.
 */
static void announce(void)
{
	if (atomic_fetch_sub(&awaited, 1) != 1)
		return;
	atomic_store(&all_here, 1);
	syscall(SYS_futex, &all_here, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}

static void answer(struct thread *entry, unsigned int mine, const ucontext_t *context)
{
	if (rcpp_is_inside(&forbidden, context)) {
		atomic_store(&entry->state, in_round(mine, INSIDE));
	} else {
		atomic_store(&entry->state, in_round(mine, WAITING));
		announce();
		wait_while(mine);
	}
}

#pragma GCC visibility push(hidden)
rcpp_handler rcpp_stop_handler, rcpp_answer;
#pragma GCC visibility pop

/* What the kernel calls: rcpp_answer(), behind the mark that other copies of us look for. */
__asm__(".pushsection .text\n"
	"\t.balign 16\n"
	"\t.ascii \"" RCPP_HANDLER_MARK "\"\n"
	"\t.globl rcpp_stop_handler\n"
	"\t.hidden rcpp_stop_handler, rcpp_answer\n"
	"\t.type rcpp_stop_handler, @function\n"
	"rcpp_stop_handler:\n"
	"\t.cfi_startproc\n"
	"\t" RCPP_LANDING "\t" RCPP_TAIL "rcpp_answer\n"
	"\t.cfi_endproc\n"
	"\t.size rcpp_stop_handler, .-rcpp_stop_handler\n"
	"\t.popsection");

/* The C library has sent it. */
static bool is_of_c_library(int number, const siginfo_t *info)
{
	return number == joined && info->si_code == SI_TKILL;
}

__attribute__((used)) void rcpp_answer(int number, siginfo_t *info, void *context)
{
	unsigned int mine = atomic_load(&round_number);
	struct thread *entry;
	int saved = errno;

	atomic_fetch_add(&handlers, 1);
	if (is_of_c_library(number, info))
		((rcpp_handler *)c_librarys.handler)(number, info, context);
	entry = entry_of(info);
	if (entry && change_state(entry, mine, ASKED, LOOKING))
		answer(entry, mine, context);
	errno = saved;
	atomic_fetch_sub(&handlers, 1);
}

/* ---- Asking ---- */

int rcpp_stop_signal(void)
{
	return stop_signal;
}

static bool is_ours(int number)
{
	return rcpp_signal_calls(number, rcpp_stop_handler);
}

/*
 * The signal with which the C library changes user IDs in all threads. It keeps it to itself, and
 * its functions never block it: by it a thread can be stopped that blocks all signals. The C
 * library installs its handler when it creates the first thread.
 */
static bool is_joinable(int number)
{
	return number == SIGRTMIN - 1;
}

static bool join(int number)
{
	stop_signal = number;
	if (!is_ours(number) && !rcpp_join_signal(number, rcpp_stop_handler, &c_librarys))
		return false;
	joined = number;
	return true;
}

bool rcpp_set_stop_signal(int number)
{
	if (is_joinable(number)) {
		join(number);
		return true;
	}
	if (number <= 0 || !(is_ours(number) || rcpp_signal_is_free(number)) ||
	    !rcpp_handle_signal(number, rcpp_stop_handler))
		return false;
	stop_signal = number;
	return true;
}

/* A signal that nobody uses; another one if somebody took ours. */
static bool choose_signal(void)
{
	if (is_joinable(stop_signal))
		return join(stop_signal);
	if (stop_signal && !is_ours(stop_signal))
		stop_signal = 0;
	if (!stop_signal)
		stop_signal = rcpp_handle_free_signal(rcpp_stop_handler);
	return stop_signal;
}

/* The thread may answer before this returns. */
static void ask(struct thread *entry)
{
	unsigned int mine = atomic_load(&round_number);
	siginfo_t info = {0};

	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_ptr = entry;
	atomic_fetch_add(&awaited, 1);
	atomic_store(&entry->state, in_round(mine, ASKED));
	if (syscall(SYS_rt_tgsigqueueinfo, getpid(), entry->id, stop_signal, &info)) {
		change_state(entry, mine, ASKED, errno == ESRCH ? ENDED : UNASKED);
		atomic_fetch_sub(&awaited, 1);
	}
}

static struct thread *find_thread(pid_t id)
{
	unsigned int i;

	for (i = 0; i < thread_count; i++)
		if (threads[i].id == id)
			return &threads[i];
	return NULL;
}

static struct thread *add_thread(pid_t id)
{
	struct thread *entry = &threads[thread_count];

	if (thread_count == THREADS_MAX)
		return NULL;
	thread_count++;
	entry->id = id;
	entry->answered = false;
	return entry;
}

/* What has ended and is listed again is another thread of the same number. */
static bool ask_if_new(pid_t id, long *count)
{
	struct thread *entry = find_thread(id);

	if (entry && state_of(entry) != ENDED)
		return true;
	if (!entry)
		entry = add_thread(id);
	if (!entry)
		return false;
	++*count;
	ask(entry);
	return true;
}

static void ask_one_again(struct thread *entry)
{
	enum state state = state_of(entry);

	entry->answered |= state == INSIDE;
	if (state == INSIDE) /* it is awaited already */
		atomic_fetch_sub(&awaited, 1);
	if (state == INSIDE || state == UNASKED)
		ask(entry);
	else if ((state == ASKED || state == KERNEL) && rcpp_thread_is_gone(entry->id))
		change_state(entry, atomic_load(&round_number), state, ENDED);
}

/* Returns the last thread that does not wait, after those inside were asked again; or NULL. */
static struct thread *ask_again(void)
{
	struct thread *missing = NULL;
	unsigned int i;

	for (i = 0; i < thread_count; i++) {
		ask_one_again(&threads[i]);
		if (state_of(&threads[i]) < ENDED && state_of(&threads[i]) != WAITING)
			missing = &threads[i];
	}
	return missing;
}

/*
 * The kernel ends its list early where a thread ends while it is listed, and goes on behind where
 * it was: so threads can be missing. Its count of them tells. (Each entry waits, or is none.)
 */
static bool are_all_known(int directory)
{
	unsigned long known = 1; /* this thread */
	unsigned int i;

	for (i = 0; i < thread_count; i++)
		known += state_of(&threads[i]) != ENDED;
	return rcpp_count_threads(directory) == known;
}

/* ---- Waiting ---- */

static bool open_table(void)
{
	void *memory;

	if (threads)
		return true;
	memory = mmap(NULL, THREADS_MAX * sizeof(*threads), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory != MAP_FAILED)
		threads = memory;
	return threads;
}

static void pause_briefly(void)
{
	rcpp_raw_sleep(POLL_NS);
}

/* Until all wait, but not longer than that. One that is missing tells whether they do by now. */
static void wait_briefly(const struct thread *missing)
{
	static const struct timespec longest = {0, POLL_NS};

	atomic_store(&all_here, 0);
	if (atomic_load(&awaited) > 0)
		syscall(SYS_futex, &all_here, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, &longest, NULL,
			0);
	else if (state_of(missing) != WAITING)
		pause_briefly();
}

/* Threads of the kernel are known from here on, and not asked. */
static bool is_ready(pid_t id, long *blocking)
{
	struct thread *entry;

	if (!rcpp_thread_blocks(id, stop_signal))
		return true;
	if (!rcpp_thread_is_of_kernel(id)) {
		*blocking = id;
		return false;
	}
	entry = find_thread(id) ? NULL : add_thread(id);
	if (entry)
		atomic_store(&entry->state, in_round(atomic_load(&round_number), KERNEL));
	return true;
}

/*
 * A thread that blocks the signal: not just for a moment, as one does that is being created, or
 * that has not left the handler yet. 0: none.
 */
static pid_t find_blocking(int directory, long until)
{
	long blocking = 0;

	while (!rcpp_for_each_thread(directory, is_ready, &blocking) && blocking) {
		if (rcpp_raw_now() > until)
			return (pid_t)blocking;
		blocking = 0;
		pause_briefly();
	}
	return 0;
}

/* Until all wait that were asked, and nobody new appears. Returns who does not, or NULL. */
static const struct thread *wait_for_all(int directory, long until, bool *listed)
{
	struct thread *missing = NULL;
	long count;

	do {
		count = 0;
		*listed = rcpp_for_each_thread(directory, ask_if_new, &count);
		while ((missing = ask_again()) && rcpp_raw_now() < until) {
			if (state_of(missing) == ASKED && rcpp_thread_is_of_kernel(missing->id))
				change_state(missing, atomic_load(&round_number), ASKED, KERNEL);
			wait_briefly(missing);
		}
		if (missing || !*listed)
			break;
		*listed = !count && are_all_known(directory);
	} while (!*listed && rcpp_raw_now() < until);
	return missing;
}

/* All threads run again by now. */
static void explain(pid_t id, const char *why, char *reason, size_t size)
{
	char name[32];

	rcpp_thread_name(id, name, sizeof(name));
	snprintf(reason, size, "thread %d (%s) %s", (int)id, name, why);
}

/* Nobody is asked any more, and nobody looks any more at what the caller is about to free. */
static void withdraw(void)
{
	unsigned int mine = atomic_load(&round_number);
	unsigned int i;

	for (i = 0; i < thread_count; i++) {
		change_state(&threads[i], mine, ASKED, ENDED);
		while (state_of(&threads[i]) == LOOKING)
			pause_briefly();
	}
}

static bool stop_all(int directory, long until, char *reason, size_t size)
{
	const struct thread *missing;
	bool listed;

	atomic_store(&awaited, 0);
	atomic_store(&stopping, true);
	missing = wait_for_all(directory, until, &listed);
	if (!missing && listed)
		return true;
	withdraw();
	rcpp_go();
	if (missing)
		explain(missing->id,
			missing->answered ? "stays inside of a site" : "does not answer", reason,
			size);
	else
		snprintf(reason, size, "the threads cannot be listed");
	return false;
}

bool rcpp_stop(const struct forbidden *places, bool others, unsigned int milliseconds, char *reason,
	       size_t size)
{
	long until = rcpp_raw_now() + milliseconds * 1000000L;
	bool stopped = false;
	pid_t blocking;
	int directory;

	forbidden = *places;
	if (rcpp_is_caller_inside(&forbidden)) {
		snprintf(reason, size, "called by a signal handler that interrupted a site");
		return false;
	}
	if (!others || rcpp_is_alone())
		return true;
	rcpp_learn_frames();
	if (!choose_signal()) {
		snprintf(reason, size, "no signal is free to stop threads");
		return false;
	}
	directory = rcpp_open_threads();
	if (directory < 0 || !open_table()) {
		snprintf(reason, size, "the threads cannot be listed: %m");
		if (directory >= 0)
			rcpp_raw_close(directory);
		return false;
	}
	thread_count = 0;
	blocking = find_blocking(directory, until);
	if (blocking)
		explain(blocking, "blocks the signal that stops threads", reason, size);
	else
		stopped = stop_all(directory, until, reason, size);
	rcpp_raw_close(directory);
	return stopped;
}

void rcpp_go(void)
{
	if (!atomic_exchange(&stopping, false))
		return;
	atomic_fetch_add(&round_number, 1);
	syscall(SYS_futex, &round_number, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT32_MAX, NULL, NULL,
		0);
}

static void wait_for_handlers(void)
{
	long until = rcpp_raw_now() + 1000000000L;

	while (atomic_load(&handlers) && rcpp_raw_now() < until)
		pause_briefly();
	pause_briefly(); /* the last one has returned, too */
}

/* To ignore a signal drops those that are still to come. The C library ignores ours. */
void rcpp_forget_signal(void)
{
	bool ours = stop_signal && stop_signal != joined && is_ours(stop_signal);

	if (ours)
		signal(stop_signal, SIG_IGN);
	if (joined && is_ours(joined))
		rcpp_leave_signal(joined, &c_librarys);
	if (ours || joined)
		wait_for_handlers();
	if (ours)
		signal(stop_signal, SIG_DFL);
	stop_signal = joined = 0;
	if (threads)
		munmap(threads, THREADS_MAX * sizeof(*threads));
	threads = NULL;
}
