/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Change the sites of some modules, all of them at one instant: check all rows, copy the pages that
 * change, write the copies, and exchange the pages while no thread is where they change.
 */
#ifndef RCPP_TEXT_H
#define RCPP_TEXT_H

#include "call.h"
#include "variables.h"

#pragma GCC visibility push(hidden)

struct text {
	struct call *call;
	struct module *modules;
	unsigned int count;
	struct pages pages;
	unsigned int changing; /* sites that do */
	bool direct;	       /* they are few, and are written where they are */
	bool final;	       /* nobody writes the variables: what the first look found holds */
	bool patched;	       /* some site holds a value */
	bool refused;	       /* the pages cannot be had */
	bool missed; /* a site changes outside of the pages: its variable was written meanwhile */
	bool held;   /* a group with a reach changes */
	bool unheld; /* see struct rcpp_view: threads stay in a reach */
	long until;  /* the call's time is up then, in milliseconds */
	const struct module *module; /* the one that is visited */
	/* A load and its consumers: no thread may be between its first byte and its last. */
	struct {
		uintptr_t start;
		uintptr_t stop;
		bool held; /* it has a reach */
		bool changes;
	} group;
};

/*
 * Check all of the modules, and copy the pages that change; nothing else is changed yet. If this or
 * the next call returns false, the text and the variables are what they were.
 */
bool rcpp_text_prepare(struct text *text);

/* Do what was prepared, and store the new values at the same instant. */
bool rcpp_text_change(struct text *text);

void rcpp_text_close(struct text *text);

#pragma GCC visibility pop

#endif
