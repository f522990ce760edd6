/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The code of rcpp_release(), as text.
 */
#ifndef RELEASE_H
#define RELEASE_H

extern const char release_code[];

#endif
