/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Patchables in all the places that C++ has for variables; used by one.cc and two.cc. */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdexcept>
#include <string>

#include "rcpp.h"

struct Limits {
	static long depth;
	static inline __patchable_inline unsigned width = 7;
};
namespace settings
{
extern __patchable long size;
RCPP_EXTERN(_ZN8settings4sizeE);
} // namespace settings
/* an inline function in a COMDAT group, with a static of its own */
inline long scaled(long a)
{
	static __patchable_inline long factor = 3;
	return a * factor;
}
template <typename T> struct Table {
	static __patchable_inline T limit;
	static T clip(T a)
	{
		if (a > limit)
			throw std::out_of_range("clip " + std::to_string((long)limit));
		return a;
	}
};
template <typename T> __patchable_inline T Table<T>::limit = 100;
/* a static of a function that each type has its own of, and of a lambda */
template <typename T> T stepped(T a)
{
	static __patchable_inline T step = 2;
	auto twice = [](T b) {
		static __patchable_inline T again = 5;
		return b + again;
	};
	return twice(a + step);
}

template <typename T> inline T bounded(T a)
{
	return a > (T)settings::size ? (T)settings::size : a + (T)Limits::width;
}
long other(long a);

#endif
