/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finds compilers in PATH and tells what they are. The name is enough only for the system's gcc and
 * for clang: a script named gcc, or a gcc that somebody built, may run any assembler. Such
 * compilers are asked what they would run, which takes gcc a few milliseconds and clang twenty.
 */
#define _GNU_SOURCE 1
#include <ctype.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "assembly.h"
#include "compiler.h"
#include "memory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *join_path(const char *directory, size_t length, const char *name)
{
	char *path = allocate(length + strlen(name) + 3);

	sprintf(path, "%.*s%s/%s", (int)length, directory, length == 0 ? "." : "", name);
	return path;
}

bool is_launcher(const char *path)
{
	static const char *const names[] = {"ccache", "sccache", "buildcache", "distcc", "icecc"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(base_name(path), names[i]) == 0)
			return true;
	return false;
}

/* Is it this program, by whatever name or link? */
static bool is_self(const char *path)
{
	struct stat self, other;

	return stat("/proc/self/exe", &self) == 0 && stat(path, &other) == 0 &&
	       self.st_dev == other.st_dev && self.st_ino == other.st_ino;
}

/* "gcc" of "x86_64-linux-gnu-gcc-12", and what stands before it. */
struct name_parts {
	struct span triple, kind;
};

static struct name_parts name_parts(const char *name)
{
	const char *end = name + strlen(name), *version = end, *kind;

	while (version > name && (isdigit((unsigned char)version[-1]) || version[-1] == '.'))
		version--;
	if (version < end && version > name && version[-1] == '-')
		end = version - 1;
	for (kind = end; kind > name && kind[-1] != '-';)
		kind--;
	return (struct name_parts){{name, kind > name ? (size_t)(kind - name) - 1 : 0},
				   {kind, (size_t)(end - kind)}};
}

static bool is_kind(struct span kind)
{
	static const char *const kinds[] = {"gcc",   "g++",	"cc",  "c++",
					    "clang", "clang++", "c89", "c99"};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kind.length == strlen(kinds[i]) &&
		    memcmp(kind.text, kinds[i], kind.length) == 0)
			return true;
	return false;
}

bool is_compiler_name(const char *name)
{
	return !has_prefix(name, "rcpp-cc") && is_kind(name_parts(name).kind);
}

/* A compiler's name without a target in it, or with this system's. */
static bool is_usual_name(const char *name)
{
	struct name_parts parts = name_parts(name);
	struct span triple = parts.triple;
	static const char *const ends[] = {"-linux", "-linux-gnu"};

	if (!is_kind(parts.kind))
		return false;
	for (size_t i = 0; i < COUNT(ends); i++) {
		size_t length = strlen(ends[i]);

		if (triple.length > length && is_x86(triple.text) &&
		    memcmp(triple.text + triple.length - length, ends[i], length) == 0)
			return true;
	}
	return triple.length == 0;
}

/* The first in PATH that is another program than this one and no launcher, links followed. */
static char *find_in_path(const char *program)
{
	const char *directory = getenv("PATH");

	if (strchr(program, '/') != NULL)
		return realpath(program, NULL);
	while (directory != NULL) {
		size_t length = strcspn(directory, ":");
		char *name = join_path(directory, length, program);
		char *path = access(name, X_OK) == 0 ? realpath(name, NULL) : NULL;

		free(name);
		if (path != NULL && !is_launcher(path))
			return path;
		free(path);
		directory = directory[length] == ':' ? directory + length + 1 : NULL;
	}
	return NULL;
}

void leave_path(const char *name)
{
	const char *directory = getenv("PATH");
	char *rest, *end;
	bool left = false;

	if (directory == NULL || strchr(name, '/') != NULL)
		return;
	rest = end = allocate(strlen(directory) + 2);
	while (directory != NULL) {
		size_t length = strcspn(directory, ":");
		char *path = join_path(directory, length, name);

		if (access(path, X_OK) == 0 && is_self(path))
			left = true;
		else
			end += sprintf(end, "%.*s:", (int)length, directory);
		free(path);
		directory = directory[length] == ':' ? directory + length + 1 : NULL;
	}
	if (end > rest)
		end--;
	*end = '\0';
	if (left && setenv("PATH", rest, 1) != 0)
		allocate(SIZE_MAX);
	free(rest);
}

