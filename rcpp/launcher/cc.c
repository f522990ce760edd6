/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp-cc COMPILER ARG...: runs a compiler so that it finds rcpp's `as` instead of the system's.
 *
 * In: the compiler's command line, with options for rcpp as -Wr,OPTION. Out: the same command line
 * with -B<libexecdir>/rcpp/ in front (and -fno-integrated-as for clang), and what `as` has to know,
 * such as the -Wr options, twice: in a word for it (-Wa, see command.h), which compiler caches
 * compare and distcc sends to other machines, and in RCPP_FLAGS and RCPP_AS, since gcc's LTO
 * compares -Wa of all objects and is not given any. The compiler replaces this process: exit
 * status, signals and messages are its own, and nothing has to be passed on or cleaned up.
 *
 * If its own name is a compiler's (`ln -s rcpp-cc gcc`), it runs the next compiler of that name in
 * PATH.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "compiler.h"
#include "lasting.h"
#include "memory.h"

#ifndef RCPP_VERSION
#define RCPP_VERSION "0"
#endif
#ifndef RCPP_LIBEXECDIR
#define RCPP_LIBEXECDIR "/usr/local/libexec"
#endif

#define OPTION_PREFIX "-Wr,"

/* A compiler, or none for what is to be run untouched, and what its command line asks for. */
struct launch {
	struct words words; /* the command line with response files expanded */
	size_t compiler;    /* which of the words; what is in front launches it */
	bool clang;
	bool lto, fat_lto;
	bool compiles;	       /* some input is a source */
	bool only_reads;       /* -E, -M, -fsyntax-only, -###: no code is made */
	bool links;	       /* no -c, -S or the like */
	bool integrated;       /* clang's own assembler */
	bool embeds;	       /* -fembed-bitcode, with which clang takes no -Wa */
	bool text;	       /* -S */
	bool output;	       /* -o */
	bool save_temps;       /* -save-temps */
	bool split_debug;      /* -gsplit-dwarf */
	const char *assembly;  /* an input that is assembly already, or NULL */
	const char *target;    /* --target=, or NULL */
	struct words prefixes; /* -B and its like: where the compiler looks for `as` */
	struct words files;    /* inputs that are no source */
	struct words flags;    /* for the filter */
	bool filter_text;      /* --filter-S */
};

static const char usage[] =
	"Usage: rcpp-cc COMPILER [ARGUMENT]...\n"
	"Run COMPILER with rcpp between it and the assembler.\n"
	"\n"
	"  -Wr,OPTION[,OPTION]...  among the arguments: options for rcpp, such as\n"
	"                          -Wr,--symbol=x,--stats\n"
	"  -Wr,--filter-S          with -S: write the filtered assembly, not the compiler's\n"
	"  -h, --help              show this help and exit\n"
	"  -V, --version           show the version and exit\n"
	"\n"
	"Environment:\n"
	"  RCPP_FLAGS  options for rcpp, split at blanks; a backslash escapes a character\n"
	"  RCPP_AS     the real assembler; default: the compiler's\n"
	"\n"
	"Examples: rcpp-cc gcc -O2 -c a.c\n"
	"          make CC=\"rcpp-cc gcc\"\n"
	"          ln -s $(command -v rcpp-cc) DIRECTORY/gcc, DIRECTORY being first in PATH\n"
	"          cmake -DCMAKE_C_COMPILER_LAUNCHER=rcpp-cc\n";

