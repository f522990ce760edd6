/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What rcpp-cc finds out about a compiler: from its name, its place, and its answers. The usual
 * ones are known by name and place and are asked nothing, because a build runs them thousands of
 * times.
 */
#ifndef COMPILER_H
#define COMPILER_H

#include <stdbool.h>

#include "command.h"

const char *base_name(const char *path);

/* "DIRECTORY/NAME" in new memory; an empty directory is the current one, as in PATH. */
char *join_path(const char *directory, size_t length, const char *name);

/* Programs, such as ccache, that run the compiler named by their first argument or own name. */
bool is_launcher(const char *path);

/* gcc, c++, clang-16, x86_64-linux-gnu-g++-12: under such a name rcpp-cc runs the next one. */
bool is_compiler_name(const char *name);

/*
 * Take the directories in which `name` is this program out of PATH, so that this process and those
 * it starts find the next one: compiler caches search PATH, too.
 */
void leave_path(const char *name);

/*
 * clang needs options that gcc does not know. Its name usually tells; a neutral name (cc, c++) is a
 * chain of symbolic links, on Debian cc -> /etc/alternatives/cc -> clang.
 */
bool is_clang(const char *compiler);

/* Whether a target triple, or a name that begins with one, is of this tool's processor. */
bool is_x86(const char *triple);

/* Whether the system of a triple has ELF objects. */
bool is_elf(const char *triple);

/* What is known of a compiler. */
enum kind_of_compiler {
	COMPILER_GCC,
	COMPILER_CLANG,
	COMPILER_OF_OTHER_PROCESSOR,
	COMPILER_OF_OTHER_FORMAT,   /* its objects are not ELF */
	COMPILER_OF_OTHER_ASSEMBLER /* it runs its own, whatever -B says */
};

/*
 * The kind of `compiler` when it is run with `directory` (of our `as`) in the first -B, and then
 * `prefixes`, the user's own.
 */
enum kind_of_compiler compiler_kind(const char *compiler, const char *directory,
				    const struct words *prefixes);

/*
 * The assembler that the compiler runs without rcpp, or "" for the first one in PATH. The text
 * stays valid.
 */
const char *compiler_assembler(const char *compiler, const struct words *prefixes);

/* The compiler's whole standard output for these options, in new memory, or NULL. */
char *compiler_answer(const char *compiler, const struct words *options);

#endif
