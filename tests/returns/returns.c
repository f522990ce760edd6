// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* returns FILE.s: the labels of functions of which rcpp knows in what they return, and in what. */
#include <stdio.h>
#include <stdlib.h>
#include "command.h"
#include "returns.h"

int main(int argc, char **argv)
{
	static const char *const words[] = {"nothing", "rax", "rdx", "rax rdx"};
	struct names returns = {0};
	struct text text = {0};

	if (argc != 2 || read_file(argv[1], &text)) {
		fputs("usage: returns FILE.s\n", stderr);
		return 1;
	}
	returns_take(&returns, (struct span){text.bytes, text.length});
	for (uint32_t i = 0; i < returns.count; i++) {
		const struct name *name = &returns.names[i];

		printf("%.*s: %s\n", (int)name->length, name->text, words[name->value]);
	}
	names_free(&returns);
	free(text.bytes);
	return 0;
}
