// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * replay LIST: rcpp itself, shown many inputs. Of each job the list has a line with a directory and
 * a line for each argument, then an empty one. rcpp's main(), here rcpp_main(), runs in a child
 * in that directory, with `input` (or nothing) as standard input, and leaves `stdout`, `stderr` and
 * `status` there. A child each instead of a program each: most inputs take less time than an exec.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 256
#define SECONDS_MAX   20

int rcpp_main(int argc, char **argv);

static void redirect(const char *name, int flags, int to)
{
	int file = open(name, flags, 0666);

	if (file < 0 || dup2(file, to) < 0)
		_exit(126);
	close(file);
}

static void run_job(const char *directory, int argc, char **argv)
{
	const struct rlimit seconds = {SECONDS_MAX, SECONDS_MAX};

	if (chdir(directory) || setrlimit(RLIMIT_CPU, &seconds))
		_exit(126);
	redirect(access("input", R_OK) ? "/dev/null" : "input", O_RDONLY, 0);
	redirect("stdout", O_WRONLY | O_CREAT | O_TRUNC, 1);
	redirect("stderr", O_WRONLY | O_CREAT | O_TRUNC, 2);
	unlink("out");
	unlink("explain");
	exit(rcpp_main(argc, argv));
}

static void write_status(const char *directory, int status)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/status", directory);
	file = fopen(path, "we");
	if (!file || fprintf(file, "%d\n", status) < 0 || fclose(file)) {
		perror(path);
		exit(1);
	}
}

static void replay(char **line, int lines)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child)
		run_job(line[0], lines, line);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("replay");
		exit(1);
	}
	write_status(line[0], status);
}

/* All of the list at once: the children share open files, and where they stand. */
static char *read_list(const char *name)
{
	FILE *file = fopen(name, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file || getdelim(&text, &size, '\0', file) < 0) {
		perror(name);
		exit(1);
	}
	fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	char *line[ARGUMENTS_MAX + 1] = {0}, *list, *next;
	int lines = 0;

	if (argc != 2)
		return 2;
	list = read_list(argv[1]);
	for (char *at = list; *at; at = next) {
		next = at + strcspn(at, "\n");
		if (*next)
			*next++ = '\0';
		if (*at && lines < ARGUMENTS_MAX) {
			line[lines++] = at;
			line[lines] = NULL;
		} else {
			replay(line, lines);
			lines = 0;
		}
	}
	free(list);
	return 0;
}