bool is_clang(const char *compiler)
{
	const char *name = base_name(compiler);
	char *path;
	bool found;

	if (strstr(name, "clang") != NULL)
		return true;
	if (strstr(name, "gcc") != NULL || strstr(name, "g++") != NULL)
		return false;
	path = find_in_path(compiler);
	found = path != NULL && strstr(base_name(path), "clang") != NULL;
	free(path);
	return found;
}

bool is_x86(const char *triple)
{
	return has_prefix(triple, "x86_64") || has_prefix(triple, "amd64") ||
	       (triple[0] == 'i' && has_prefix(triple + 2, "86"));
}

bool is_elf(const char *triple)
{
	static const char *const others[] = {"mingw", "cygwin", "msys",	 "windows", "win32",
					     "uefi",  "darwin", "macos", "ios",	    "djgpp"};

	for (size_t i = 0; i < COUNT(others); i++)
		if (strstr(triple, others[i]) != NULL)
			return false;
	return true;
}

/* Runs the compiler, and returns what it writes to `stream`, or to both where `both` is. */
static char *run(const char *compiler, const struct words *options, bool both)
{
	struct words words = {NULL, 0};
	struct text answer = {NULL, 0, 0};
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t child;

	add_word(&words, duplicate(compiler));
	for (size_t i = 0; i < options->count; i++)
		add_word(&words, options->word[i]);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	if (both)
		posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, compiler, &actions, NULL, words.word, environ) != 0)
		child = -1;
	close(ends[1]);
	if (child > 0) {
		if (read_all(ends[0], &answer) != 0)
			answer.bytes[0] = '\0';
		waitpid(child, NULL, 0);
	}
	close(ends[0]);
	posix_spawn_file_actions_destroy(&actions);
	free(words.word[0]);
	free(words.word);
	return answer.bytes;
}

char *compiler_answer(const char *compiler, const struct words *options)
{
	return run(compiler, options, false);
}

/* The first line that a compiler prints, in new memory, or NULL. */
static char *ask(const char *compiler, const struct words *options, char *question)
{
	struct words words = {NULL, 0};
	char *answer;

	for (size_t i = 0; i < options->count; i++)
		add_word(&words, options->word[i]);
	add_word(&words, question);
	answer = compiler_answer(compiler, &words);
	if (answer != NULL)
		answer[strcspn(answer, "\n")] = '\0';
	free(words.word);
	return answer;
}

/* Is it a program? A script may run anything, whatever its name. */
static bool is_binary(const char *path)
{
	char magic[4] = "";
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool binary = file >= 0 && read(file, magic, sizeof magic) == sizeof magic &&
		      memcmp(magic, "\177ELF", sizeof magic) == 0;

	if (file >= 0)
		close(file);
	return binary;
}

static bool is_usual_program(const char *compiler)
{
	char *path = find_in_path(compiler);
	bool usual = path != NULL && is_usual_name(base_name(path)) &&
		     (has_prefix(path, "/usr/bin/") || strstr(base_name(path), "clang") != NULL) &&
		     is_binary(path);

	free(path);
	return usual;
}

/*
 * The system's gcc, or any clang: these do not have their own assembler. (A gcc can be built with
 * one, a clang cannot.) The answer is kept, since a process runs one compiler.
 */
static bool is_usual(const char *compiler)
{
	static const char *known;
	static bool usual;

	if (known == NULL || strcmp(known, compiler) != 0) {
		known = compiler;
		usual = is_usual_name(base_name(compiler)) && is_usual_program(compiler);
	}
	return usual;
}

