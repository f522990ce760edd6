// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Built into a kernel that is preempted anywhere: while it patches itself threads run through sites
 * only, so that most of the time one of them stands in the middle of one, and seldom none.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>

#define FOUR_TIMES(x) x x x x
#define SITES	      64
#define THREADS	      4

static noinline unsigned long run_through(unsigned long sum)
{
	FOUR_TIMES(FOUR_TIMES(FOUR_TIMES(sum += page_offset_base; barrier();)))
	return sum;
}

static int stand(void *unused)
{
	const unsigned long *base = &page_offset_base;
	unsigned long wrong = 0;
	int rest = 1000; /* runs, when everything is patched */

	OPTIMIZER_HIDE_VAR(base); /* no site */
	do {
		wrong += run_through(rest) != rest + SITES * *base;
		rest -= system_state == SYSTEM_RUNNING;
	} while (rest);
	pr_info("rcpp preempted: %lu wrong\n", wrong);
	return 0;
}

static int __init start(void)
{
	for (int i = 0; i < THREADS; i++)
		kthread_run(stand, NULL, "preempted/%d", i);
	return 0;
}
late_initcall(start);
