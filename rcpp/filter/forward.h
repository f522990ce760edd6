/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A forward dataflow over an analysed function: which register certainly holds what a certain
 * instruction has put there, on every path to a given instruction. The caller says what an
 * instruction puts into registers and what it changes, and is told what is known at each
 * instruction.
 */
#ifndef FORWARD_H
#define FORWARD_H

#include "function.h"

#define FORWARD_REGISTERS 16

struct forward_state {
	resources known;		  /* registers about which something is known: */
	uint32_t from[FORWARD_REGISTERS]; /* the item that it comes from */
};

struct forward {
	struct function *function;
	/* What is known behind the instruction, of what is known before it. */
	void (*step)(const struct forward *forward, struct forward_state *state, uint32_t item);
	/* This is known before the instruction. Called when all is known, once for each. */
	void (*note)(const struct forward *forward, const struct forward_state *state,
		     uint32_t item);
};

void forward_forget(struct forward_state *state, resources set);
void forward_set(struct forward_state *state, unsigned reg, uint32_t item);

void forward_follow(const struct forward *forward);

#endif
