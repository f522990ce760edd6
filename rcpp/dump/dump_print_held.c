// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a site of a process holds, as text: for people the last part of a line, for programs the
 * last keys of a JSON object. A site that holds no value, or the wrong one, says why, because that
 * decides what the user can do.
 */
#include <inttypes.h>
#include <stdio.h>

#include "dump.h"
#include "json.h"

#define NUMBER_SIZE 24

static const char *const state_words[] = {
	[DUMP_UNKNOWN] = "unknown",    [DUMP_HOLDS] = "patched",   [DUMP_DIFFERS] = "patched",
	[DUMP_ORPHANED] = "unpatched", [DUMP_READS] = "unpatched", [DUMP_TRAPS] = "trap",
	[DUMP_FIXED] = "unpatched",    [DUMP_UNFIT] = "unpatched",
};

static bool has_guard(const struct dump_form *form, unsigned guard)
{
	for (unsigned i = 1; i < form->count; i++) {
		if (form->alternatives[i].guard == guard)
			return true;
	}
	return false;
}

/* Why no alternative is right for the value. */
static const char *unfit_reason(const struct dump_form *form, uint64_t value)
{
	if (has_guard(form, RCPP_GUARD_NEAR))
		return value == 0 ? "its value is 0" : "its value is too far away for a jump";
	if (!has_guard(form, RCPP_GUARD_S32) && !has_guard(form, RCPP_GUARD_A32) &&
	    !has_guard(form, RCPP_GUARD_U32))
		return "no other code for its value";
	if (value == (uint64_t)(int32_t)value)
		return "no other code for its value";
	return value > UINT32_MAX ? "its value needs more than 32 bits"
				  : "its value does not fit into 32 bits with a sign";
}

/* Why a site holds no value, or not the right one; NULL: it holds the right one. */
static const char *reason_of(const struct dump_held *held, const struct dump_form *form)
{
	switch (held->state) {
	case DUMP_HOLDS:
		return NULL;
	case DUMP_UNKNOWN:
		return held->problem != NULL ? held->problem
					     : "belongs to a load whose sites cannot all be read";
	case DUMP_DIFFERS:
		return held->valued ? "its variable has another value"
				    : "its variable is not patchable here";
	case DUMP_ORPHANED:
		return "its load is patched and loads nothing";
	case DUMP_READS:
	case DUMP_TRAPS:
		return "not patched";
	case DUMP_FIXED:
		return "its variable is not patchable here";
	case DUMP_UNFIT:
		return unfit_reason(form, held->value);
	}
	return NULL;
}

static void print_json_value(const char *key, bool known, uint64_t value)
{
	printf(", \"%s\": ", key);
	if (known)
		printf("\"0x%" PRIx64 "\"", value);
	else
		fputs("null", stdout);
}

void dump_print_json_held(const struct dump_held *held, const struct dump_form *form)
{
	const struct dump_alternative *code = &form->alternatives[held->alternative];
	bool differs = held->state == DUMP_DIFFERS;

	printf(", \"loaded\": \"0x%" PRIx64 "\", \"state\": \"%s\", \"holds\": ", held->address,
	       state_words[held->state]);
	if (held->state == DUMP_UNKNOWN)
		fputs("null, \"alternative\": null", stdout);
	else {
		json_part(stdout, code->text, code->text_length);
		printf(", \"alternative\": %u", held->alternative);
	}
	print_json_value("value", held->valued, held->value);
	print_json_value("held", differs ? held->told : held->state == DUMP_HOLDS,
			 differs ? held->held : held->value);
	fputs(", \"reason\": ", stdout);
	json_string(stdout, reason_of(held, form));
	printf(", \"agrees\": %s", dump_agrees(held) ? "true" : "false");
}

/* A small number as people write it; what may be a pointer, or negative, by its digits. */
static const char *number(const struct dump_site *site, uint64_t value, char text[NUMBER_SIZE])
{
	unsigned unused = 64 - (8u << (site->read >> RCPP_READ_TO_SHIFT & 3));
	int64_t extended = (int64_t)(value << unused) >> unused;

	if (site->read & RCPP_READ_SIGNED && extended < 0 && extended >= INT32_MIN)
		snprintf(text, NUMBER_SIZE, "%" PRId64, extended);
	else
		snprintf(text, NUMBER_SIZE, value <= INT32_MAX ? "%" PRIu64 : "0x%" PRIx64, value);
	return text;
}

static void print_difference(const struct dump_site *site, const struct dump_held *held,
			     const struct dump_alternative *code)
{
	char one[NUMBER_SIZE], other[NUMBER_SIZE];

	fputs("DISAGREES: holds ", stdout);
	if (!held->told)
		dump_print_plain(code->text, code->text_length);
	fputs(held->told ? number(site, held->held, one) : " for another value", stdout);
	if (held->valued)
		printf(", the variable is %s", number(site, held->value, other));
	else
		fputs(", but its variable is not patchable here", stdout);
}

/* A consumer uses what its load has read. */
static void print_original(const struct dump_site *site, const struct dump_held *held,
			   const char *reason)
{
	char value[NUMBER_SIZE];

	if (held->state == DUMP_TRAPS)
		fputs("traps", stdout);
	else
		fputs(site->flags & RCPP_ROW_CONSUMER ? "uses its load" : "reads memory", stdout);
	printf(": %s", reason);
	if (held->state == DUMP_UNFIT)
		printf(" (V = %s)", number(site, held->value, value));
}

void dump_print_held(const struct dump_site *site, const struct dump_held *held,
		     const struct dump_form *form)
{
	const struct dump_alternative *code = &form->alternatives[held->alternative];
	const char *reason = reason_of(held, form);
	char value[NUMBER_SIZE];

	switch (held->state) {
	case DUMP_UNKNOWN:
		printf("UNKNOWN: it %s", reason);
		break;
	case DUMP_HOLDS:
		fputs("holds ", stdout);
		dump_print_plain(code->text, code->text_length);
		printf(" (V = %s)", number(site, held->value, value));
		break;
	case DUMP_DIFFERS:
		print_difference(site, held, code);
		break;
	case DUMP_ORPHANED:
		printf("DISAGREES: not patched, but %s", reason);
		break;
	default:
		print_original(site, held, reason);
	}
}