/* The commands that the compiler would run for a file in C, one a line. */
static char *commands_of(const char *compiler, bool clang, const char *directory,
			 const struct words *prefixes)
{
	static char external[] = "-fno-integrated-as", show[] = "-###", x[] = "-x", c[] = "c",
		    compile[] = "-c", null[] = "/dev/null", output[] = "-o";
	char *const rest[] = {show, x, c, compile, null, output, null};
	struct words words = {NULL, 0};
	char *option, *answer;

	if (asprintf(&option, "-B%s", directory) < 0)
		allocate(SIZE_MAX);
	add_word(&words, option);
	if (clang)
		add_word(&words, external);
	for (size_t i = 0; i < prefixes->count; i++)
		add_word(&words, prefixes->word[i]);
	for (size_t i = 0; i < COUNT(rest); i++)
		add_word(&words, rest[i]);
	answer = run(compiler, &words, true);
	free(option);
	free(words.word);
	return answer;
}

/* Does one of the commands run DIRECTORYas? */
static bool names_assembler(const char *commands, const char *directory)
{
	size_t length = strlen(directory);

	for (const char *at = commands; (at = strstr(at, directory)) != NULL; at += length) {
		const char *name = at + length;

		if (has_prefix(name, "as") && name[2] != '\0' && strchr("\" \n", name[2]) != NULL)
			return true;
	}
	return false;
}

/* Only clang's driver runs its own program in parts named so. */
static bool names_clang(const char *commands)
{
	return strstr(commands, "\"-cc1\"") != NULL || strstr(commands, " -cc1 ") != NULL;
}

/*
 * A plugin may write code that only clang's own assembler accepts: AFL's has sections that GNU as
 * refuses.
 */
static bool loads_plugin(const char *commands)
{
	return strstr(commands, "\"-fpass-plugin=") != NULL ||
	       strstr(commands, "\"-load\"") != NULL;
}

static enum kind_of_compiler ask_kind(const char *compiler, bool clang, const char *directory,
				      const struct words *prefixes)
{
	char *commands = commands_of(compiler, clang, directory, prefixes);
	bool ours;

	if (commands != NULL && !clang && names_clang(commands)) {
		clang = true;
		free(commands);
		commands = commands_of(compiler, clang, directory, prefixes);
	}
	ours = commands != NULL && names_assembler(commands, directory) &&
	       !(clang && loads_plugin(commands));
	free(commands);
	if (!ours)
		return COMPILER_OF_OTHER_ASSEMBLER;
	return clang ? COMPILER_CLANG : COMPILER_GCC;
}

enum kind_of_compiler compiler_kind(const char *compiler, const char *directory,
				    const struct words *prefixes)
{
	static char question[] = "-dumpmachine";
	static const struct words nothing = {NULL, 0};
	enum kind_of_compiler kind = is_clang(compiler) ? COMPILER_CLANG : COMPILER_GCC;
	char *machine;

	if (is_usual(compiler))
		return kind;
	machine = ask(compiler, &nothing, question);
	if (machine != NULL && machine[0] != '\0' && !is_x86(machine))
		kind = COMPILER_OF_OTHER_PROCESSOR;
	else if (machine != NULL && !is_elf(machine))
		kind = COMPILER_OF_OTHER_FORMAT;
	else
		kind = ask_kind(compiler, kind == COMPILER_CLANG, directory, prefixes);
	free(machine);
	return kind;
}

const char *compiler_assembler(const char *compiler, const struct words *prefixes)
{
	static char question[] = "-print-prog-name=as";
	char *answer;

	if (prefixes->count == 0 && getenv("COMPILER_PATH") == NULL &&
	    getenv("GCC_EXEC_PREFIX") == NULL && is_usual(compiler))
		return "";
	answer = ask(compiler, prefixes, question);
	if (answer != NULL && strchr(answer, '/') && access(answer, X_OK) == 0)
		return answer;
	free(answer);
	return "";
}
