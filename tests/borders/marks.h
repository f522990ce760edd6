/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a program tells fail.c which of its system calls may fail: getpgid() of these. */
#ifndef MARKS_H
#define MARKS_H

#define BEGIN 0x72637070
#define END   0x72637071

#endif
