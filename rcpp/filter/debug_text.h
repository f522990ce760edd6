/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contents of a section as a compiler writes it with directives, field by field. Offsets are
 * those in the bytes that as will emit.
 */
#ifndef DEBUG_TEXT_H
#define DEBUG_TEXT_H

#include "assembly.h"

struct debug_text {
	const char *next, *end; /* what is still to be read */
	uint32_t offset;	/* of what comes next, while all lengths are numbers */
	struct span label;	/* the last one before what was read, or looked for */
	bool failed;		/* a field or directive is another one than was expected; nothing
				   that was read since is anything */
	/* private: of the directive that is being read */
	struct span arguments; /* of which these are still to be read */
	uint8_t width;	       /* bytes of each; 0: LEB128 */
	bool quoted, ends;     /* they are strings; each ends with a zero */
	bool with_sign;	       /* LEB128: a number needs a bit for its sign */
};

/*
 * The text of the section of that name. False if there is none, or more than one, or a part of it
 * stands elsewhere.
 */
bool debug_text_open(struct debug_text *text, struct span file, const char *section);
/*
 * The next part of a section that stands in several places. Call it with *behind at NULL first.
 * False behind the last one.
 */
bool debug_text_open_next(struct debug_text *text, struct span file, const char *section,
			  const char **behind);

/* The number in a field of 1 to 8 bytes; 0 if an expression stands there. */
uint64_t debug_text_number(struct debug_text *text, unsigned size);
/* A field that is one symbol; length 0 if it is something else. */
struct span debug_text_symbol(struct debug_text *text, unsigned size);
/* An unsigned LEB128. A signed one is skipped correctly, but its value is wrong. */
uint64_t debug_text_leb(struct debug_text *text);
void debug_text_skip(struct debug_text *text, uint64_t size);
/* Up to the zero that ends it. */
void debug_text_skip_string(struct debug_text *text);
/* Whatever field comes: its symbol if it is an address, else a length of 0. */
struct span debug_text_address(struct debug_text *text);
/* Whatever field comes: its symbol if it is an offset of 4 bytes, else a length of 0. */
struct span debug_text_label(struct debug_text *text);
/* A string up to the zero, as it is spelled. Length 0: bytes and pieces make it up. */
struct span debug_text_string(struct debug_text *text);
/* Are there more fields? */
bool debug_text_more(struct debug_text *text);

#endif
