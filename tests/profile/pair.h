/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What counts.c and shared.c, two units, both know. */
#ifdef __clang__
#define SINGLE __attribute__((noinline))
#else
#define SINGLE __attribute__((noipa))
#endif

struct pair {
	long first, second;
};
extern struct pair shared;
void set_shared(long a, long b);
long get_shared(void);
