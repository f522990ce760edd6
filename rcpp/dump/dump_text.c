// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names come from files and may hold anything, so none is printed as it is: a terminal must see no
 * control characters. (For JSON, json.c does the same.)
 */
#define _GNU_SOURCE 1
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dump.h"

static bool is_control(char character)
{
	return (unsigned char)character < 0x20 || character == 0x7f;
}

void dump_print_plain(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		putchar(is_control(text[i]) ? '?' : text[i]);
}

char *dump_name(const char *name, int64_t offset)
{
	char *text = dump_allocate(strlen(name) + 24, 1);
	char *out = text;

	for (; *name != '\0'; name++)
		*out++ = is_control(*name) ? '?' : *name;
	if (offset > 0)
		sprintf(out, "+0x%" PRIx64, (uint64_t)offset);
	else if (offset < 0)
		sprintf(out, "-0x%" PRIx64, -(uint64_t)offset);
	return text;
}
