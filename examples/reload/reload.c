// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A server with threads that takes new settings while it answers.
 *
 *	reload SETTINGS [PORT]
 *
 * It listens on PORT, or prints one that is free, and answers each line with a number: the price of
 * so many things. SETTINGS is a file with lines `fee N`, `percent N`, `dozen N` and `round N`. At
 * SIGHUP it is read again, and all four settings change at one instant. That may be in the middle
 *of an answer, which is then computed again: see answer().
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <rcpp.h>

#define THREADS 4

/* The settings, and how often they were read. Nobody writes them but rcpp_update(). */
static __patchable long fee;
static __patchable int percent;
static __patchable unsigned dozen = 12;
static __patchable int round_up;
static __patchable long version;

/* Patched, this reads no memory, has no division and no branch. */
static long price(unsigned count)
{
	long sum = fee + (long)(count / dozen) * 10 + count % dozen;

	sum -= sum * percent / 100;
	if (round_up)
		sum = (sum + 9) / 10 * 10;
	return sum;
}

/* The fences keep the compiler from moving other reads over this one. */
static long read_version(void)
{
	long now;

	atomic_signal_fence(memory_order_seq_cst);
	now = version;
	atomic_signal_fence(memory_order_seq_cst);
	return now;
}

/* If the version is the same before and behind, price() has read settings of that version only. */
static void answer(FILE *client, unsigned count)
{
	long before, sum;

	do {
		before = read_version();
		sum = price(count);
	} while (before != read_version());
	fprintf(client, "%ld %ld\n", before, sum);
	fflush(client);
}

static void *serve(void *context)
{
	int listening = *(int *)context;
	char line[64];

	for (;;) {
		int connection = accept(listening, NULL, NULL);
		FILE *client = connection < 0 ? NULL : fdopen(connection, "r+");

		if (!client)
			continue;
		while (fgets(line, sizeof(line), client)) {
			fseek(client, 0, SEEK_CUR);
			answer(client, (unsigned)strtoul(line, NULL, 10));
		}
		fclose(client);
	}
	return NULL;
}

/* Read the file, and put all of it in place, or nothing. */
static int reload(const char *name)
{
	long wanted_fee = 0, wanted_version = version + 1, value;
	int wanted_percent = 0, wanted_round = 0;
	unsigned wanted_dozen = 12;
	const struct rcpp_change changes[] = {
		{&fee, &wanted_fee, sizeof(fee)},
		{&percent, &wanted_percent, sizeof(percent)},
		{&dozen, &wanted_dozen, sizeof(dozen)},
		{&round_up, &wanted_round, sizeof(round_up)},
		{&version, &wanted_version, sizeof(version)},
	};
	char word[16];
	FILE *file = fopen(name, "r");

	if (!file) {
		perror(name);
		return -1;
	}
	while (fscanf(file, "%15s %ld", word, &value) == 2) {
		if (!strcmp(word, "fee"))
			wanted_fee = value;
		else if (!strcmp(word, "percent"))
			wanted_percent = (int)value;
		else if (!strcmp(word, "dozen") && value > 0)
			wanted_dozen = (unsigned)value;
		else if (!strcmp(word, "round"))
			wanted_round = value != 0;
	}
	fclose(file);
	if (rcpp_update(changes, sizeof(changes) / sizeof(*changes))) {
		fprintf(stderr, "the settings are what they were: %s\n", rcpp_error());
		return -1;
	}
	return 0;
}

static int listen_on(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	socklen_t size = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (listening < 0 || bind(listening, (struct sockaddr *)&address, size) ||
	    listen(listening, 64) || getsockname(listening, (struct sockaddr *)&address, &size)) {
		perror("listen");
		exit(1);
	}
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return listening;
}

int main(int count, char **arguments)
{
	pthread_t thread;
	sigset_t signals;
	int listening, number, i;

	if (count < 2 || count > 3) {
		fprintf(stderr, "usage: reload SETTINGS [PORT]\n");
		return 2;
	}
	if (reload(arguments[1]))
		return 1;
	if (rcpp_patch())
		fprintf(stderr, "not patched: %s\n", rcpp_error());

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	listening = listen_on(count > 2 ? atoi(arguments[2]) : 0);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, serve, &listening))
			return 1;
	while (!sigwait(&signals, &number))
		reload(arguments[1]);
	return 1;
}
