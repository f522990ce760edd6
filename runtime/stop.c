// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The exchange of pages rules out torn instructions. Two dangers remain: a thread inside of a site,
 * at an address where the new text may have no instruction, and a thread between a load and its
 * last consumer. So, for one exchange:
 *
 *  1. Send a signal to every thread that /proc/self/task lists, with the address of the thread's
 *     entry in a table. Repeat until no new thread appears.
 *  2. The handler compares program counters with the forbidden intervals: the one that this signal
 *     has interrupted, and those in the frames of other signals on the thread's stacks. If all are
 *     outside, the thread waits. If one is inside, the thread goes on, and gets the signal again.
 *  3. When all threads wait, the caller exchanges the pages, and releases them with a new number of
 *     the round.
 *
 * Signal frames are found by their return address, which is the restorer of some signal's handler.
 * A word that only looks like one can delay a stop or make it fail, but cannot make it wrong.
 *
 * A thread that blocks the signal, or that a debugger has stopped, never answers. After the timeout
 * the others go on, with the text that they had. The handler stays installed. Only the table is
 * allocated here, before the first signal is sent.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "stop.h"

enum state { ASKED, WAITING, INSIDE, ENDED };

struct thread {
	pid_t id;
	_Atomic unsigned int round; /* the last one in which it got the signal */
	_Atomic enum state state;
	bool answered; /* it has said that it is inside */
};

#define THREADS_MAX    (1U << 20) /* the table's memory is touched as far as there are threads */
#define RESTORERS_MAX  8
#define STACKS_MAX     8
#define STACK_MAX      ((uintptr_t)1 << 28) /* if the memory is readable so far */
#define USER_CODE      0x33		    /* the code segment, in each frame */
#define PEEK_WORDS     64		    /* of a stack, at once; a part of a page */
#define POLL_NS	       50000
#define PF_IO_WORKER   0x10 /* include/linux/sched.h in Linux */
#define PF_USER_WORKER 0x4000

static int stop_signal;
static struct thread *threads;
static unsigned int thread_count;
static uintptr_t restorers[RESTORERS_MAX];
static unsigned int restorer_count;
static const struct pages *forbidden;

static _Atomic unsigned int round_number = 1; /* a futex; a new number lets threads go on */
static _Atomic bool stopping;

/* ---- Where a thread stands ---- */

static bool is_restorer(uintptr_t word)
{
	unsigned int i;

	for (i = 0; i < restorer_count; i++)
		if (restorers[i] == word)
			return true;
	return false;
}

static uintptr_t program_counter(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
}

static uintptr_t stack_pointer(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
}

static uintptr_t control_block(void)
{
	uintptr_t block;

	__asm__("movq %%fs:0, %0" : "=r"(block)); /* by the ABI it points to itself */
	return block;
}

/*
 * The highest address at which the stack that the pointer is on may end. C libraries put a thread's
 * control block at the end of its stack; other memory, and much of it, may follow.
 */
static uintptr_t stack_end(uintptr_t pointer, const stack_t *alternate)
{
	uintptr_t base = (uintptr_t)alternate->ss_sp;
	size_t size = alternate->ss_flags & SS_DISABLE ? 0 : alternate->ss_size;
	uintptr_t block = control_block();

	if (pointer - base < size)
		return base + size;
	return block - pointer < STACK_MAX ? block : pointer + STACK_MAX;
}

enum view { SEEN, UNREADABLE, REFUSED };

/* A wait of no time for a futex tells whether its memory can be read. Every sandbox allows it. */
static enum view probe(uintptr_t address)
{
	static const struct timespec no_time;

	if (!syscall(SYS_futex, address & ~(uintptr_t)3, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0,
		     &no_time, NULL, 0) ||
	    errno == EAGAIN || errno == ETIMEDOUT)
		return SEEN;
	return errno == EFAULT ? UNREADABLE : REFUSED;
}

/* Copy a part of a page, if the page can be read. */
static enum view peek(uintptr_t address, void *to, size_t size)
{
	struct iovec local = {to, size};
	struct iovec remote = {(void *)address, size};
	enum view view;

	if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size)
		return SEEN;
	if (errno == EFAULT)
		return UNREADABLE;
	view = probe(address); /* a sandbox may not allow the call */
	if (view == SEEN)
		memcpy(to, (const void *)address, size);
	return view;
}

