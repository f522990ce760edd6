// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine.h"
#include "peek.h"
#include "raw.h"
#include "tasks.h"

#define NOT_THREADS  2	  /* links of the list that are none: . and .. */
#define PF_IO_WORKER 0x10 /* include/linux/sched.h in Linux */

bool rcpp_is_alone(void)
{
	struct stat status;

	if (!stat("/proc/self/task", &status))
		return status.st_nlink == 1 + NOT_THREADS;
	return !unshare(CLONE_THREAD); /* which changes nothing, and is refused with others */
}

int rcpp_open_threads(void)
{
	return open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

unsigned long rcpp_count_threads(int directory)
{
	struct stat status;

	return rcpp_raw_status(directory, &status) ? status.st_nlink - NOT_THREADS : 0;
}

/* A directory entry of /proc/self/task; 0 if it is none of a thread's. */
static pid_t parse_id(const char *name)
{
	pid_t id = 0;

	for (; *name >= '0' && *name <= '9'; name++)
		id = id * 10 + (*name - '0');
	return *name ? 0 : id;
}

bool rcpp_for_each_thread(int directory, bool (*visit)(pid_t id, long *count), long *count)
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
	long got = rcpp_raw_rewind(directory);

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

bool rcpp_thread_is_gone(pid_t id)
{
	return syscall(SYS_tgkill, getpid(), id, 0) && errno == ESRCH;
}

static char *append(char *end, const char *text)
{
	while (*text)
		*end++ = *text++;
	*end = 0;
	return end;
}

static char *append_number(char *end, unsigned int number)
{
	if (number > 9)
		end = append_number(end, number / 10);
	*end = (char)('0' + number % 10);
	return end + 1;
}

/*
 * A file of the thread in /proc, as a string; empty if it cannot be read. Other threads may stand
 * still, so this is done without the C library (see raw.h).
 */
static void read_proc(pid_t id, const char *name, char *text, size_t size)
{
	char path[64];
	long got = -1;
	int file;

	append(append(append_number(append(path, "/proc/self/task/"), (unsigned int)id), "/"),
	       name);
	file = rcpp_raw_open(path);
	if (file >= 0) {
		got = rcpp_raw_read(file, text, size - 1);
		rcpp_raw_close(file);
	}
	text[got > 0 ? got : 0] = 0;
}

static bool has_signal(uint64_t set, int signal)
{
	return set >> (signal - 1) & 1;
}

/*
 * valgrind blocks all signals of a thread while the thread's code runs, and hands them on itself.
 * So what the kernel says is not what the program asked for. The request is "are you there?".
 */
bool rcpp_is_under_valgrind(void)
{
	const unsigned long request[6] = {0x1001};

	return rcpp_ask_valgrind(request);
}

static bool is_masked(pid_t id, int signal)
{
	static char status[4096];
	const char *line;
	unsigned long long mask;

	if (rcpp_is_under_valgrind())
		return false;
	read_proc(id, "status", status, sizeof(status));
	line = strstr(status, "\nSigBlk:");
	return line && sscanf(line + strlen("\nSigBlk:"), "%llx", &mask) == 1 &&
	       has_signal(mask, signal);
}

/* Does the thread wait for the signal in sigwait()? It is not blocked then, and would be taken. */
static bool takes_signal(pid_t id, int signal, bool *running)
{
	unsigned long address;
	uint64_t set;
	char text[128];
	long number;

	read_proc(id, "syscall", text, sizeof(text));
	*running = !strncmp(text, "running", strlen("running"));
	return sscanf(text, "%ld %lx", &number, &address) == 2 && number == SYS_rt_sigtimedwait &&
	       (rcpp_peek(address, &set, sizeof(set)) != RCPP_SEEN || has_signal(set, signal));
}

/* Between the two looks it may have left sigwait(). */
bool rcpp_thread_blocks(pid_t id, int signal)
{
	bool running;

	return is_masked(id, signal) || takes_signal(id, signal, &running) ||
	       (running && is_masked(id, signal));
}

static bool begins_with(const char *text, const char *start)
{
	while (*start && *text == *start) {
		text++;
		start++;
	}
	return !*start;
}

static const char *skip_words(const char *text, unsigned int count)
{
	while (count--) {
		while (*text == ' ')
			text++;
		while (*text && *text != ' ')
			text++;
	}
	return text;
}

static unsigned long parse_number(const char *text)
{
	unsigned long number = 0;

	while (*text == ' ')
		text++;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (unsigned long)(*text - '0');
	return number;
}

/*
 * Of "ID (NAME) STATE PARENT GROUP SESSION TERMINAL GROUP FLAGS ...". The name may hold anything.
 * Other threads may stand still.
 */
bool rcpp_thread_is_of_kernel(pid_t id)
{
	char text[256];
	const char *name, *end;
	char state;

	read_proc(id, "stat", text, sizeof(text));
	name = skip_words(text, 1);
	end = text;
	for (const char *next = name; *next; next++)
		if (*next == ')')
			end = next;
	if (end == text || end[1] != ' ')
		return false;
	state = end[2];
	return state == 'Z' || state == 'X' ||
	       (begins_with(name, " (iou-") && parse_number(skip_words(end + 1, 6)) & PF_IO_WORKER);
}

void rcpp_thread_name(pid_t id, char *name, size_t size)
{
	read_proc(id, "comm", name, size);
	name[strcspn(name, "\n")] = 0;
}
