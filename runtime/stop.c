// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The exchange of pages rules out torn instructions. What remains are threads that stand inside of
 * a site, behind an instruction that the new text does not have there, or between a load and its
 * last consumer. So, for one exchange:
 *
 *  1. Send a signal to every thread that /proc/self/task lists, with the address of its entry in a
 *     table, until no other thread appears.
 *  2. Its handler looks where the signal has interrupted it, and where other signals have
 *     interrupted the frames below: program counters are held against the forbidden intervals.
 *     Outside of all of them, the thread waits. Inside, it goes on alone, and is asked again.
 *  3. When all wait, the caller exchanges the pages, and lets them go by a new number of the round.
 *
 * Signal frames are found by their return address, which is the restorer of some signal's handler.
 * What only looks like one can delay a stop or make it fail, but never lets a thread pass.
 *
 * A thread that blocks the signal, or is stopped by a debugger, never answers; after a while the
 * others go on, with the text they had. What the handler looks at is kept until no thread looks any
 * more. The handler stays installed. Nothing here allocates but the table, before the first signal
 * is sent.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
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

#define THREADS_MAX   (1U << 16) /* more stacks than vm.max_map_count allows */
#define RESTORERS_MAX 8
#define STACKS_MAX    8
#define STACK_MAX     ((uintptr_t)1 << 28) /* if the memory is readable so far */
#define USER_CODE     0x33		   /* the code segment, in each frame */
#define PEEK_WORDS    64		   /* of a stack, at once; a part of a page */
#define POLL_NS	      50000
#define PF_IO_WORKER  0x10 /* include/linux/sched.h in Linux */

static int stop_signal;
static struct thread *threads;
static unsigned int thread_count;
static uintptr_t restorers[RESTORERS_MAX];
static unsigned int restorer_count;
static const struct pages *forbidden;

static _Atomic unsigned int round_number = 1; /* a futex; goes on when threads may go on */
static _Atomic bool stopping;
static _Atomic unsigned int handlers; /* how many run */

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
 * The highest address at which the stack of the pointer may end. C libraries put a thread's control
 * block at the end of its stack; behind it may be other memory, and much of it.
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

/* Waiting for a futex for no time tells whether it can be read, in any sandbox. */
static enum view probe(uintptr_t address)
{
	static const struct timespec no_time;

	if (!syscall(SYS_futex, address & ~(uintptr_t)3, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0,
		     &no_time, NULL, 0) ||
	    errno == EAGAIN || errno == ETIMEDOUT)
		return SEEN;
	return errno == EFAULT ? UNREADABLE : REFUSED;
}

/* Copy what may not be there, or only its first part: not more than a page. */
static enum view peek(uintptr_t address, void *to, size_t size)
{
	struct iovec local = {to, size};
	struct iovec remote = {(void *)address, size};
	ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
	enum view view;

	if (got == (ssize_t)size)
		return SEEN;
	if (got >= 0 || errno == EFAULT)
		return UNREADABLE;
	view = probe(address); /* a sandbox may not allow the call */
	if (view == SEEN)
		view = probe(address + size - 1);
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
		return false; /* we shall come there */
	if (stacks->count == STACKS_MAX)
		return true;
	stacks->pointer[stacks->count++] = outer;
	return false;
}

/* All signal frames of one stack, from the pointer up to where it ends or nothing can be read. */
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

/* A thread's frames below this one, over all of its stacks. */
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

