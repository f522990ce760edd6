/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Command lines, for the two programs that run before and after the compiler: rcpp-cc reads the
 * compiler's, the `as` of rcpp reads the assembler's, and what the first has to tell the second is
 * passed as a word among the assembler's options.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing list of strings, word[count] being NULL once there is one. */
struct words {
	char **word;
	size_t count;
};

/* A growing text, NUL-terminated. */
struct text {
	char *bytes;
	size_t length;
	size_t space;
};

/* strdup() that ends the program where there is no memory. */
char *duplicate(const char *text);

bool has_prefix(const char *text, const char *prefix);

void add_word(struct words *words, char *word);
void free_words(struct words *words); /* and the words */

/* Room for more than `more` further bytes. */
void reserve(struct text *text, size_t more);

/* Append all that an open file, or a file by name, has. Return 0, or -1 with errno set. */
int read_all(int file, struct text *text);
int read_file(const char *name, struct text *text);

/*
 * Append the words of `from` to `to`, with every @FILE replaced by the words in FILE, as the GNU
 * tools do; an unreadable one stays. Returns NULL, or a file that is nested too deeply, most likely
 * in itself.
 */
const char *expand_responses(const struct words *from, struct words *to);

/*
 * Options for the filter are one text, as in RCPP_FLAGS: split at blanks, and a backslash takes the
 * next character as it is. append_flag() gives the longer text in place of `flags`.
 */
char *append_flag(char *flags, const char *option, size_t length);
void split_flags(const char *flags, struct words *words);

/*
 * A hash of what is in the lists that --symbols-from and --early-from name, in their order; 0
 * without lists. Gives the names directories in front, so that they are right in any working
 * directory.
 */
uint64_t hash_lists(struct words *flags);

/* What rcpp-cc asks of `as`, besides what the compiler does. */
struct request {
	enum product {
		PRODUCT_OBJECT = 'o',
		PRODUCT_TEXT = 't',	   /* the filtered text, where the object would go */
		PRODUCT_RENAMED_TEXT = 'r' /* the same, but as x.s where that is x.o */
	} product;
	bool temporary_input;  /* the compiler wrote it and means to remove it */
	uint64_t lists;	       /* hash_lists() of the flags */
	const char *assembler; /* the real one, or "" for the usual one */
	char *flags;
};

/* What the word begins with. */
#define REQUEST_PREFIX "--rcpp="

/*
 * The request as one word without commas, quotes and blanks, in new memory. It has all on which an
 * object depends and that is not in the compiler's command line: this version of rcpp, its options,
 * and what is in the lists of symbols. So a cache that compares command lines is right, and an `as`
 * on another machine does the same or says that it cannot.
 */
char *request_encode(const struct request *request);

/* The other way. Returns NULL, or what is wrong; request_free() is due in either case. */
const char *request_decode(const char *word, struct request *request);
void request_free(struct request *request);

#endif
