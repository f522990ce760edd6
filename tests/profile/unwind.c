// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Wherever a signal comes, what unwinds the stack finds main().
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile long sum, copy, numbers[64];
static volatile sig_atomic_t good, bad;

__attribute__((noipa)) int main(void);

__attribute__((noipa)) static void work(long i)
{
	sum++;
	numbers[i & 63] += sum;
	copy = numbers[i & 31];
}

static void look(int signal)
{
	void *frames[64];
	int count = backtrace(frames, 64), found = 0;

	(void)signal;
	for (int i = 0; i < count; i++)
		found |= (char *)frames[i] > (char *)main && (char *)frames[i] < (char *)main + 800;
	if (found)
		good++;
	else
		bad++;
}

static void set_timer(int microseconds)
{
	struct itimerval time = {{0, microseconds}, {0, microseconds}};

	setitimer(ITIMER_PROF, &time, NULL);
}

int main(void)
{
	void *frame;

	backtrace(&frame, 1);
	signal(SIGPROF, look);
	set_timer(1000);
	for (long i = 0; good + bad < 200 && i < 100000000; i++)
		work(i);
	set_timer(0);
	/* One instruction of the counting, the call, has another frame than is known. */
	if (bad > 20)
		printf("%d of %d\n", (int)bad, (int)(good + bad));
	return bad > 20;
}