__attribute__((format(printf, 1, 2))) static void warn(const char *format, ...)
{
	va_list arguments;

	fputs("rcpp-cc: warning: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
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

/*
 * Adds the options of one -Wr argument: a comma followed by '-' separates two of them, any other
 * comma belongs to the option it stands in (--symbol=a,b).
 */
static char *append_flags(char *flags, const char *argument)
{
	const char *option = argument + strlen(OPTION_PREFIX);

	if (*option != '-')
		die(2, "%s: an option for rcpp must start with '-': see rcpp --help", argument);
	for (;;) {
		const char *end = strstr(option, ",-");

		if (end == NULL)
			return append_flag(flags, option, strlen(option));
		flags = append_flag(flags, option, end - option);
		option = end + 1;
	}
}

/* Options whose argument may be the next word, which then is no option and no input. */
static bool takes_next_word(const char *option)
{
	static const char *const options[] = {"-o",
					      "-x",
					      "-B",
					      "-D",
					      "-I",
					      "-L",
					      "-T",
					      "-U",
					      "-e",
					      "-l",
					      "-u",
					      "-z",
					      "-MF",
					      "-MT",
					      "-MQ",
					      "-MJ",
					      "-include",
					      "-imacros",
					      "-isystem",
					      "-iquote",
					      "-iprefix",
					      "-isysroot",
					      "-idirafter",
					      "-aux-info",
					      "--param",
					      "-wrapper",
					      "-Xlinker",
					      "-Xassembler",
					      "-Xpreprocessor",
					      "-Xclang",
					      "-mllvm",
					      "-target",
					      "--target",
					      "-dumpbase",
					      "-dumpdir",
					      "-dumpbase-ext"};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcmp(option, options[i]) == 0)
			return true;
	return false;
}

static bool has_suffix(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length > tail && strcmp(text + length - tail, suffix) == 0;
}

static bool is_assembly(const char *input)
{
	return has_suffix(input, ".s") || has_suffix(input, ".S") || has_suffix(input, ".sx");
}

/* Is the input for the compiler, not for the linker? */
static bool is_source(const char *input)
{
	static const char *const suffixes[] = {
		".c",  ".C", ".cc", ".cp", ".cpp", ".cxx", ".c++", ".CPP", ".i",   ".ii", ".m",
		".mm", ".M", ".mi", ".f",  ".f90", ".F90", ".for", ".d",   ".adb", ".go"};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (has_suffix(input, suffixes[i]))
			return true;
	return is_assembly(input);
}

/* Does the compiler make nothing of its inputs with this option? */
static bool is_only_to_read(const char *word)
{
	static const char *const options[] = {"-E", "-M", "-MM", "-fsyntax-only", "-###"};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcmp(word, options[i]) == 0)
			return true;
	return false;
}

static void read_input(struct launch *launch, char *word)
{
	if (is_assembly(word))
		launch->assembly = word;
	if (is_source(word) || strcmp(word, "-") == 0)
		launch->compiles = true;
	else
		add_word(&launch->files, word);
}

/* Notes what one word of the command line asks for; `next` is its argument if it takes one. */
static void read_word(struct launch *launch, char *word, char *next)
{
	if (word[0] != '-' || word[1] == '\0')
		read_input(launch, word);
	else if (strcmp(word, "-c") == 0)
		launch->links = false;
	else if (is_only_to_read(word))
		launch->only_reads = true;
	else if (strcmp(word, "-S") == 0 || strcmp(word, "--assemble") == 0)
		launch->text = true;
	else if (strcmp(word, "-flto") == 0 || has_prefix(word, "-flto="))
		launch->lto = true;
	else if (strcmp(word, "-fno-lto") == 0)
		launch->lto = false;
	else if (strcmp(word, "-ffat-lto-objects") == 0)
		launch->fat_lto = true;
	else if (strcmp(word, "-fembed-bitcode") == 0 || has_prefix(word, "-fembed-bitcode="))
		launch->embeds = strcmp(word, "-fembed-bitcode=off") != 0 &&
				 strcmp(word, "-fembed-bitcode=marker") != 0;
	else if (strcmp(word, "-fintegrated-as") == 0 || strcmp(word, "-integrated-as") == 0)
		launch->integrated = true;
	else if (strcmp(word, "-fno-integrated-as") == 0 || strcmp(word, "-no-integrated-as") == 0)
		launch->integrated = false;
	else if (has_prefix(word, "-save-temps") || has_prefix(word, "--save-temps"))
		launch->save_temps = true;
	else if (has_prefix(word, "-gsplit-dwarf"))
		launch->split_debug = true;
	else if (has_prefix(word, "--target="))
		launch->target = word + strlen("--target=");
	else if (strcmp(word, "-target") == 0)
		launch->target = next;
	else if (has_prefix(word, "-o"))
		launch->output = true;
	else if (has_prefix(word, "-x")) {
		launch->compiles = true;
		if (has_prefix(next ? next : word + 2, "assembler"))
			launch->assembly = next ? next : word + 2;
	} else if (has_prefix(word, "-B") || has_prefix(word, "--prefix=")) {
		add_word(&launch->prefixes, word);
		if (next != NULL)
			add_word(&launch->prefixes, next);
	}
}

