/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Values that the user gives for variables: --value NAME=V. */
#ifndef RCPP_GIVEN_H
#define RCPP_GIVEN_H

#include "loaded.h"

/*
 * Put a value into the variable's memory. `text` is NAME=V or NAME+OFF:LEN=V, where NAME may be an
 * address of the file, too, and V is a number (decimal, 0x..., negative) or the name of a function
 * or a variable, whose address is meant. Returns false and sets the image's error.
 */
bool given_value(struct loaded *loaded, const char *text);

#endif
