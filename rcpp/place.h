/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The place in the source that a line of the assembly comes from, for text without .loc: from the
 * preprocessor's line markers (.S files, inline assembly) and the comments of gcc's -fverbose-asm.
 */
#ifndef PLACE_H
#define PLACE_H

#include "assembly.h"

struct place {
	struct span file;
	uint32_t line;	/* 0: not known */
	bool counting;	/* a marker: each line of the text is the next line of the file */
	const char *at; /* what stands before has been read */
};

/* The text is to be read from here on. */
void place_begin(struct place *place, const char *text);

/* Read on to the line that `statement` lies in, which is not before the last one asked for. */
void place_follow(struct place *place, const char *statement);

#endif
