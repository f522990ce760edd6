/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cells of tables that fit a terminal of 100 columns, and other text for the terminal. */
#ifndef RCPP_REPORT_COLUMNS_H
#define RCPP_REPORT_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define COLUMNS 100

/* "1,234,567", or "12.3 G" from 10^9 on. The buffer is the next call's but three. */
const char *column_count(uint64_t count);
/* "12.3 %" of the whole; "-" of nothing. The same buffers. */
const char *column_share(uint64_t part, uint64_t whole);

/* The text in at most `width` columns: a longer one loses its middle. Padded if `pad`. */
void column_text(FILE *out, const char *text, int width, bool pad);

/* All of the text, whatever its length, but nothing that would move the cursor. */
void column_plain(FILE *out, const char *text);

/* A source line without its indentation; tabulators are blanks up to where they lead in the source.
 */
void column_source(FILE *out, const char *text);

/* A text in lines of at most COLUMNS that begin at `indent`, broken behind blanks. */
void column_lines(FILE *out, const char *text, int indent);

#endif
