/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the freestanding parts of the runtime (core.h) rely on, in user space and in the kernel.
 */
#ifndef RCPP_FREESTANDING_H
#define RCPP_FREESTANDING_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/string.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#endif

/* The memory at an address of the program; rcpp-dump and rcpp-report have copies of it. */
#ifndef RCPP_AT
#define RCPP_AT(address) ((const void *)(address))
#endif

#endif
