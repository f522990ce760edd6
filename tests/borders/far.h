/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Much code between a load and its consumer, 100 kB, which the compiler can neither shorten nor
 * move over. */
#ifndef FAR_H
#define FAR_H

#define STEP(x)                                                                                    \
	x = x * 3 + 1000000;                                                                       \
	__asm__ volatile("" : "+r"(x));
#define TEN(steps)    steps steps steps steps steps steps steps steps steps steps
#define MANY_STEPS(x) TEN(TEN(TEN(TEN(STEP(x)))))
#define STEPS	      10000

/* far(x): what the steps make of x, and a patchable that is loaded before them and added behind. */
#define DEFINE_FAR(patchable)                                                                      \
	__attribute__((noinline)) unsigned long far(unsigned long x)                               \
	{                                                                                          \
		long value = patchable;                                                            \
                                                                                                   \
		__asm__ volatile("" : "+r"(x) : : "memory");                                       \
		MANY_STEPS(x)                                                                      \
		return x + (unsigned long)value;                                                   \
	}

/* What so many of them make of x. */
static inline unsigned long many_steps(unsigned long x)
{
	for (int i = 0; i < STEPS; i++)
		x = x * 3 + 1000000;
	return x;
}

#endif