/* Reads the command line; what argv says of rcpp goes behind what the environment says. */
static void read_command(struct launch *launch, const struct words *arguments)
{
	const char *inherited = getenv("RCPP_FLAGS");
	const char *looping = expand_responses(arguments, &launch->words);
	const struct words *words = &launch->words;
	struct words flags = {NULL, 0};
	char *text = duplicate(inherited != NULL ? inherited : "");

	if (looping != NULL)
		die(1, "%s: response files are nested too deeply", looping);
	launch->links = true;
	while (launch->compiler + 1 < words->count && is_launcher(words->word[launch->compiler]) &&
	       words->word[launch->compiler + 1][0] != '-')
		launch->compiler++;
	for (size_t i = launch->compiler + 1; i < words->count; i++) {
		char *word = words->word[i];
		char *next = takes_next_word(word) ? words->word[i + 1] : NULL;

		if (has_prefix(word, OPTION_PREFIX))
			text = append_flags(text, word);
		else
			read_word(launch, word, next);
		i += next != NULL;
	}
	split_flags(text, &flags);
	free(text);
	for (size_t i = 0; i < flags.count; i++) {
		if (strcmp(flags.word[i], "--filter-S") == 0)
			launch->filter_text = true;
		else
			add_word(&launch->flags, flags.word[i]);
	}
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
	path = duplicate(installed);
found:
	path[strlen(path) - strlen("as")] = '\0';
	return path;
}

static char *join_flags(const struct words *flags)
{
	char *text = duplicate("");

	for (size_t i = 0; i < flags->count; i++)
		text = append_flag(text, flags->word[i], strlen(flags->word[i]));
	return text;
}

/* clang only: the user's own options may keep every assembler, and so rcpp, from being run. */
static void warn_without_assembler(const struct launch *launch)
{
	if (launch->lto)
		warn("clang -flto runs no assembler: references stay loads in this file");
	else if (launch->integrated)
		warn("-fintegrated-as runs no assembler: references stay loads in this file");
}

/* --filter-S has `as` write text where an object is asked for, which has to be possible. */
static enum product choose_product(const struct launch *launch)
{
	if (!launch->filter_text || !launch->text || (launch->clang && launch->lto))
		return PRODUCT_OBJECT;
	if (launch->assembly != NULL)
		die(1, "%s: --filter-S is for what the compiler writes; run rcpp on assembly",
		    launch->assembly);
	if (launch->split_debug)
		die(1, "--filter-S and -gsplit-dwarf do not go together; run rcpp on what -S "
		       "writes");
	return launch->output ? PRODUCT_TEXT : PRODUCT_RENAMED_TEXT;
}

