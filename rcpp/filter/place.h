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
	bool counting;	/* behind a marker: each line of the text is the next line of the file */
	const char *at; /* the text before this has been read */
};

/* Start reading at this text. */
void place_begin(struct place *place, const char *text);

/* Read on to the line that `statement` lies in. Ask for statements in the order of the text. */
void place_follow(struct place *place, const char *statement);

/*
 * The name of the source that the whole text comes from: a compiler's .file, or the first line
 * marker; `input_name` if there is neither.
 */
struct span place_source(struct span text, const char *input_name);

/* Is it a file that a compiler removes when it is done? gcc's ccAbCdEf.s, clang's a-0a1b2c.s. */
bool place_is_temporary(const char *input_name);

#endif
