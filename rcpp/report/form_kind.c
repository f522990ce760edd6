// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The text of a form in, the kind of its site out. Tables and --explain have only the text: an
 * original instruction, " => ", and guards with alternatives. So the kind follows from the guard
 * and the instruction, as grammar/x86-64/rules groups them. A site with several forms is of the
 * kind that saves most: a load of a divisor is a division.
 */
#include <string.h>
#include "kinds.h"
#include "report.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool begins_with_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (begins(text, words[i]))
			return true;
	return false;
}

static bool is_address(const char *original, const char *guarded)
{
	return begins(original, "lea") || strstr(guarded, ": lea") == strchr(guarded, ':') ||
	       (begins(guarded, "a32: ") && !begins(guarded, "a32: nothing") &&
		!begins(guarded, "a32: movq $"));
}

/* One form: the original instruction, and what stands behind its arrow. */
static unsigned kind_of(const char *original, const char *guarded)
{
	static const char *const shifts[] = {"shl", "shr", "sal", "sar",
					     "rol", "ror", "rcl", "rcr"};
	static const char *const moves[] = {"mov", "push", "cmov"};

	if (is_address(original, guarded))
		return KIND_ADDRESSES;
	if (begins(original, "div") || begins(original, "idiv"))
		return KIND_DIVISIONS;
	if (begins(guarded, "true: "))
		return KIND_BRANCHES;
	if (begins(guarded, "near: "))
		return KIND_CALLS;
	if (begins_with_any(original, shifts, COUNT(shifts)))
		return KIND_SHIFTS;
	return begins_with_any(original, moves, COUNT(moves)) ? KIND_MOVES : KIND_ARITHMETIC;
}

unsigned form_kind_stronger(unsigned one, unsigned other)
{
	static const unsigned order[] = {KIND_DIVISIONS, KIND_BRANCHES, KIND_CALLS,
					 KIND_ADDRESSES, KIND_SHIFTS,	KIND_ARITHMETIC};

	for (size_t i = 0; i < COUNT(order); i++)
		if (order[i] == one || order[i] == other)
			return order[i];
	return one ? one : other;
}

/* "; " stands between forms, but also between the instructions of an alternative. */
unsigned form_kind(const char *text)
{
	unsigned kind = 0;

	while (text) {
		const char *arrow = strstr(text, " => ");
		const char *end = strstr(text, "; ");

		if (arrow && (!end || arrow < end))
			kind = form_kind_stronger(kind, kind_of(text, arrow + strlen(" => ")));
		text = end ? end + strlen("; ") : NULL;
	}
	return kind;
}
