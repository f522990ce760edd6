/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another unit: it writes both halves at once, as compilers do with a vector register. */
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

SINGLE void set_shared(long a, long b)
{
	shared = (struct pair){a, b};
}

SINGLE long get_shared(void)
{
	return shared.first;
}
