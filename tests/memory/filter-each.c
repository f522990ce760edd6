// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * filter-each [OPTION]... -- FILE...: what `rcpp [OPTION]... FILE >/dev/null` does, for one file
 * after the other in one process. valgrind takes most of a second to start, and the tests have many
 * small files. Wrong input is no failure here; it prints its message. Fails if a file cannot be
 * read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "assembly.h"
#include "filter.h"
#include "memory.h"
#include "options.h"

/* The whole file, with the two NULs that the filter wants behind it; in memory of just that size,
 * so that valgrind sees who reads behind it. */
static char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *text;
	long size;

	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0) {
		perror(path);
		exit(2);
	}
	rewind(file);
	text = allocate((size_t)size + 2);
	*length = fread(text, 1, (size_t)size, file);
	text[*length] = text[*length + 1] = '\0';
	fclose(file);
	return text;
}

/* The words before "--" are the filter's; getopt sorts them, so it gets a copy. */
static void filter_file(int argc, char **argv, const char *path)
{
	char **words = allocate(((size_t)argc + 1) * sizeof *words);
	FILE *output = fopen("/dev/null", "we");
	struct options options;
	size_t length;
	bool changed;
	char *text = read_file(path, &length);

	memcpy(words, argv, (size_t)argc * sizeof *words);
	words[argc] = NULL;
	if (!output || options_parse(&options, argc, words))
		exit(2);
	filter_text(&options, path, text, length, output, &changed);
	options_free(&options);
	fclose(output);
	free(text);
	free(words);
}

int main(int argc, char **argv)
{
	int own = 1;

	while (own < argc && strcmp(argv[own], "--"))
		own++;
	for (int i = own + 1; i < argc; i++)
		filter_file(own, argv, argv[i]);
	printf("%d files\n", argc - own - 1);
	return 0;
}
