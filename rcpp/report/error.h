/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is wrong, for people. All parts of rcpp-report stand on it. */
#ifndef RCPP_ERROR_H
#define RCPP_ERROR_H

#include <stdbool.h>

/* "PATH: error: ..." on standard error. Returns false. */
__attribute__((format(printf, 2, 3))) bool report_error(const char *path, const char *format, ...);

#endif