/* The stacks that a thread's frames are on. */
struct stacks {
	uintptr_t pointer[STACKS_MAX];
	unsigned int count;
};

/* Does the frame at the address say that a signal interrupted a forbidden place? */
static bool is_frame_inside(uintptr_t address, uintptr_t end, struct stacks *stacks)
{
	gregset_t registers = {0}; /* as the kernel lays a frame out */
	enum view view = peek(address + offsetof(ucontext_t, uc_mcontext.gregs), registers,
			      sizeof(registers));
	uintptr_t outer = (uintptr_t)registers[REG_RSP];

	if (view != SEEN || (registers[REG_CSGSFS] & 0xffff) != USER_CODE)
		return view == REFUSED;
	if (rcpp_pages_forbidden(forbidden, (uintptr_t)registers[REG_RIP]))
		return true;
	if (outer > address && outer < end)
		return false; /* the search will reach it */
	if (stacks->count == STACKS_MAX)
		return true;
	stacks->pointer[stacks->count++] = outer;
	return false;
}

/* All signal frames of one stack, from the pointer up to the stack's end or to unreadable memory.
 */
static bool is_stack_inside(uintptr_t pointer, const stack_t *alternate, struct stacks *stacks)
{
	uintptr_t end = stack_end(pointer, alternate);
	uintptr_t words[PEEK_WORDS];
	uintptr_t address = pointer & ~(uintptr_t)(sizeof(words) - 1);

	for (; address < end; address += sizeof(words)) {
		enum view view = peek(address, words, sizeof(words));
		unsigned int i;

		if (view != SEEN)
			return view == REFUSED;
		for (i = 0; i < PEEK_WORDS; i++) {
			uintptr_t word = address + i * sizeof(*words);

			if (word >= pointer && is_restorer(words[i]) &&
			    is_frame_inside(word + sizeof(word), end, stacks))
				return true;
		}
	}
	return false;
}

/* All signal frames of this thread, on all of its stacks. */
static bool are_frames_inside(uintptr_t pointer, const stack_t *alternate)
{
	struct stacks stacks = {.pointer = {pointer}, .count = 1};
	unsigned int i;

	for (i = 0; i < stacks.count; i++)
		if (is_stack_inside(stacks.pointer[i], alternate, &stacks))
			return true;
	return false;
}

/* ---- The handler ---- */

static void wait_while(unsigned int number)
{
	while (atomic_load(&round_number) == number)
		syscall(SYS_futex, &round_number, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, number, NULL,
			NULL, 0);
}

static bool is_inside(const ucontext_t *context)
{
	return rcpp_pages_forbidden(forbidden, program_counter(context)) ||
	       are_frames_inside(stack_pointer(context), &context->uc_stack);
}

/* The entry that the signal names, if it is still about this stop and this thread. */
static struct thread *entry_of(const siginfo_t *info)
{
	struct thread *entry = info->si_value.sival_ptr;

	if (info->si_code != SI_QUEUE || info->si_pid != getpid() || !atomic_load(&stopping) ||
	    entry < threads || entry >= threads + THREADS_MAX ||
	    entry->id != (pid_t)syscall(SYS_gettid) ||
	    atomic_load(&entry->round) != atomic_load(&round_number))
		return NULL;
	return entry;
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	struct thread *entry = entry_of(info);
	int saved = errno;
	unsigned int mine;

	(void)number;
	if (!entry)
		return;
	mine = atomic_load(&entry->round);
	if (is_inside(context)) {
		atomic_store(&entry->state, INSIDE);
	} else {
		atomic_store(&entry->state, WAITING);
		wait_while(mine);
	}
	errno = saved;
}

/* ---- Asking ---- */

int rcpp_stop_signal(void)
{
	return stop_signal;
}

/* What the kernel knows of a signal's handler: C libraries do not report the restorer. */
struct kernel_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

static bool read_action(int number, struct kernel_action *action)
{
	return !syscall(SYS_rt_sigaction, number, NULL, action, sizeof(action->mask));
}

static bool is_free(int number)
{
	struct kernel_action action = {0};

	return read_action(number, &action) && !action.handler;
}

