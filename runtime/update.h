/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * New values for variables: stored, and put into their sites, at one instant.
 */
#ifndef RCPP_UPDATE_H
#define RCPP_UPDATE_H

#include "call.h"

#pragma GCC visibility push(hidden)

/* Of call->store. If a module is being loaded, call->again is set. The caller has the lock. */
void rcpp_update_values(struct call *call);

#pragma GCC visibility pop

#endif
