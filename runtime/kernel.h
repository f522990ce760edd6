/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp in Linux: include/linux/rcpp.h there. Variables that are read-only after init become
 * immediates in the kernel's text and in that of its modules.
 */
#ifndef _LINUX_RCPP_H
#define _LINUX_RCPP_H

struct module;

#ifdef CONFIG_RCPP
/*
 * Patch the kernel's own text, once, with what its variables hold from now on; may sleep. What goes
 * wrong is said in the log, and leaves the text as it was.
 */
void rcpp_patch_kernel(void);
#else
static inline void rcpp_patch_kernel(void)
{
}
#endif

#endif
