// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Labels whose addresses are taken: code goes to them by `goto *`, past the load. In code that is
 * not position-independent compilers write such an address as an immediate.
 */
#include <rcpp.h>
#include <stdint.h>
#include <stdio.h>

#define FUNCTION __attribute__((noinline))

static uint64_t plain = 7;
static __patchable uint64_t marked = 7;

/* `use` of what `variable` holds, or of what the caller gives if the load is passed by. */
#define PASSED_BY(variable, name, use)                                                             \
	FUNCTION static uint64_t variable##_##name(unsigned way, uint64_t m, uint64_t s)           \
	{                                                                                          \
		void *target = way == 1 ? &&with : way == 2 ? &&out : &&load;                      \
                                                                                                   \
		__asm__("" : "+r"(target));                                                        \
		goto *target;                                                                      \
	load:                                                                                      \
		m = variable;                                                                      \
	with:                                                                                      \
		use;                                                                               \
	out:                                                                                       \
		return s * 5 + way;                                                                \
	}

#define FUNCTIONS(variable)                                                                        \
	PASSED_BY(variable, divides, for (unsigned i = 0; i < 16; i++) s = s * 5 + i + s / m)      \
	PASSED_BY(variable, shifts, return s << m)                                                 \
	PASSED_BY(variable, asks, return m == 7 ? s + 100 : m > 20 ? s : 1)

FUNCTIONS(plain)
FUNCTIONS(marked)

static const struct {
	const char *name;
	uint64_t (*plain)(unsigned way, uint64_t m, uint64_t s);
	uint64_t (*marked)(unsigned way, uint64_t m, uint64_t s);
} functions[] = {
	{"divides", plain_divides, marked_divides},
	{"shifts", plain_shifts, marked_shifts},
	{"asks", plain_asks, marked_asks},
};

static int compare(const char *when)
{
	int wrong = 0;

	for (unsigned f = 0; f < sizeof functions / sizeof *functions; f++)
		for (unsigned way = 0; way < 3; way++)
			for (uint64_t m = 1; m < 30; m++)
				if (functions[f].plain(way, m, 100) !=
				    functions[f].marked(way, m, 100)) {
					printf("%s %s: way %u, %lu\n", when, functions[f].name, way,
					       m);
					wrong = 1;
				}
	return wrong;
}

int main(void)
{
	int wrong = compare("unpatched");

	for (int i = 0; i < 2; i++) {
		if (rcpp_patch())
			return puts(rcpp_error()), 1;
		wrong |= compare("patched");
		if (rcpp_revert())
			return puts(rcpp_error()), 1;
		wrong |= compare("reverted");
		plain = marked = 23;
	}
	return wrong;
}
