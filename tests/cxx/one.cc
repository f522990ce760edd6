/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <cstdio>

#include "limits.h"

__patchable long Limits::depth = 4;
namespace settings
{
__patchable long size = 1000;
}
namespace
{
__patchable long hidden = 11;
}
struct Count {
	static int live;
	Count()
	{
		live++;
	}
	~Count()
	{
		live--;
	}
};
int Count::live;
__attribute__((noinline)) static long risky(long a)
{
	Count count;
	long r = a + hidden;
	if (r > settings::size)
		throw std::runtime_error("too large");
	return Table<long>::clip(r) + Limits::depth;
}
__attribute__((noinline)) static std::string attempt(long a)
{
	Count count;
	try {
		return std::to_string(risky(a) + scaled(a) + bounded<int>((int)a) +
				      bounded<long>(a));
	} catch (const std::out_of_range &e) {
		return std::string(e.what()) + (Limits::width > 6 ? "!" : "?");
	} catch (const std::exception &e) {
		return e.what();
	}
}
static void all(long factor)
{
	for (long a : {1L, 50L, 95L, 3000L}) {
		std::printf("%s %ld %ld %d %d\n", attempt(a).c_str(), other(a), stepped<long>(a),
			    (int)stepped<short>((short)a), Count::live);
	}
	std::printf("%ld\n", factor);
}

/* A patched function throws through another, into one that catches; three times the same lines. */
int main()
{
	struct rcpp_stats before, after;

	all(scaled(1));
	if (rcpp_stats(&before) || rcpp_patch() || rcpp_stats(&after))
		return 1;
	all(scaled(1));
	std::fprintf(stderr, "%lu %lu\n", after.sites, after.patched);
	if (rcpp_revert())
		return 1;
	/* The values that are patched in are the ones that count. */
	settings::size = 60;
	Limits::depth = -4;
	all(scaled(1));
	if (rcpp_patch())
		return 1;
	all(scaled(1));
	return 0;
}
