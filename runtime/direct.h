/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Write a few sites in place, and a closed variable, without an exchange of pages: only while no
 * other thread runs and no signal comes, and where a trial has worked.
 */
#ifndef RCPP_DIRECT_H
#define RCPP_DIRECT_H

#include "core.h"

#pragma GCC visibility push(hidden)

#define RCPP_DIRECT_MAX 64 /* more are faster by an exchange, and hold the threads up for less */

struct direct_site {
	uintptr_t address;
	unsigned int length;
	uint8_t fresh[RCPP_SITE_MAX];
	uint8_t old[RCPP_SITE_MAX];
};

/* At the start all zeros. */
struct direct {
	struct direct_site sites[RCPP_DIRECT_MAX];
	unsigned int count;
	struct rcpp_range groups[RCPP_DIRECT_MAX]; /* where no thread may stand */
	unsigned int group_count;
	int file;
	bool open;
	int error;	/* why a site could not be written; 0: all were */
	bool overtaken; /* somebody else has written into a site since it was added */
	bool stuck;	/* some sites are written and could not be written back */
};

/* Does it work in this process? The caller has the lock. */
bool rcpp_direct_works(void);

/* It did not work: do not try it again. */
void rcpp_direct_forget(void);

/* Take what is to be written, and forget it. Each returns false if there is no more room. */
bool rcpp_direct_add(struct direct *direct, uintptr_t address, const uint8_t *bytes,
		     unsigned int length);
bool rcpp_direct_forbid(struct direct *direct, uintptr_t start, uintptr_t stop);
void rcpp_direct_clear(struct direct *direct);

/* Is the address behind the first byte of a group, and before its end? */
bool rcpp_direct_forbidden(const struct direct *direct, uintptr_t address);

/* Open the way. False with errno. */
bool rcpp_direct_open(struct direct *direct);

/* Write all sites or none. Takes no lock. */
bool rcpp_direct_write(struct direct *direct);

void rcpp_direct_close(struct direct *direct);

#pragma GCC visibility pop

#endif
