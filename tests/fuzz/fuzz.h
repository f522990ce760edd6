/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the fuzz targets share. A target is a file with LLVMFuzzerTestOneInput(), which gets any
 * bytes and checks what must hold for all of them; mutate.c makes most of these bytes look like
 * assembly, and assemble.c asks GNU as.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other,
				 size_t other_size, uint8_t *out, size_t max_out_size,
				 unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size); /* libFuzzer's own */

/* A check that failed: says so where it can be seen (standard error may be closed), and aborts. */
__attribute__((noreturn, format(printf, 1, 2))) void fuzz_fail(const char *format, ...);

/* The text in new memory with the two NULs behind it that a reader wants. */
char *fuzz_copy(const void *text, size_t length);

/*
 * Options for the filter are the first line of an input, a comment: `#rcpp WORD...`. Words that are
 * not in this list are not taken.
 */
extern const char *const fuzz_options[];
extern const size_t fuzz_option_count;
#define FUZZ_OPTIONS_MARK "#rcpp"

enum verdict {
	VERDICT_TAKEN,
	VERDICT_REFUSED,
	VERDICT_NONE, /* it took too much time or memory, or would read other files */
};

/* What as makes of the text; with `loud` its messages are shown. */
enum verdict fuzz_assemble(const char *text, size_t length, bool loud);

#endif