static bool install(int number)
{
	struct sigaction action = {.sa_sigaction = on_signal,
				   .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};

	sigfillset(&action.sa_mask);
	if (sigaction(number, &action, NULL))
		return false;
	stop_signal = number;
	return true;
}

bool rcpp_set_stop_signal(int number)
{
	return number > 0 && (number == stop_signal || (is_free(number) && install(number)));
}

/* A signal that nobody uses. */
static bool choose_signal(void)
{
	int number;

	for (number = SIGRTMAX; !stop_signal && number >= SIGRTMIN; number--)
		if (is_free(number))
			install(number);
	return stop_signal;
}

static void find_restorers(void)
{
	int number;

	restorer_count = 0;
	for (number = 1; number <= 64; number++) {
		struct kernel_action action = {0};

		if (read_action(number, &action) && action.restorer &&
		    !is_restorer((uintptr_t)action.restorer) && restorer_count < RESTORERS_MAX)
			restorers[restorer_count++] = (uintptr_t)action.restorer;
	}
}

/* Returns false if the thread is gone. */
static bool ask(struct thread *entry)
{
	siginfo_t info = {0};

	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_ptr = entry;
	atomic_store(&entry->state, ASKED);
	atomic_store(&entry->round, atomic_load(&round_number));
	return !syscall(SYS_rt_tgsigqueueinfo, getpid(), entry->id, stop_signal, &info) ||
	       errno != ESRCH;
}

static struct thread *find_thread(pid_t id)
{
	unsigned int i;

	for (i = 0; i < thread_count; i++)
		if (threads[i].id == id)
			return &threads[i];
	return NULL;
}

/* The thread that a directory entry of /proc/self/task names; 0 if it names none. */
static pid_t parse_id(const char *name)
{
	pid_t id = 0;

	for (; *name >= '0' && *name <= '9'; name++)
		id = id * 10 + (*name - '0');
	return *name ? 0 : id;
}

/* A file of the thread in /proc, as a string; empty if it cannot be read. */
static void read_proc(pid_t id, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t got = -1;
	int file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", (int)id, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		got = read(file, text, size - 1);
		close(file);
	}
	text[got > 0 ? got : 0] = 0;
}

static bool blocks_signal(pid_t id)
{
	static char status[4096];
	const char *line;
	unsigned long long mask;

	read_proc(id, "status", status, sizeof(status));
	line = strstr(status, "\nSigBlk:");
	return line && sscanf(line + strlen("\nSigBlk:"), "%llx", &mask) == 1 &&
	       mask >> (stop_signal - 1) & 1;
}

/*
 * Is it a kernel thread that belongs to the process, such as those of io_uring? These block all
 * signals and never run the text. The flags are the ninth field, behind a name that may contain
 * anything.
 */
static bool is_worker(pid_t id)
{
	static char line[1024];
	const char *end;
	unsigned long flags;

	read_proc(id, "stat", line, sizeof(line));
	end = strrchr(line, ')');
	return end && sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %lu", &flags) == 1 &&
	       flags & (PF_IO_WORKER | PF_USER_WORKER);
}

/* Calls visit for each other thread in /proc/self/task, until visit returns false. */
static bool for_each_thread(int directory, bool (*visit)(pid_t id, long *count), long *count)
{
	struct entry {
		uint64_t inode;
		int64_t offset;
		unsigned short length;
		unsigned char type;
		char name[];
	};
	static _Alignas(8) char buffer[4096];
	pid_t self = (pid_t)syscall(SYS_gettid);
	long got = lseek(directory, 0, SEEK_SET);

	while (got >= 0 && (got = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0) {
		const struct entry *entry;
		long at;

		for (at = 0; at < got; at += entry->length) {
			pid_t id;

			entry = (const struct entry *)(buffer + at);
			id = parse_id(entry->name);
			if (id && id != self && !visit(id, count))
				return false;
		}
	}
	return got == 0;
}

static bool ask_if_new(pid_t id, long *count)
{
	struct thread *entry = &threads[thread_count];

	if (find_thread(id) || is_worker(id))
		return true;
	if (thread_count == THREADS_MAX)
		return false;
	entry->id = id;
	entry->answered = false;
	thread_count++;
	++*count;
	if (!ask(entry))
		atomic_store(&entry->state, ENDED);
	return true;
}

/* Ask the threads inside once more. Returns a thread that does not wait yet, or NULL. */
static struct thread *ask_again(void)
{
	struct thread *missing = NULL;
	unsigned int i;

	for (i = 0; i < thread_count; i++) {
		struct thread *entry = &threads[i];
		enum state state = atomic_load(&entry->state);

		entry->answered |= state == INSIDE;
		if (state == INSIDE && !ask(entry))
			atomic_store(&entry->state, ENDED);
		if (state == ASKED && syscall(SYS_tgkill, getpid(), entry->id, 0) && errno == ESRCH)
			atomic_store(&entry->state, ENDED);
		if (state == ASKED || state == INSIDE)
			missing = entry;
	}
	return missing;
}

/* ---- Waiting ---- */

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

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
	static const struct timespec pause = {0, POLL_NS};

	nanosleep(&pause, NULL);
}

