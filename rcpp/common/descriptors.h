/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Keeps the numbers 0, 1 and 2 for the standard streams. A program may be started with one of them
 * closed; the next file it opens would get the number, and then messages would go into it.
 */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

/*
 * Call it before any file is opened. What was closed still cannot be written to: error messages are
 * lost, an output is an error.
 */
void reserve_standard_descriptors(void);

#endif
