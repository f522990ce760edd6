/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules: its errors, and text that it makes. It frees nothing before it ends.
 */
#ifndef RULE_ERROR_H
#define RULE_ERROR_H

/* The place in the rules file that is worked on. */
extern const char *rule_file;
extern int rule_line;

/* FILE:LINE: error: ..., and the end. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *pattern, ...);

__attribute__((format(printf, 1, 2))) char *format(const char *pattern, ...);

#endif
