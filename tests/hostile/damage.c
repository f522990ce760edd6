// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * damage FILE PROGRAM [ARGUMENT]...: runs the program, with "damaged" behind its arguments, on FILE
 * cut behind each of its bytes, and on FILE with each byte wrong, once by all bits and once by one.
 * Each time it has to end by itself, with status 0 and nothing on standard error or with status 1
 * and one line there that names the file. Prints how many of both there were; exit status 1 if it
 * was otherwise.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char bytes[1 << 16], message[1 << 16];
static size_t length; /* of message */
static unsigned long fine, refused;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void write_damaged(size_t size)
{
	int file = open("damaged", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (file < 0 || write(file, bytes, size) != (ssize_t)size)
		die("damaged");
	close(file);
}

/* The exit status as wait() gives it; what the program says goes to `message`. */
static int run(char **arguments)
{
	int pipe_ends[2], nothing, status;
	ssize_t count;
	pid_t child;

	length = 0;
	nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nothing < 0 || pipe(pipe_ends))
		die("pipe");
	child = vfork();
	if (!child) {
		dup2(nothing, STDOUT_FILENO);
		dup2(pipe_ends[1], STDERR_FILENO);
		close(pipe_ends[0]);
		alarm(60);
		execv(arguments[0], arguments);
		_exit(127);
	}
	close(nothing);
	close(pipe_ends[1]);
	while ((count = read(pipe_ends[0], message + length, sizeof message - 1 - length)) > 0)
		length += (size_t)count;
	message[length] = '\0';
	close(pipe_ends[0]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		die(arguments[0]);
	return status;
}

static void check(char **arguments, const char *what, size_t at)
{
	int status = run(arguments);
	const char *line = strchr(message, '\n');

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !message[0]) {
		fine++;
		return;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && line && !line[1] &&
	    strstr(message, ": damaged: error: ")) {
		refused++;
		return;
	}
	printf("%s %zu: status %x: %s\n", what, at, (unsigned int)status, message);
	exit(1);
}

int main(int argc, char **argv)
{
	static char damaged[] = "damaged";
	static const char masks[] = {'\xff', 1};
	char **arguments = argv + 2;
	FILE *file = argc > 2 ? fopen(argv[1], "r") : NULL;
	size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;

	if (!size || size == sizeof bytes)
		die("damage FILE PROGRAM [ARGUMENT]...");
	arguments = malloc(((size_t)argc + 1) * sizeof *arguments);
	if (!arguments)
		die("memory");
	memcpy(arguments, argv + 2, ((size_t)argc - 2) * sizeof *arguments);
	arguments[argc - 2] = damaged;
	arguments[argc - 1] = NULL;
	for (size_t cut = 0; cut < size; cut++) {
		write_damaged(cut);
		check(arguments, "cut behind byte", cut);
	}
	for (size_t at = 0; at < size; at++) {
		for (size_t i = 0; i < sizeof masks; i++) {
			bytes[at] ^= masks[i];
			write_damaged(size);
			check(arguments, "wrong byte", at);
			bytes[at] ^= masks[i];
		}
	}
	printf("%lu fine, %lu refused\n", fine, refused);
	return 0;
}
