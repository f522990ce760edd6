/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Variables that are patchable by option, and that some other module may define. */
#ifndef VARIABLES_H
#define VARIABLES_H

struct settings {
	int mode;
	long limit;
	unsigned char level;
	signed char sign;
	unsigned short step;
	unsigned shift;
	long list[4];
};

extern int on;
extern long base;
extern unsigned divisor;
extern unsigned long mask;
extern struct settings settings;
extern long (*choice)(long);

/* Nothing need define these. */
extern long maybe __attribute__((weak));
extern struct settings maybe_settings __attribute__((weak));

#endif
