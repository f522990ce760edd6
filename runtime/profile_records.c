// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel's files about this process in, their lines or other records out. A record that is
 * longer than the buffer is skipped.
 */
#include "profile.h"

static bool read_more(struct records *records)
{
	long got;

	copy(records->space, records->space + records->at, records->size - records->at);
	records->size -= records->at;
	records->at = 0;
	if (records->size == RECORDS_SPACE) {
		records->size = 0;
		records->cut = true;
	}
	got = call_system(SYS_read, records->file, (long)(records->space + records->size),
			  (long)(RECORDS_SPACE - records->size), 0, 0, 0);
	if (got > 0)
		records->size += (size_t)got;
	return got > 0;
}

char *rcpp_profile_next_record(struct records *records, char end)
{
	size_t length = 0;

	for (;;) {
		char *record = records->space + records->at;

		while (length < records->size - records->at && record[length] != end)
			length++;
		if (length == records->size - records->at) {
			if (!read_more(records))
				return NULL;
			length = records->cut ? 0 : length;
			continue;
		}
		record[length] = '\0';
		records->at += length + 1;
		if (!records->cut)
			return record;
		records->cut = false;
		length = 0;
	}
}

uintptr_t rcpp_profile_hexadecimal(const char **text)
{
	uintptr_t number = 0;
	char digit;

	for (; digit = **text, (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
	     ++*text)
		number = number * 16 + (uintptr_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	return number;
}
