// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Another module with a variable that forms.c reads. */
long foreign = 3;
