/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp-cc COMPILER ARG...: runs a compiler so that it finds rcpp's `as` instead of the system's.
 *
 * In: the compiler's command line, with options for rcpp as -Wr,OPTION. Out: the same command line
 * with -B<libexecdir>/rcpp/ in front (and -fno-integrated-as for clang), and the -Wr options in the
 * environment variable RCPP_FLAGS, where `as` finds them. The compiler replaces this process: exit
 * status, signals and messages are its own, and nothing has to be passed on or cleaned up.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef RCPP_VERSION
#define RCPP_VERSION "0"
#endif
#ifndef RCPP_LIBEXECDIR
#define RCPP_LIBEXECDIR "/usr/local/libexec"
#endif

#define OPTION_PREFIX "-Wr,"

static const char usage[] =
	"Usage: rcpp-cc COMPILER [ARGUMENT]...\n"
	"Run COMPILER with rcpp between it and the assembler.\n"
	"\n"
	"  -Wr,OPTION[,OPTION]...  among the arguments: options for rcpp, such as\n"
	"                          -Wr,--symbol=x,--stats\n"
	"  --help                  show this help and exit\n"
	"  --version               show the version and exit\n"
	"\n"
	"Environment:\n"
	"  RCPP_FLAGS  options for rcpp, split at blanks; a backslash escapes a character\n"
	"  RCPP_AS     the real assembler; default: the first `as` in PATH\n"
	"\n"
	"Examples: rcpp-cc gcc -O2 -c a.c\n"
	"          make CC=\"rcpp-cc gcc\"\n"
	"          cmake -DCMAKE_C_COMPILER_LAUNCHER=rcpp-cc\n";

static void warn(const char *message)
{
	fprintf(stderr, "rcpp-cc: warning: %s\n", message);
}

__attribute__((noreturn, format(printf, 2, 3))) static void die(int status, const char *format, ...)
{
	va_list arguments;

	fputs("rcpp-cc: error: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(status);
}

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		die(1, "out of memory");
	return memory;
}

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* "DIRECTORY/NAME" in new memory; an empty directory is the current one, as in PATH. */
static char *join_path(const char *directory, size_t length, const char *name)
{
	char *path = allocate(length + strlen(name) + 3);

	sprintf(path, "%.*s%s/%s", (int)length, directory, length == 0 ? "." : "", name);
	return path;
}

/* The file that execvp() would run, in new memory, or NULL. */
static char *find_in_path(const char *program)
{
	const char *directory = getenv("PATH");

	if (strchr(program, '/') != NULL)
		return strdup(program);
	while (directory != NULL) {
		size_t length = strcspn(directory, ":");
		char *path = join_path(directory, length, program);

		if (access(path, X_OK) == 0)
			return path;
		free(path);
		directory = directory[length] == ':' ? directory + length + 1 : NULL;
	}
	return NULL;
}

/*
 * clang needs one option that gcc does not know. Its name usually tells; a neutral name (cc, c++)
 * is a chain of symbolic links, on Debian cc -> /etc/alternatives/cc -> clang.
 */
static bool is_clang(const char *compiler)
{
	const char *name = base_name(compiler);
	char target[PATH_MAX];
	char *path;
	bool found;

	if (strstr(name, "clang") != NULL)
		return true;
	if (strstr(name, "gcc") != NULL || strstr(name, "g++") != NULL)
		return false;
	path = find_in_path(compiler);
	found = path != NULL && realpath(path, target) != NULL &&
		strstr(base_name(target), "clang") != NULL;
	free(path);
	return found;
}

/*
 * The directory of `as`, in new memory and with a slash at its end: a compiler appends the
 * program's name to what -B says. A build tree comes first, then an installation that has been
 * moved as a whole, then the place chosen at compile time.
 */
static char *find_as_directory(void)
{
	static const char *const beside[] = {"libexec/rcpp/as", "../libexec/rcpp/as"};
	static const char installed[] = RCPP_LIBEXECDIR "/rcpp/as";
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *path = NULL;

	if (length > 0) {
		self[length] = '\0';
		length = strrchr(self, '/') - self;
	}
	for (size_t i = 0; i < 2 && length > 0; i++) {
		path = join_path(self, length, beside[i]);
		if (access(path, X_OK) == 0)
			goto found;
		free(path);
	}
	if (access(installed, X_OK) != 0)
		die(1, "cannot run %s: %s; install rcpp again, or build it", installed,
		    strerror(errno));
	path = strdup(installed);
	if (path == NULL)
		die(1, "out of memory");
found:
	path[strlen(path) - strlen("as")] = '\0';
	return path;
}

