// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Variables of forms.c, which declares one with a mark and reads the other through its slot. */
long unmarked = 4;
long own = 6;
