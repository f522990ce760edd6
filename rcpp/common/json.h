/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Texts as JSON strings: names in object files may hold any bytes. */
#ifndef RCPP_JSON_H
#define RCPP_JSON_H

#include <stddef.h>
#include <stdio.h>

/* How many bytes the UTF-8 character at `text` has; 0: it is none. */
size_t utf8_length(const char *text);

/* Write a text, or null for NULL. What is no UTF-8 becomes U+FFFD. */
void json_string(FILE *file, const char *text);

/* The same for at most `size` bytes of a text. */
void json_part(FILE *file, const char *text, size_t size);

#endif
