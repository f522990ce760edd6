/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What inline.c uses and values.c defines. */
#include <rcpp.h>

#ifdef OPTION_ONLY /* patchable by --symbol */
#define VARIABLE __attribute__((visibility("hidden")))
#else
#define VARIABLE __patchable
#endif
#ifndef FAULT
#define FAULT 0
#endif

extern VARIABLE unsigned long u8;
extern VARIABLE unsigned u4;
extern VARIABLE unsigned short u2;
extern VARIABLE unsigned char u1;
extern VARIABLE unsigned long pair[2];
