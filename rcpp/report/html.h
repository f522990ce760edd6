/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text for a page of HTML, in UTF-8: names and source lines may hold anything. */
#ifndef RCPP_HTML_H
#define RCPP_HTML_H

#include <stddef.h>
#include <stdio.h>

/* The text with what HTML would take for its own replaced; good between quotes, too. */
void html_text(FILE *out, const char *text);

/* The same, and free the text. */
void html_owned(FILE *out, char *text);

/* "1 site", "2 sites". */
void html_count(FILE *out, size_t count, const char *what);

/* The beginning of a table up to its first row. Its heads have '|' between them. */
void html_heads(FILE *out, const char *heads);

/* The same of a table that scrolls by itself; `kind` is its attribute of a class, or "". */
void html_table(FILE *out, const char *kind, const char *heads);
void html_table_end(FILE *out);

#endif
