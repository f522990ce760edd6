/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All that rcpp.h has, once, for all of C and C++: compiled with more warnings than a program ever
 * has, and for other processors. Needs no other header, so that any of these has all it needs.
 */
#include <rcpp.h>

#ifdef __cplusplus
#define CAST(type, value) static_cast<type>(value)
#else
#define CAST(type, value) ((type)(value))
#endif

struct pair {
	short a, b;
};

static __patchable unsigned mine;
extern __patchable double exported;
__patchable double exported = 1.5;
extern __patchable long other;
RCPP_EXTERN(other);
extern __patchable const int constant;
extern __patchable float table[4];
extern __patchable unsigned char index_of;
extern __patchable struct pair pair;
extern __patchable const volatile short *const volatile pointer;
extern __patchable long double wide;

#if defined(__cplusplus) && __cplusplus >= 201703L
inline __patchable_inline long shared = 3;
long read_shared(void);
long read_shared(void)
{
	return shared + rcpp_const(shared);
}
#endif

__rcpp_init void setup(unsigned value);
__rcpp_init void setup(unsigned value)
{
	mine = value;
}

int plain(unsigned x);
int plain(unsigned x)
{
	static __patchable int local;

	return constant + CAST(int, x >> mine) + local;
}

int consts(unsigned x);
int consts(unsigned x)
{
	return rcpp_const(constant) + CAST(int, rcpp_shift_right(x, index_of)) +
	       *rcpp_const(pointer);
}

/* one in an argument of another, and both in a macro's */
int nested(unsigned x);
int nested(unsigned x)
{
	return CAST(int, rcpp_const(table[rcpp_const(index_of)])) +
	       CAST(int, rcpp_load(table[rcpp_load(index_of)])) +
	       CAST(int, rcpp_shift_right(rcpp_shift_right(x, index_of), mine));
}

int parts(void);
int parts(void)
{
	struct pair p = rcpp_const(pair), q = rcpp_load(pair);
	unsigned char c = rcpp_const(index_of), d = rcpp_load(index_of);
	double e = rcpp_const(exported) + rcpp_load(exported);

	return p.a + q.b + rcpp_load(pair).a + rcpp_const(pair.b) + c + d + CAST(int, e) +
	       CAST(int, rcpp_load(wide)) + *rcpp_load(pointer);
}

int sets(int x);
int sets(int x)
{
	const double wanted = 2;
	struct pair both = {1, 2};
	struct rcpp_change changes[2];

	changes[0].variable = &mine;
	changes[0].value = &x;
	changes[0].size = sizeof mine;
	changes[1].variable = &exported;
	changes[1].value = &wanted;
	changes[1].size = sizeof exported;
	return RCPP_SET(mine, 5) || RCPP_SET(index_of, 7) || RCPP_SET(exported, wanted) ||
	       RCPP_SET(pair, both) || RCPP_SET(pair.b, 3) || RCPP_SET(table[1], 1.5F) ||
	       RCPP_SET(other, RCPP_SET(wide, 2)) || rcpp_update(changes, 2);
}

unsigned long calls(void);
unsigned long calls(void)
{
	struct rcpp_stats stats;

	if (rcpp_configure(RCPP_KEEP_WRITABLE) || rcpp_patch() || rcpp_stats(&stats) ||
	    rcpp_revert() || *rcpp_error())
		return 0;
	return stats.sites;
}