/* Appends one option to the list in RCPP_FLAGS, escaping what `as` would split or unescape. */
static char *append_option(char *flags, const char *option, size_t length)
{
	size_t used = strlen(flags);
	char *longer = realloc(flags, used + 2 * length + 2);
	char *out;

	if (longer == NULL)
		die(1, "out of memory");
	out = longer + used;
	if (used > 0)
		*out++ = ' ';
	for (size_t i = 0; i < length; i++) {
		if (strchr(" \t\n\\", option[i]) != NULL)
			*out++ = '\\';
		*out++ = option[i];
	}
	*out = '\0';
	return longer;
}

/*
 * Adds the options of one -Wr argument: a comma followed by '-' separates two of them, any other
 * comma belongs to the option it stands in (--symbol=a,b).
 */
static char *append_options(char *flags, const char *argument)
{
	const char *option = argument + strlen(OPTION_PREFIX);

	if (*option != '-')
		die(2, "%s: an option for rcpp must start with '-': see rcpp --help", argument);
	for (;;) {
		const char *end = strstr(option, ",-");

		if (end == NULL)
			return append_option(flags, option, strlen(option));
		flags = append_option(flags, option, end - option);
		option = end + 1;
	}
}

/* clang only: the user's own options may keep every assembler, and so rcpp, from being run. */
static void check_clang_options(char **arguments)
{
	bool lto = false, integrated = false;

	for (; *arguments != NULL; arguments++) {
		const char *option = *arguments;

		if (strcmp(option, "-flto") == 0 || has_prefix(option, "-flto="))
			lto = true;
		else if (strcmp(option, "-fno-lto") == 0)
			lto = false;
		else if (strcmp(option, "-fintegrated-as") == 0 ||
			 strcmp(option, "-integrated-as") == 0)
			integrated = true;
		else if (strcmp(option, "-fno-integrated-as") == 0 ||
			 strcmp(option, "-no-integrated-as") == 0)
			integrated = false;
	}
	if (lto)
		warn("clang -flto runs no assembler: references stay loads in this file");
	else if (integrated)
		warn("-fintegrated-as runs no assembler: references stay loads in this file");
}

/* The compiler's command line, in new memory; takes the -Wr arguments out and into *flags. */
static char **compiler_command(int argc, char **argv, char **flags)
{
	static char external_assembler[] = "-fno-integrated-as";
	char **command = allocate((argc + 3) * sizeof(*command));
	char *directory = find_as_directory();
	char *option = allocate(strlen(directory) + 3);
	bool clang = is_clang(argv[0]);
	int count = 0;

	sprintf(option, "-B%s", directory);
	free(directory);
	command[count++] = argv[0];
	/* clang's inner programs want their name as the first argument, and run no assembler. */
	if (!(clang && argc > 1 && has_prefix(argv[1], "-cc1"))) {
		command[count++] = option;
		if (clang)
			command[count++] = external_assembler;
	}
	for (int i = 1; i < argc; i++) {
		if (has_prefix(argv[i], OPTION_PREFIX))
			*flags = append_options(*flags, argv[i]);
		else
			command[count++] = argv[i];
	}
	command[count] = NULL;
	if (clang)
		check_clang_options(command + 1);
	return command;
}

int main(int argc, char **argv)
{
	const char *inherited = getenv("RCPP_FLAGS");
	static char **command; /* static: lives as long as the program, leak checkers agree */
	char *flags;

	if (argc < 2) {
		fputs(usage, stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0)
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0;
	if (strcmp(argv[1], "--version") == 0)
		return printf("rcpp-cc " RCPP_VERSION "\n") < 0 || fflush(stdout) != 0;
	if (argv[1][0] == '-' || argv[1][0] == '\0')
		die(2, "'%s' is not a compiler: rcpp-cc COMPILER [ARGUMENT]...", argv[1]);
	flags = strdup(inherited != NULL ? inherited : "");
	if (flags == NULL)
		die(1, "out of memory");
	command = compiler_command(argc - 1, argv + 1, &flags);
	if (flags[0] != '\0' && setenv("RCPP_FLAGS", flags, 1) != 0)
		die(1, "out of memory");
	execvp(command[0], command);
	die(127, "%s: %s", command[0], strerror(errno));
}