static bool are_same(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/*
 * The assembler that `as` has to run. If one rcpp-cc has run another, the compiler names our `as`
 * itself: then `as` looks for the usual one.
 */
static const char *real_assembler(const struct launch *launch, const char *directory)
{
	const char *given = getenv("RCPP_AS"), *answer;
	char *ours = join_path(directory, strlen(directory), "as");
	bool is_ours;

	if (given != NULL && given[0] != '\0') {
		free(ours);
		return given;
	}
	answer = compiler_assembler(launch->words.word[launch->compiler], &launch->prefixes);
	is_ours = are_same(answer, ours);
	free(ours);
	return is_ours ? "" : answer;
}

/* Tells `as` all that it has to know: in the environment, and adds words for it to the command. */
static void pass_request(struct launch *launch, const char *directory, enum product product,
			 struct words *command)
{
	static char start[] = "--start-no-unused-arguments", end[] = "--end-no-unused-arguments";
	char *flags = join_flags(&launch->flags);
	struct request request = {.product = product,
				  .assembler = real_assembler(launch, directory)};
	char *encoded, *word;

	if (setenv("RCPP_FLAGS", flags, 1) != 0 || setenv("RCPP_AS", request.assembler, 1) != 0)
		allocate(SIZE_MAX);
	free(flags);
	if (launch->lto || launch->embeds || (launch->clang && launch->integrated))
		return;
	request.temporary_input = launch->clang && !launch->save_temps && !launch->assembly;
	request.lists = hash_lists(&launch->flags);
	request.flags = join_flags(&launch->flags);
	encoded = request_encode(&request);
	if (asprintf(&word, "-Wa,%s", encoded) < 0)
		allocate(SIZE_MAX);
	free(encoded);
	free(request.flags);
	/* Without an assembler run, clang warns of its options. */
	if (launch->clang)
		add_word(command, start);
	add_word(command, word);
	if (launch->clang)
		add_word(command, end);
}

/* Is it --explain, in any abbreviation that getopt accepts? */
static bool is_explanation(const char *flag)
{
	return has_prefix(flag, "--ex");
}

static bool wants_explanation(const struct launch *launch)
{
	for (size_t i = 0; i < launch->flags.count; i++)
		if (is_explanation(launch->flags.word[i]))
			return true;
	return false;
}

/*
 * Must caches and other machines be kept out? A cache that finds an object writes no report, and
 * another machine writes it there. Options in the environment, for -flto, are invisible to them.
 */
static bool is_for_this_machine(const struct launch *launch)
{
	for (size_t i = 0; i < launch->flags.count; i++)
		if (is_explanation(launch->flags.word[i]) && strchr(launch->flags.word[i], '='))
			return true;
	return !launch->clang && launch->lto && (launch->fat_lto || launch->flags.count > 0);
}

/* Disables launchers that stand under the compiler's name. Others are simply not run. */
static void keep_from_launchers(void)
{
	static const char *const variables[][2] = {{"CCACHE_DISABLE", "1"},
						   {"SCCACHE_RECACHE", "1"},
						   {"BUILDCACHE_DISABLE", "true"},
						   {"DISTCC_HOSTS", "localhost"},
						   {"ICECC", "no"}};

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (setenv(variables[i][0], variables[i][1], 1) != 0)
			allocate(SIZE_MAX);
}

/* Adds the user's words: response files stay, unless there is something in them for rcpp. */
static void add_arguments(const struct words *arguments, bool text_as_object, struct words *command)
{
	static char compile[] = "-c";

	for (size_t i = 0; i < arguments->count; i++) {
		char *word = arguments->word[i];
		struct words one = {&word, 1}, inner = {NULL, 0};
		bool for_rcpp = text_as_object;

		if (word[0] == '@') {
			expand_responses(&one, &inner);
			for (size_t j = 0; j < inner.count; j++)
				for_rcpp = for_rcpp || has_prefix(inner.word[j], OPTION_PREFIX);
			if (for_rcpp && (inner.count != 1 || inner.word[0] != word)) {
				add_arguments(&inner, text_as_object, command);
				continue;
			}
		}
		if (text_as_object && (strcmp(word, "-S") == 0 || strcmp(word, "--assemble") == 0))
			word = compile;
		if (!has_prefix(word, OPTION_PREFIX))
			add_word(command, word);
	}
}

/* Options about the output, not about the code. */
static bool is_of_output(const char *word)
{
	static const char *const begin[] = {"-c",	   "-S",	   "--assemble", "-o",
					    "-MD",	   "-MMD",	   "-MP",	 "-MG",
					    "-MF",	   "-MT",	   "-MQ",	 "-Wp,-M",
					    "-save-temps", "--save-temps", OPTION_PREFIX};

	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
		if (has_prefix(word, begin[i]) && (i > 2 || strcmp(word, begin[i]) == 0))
			return true;
	return false;
}

/* Does one of the sources include rcpp.h? The compiler's -M tells. */
static bool includes_header(const struct launch *launch)
{
	static char list[] = "-M";
	const struct words *all = &launch->words;
	struct words words = {NULL, 0};
	char *answer;
	bool found;

	for (size_t i = launch->compiler + 1; i < all->count; i++) {
		char *word = all->word[i];
		char *next = takes_next_word(word) ? all->word[i + 1] : NULL;

		if (strcmp(word, "-") == 0) { /* it can be read only once */
			free(words.word);
			return false;
		}
		if (!is_of_output(word)) {
			add_word(&words, word);
			if (next != NULL)
				add_word(&words, next);
		}
		i += next != NULL;
	}
	add_word(&words, list);
	answer = compiler_answer(all->word[launch->compiler], &words);
	found = answer != NULL && strstr(answer, "rcpp.h") != NULL;
	free(answer);
	free(words.word);
	return found;
}

/* Warns that the compiler is run as it is, if there was something to filter. */
static void warn_of_border(const struct launch *launch, enum kind_of_compiler kind)
{
	const char *compiler = launch->words.word[launch->compiler];
	bool makes_code = (launch->compiles || launch->lto) && !launch->only_reads &&
			  (!launch->text || launch->filter_text);

	if (!makes_code || kind == COMPILER_OF_OTHER_PROCESSOR)
		return;
	if (launch->flags.count == 0 && !launch->filter_text && !includes_header(launch))
		return;
	if (kind == COMPILER_OF_OTHER_FORMAT)
		warn("%s does not make ELF objects: references stay loads", compiler);
	else
		warn("%s runs an assembler of its own: references stay loads", compiler);
}

/* Takes the options that the objects of a link keep: see lasting.h. */
static void take_lasting_flags(struct launch *launch)
{
	struct lasting lasting = {.objects = 0};
	const char *left;

	for (size_t i = 0; i < launch->files.count; i++)
		read_lasting(launch->files.word[i], &lasting);
	left = add_lasting_flags(&lasting, &launch->flags);
	if (left != NULL)
		warn("not all objects were compiled with %s, so the link ignores it; to use it for "
		     "all of them, give -Wr,%s at the link",
		     left, left);
	free_words(&lasting.options);
	free(lasting.given);
}

static enum kind_of_compiler kind_of(const struct launch *launch, const char *directory)
{
	const char *compiler = launch->words.word[launch->compiler];

	if (launch->target != NULL && !is_x86(launch->target))
		return COMPILER_OF_OTHER_PROCESSOR;
	if (launch->target != NULL && !is_elf(launch->target))
		return COMPILER_OF_OTHER_FORMAT;
	return compiler_kind(compiler, directory, &launch->prefixes);
}

/* Adds the options that make the compiler run our `as`, in `directory`, and tell it what to do. */
static void add_own_words(struct launch *launch, const char *directory, enum product product,
			  struct words *command)
{
	static char external_assembler[] = "-fno-integrated-as", comments[] = "-fverbose-asm";
	char *option;

	if (asprintf(&option, "-B%s", directory) < 0)
		allocate(SIZE_MAX);
	add_word(command, option);
	if (launch->clang) {
		add_word(command, external_assembler);
		warn_without_assembler(launch);
	} else if (wants_explanation(launch) && !launch->text) {
		add_word(command, comments); /* these name the lines of the source */
	}
	pass_request(launch, directory, product, command);
}

/* clang's inner programs want their name as the first argument, and run no assembler. */
static bool is_inner_program(const struct words *arguments)
{
	return arguments->count > 0 && has_prefix(arguments->word[0], "-cc1");
}

/* The compiler's command line, in memory that stays. */
static char **compiler_command(const struct words *arguments)
{
	static struct launch launch; /* static: what lives as long as the program does, */
	static struct words command; /* so that leak checkers agree */
	struct words own = {NULL, 0}, rest;
	enum kind_of_compiler kind;
	enum product product = PRODUCT_OBJECT;
	size_t first = 0;
	char *directory;

	read_command(&launch, arguments);
	leave_path(launch.words.word[launch.compiler]);
	rest = (struct words){arguments->word + launch.compiler + 1,
			      arguments->count - launch.compiler - 1};
	if (!is_inner_program(&rest)) {
		directory = find_as_directory();
		kind = kind_of(&launch, directory);
		launch.clang = kind == COMPILER_CLANG;
		if (kind == COMPILER_GCC || launch.clang) {
			if (launch.links && !launch.text && !launch.only_reads && !launch.clang)
				take_lasting_flags(&launch);
			product = choose_product(&launch);
			add_own_words(&launch, directory, product, &own);
			if (is_for_this_machine(&launch)) {
				keep_from_launchers();
				first = launch.compiler;
			}
		} else {
			warn_of_border(&launch, kind);
		}
		free(directory);
	}
	for (size_t i = first; i <= launch.compiler; i++)
		add_word(&command, launch.words.word[i]);
	for (size_t i = 0; i < own.count; i++)
		add_word(&command, own.word[i]);
	free(own.word);
	add_arguments(&rest, product != PRODUCT_OBJECT, &command);
	return command.word;
}

/* Under a compiler's name all words are the compiler's. */
static char **masquerade(char *name, int argc, char **argv)
{
	struct words words = {NULL, 0};

	add_word(&words, name);
	for (int i = 1; i < argc; i++)
		add_word(&words, argv[i]);
	return compiler_command(&words);
}

static char **launch_named(int argc, char **argv)
{
	const struct words arguments = {argv + 1, argc - 1};

	if (argv[1][0] == '-' || argv[1][0] == '\0' || argv[1][0] == '@')
		die(2, "'%s' is not a compiler: rcpp-cc COMPILER [ARGUMENT]...", argv[1]);
	return compiler_command(&arguments);
}

int main(int argc, char **argv)
{
	char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;
	char **command;

	name = name != NULL ? name + 1 : argv[0];
	if (argc > 0 && is_compiler_name(name)) {
		command = masquerade(name, argc, argv);
	} else if (argc < 2) {
		fputs(usage, stderr);
		return 2;
	} else if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0;
	} else if (strcmp(argv[1], "-V") == 0 || strcmp(argv[1], "--version") == 0) {
		return printf("rcpp-cc " RCPP_VERSION "\n") < 0 || fflush(stdout) != 0;
	} else {
		command = launch_named(argc, argv);
	}
	execvp(command[0], command);
	die(127, "%s: %s", command[0], strerror(errno));
}