static void answer(struct thread *entry, unsigned int mine, const ucontext_t *context)
{
	if (is_inside(context)) {
		atomic_store(&entry->state, in_round(mine, INSIDE));
	} else {
		atomic_store(&entry->state, in_round(mine, WAITING));
		wait_while(mine);
	}
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	unsigned int mine = atomic_load(&round_number);
	struct thread *entry;
	int saved = errno;

	(void)number;
	atomic_fetch_add(&handlers, 1);
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

/* What the kernel knows of a signal's handler: C libraries do not tell of the restorer. */
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

static bool is_ours(int number)
{
	struct kernel_action action = {0};

	return read_action(number, &action) && action.handler == (void *)on_signal;
}

/*
 * No other signal runs on top of the handler, not even the C library's own, which sigfillset()
 * leaves out: a thread that is cancelled while it waits would run its cleanup handlers.
 */
static bool install(int number)
{
	struct sigaction action = {.sa_sigaction = on_signal,
				   .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
	struct kernel_action installed = {0};

	sigfillset(&action.sa_mask);
	if (sigaction(number, &action, NULL) || !read_action(number, &installed))
		return false;
	installed.mask = ~(uint64_t)0;
	if (syscall(SYS_rt_sigaction, number, &installed, NULL, sizeof(installed.mask)))
		return false;
	stop_signal = number;
	return true;
}

bool rcpp_set_stop_signal(int number)
{
	return number > 0 && (is_ours(number) || is_free(number)) && install(number);
}

/* A signal that nobody uses; another one if somebody took ours. */
static bool choose_signal(void)
{
	int number;

	if (stop_signal && !is_ours(stop_signal))
		stop_signal = 0;
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

/* The thread may answer before this returns. */
static void ask(struct thread *entry)
{
	unsigned int mine = atomic_load(&round_number);
	siginfo_t info = {0};

	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_ptr = entry;
	atomic_store(&entry->state, in_round(mine, ASKED));
	if (syscall(SYS_rt_tgsigqueueinfo, getpid(), entry->id, stop_signal, &info))
		change_state(entry, mine, ASKED, errno == ESRCH ? ENDED : UNASKED);
}

static struct thread *find_thread(pid_t id)
{
	unsigned int i;

	for (i = 0; i < thread_count; i++)
		if (threads[i].id == id)
			return &threads[i];
	return NULL;
}

/* A directory entry of /proc/self/task; 0 if it is none of a thread's. */
static pid_t parse_id(const char *name)
{
	pid_t id = 0;

	for (; *name >= '0' && *name <= '9'; name++)
		id = id * 10 + (*name - '0');
	return *name ? 0 : id;
}

/* Calls visit for each other thread in /proc/self/task, up to the first for which it is false. */
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

static bool is_gone(pid_t id)
{
	return syscall(SYS_tgkill, getpid(), id, 0) && errno == ESRCH;
}

static void ask_one_again(struct thread *entry)
{
	enum state state = state_of(entry);

	entry->answered |= state == INSIDE;
	if (state == INSIDE || state == UNASKED)
		ask(entry);
	else if ((state == ASKED || state == KERNEL) && is_gone(entry->id))
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
	struct stat status;
	unsigned long known = 3; /* as in rcpp_is_alone() */
	unsigned int i;

	for (i = 0; i < thread_count; i++)
		known += state_of(&threads[i]) != ENDED;
	return !fstat(directory, &status) && status.st_nlink == known;
}

/* ---- Waiting ---- */

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
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

static bool has_signal(uint64_t set)
{
	return set >> (stop_signal - 1) & 1;
}

static bool is_masked(pid_t id)
{
	static char status[4096];
	const char *line;
	unsigned long long mask;

	read_proc(id, "status", status, sizeof(status));
	line = strstr(status, "\nSigBlk:");
	return line && sscanf(line + strlen("\nSigBlk:"), "%llx", &mask) == 1 && has_signal(mask);
}

/* Does the thread wait for the signal in sigwait()? It is not blocked then, and would be taken. */
static bool takes_signal(pid_t id, bool *running)
{
	unsigned long address;
	uint64_t set;
	char text[128];
	long number;

	read_proc(id, "syscall", text, sizeof(text));
	*running = !strncmp(text, "running", strlen("running"));
	return sscanf(text, "%ld %lx", &number, &address) == 2 && number == SYS_rt_sigtimedwait &&
	       (peek(address, &set, sizeof(set)) != SEEN || has_signal(set));
}

/* Between the two looks it may have left sigwait(). */
static bool blocks_signal(pid_t id)
{
	bool running;

	return is_masked(id) || takes_signal(id, &running) || (running && is_masked(id));
}

/*
 * A main thread that has ended is listed as long as there are others. The threads that work for
 * io_uring are the process's, and never leave the kernel.
 */
static bool is_of_kernel(pid_t id)
{
	char text[256];
	const char *rest;
	unsigned int flags;
	char state;

	read_proc(id, "stat", text, sizeof(text));
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags) != 2)
		return false;
	return state == 'Z' || state == 'X' || (strstr(text, "(iou-") && flags & PF_IO_WORKER);
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

/* Threads of the kernel are known from here on, and not asked. */
static bool is_ready(pid_t id, long *blocking)
{
	struct thread *entry;

	if (!blocks_signal(id))
		return true;
	if (!is_of_kernel(id)) {
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

	while (!for_each_thread(directory, is_ready, &blocking) && blocking) {
		if (now() > until)
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
		*listed = for_each_thread(directory, ask_if_new, &count);
		while ((missing = ask_again()) && now() < until) {
			if (state_of(missing) == ASKED && is_of_kernel(missing->id))
				change_state(missing, atomic_load(&round_number), ASKED, KERNEL);
			pause_briefly();
		}
		if (missing || !*listed)
			break;
		*listed = !count && are_all_known(directory);
	} while (!*listed && now() < until);
	return missing;
}

/* All threads run again by now. */
static void explain(pid_t id, const char *why, char *reason, size_t size)
{
	char name[32];

	read_proc(id, "comm", name, sizeof(name));
	name[strcspn(name, "\n")] = 0;
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

/* A handler that interrupted a site may have called us: that site must not change under it. */
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
	thread_count = 0;
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

	if (!stat("/proc/self/task", &status))
		return status.st_nlink == 3; /* ., .. and one thread */
	return !unshare(CLONE_THREAD);	     /* which changes nothing, and is refused with others */
}

/* To ignore a signal drops those that are still to come. */
void rcpp_forget_signal(void)
{
	long until = now() + 1000000000L;

	if (stop_signal && is_ours(stop_signal)) {
		signal(stop_signal, SIG_IGN);
		while (atomic_load(&handlers) && now() < until)
			pause_briefly();
		pause_briefly(); /* the last one has returned, too */
		signal(stop_signal, SIG_DFL);
	}
	stop_signal = 0;
	if (threads)
		munmap(threads, THREADS_MAX * sizeof(*threads));
	threads = NULL;
}
