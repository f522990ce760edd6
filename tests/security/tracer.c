// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer PROGRAM [ARGUMENT]...: runs the program and stops it before and after each of its system
 * calls. Nothing but a system call changes a mapping, so at these stops /proc/PID/maps shows every
 * state there ever is. Exit status 1 if memory is writable and executable, or if memory that is
 * executable here is mapped writable and shared elsewhere (a second view of the same pages); 2 if
 * the program itself fails; 3 if the text was not replaced under our eyes, which would prove
 * nothing. One line says how many stops there were, and how many mappings were turned from
 * writable to executable.
 */
#define _GNU_SOURCE 1
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAPPINGS_MAX 256

struct mapping {
	unsigned long start, stop, inode, device;
	char protection[5];
};

struct maps {
	size_t count;
	struct mapping list[MAPPINGS_MAX];
};

static void die(const char *what)
{
	perror(what);
	exit(3);
}

static void read_maps(pid_t process, struct maps *maps)
{
	char name[64], line[4352];
	unsigned int major, minor;
	FILE *file;

	snprintf(name, sizeof name, "/proc/%d/maps", process);
	file = fopen(name, "re");
	maps->count = 0;
	if (!file)
		return; /* it has ended */
	while (fgets(line, sizeof line, file)) {
		struct mapping *mapping = &maps->list[maps->count++];

		if (maps->count == MAPPINGS_MAX ||
		    sscanf(line, "%lx-%lx %4s %*x %x:%x %lu", &mapping->start, &mapping->stop,
			   mapping->protection, &major, &minor, &mapping->inode) != 6)
			die("tracer: a line of maps");
		mapping->device = (unsigned long)major << 32 | minor;
	}
	fclose(file);
}

static bool can(const struct mapping *mapping, char what)
{
	return strchr(mapping->protection, what) != NULL;
}

/* A shared writable view of a file whose pages are executable somewhere. */
static bool is_second_view(const struct maps *maps, const struct mapping *mapping)
{
	if (!can(mapping, 'w') || !can(mapping, 's') || !mapping->inode)
		return false;
	for (size_t i = 0; i < maps->count; i++)
		if (can(&maps->list[i], 'x') && maps->list[i].inode == mapping->inode &&
		    maps->list[i].device == mapping->device)
			return true;
	return false;
}

static void check(const struct maps *maps)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct mapping *mapping = &maps->list[i];

		if ((can(mapping, 'w') && can(mapping, 'x')) || is_second_view(maps, mapping)) {
			printf("writable and executable: %lx-%lx %s\n", mapping->start,
			       mapping->stop, mapping->protection);
			exit(1);
		}
	}
}

/* Memory that was writable at the stop before and is executable now. */
static unsigned int count_turned(const struct maps *before, const struct maps *now)
{
	unsigned int turned = 0;

	for (size_t i = 0; i < before->count; i++)
		for (size_t j = 0; j < now->count; j++)
			turned += can(&before->list[i], 'w') && can(&now->list[j], 'x') &&
				  before->list[i].start < now->list[j].stop &&
				  now->list[j].start < before->list[i].stop;
	return turned;
}

int main(int argc, char **argv)
{
	static struct maps maps[2];
	unsigned long stops = 0;
	unsigned int turned = 0;
	int status;
	pid_t process = fork();

	(void)argc;
	if (!process) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			die("tracer: PTRACE_TRACEME");
		execv(argv[1], argv + 1);
		die(argv[1]);
	}
	while (waitpid(process, &status, 0) == process && WIFSTOPPED(status)) {
		int signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		struct maps *now = &maps[stops & 1];

		read_maps(process, now);
		check(now);
		turned += count_turned(&maps[~stops & 1], now);
		stops++;
		if (ptrace(PTRACE_SYSCALL, process, NULL, (void *)(long)signal))
			die("tracer: PTRACE_SYSCALL");
	}
	printf("%lu stops, %u mappings turned from writable to executable\n", stops, turned);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return 2;
	return turned ? 0 : 3;
}
