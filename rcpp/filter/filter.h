/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter as a function call: what the `as` of rcpp calls between reading the assembler's input
 * and running the real assembler. In: options, the whole text, a file descriptor. Out: the filtered
 * text, and whether it differs from the input. A call instead of a second program, because a large
 * build notices one more process per file.
 */
#ifndef RCPP_FILTER_H
#define RCPP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "options.h"

/*
 * Filter text[0] to text[length - 1] to `output`. text[length] and text[length + 1] must be NUL,
 * and the text is written to while it is read. *changed says whether there are sites, or value-of
 * operands; without any the output is the text itself. Returns 0, or 1 if the input is wrong, with
 * the message printed.
 */
int filter_text(const struct options *options, const char *input_name, char *text, size_t length,
		FILE *output, bool *changed);

/*
 * Filter `text` as `rcpp` would.
 *
 * argc, argv    options from RCPP_FLAGS, as main() gets them: argv[0] is "rcpp", argv[argc] is NULL
 * input_name    for messages; "{standard input}" where there is no file
 * text, length  the input; text[length] is NUL, and there may be NULs before
 * output_fd     open for writing, empty; gets the filtered text if there is a change
 * changed       set to false if the assembler may read the original text just as well; what has
 *               been written to output_fd is then ignored
 *
 * Returns 0 when done, 1 if the input is wrong, 2 if the options are; the message has been printed
 * to standard error, and neither *changed nor output_fd means anything.
 */
int rcpp_filter_for_as(int argc, char **argv, const char *input_name, const char *text,
		       size_t length, int output_fd, bool *changed);

#endif
