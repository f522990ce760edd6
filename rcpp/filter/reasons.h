/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a reference stayed a load. In comes the exclusion of an item, because of which it may have no
 * site whatever it is; out goes the reason. Reasons have texts: the words that --stats counts, and
 * sentences for --explain, with what the user can do about it. Other reasons come from the code
 * that looked at the reference.
 */
#ifndef REASONS_H
#define REASONS_H

#include "function.h"

/* Why a reference stayed a load. */
enum reason {
	REASON_NONE, /* it is a site */
	REASON_SYNTAX,
	REASON_INIT,
	REASON_DATA,
	REASON_TEMPLATE,
	REASON_REPEATED,
	REASON_CONDITIONAL,
	REASON_ASSEMBLY,
	REASON_FOREIGN,
	REASON_INCLUDED,
	REASON_FIXED,
	REASON_ARRAY,
	REASON_THREAD_LOCAL,
	REASON_GOT,
	REASON_EXPRESSION,
	REASON_SEGMENT,
	REASON_MODIFIED,
	REASON_PREFIX,
	REASON_FAR,
	REASON_VECTOR,
	REASON_NO_RULE,
	REASON_SYMBOLIC,
	REASON_NO_REGISTER,
	REASON_FLAGS,
	REASON_READERS,
	REASON_OPTION,
	REASON_SWITCH,
	REASON_OUTSIDE,
	REASON_COUNT,
};

/* A word for --stats, a sentence for --explain. Neither a sentence nor an advice has a semicolon.
 */
extern const struct reason_text {
	const char *word, *sentence;
	const char *advice;  /* for a compiler's code */
	const char *by_hand; /* for assembly that a person wrote; NULL: the same */
} reason_texts[REASON_COUNT];

/* The same of what is no reference: a write of a patchable outside of init code. */
extern const struct reason_text written_text;

/* What the user can do about it, in one sentence. It begins with "nothing" if that is little. */
const char *reason_advice(const struct reason_text *text, bool by_hand);

/* The reason of an exclusion; REASON_NONE if there is none. */
enum reason reason_of_exclusion(enum item_place exclusion);

#endif
