/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a process can end, and what it can begin, by the first argument: what was counted until then
 * is in the profile. Every process writes `writes` ten times and reads `reads` ten times.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

volatile long writes, reads;
volatile union {
	long all;
	int part;
} both; /* a read of a part has to know of all writes */

__attribute__((noinline)) static int part(void)
{
	return both.part;
}

__attribute__((noinline)) static long work(void)
{
	long sum = 0;

	for (long i = 0; i < 10; i++) {
		writes = i;
		sum += reads + part();
	}
	return sum;
}

static void *write_often(void *unused)
{
	(void)unused;
	for (long i = 0; i < 100000; i++) {
		writes = i;
		both.all = i;
	}
	return NULL;
}

static void threads(void)
{
	pthread_t thread[8];

	for (int i = 0; i < 8; i++)
		pthread_create(&thread[i], NULL, write_often, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(thread[i], NULL);
}

static void forks(void)
{
	for (int i = 0; i < 5; i++) {
		if (!fork()) {
			work();
			i % 2 ? _exit(0) : exit(0);
		}
		wait(NULL);
	}
}

int main(int argc, char **argv)
{
	const char *end = argc > 1 ? argv[1] : "return";

	work();
	if (!strcmp(end, "exit"))
		exit(0);
	if (!strcmp(end, "_exit"))
		_exit(0);
	if (!strcmp(end, "abort"))
		abort();
	if (!strcmp(end, "kill"))
		kill(getpid(), SIGKILL);
	if (!strcmp(end, "fault"))
		*(volatile int *)0 = 0;
	if (!strcmp(end, "exec"))
		execl(argv[0], argv[0], "return", (char *)NULL);
	if (!strcmp(end, "fork"))
		forks();
	if (!strcmp(end, "threads"))
		threads();
	return 0;
}
