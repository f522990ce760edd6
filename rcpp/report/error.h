/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Error messages of all parts of rcpp-report. */
#ifndef RCPP_ERROR_H
#define RCPP_ERROR_H

#include <stdbool.h>

/* "PATH: error: ..." on standard error. Returns false. */
__attribute__((format(printf, 2, 3))) bool report_error(const char *path, const char *format, ...);

#endif
