/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Command lines: words, response files, options for the filter as one text, and the request that
 * rcpp-cc sends to `as` as a word. See command.h.
 */
#define _GNU_SOURCE 1
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "id.h" /* generated: RCPP_ID, the version and a hash of the sources */
#include "memory.h"

#define RESPONSE_DEPTH 16 /* a response file that names itself must end somewhere */

static const char blanks[] = " \t\n";

char *duplicate(const char *text)
{
	return strcpy(allocate(strlen(text) + 1), text);
}

bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

void add_word(struct words *words, char *word)
{
	words->word = reallocate(words->word, (words->count + 2) * sizeof(char *));
	words->word[words->count++] = word;
	words->word[words->count] = NULL;
}

void reserve(struct text *text, size_t more)
{
	if (text->space - text->length > more)
		return;
	text->space = 2 * text->space + more + 1;
	text->bytes = reallocate(text->bytes, text->space);
}

int read_all(int file, struct text *text)
{
	struct stat status;

	reserve(text, fstat(file, &status) == 0 && status.st_size > 0 ? status.st_size : 65536);
	for (;;) {
		ssize_t count;

		reserve(text, 4096);
		count = read(file, text->bytes + text->length, text->space - text->length - 1);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			text->bytes[text->length] = '\0';
			return (int)count;
		}
		text->length += count;
	}
}

int read_file(const char *name, struct text *text)
{
	int file = open(name, O_RDONLY | O_CLOEXEC);
	int result, error;

	if (file < 0)
		return -1;
	result = read_all(file, text);
	error = errno;
	close(file);
	errno = error;
	return result;
}

/*
 * Splits a response file as the GNU tools do: at white space, with both kinds of quotes, and a
 * backslash before a character that is to be taken as it is.
 */
static void split_response(const char *text, struct words *words)
{
	for (;;) {
		char *word, *out;
		char quote = '\0';

		while (isspace((unsigned char)*text))
			text++;
		if (*text == '\0')
			return;
		word = out = reallocate(NULL, strlen(text) + 1);
		for (; *text != '\0' && (quote != '\0' || !isspace((unsigned char)*text)); text++) {
			if (*text == '\\' && text[1] != '\0')
				*out++ = *++text;
			else if (quote != '\0' && *text == quote)
				quote = '\0';
			else if (quote == '\0' && (*text == '\'' || *text == '"'))
				quote = *text;
			else
				*out++ = *text;
		}
		*out = '\0';
		add_word(words, word);
	}
}

void free_words(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
	*words = (struct words){NULL, 0};
}

static const char *expand(const struct words *from, struct words *to, int depth)
{
	const char *looping = NULL;

	for (size_t i = 0; i < from->count; i++) {
		struct words inner = {NULL, 0};
		struct text text = {NULL, 0, 0};
		char *word = from->word[i];

		if (looping != NULL || word[0] != '@' || read_file(word + 1, &text) != 0) {
			add_word(to, word);
			continue;
		}
		if (depth >= RESPONSE_DEPTH) {
			looping = word;
		} else {
			split_response(text.bytes, &inner);
			looping = expand(&inner, to, depth + 1);
		}
		free(text.bytes);
		free(inner.word); /* its words are in `to` now */
		if (depth > 0 && looping != word)
			free(word);
	}
	return looping;
}

const char *expand_responses(const struct words *from, struct words *to)
{
	return expand(from, to, 0);
}

char *append_flag(char *flags, const char *option, size_t length)
{
	size_t used = strlen(flags);
	char *longer = reallocate(flags, used + 2 * length + 2);
	char *out = longer + used;

	if (used > 0)
		*out++ = ' ';
	for (size_t i = 0; i < length; i++) {
		if (option[i] == '\\' || strchr(blanks, option[i]) != NULL)
			*out++ = '\\';
		*out++ = option[i];
	}
	*out = '\0';
	return longer;
}

void split_flags(const char *flags, struct words *words)
{
	while (*(flags += strspn(flags, blanks)) != '\0') {
		char *word = allocate(strlen(flags) + 1);
		char *out = word;

		for (; *flags != '\0' && strchr(blanks, *flags) == NULL; flags++) {
			if (*flags == '\\' && flags[1] != '\0')
				flags++;
			*out++ = *flags;
		}
		*out = '\0';
		add_word(words, word);
	}
}

