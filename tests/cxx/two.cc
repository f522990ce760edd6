/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The other file that uses all of limits.h: its copies are one with those of one.cc. */
#include "limits.h"
long other(long a)
{
	try {
		return scaled(a) + Table<long>::clip(a) + bounded<long>(a) + Table<short>::clip(3) +
		       stepped<long>(a);
	} catch (...) {
		return settings::size;
	}
}
