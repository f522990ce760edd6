// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Failing aloud, copies of inputs, and the options that an input may ask for. Options that name
 * files are not among them: a target reads and writes nothing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fuzz.h"

const char *const fuzz_options[] = {
	"--symbol=b",
	"--symbol=value,shift",
	"--symbol=b+8:4",
	"--symbol=value+0:8,i,w,c",
	"--symbol=b.c,s.i,ns::value,f::w.c",
	"--section=.data*",
	"--section=.rodata*",
	"--init-section=.text.unlikely",
	"--unpatched=fault",
	"--wide=load",
	"--no-fuse",
	"--no-div",
	"--only=branches,calls",
	"--explain",
	"--stats",
	"--stats=json",
};
const size_t fuzz_option_count = sizeof fuzz_options / sizeof *fuzz_options;

/* libFuzzer can send standard error to /dev/null, since the filter has much to say. */
static FILE *messages;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	messages = fdopen(dup(STDERR_FILENO), "w");
	return messages ? 0 : -1;
}

void fuzz_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("FAILED: ", messages);
	vfprintf(messages, format, arguments);
	va_end(arguments);
	fputc('\n', messages);
	fflush(messages);
	abort();
}

char *fuzz_copy(const void *text, size_t length)
{
	char *copy = malloc(length + 2);

	if (!copy)
		abort();
	if (length)
		memcpy(copy, text, length);
	copy[length] = copy[length + 1] = '\0';
	return copy;
}