/* FNV-1a, 64 bits: Fowler, Noll, Vo. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * UINT64_C(0x100000001b3);
}

/* "OPTION/the/directory/NAME" in new memory. */
static char *absolute_list(const char *option, int option_length, const char *name)
{
	char *directory = name[0] == '/' ? NULL : getcwd(NULL, 0);
	char *word;

	if (asprintf(&word, "%.*s%s%s%s", option_length, option, directory ? directory : "",
		     directory ? "/" : "", name) < 0)
		allocate(SIZE_MAX);
	free(directory);
	return word;
}

/* --symbols-from and --early-from, as short as getopt takes them. */
static bool names_list(const char *word)
{
	return has_prefix(word, "--symbols") || has_prefix(word, "--ea");
}

uint64_t hash_lists(struct words *flags)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < flags->count; i++) {
		struct text list = {NULL, 0, 0};
		char *word = flags->word[i];
		int length = (int)strcspn(word, "=") + 1;

		if (!names_list(word))
			continue;
		if (word[length - 1] == '\0') { /* the name is the next word */
			if (++i == flags->count)
				break;
			length = 0;
		}
		word = flags->word[i];
		flags->word[i] = absolute_list(word, length, word + length);
		free(word);
		hash = hash ? hash_byte(hash, '\0') : HASH_START;
		/* What cannot be read is the filter's to complain about. */
		if (read_file(flags->word[i] + length, &list) == 0)
			for (size_t j = 0; j < list.length; j++)
				hash = hash_byte(hash, list.bytes[j]);
		free(list.bytes);
	}
	return hash;
}

static void append_text(struct text *text, const char *more)
{
	size_t length = strlen(more);

	reserve(text, length);
	memcpy(text->bytes + text->length, more, length + 1);
	text->length += length;
}

/*
 * Percent signs as in URLs, for all that means something to a compiler driver that hands the word
 * on (commas), to itself (colons), or to tools that look for options within words (distcc: ",-a").
 */
static void append_escaped(struct text *text, const char *more)
{
	for (; *more != '\0'; more++) {
		char escaped[4] = {*more};

		if (!isalnum((unsigned char)*more) && strchr("-+./=_", *more) == NULL)
			sprintf(escaped, "%%%02x", (unsigned char)*more);
		append_text(text, escaped);
	}
}

char *request_encode(const struct request *request)
{
	struct text text = {NULL, 0, 0};
	char numbers[32];

	sprintf(numbers, ":%c%s:%" PRIx64 ":", request->product,
		request->temporary_input ? "t" : "", request->lists);
	append_text(&text, REQUEST_PREFIX RCPP_ID);
	append_text(&text, numbers);
	append_escaped(&text, request->assembler);
	append_text(&text, ":");
	append_escaped(&text, request->flags);
	return text.bytes;
}

/* The field that begins at *word, in new memory; moves *word behind the colon that ends it. */
static char *next_field(const char **word)
{
	size_t length = strcspn(*word, ":");
	char *field = allocate(length + 1);
	char *out = field;

	for (const char *in = *word, *end = in + length; in < end; in++) {
		char digits[3] = {in[0], in[1], '\0'};

		if (*in == '%' && end - in > 2) {
			memcpy(digits, in + 1, 2);
			*out++ = (char)strtol(digits, NULL, 16);
			in += 2;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
	*word += length + ((*word)[length] == ':');
	return field;
}

void request_free(struct request *request)
{
	free((char *)request->assembler);
	free((char *)request->flags);
}

const char *request_decode(const char *word, struct request *request)
{
	static const char other[] =
		"rcpp-cc is of another version of rcpp (%s) than its `as` (" RCPP_ID
		"): install it again, on all machines";
	char *id, *product, *lists, *message;
	struct words flags = {NULL, 0};
	uint64_t hash;

	word += strlen(REQUEST_PREFIX);
	id = next_field(&word);
	product = next_field(&word);
	lists = next_field(&word);
	request->assembler = next_field(&word);
	request->flags = next_field(&word);
	request->product = (enum product)product[0];
	request->temporary_input = product[0] != '\0' && product[1] == 't';
	request->lists = strtoull(lists, NULL, 16);
	free(product);
	free(lists);
	if (strcmp(id, RCPP_ID) != 0) {
		if (asprintf(&message, other, id) < 0)
			allocate(SIZE_MAX);
		free(id);
		return message;
	}
	free(id);
	split_flags(request->flags, &flags);
	hash = hash_lists(&flags);
	free_words(&flags);
	if (hash != request->lists)
		return "a list (--symbols-from, --early-from) is not what it was for rcpp-cc: the "
		       "same must be on all machines";
	return NULL;
}