static bool is_ready(pid_t id, long *blocking)
{
	if (!blocks_signal(id) || is_worker(id))
		return true;
	*blocking = id;
	return false;
}

/*
 * A thread that blocks the signal until the time is over, or 0. Threads block it for a moment while
 * they are created, and until they have left the handler.
 */
static pid_t find_blocking(int directory, long until)
{
	long blocking = 0;

	while (!for_each_thread(directory, is_ready, &blocking) && blocking) {
		if (now() > until)
			return (pid_t)blocking;
		blocking = 0;
		pause_briefly();
	}
	return 0;
}

/* Until all threads wait, and no new one appears. Returns a thread that does not wait, or NULL. */
static const struct thread *wait_for_all(int directory, long until, bool *listed)
{
	const struct thread *missing = NULL;
	long count;

	do {
		count = 0;
		*listed = for_each_thread(directory, ask_if_new, &count);
		while ((missing = ask_again()) && now() < until)
			pause_briefly();
	} while (*listed && !missing && count);
	return missing;
}

/* Reads files, so all threads must run again. */
static void explain(pid_t id, const char *why, char *reason, size_t size)
{
	char name[32];

	read_proc(id, "comm", name, sizeof(name));
	name[strcspn(name, "\n")] = 0;
	snprintf(reason, size, "thread %d (%s) %s", (int)id, name, why);
}

static bool stop_all(int directory, long until, char *reason, size_t size)
{
	const struct thread *missing;
	bool listed;

	thread_count = 0;
	atomic_store(&stopping, true);
	missing = wait_for_all(directory, until, &listed);
	if (!missing && listed)
		return true;
	rcpp_go();
	if (missing)
		explain(missing->id,
			missing->answered ? "stays inside of a site" : "does not answer", reason,
			size);
	else
		snprintf(reason, size, "the threads cannot be listed");
	return false;
}

/* The caller may be a handler that interrupted a site, to which it will return: that site must not
 * change. */
static bool is_caller_inside(void)
{
	stack_t alternate = {.ss_flags = SS_DISABLE};

	sigaltstack(NULL, &alternate);
	return are_frames_inside((uintptr_t)__builtin_frame_address(0), &alternate);
}

bool rcpp_stop(const struct pages *pages, bool others, unsigned int milliseconds, char *reason,
	       size_t size)
{
	long until = now() + milliseconds * 1000000L;
	bool stopped = false;
	pid_t blocking;
	int directory;

	forbidden = pages;
	find_restorers();
	if (is_caller_inside()) {
		snprintf(reason, size, "called by a signal handler that interrupted a site");
		return false;
	}
	if (!others || rcpp_is_alone())
		return true;
	if (!choose_signal()) {
		snprintf(reason, size, "no signal is free to stop threads");
		return false;
	}
	directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || !open_table()) {
		snprintf(reason, size, "the threads cannot be listed: %m");
		if (directory >= 0)
			close(directory);
		return false;
	}
	blocking = find_blocking(directory, until);
	if (blocking)
		explain(blocking, "blocks the signal that stops threads", reason, size);
	else
		stopped = stop_all(directory, until, reason, size);
	close(directory);
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

bool rcpp_is_alone(void)
{
	struct stat status;

	return !stat("/proc/self/task", &status) && status.st_nlink == 3; /* ., .. and one thread */
}
