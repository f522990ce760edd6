// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * C++ names in, as object files have them; the same names out, as people write them.
 *
 * c++filt(1) does it: it is a part of binutils, which rcpp needs anyway, it knows the newest
 * mangling, and if it fails on a name, only that name is lost. __cxa_demangle() would make these
 * C++ programs; libiberty has no shared library. All names go through one process, with files for
 * its input and output, so that neither side can wait for the other. Without c++filt names stay as
 * they are.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "demangle.h"
#include "dump.h"

extern char **environ;

static int compare(const void *left, const void *right)
{
	return strcmp(((const struct demangled *)left)->symbol,
		      ((const struct demangled *)right)->symbol);
}

/* What c++filt takes for one word, and for a name. */
static bool is_mangled(const char *name)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_.$";

	return !strncmp(name, "_Z", 2) && !name[strspn(name, characters)];
}

void demangler_add(struct demangler *demangler, const char *symbol)
{
	if (!symbol || !is_mangled(symbol))
		return;
	if (demangler->count == demangler->space) {
		demangler->space = demangler->space ? 2 * demangler->space : 64;
		demangler->names =
			dump_grow(demangler->names, demangler->space, sizeof *demangler->names);
	}
	demangler->names[demangler->count++] = (struct demangled){.symbol = symbol};
}

static void sort_and_unite(struct demangler *demangler)
{
	size_t kept = 0;

	qsort(demangler->names, demangler->count, sizeof *demangler->names, compare);
	for (size_t i = 0; i < demangler->count; i++)
		if (!kept || compare(&demangler->names[kept - 1], &demangler->names[i]))
			demangler->names[kept++] = demangler->names[i];
	demangler->count = kept;
}

static bool run_filter(FILE *in, FILE *out)
{
	char *const arguments[] = {"c++filt", NULL};
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t child;

	if (posix_spawn_file_actions_init(&actions))
		return false;
	posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
	if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) ||
	    waitpid(child, &status, 0) != child)
		status = -1;
	posix_spawn_file_actions_destroy(&actions);
	return !status;
}

static void read_names(struct demangler *demangler, FILE *out)
{
	for (size_t i = 0; i < demangler->count; i++) {
		char *line = NULL;
		size_t size = 0;
		ssize_t length = getline(&line, &size, out);

		if (length <= 1) {
			free(line);
			return;
		}
		line[strcspn(line, "\n")] = '\0';
		demangler->names[i].name = line;
	}
}

static void run(struct demangler *demangler)
{
	FILE *in = tmpfile(), *out = tmpfile();

	sort_and_unite(demangler);
	for (size_t i = 0; in && i < demangler->count; i++)
		fprintf(in, "%s\n", demangler->names[i].symbol);
	if (in && out && !fflush(in) && !fseek(in, 0, SEEK_SET) && run_filter(in, out)) {
		rewind(out);
		read_names(demangler, out);
	}
	if (in)
		fclose(in);
	if (out)
		fclose(out);
}

const char *demangle(struct demangler *demangler, const char *symbol)
{
	const struct demangled key = {.symbol = symbol}, *found = NULL;

	if (!demangler->done && demangler->count)
		run(demangler);
	demangler->done = true;
	if (demangler->count)
		found = bsearch(&key, demangler->names, demangler->count, sizeof key, compare);
	return found && found->name ? found->name : symbol;
}

/* Where the parameters of a function begin: at a parenthesis that is no part of its name. */
static size_t name_length(const char *name)
{
	int depth = 0;

	for (const char *at = name; *at; at++) {
		bool named = !strncmp(at, "(anonymous namespace)", 21) ||
			     (at - name >= 8 && !strncmp(at - 8, "operator()", 10));

		depth += *at == '<';
		depth -= *at == '>' && depth > 0;
		if (*at == '(' && !depth && !named)
			return (size_t)(at - name);
	}
	return strlen(name);
}

char *demangle_function(struct demangler *demangler, const char *symbol)
{
	const char *name = demangle(demangler, symbol);
	char *call;

	if (asprintf(&call, "%.*s()", (int)name_length(name), name) < 0)
		call = NULL;
	return call ? call : dump_allocate(1, 1);
}

void demangler_free(struct demangler *demangler)
{
	for (size_t i = 0; i < demangler->count; i++)
		free(demangler->names[i].name);
	free(demangler->names);
	*demangler = (struct demangler){0};
}
