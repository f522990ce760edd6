/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp_const(), rcpp_load() and RCPP_SET() of every type that they take, for all of C and C++:
 * unpatched, patched, and after a change. FILTERED says that rcpp_const() has sites: it then keeps
 * the value that was patched in where rcpp_load() and the plain name see the memory.
 */
#include <rcpp.h>
#include <stdio.h>
#include <string.h>

enum colour { RED = 7, GREEN = -300000 };
struct one {
	signed char a;
};
struct two {
	char a[2];
};
struct four {
	char a[4];
};
struct eight {
	char a[8];
};
union either {
	double a;
	char b[8];
};
struct large {
	char a[24];
};
typedef int (*function)(const char *);
typedef const char *text;
typedef void *volatile address;

/* X(name, type, its first value, the second); braces come around those of LARGE and WHOLES */
#define NUMBERS(X)                                                                                 \
	X(c, char, 'a', 'b')                                                                       \
	X(sc, signed char, -1, 5)                                                                  \
	X(uc, unsigned char, 255, 3)                                                               \
	X(s, short, -2, 30000)                                                                     \
	X(us, unsigned short, 65535, 1)                                                            \
	X(i, int, -3, 2147483647)                                                                  \
	X(u, unsigned, 4294967295u, 0)                                                             \
	X(vi, volatile int, -30, 31)                                                               \
	X(l, long, -4, 0x123456789abcdefL)                                                         \
	X(ul, unsigned long, 0xffffffffffffffffUL, 0x80000000UL)                                   \
	X(f, float, 1.5f, -0.1f)                                                                   \
	X(d, double, 2.5, -1e300)                                                                  \
	X(e, enum colour, RED, GREEN)                                                              \
	X(p, text, "first", "second")                                                              \
	X(vp, address, &patchable_i, &patchable_l)                                                 \
	X(fn, function, puts, perror_)
#define WHOLES(X)                                                                                  \
	X(s1, struct one, 1, 2)                                                                    \
	X(s2, struct two, "1", "a")                                                                \
	X(s4, struct four, "123", "abc")                                                           \
	X(s8, struct eight, "1234567", "abcdefg")                                                  \
	X(u8, union either, 9.5, 10.5)
#define LARGE(X)                                                                                   \
	X(ld, long double, 1.5L, 2.5L)                                                             \
	X(s24, struct large, "a string of 23 letters.", "another of 23 letters..")
#if defined(__cplusplus)
#define BOOLS(X) X(b, bool, true, false)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L
#define BOOLS(X) X(b, _Bool, 1, 0)
#else
#define BOOLS(X)
#endif
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define ATOMICS(X) X(at, _Atomic long, 12, 13) X(ab, _Atomic _Bool, 1, 0)
#else
#define ATOMICS(X)
#endif
#define SCALARS(X) NUMBERS(X) BOOLS(X) ATOMICS(X)
#define SMALL(X)   SCALARS(X) WHOLES(X)

#define NOINLINE __attribute__((noinline))

int perror_(const char *text);
NOINLINE int perror_(const char *text)
{
	return text != NULL;
}

static __patchable int patchable_i;
static __patchable long patchable_l;

#define DEFINE(name, type, x, y)                                                                   \
	static __patchable type var_##name = x;                                                    \
	static type first_##name = x;                                                              \
	static type second_##name = y;
#define DEFINE_WHOLE(name, type, x, y)                                                             \
	static __patchable type var_##name = {x};                                                  \
	static type first_##name = {x};                                                            \
	static type second_##name = {y};
#define CONST(name, type, x, y)                                                                    \
	static NOINLINE void const_##name(void *to)                                                \
	{                                                                                          \
		type value = rcpp_const(var_##name);                                               \
		memcpy(to, (void *)(unsigned long)&value, sizeof var_##name);                      \
	}
#define LOAD(name, type, x, y)                                                                     \
	static NOINLINE void load_##name(void *to)                                                 \
	{                                                                                          \
		type value = rcpp_load(var_##name);                                                \
		memcpy(to, (void *)(unsigned long)&value, sizeof var_##name);                      \
	}
SCALARS(DEFINE)
WHOLES(DEFINE_WHOLE)
LARGE(DEFINE_WHOLE)
SMALL(CONST)
SMALL(LOAD)
LARGE(LOAD)

static int failures;

static void compare(const char *when, const char *name, const void *is, const void *should,
		    size_t size)
{
	if (memcmp(is, should, size)) {
		printf("%s: %s is wrong\n", when, name);
		failures++;
	}
}

static void check(const char *when, int second_const, int second_load)
{
	char is[64];
	/* of a long double only 10 bytes count */
#define SIZE(name) (sizeof var_##name == sizeof(long double) ? 10 : sizeof var_##name)
#define IS(name, kind, second)                                                                     \
	kind##_##name(is);                                                                         \
	compare(when, #kind " " #name, is,                                                         \
		(const void *)(unsigned long)(second ? &second_##name : &first_##name),            \
		SIZE(name));
#define CHECK_CONST(name, type, x, y) IS(name, const, second_const)
#define CHECK_LOAD(name, type, x, y)  IS(name, load, second_load)
	SMALL(CHECK_CONST)
	SMALL(CHECK_LOAD)
	LARGE(CHECK_LOAD)
}

static void change(int second)
{
#define CHANGE(name, type, x, y)                                                                   \
	memcpy((void *)(unsigned long)&var_##name,                                                 \
	       (const void *)(unsigned long)(second ? &second_##name : &first_##name),             \
	       sizeof var_##name);
	SMALL(CHANGE)
	LARGE(CHANGE)
}

/* From the second values to the first, a variable a call. */
static int set_first(void)
{
	int result = 0;

#define SET(name, type, x, y) result |= RCPP_SET(var_##name, first_##name);
	SMALL(SET)
	LARGE(SET)
	return result;
}

static int update_second(void)
{
#define ENTRY(name, type, x, y)                                                                    \
	{(void *)(unsigned long)&var_##name, (void *)(unsigned long)&second_##name,                \
	 sizeof var_##name},
	const struct rcpp_change changes[] = {SMALL(ENTRY) LARGE(ENTRY)};

	return rcpp_update(changes, sizeof changes / sizeof *changes);
}

int main(void)
{
#ifdef FILTERED
	const int kept = 1;
#else
	const int kept = 0;
#endif
	check("unpatched", 0, 0);
	if (rcpp_patch())
		return 2;
	check("patched", 0, 0);
	if (rcpp_revert() || rcpp_configure(RCPP_KEEP_WRITABLE))
		return 2;
	change(1);
	check("reverted and changed", 1, 1);
	if (rcpp_patch())
		return 2;
	check("patched again", 1, 1);
	if (set_first())
		return 2;
	check("set", 0, 0);
	if (update_second())
		return 2;
	check("updated", 1, 1);
	change(0);
	check("changed behind its back", kept, 0);
	puts(failures ? "wrong" : "right");
	return failures != 0;
}
