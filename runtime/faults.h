/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A write to closed variables ends the program. Say first which variable, and from where.
 */
#ifndef RCPP_FAULTS_H
#define RCPP_FAULTS_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

/*
 * Explain such faults, or no longer. The handler that the signal had before gets the fault next.
 * False with errno if it cannot be done.
 */
bool rcpp_explain_faults(bool explain);

#pragma GCC visibility pop

#endif
