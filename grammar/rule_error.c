// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE 1
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "rule_error.h"

const char *rule_file = "<stdin>";
int rule_line = 1;

void fail(const char *pattern, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%d: error: ", rule_file, rule_line);
	va_start(arguments, pattern);
	vfprintf(stderr, pattern, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

char *format(const char *pattern, ...)
{
	char *text;
	va_list arguments;

	va_start(arguments, pattern);
	if (vasprintf(&text, pattern, arguments) < 0)
		abort();
	va_end(arguments);
	return text;
}
