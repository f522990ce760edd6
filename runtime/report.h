/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What sites hold, as human-readable lines.
 */
#ifndef RCPP_REPORT_H
#define RCPP_REPORT_H

#include "modules.h"

#pragma GCC visibility push(hidden)

/*
 * Print a line for each site of the module to the standard error: the instruction that it holds,
 * and if that reads memory, why. Sites up to the first that is damaged.
 */
void rcpp_report_sites(struct module *module);

#pragma GCC visibility pop

#endif
