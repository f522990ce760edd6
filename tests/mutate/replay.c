// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * replay SECONDS LIST: rcpp itself, shown many inputs. Of each job the list has a line with a
 * directory and a line for each argument, then an empty one. rcpp's main(), here rcpp_main(), runs
 * in a child in that directory, with `input` (or nothing) as standard input, and leaves `stdout`,
 * `stderr` and `status` there. A child each instead of a program each: most inputs take less time
 * than an exec.
 *
 * Prints the processor time of the longest job in seconds. A job that takes more than SECONDS
 * hangs: its directory is printed instead, and the jobs behind it are left out.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 256

int rcpp_main(int argc, char **argv);

static void redirect(const char *name, int flags, int to)
{
	int file = open(name, flags, 0666);

	if (file < 0 || dup2(file, to) < 0)
		_exit(126);
	close(file);
}

static void run_job(rlim_t seconds, const char *directory, int argc, char **argv)
{
	const struct rlimit limit = {seconds, seconds + 1};

	if (chdir(directory) || setrlimit(RLIMIT_CPU, &limit))
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

/* Returns the job's processor time in seconds, or -1 if it hangs. */
static double replay(rlim_t seconds, char **line, int lines)
{
	struct rusage usage;
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child)
		run_job(seconds, line[0], lines, line);
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		perror("replay");
		exit(1);
	}
	write_status(line[0], status);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return -1;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
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
	double longest = 0;
	int lines = 0;
	rlim_t seconds;

	if (argc != 3)
		return 2;
	seconds = strtoul(argv[1], NULL, 10);
	list = read_list(argv[2]);
	for (char *at = list; *at; at = next) {
		next = at + strcspn(at, "\n");
		if (*next)
			*next++ = '\0';
		if (*at && lines < ARGUMENTS_MAX) {
			line[lines++] = at;
			line[lines] = NULL;
		} else {
			double took = replay(seconds, line, lines);

			if (took < 0) {
				puts(line[0]);
				free(list);
				return 0;
			}
			longest = took > longest ? took : longest;
			lines = 0;
		}
	}
	printf("%g\n", longest);
	free(list);
	return 0;
}
