// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A part of another program: a thread that changes settings of it, back and forth, all at one
 * instant. Each program has a file settings-to-change.h, with the list settings_to_change, each
 * setting with another valid value, and settle().
 *
 * CHANGES is how many changes a second are made; CHANGES_LOG is a file that gets a line at the
 * start and one for each second. A failure ends the program.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rcpp.h"

struct setting_to_change {
	void *variable;
	const void *other;
	size_t size;
};

#include "settings-to-change.h"

#define SETTINGS_TO_CHANGE (sizeof(settings_to_change) / sizeof(*settings_to_change))

static struct rcpp_change changes[2][SETTINGS_TO_CHANGE]; /* back, forth */
static char first_values[SETTINGS_TO_CHANGE][8];
static FILE *changes_log;

static void change_failed(const char *what)
{
	fprintf(changes_log, "%s failed: %s\n", what, rcpp_error());
	fflush(changes_log);
	abort();
}

static void note_values(void)
{
	size_t i;

	for (i = 0; i < SETTINGS_TO_CHANGE; i++) {
		const struct setting_to_change *setting = &settings_to_change[i];
		struct rcpp_change change = {setting->variable, first_values[i], setting->size};

		memcpy(first_values[i], setting->variable, setting->size);
		changes[0][i] = changes[1][i] = change;
		changes[1][i].value = setting->other;
	}
}

static long microseconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000000 + (now.tv_nsec - start->tv_nsec) / 1000;
}

static void *change_settings(void *per_second)
{
	long count, rate = *(long *)per_second, longest = 0;
	struct timespec start, pause = {0, 0};

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (count = 1;; count++) {
		long began = microseconds_since(&start), took, early;

		if (rcpp_update(changes[count % 2], SETTINGS_TO_CHANGE))
			change_failed("rcpp_update()");
		took = microseconds_since(&start) - began;
		longest = took > longest ? took : longest;
		if (count % rate == 0) {
			if (rcpp_verify())
				change_failed("rcpp_verify()");
			fprintf(changes_log, "%ld changes in %ld ms, at most %ld us\n", count,
				microseconds_since(&start) / 1000, longest);
			fflush(changes_log);
		}
		early = count * 1000000 / rate - microseconds_since(&start);
		pause.tv_nsec = early > 0 ? early * 1000 : 0;
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void note_sites(void)
{
	struct rcpp_stats stats;

	rcpp_stats(&stats);
	fprintf(changes_log, "%lu of %lu sites patched\n", stats.patched, stats.sites);
	fflush(changes_log);
}

static void start_changes(void)
{
	static long per_second;
	pthread_t thread;

	per_second = atol(getenv("CHANGES"));
	changes_log = fopen(getenv("CHANGES_LOG"), "a");
	settle();
	note_values();
	/* threads of nginx block all signals */
	if (rcpp_use_signal(SIGRTMIN - 1) || rcpp_patch())
		change_failed("rcpp_patch()");
	note_sites();
	if (per_second && pthread_create(&thread, NULL, change_settings, &per_second))
		abort();
}
