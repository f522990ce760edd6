/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An interpreter of a small stack machine with twenty settings. */
SETTLED(bool, trace, false);
SETTLED(bool, profile, false);
SETTLED(bool, debugger, false);
SETTLED(bool, check_overflow, true);
SETTLED(bool, check_stack, true);
SETTLED(bool, check_bounds, true);
SETTLED(bool, check_types, false);
SETTLED(bool, sandbox, true);
SETTLED(bool, barriers, false);
SETTLED(bool, sampling, false);
SETTLED(unsigned, stack_limit, 64);
SETTLED(unsigned, memory_size, 256);
SETTLED(unsigned, memory_shift, 3);
SETTLED(unsigned, quantum, 100);
SETTLED(int, optimize_at, 1000000);
SETTLED(int, depth_limit, 200);
SETTLED(unsigned, tag_mask, 7);
SETTLED(unsigned, hash_buckets, 61);
SETTLED(long, bias, 0x100000001);
SETTLED(unsigned long *, memory, slots);

enum operation { PUSH, ADD, SUBTRACT, LOAD, STORE, HASH, DUPLICATE, LOOP };

static const unsigned char program[] = {PUSH, PUSH,	ADD,  HASH, DUPLICATE, STORE,
					PUSH, SUBTRACT, LOAD, ADD,  LOOP};

unsigned long interpreter(unsigned long seed)
{
	unsigned long stack[64], events = 0;
	unsigned top = 1, left = STEPS / 8;
	const unsigned char *next = program;

	stack[0] = seed;
	for (;;) {
		enum operation operation = *next++;

		if (IS_SET(trace) || IS_SET(debugger))
			others[events & 0xff]++;
		if (IS_SET(profile))
			others[operation]++;
		if (IS_SET(check_stack) && (top >= READ(stack_limit) - 2))
			return 1;
		switch (operation) {
		case PUSH:
			stack[top++] = stack[0] + (unsigned long)READ(bias);
			break;
		case ADD:
			top--;
			if (IS_SET(check_overflow) && stack[top] + stack[top - 1] < stack[top])
				events++;
			stack[top - 1] += stack[top];
			break;
		case SUBTRACT:
			top--;
			if (IS_SET(check_types) && stack[top] & READ(tag_mask))
				return 2;
			stack[top - 1] -= stack[top];
			break;
		case LOAD: {
			unsigned at = SHIFT_RIGHT((uint32_t)stack[top - 1], memory_shift) & 0xff;

			if (IS_SET(check_bounds) && at >= READ(memory_size))
				return 3;
			stack[top - 1] = READ(memory)[at];
			break;
		}
		case STORE:
			top--;
			if (IS_SET(sandbox) && READ(memory_size) == 0)
				return 4;
			if (IS_SET(barriers))
				__sync_synchronize();
			READ(memory)[stack[top] & 0xff] = events;
			break;
		case HASH:
			stack[top - 1] = (uint32_t)stack[top - 1] % READ(hash_buckets);
			break;
		case DUPLICATE:
			stack[top] = stack[top - 1];
			top++;
			break;
		case LOOP:
			if ((int)events > READ(optimize_at) || (int)top > READ(depth_limit))
				return 5;
			if (IS_SET(sampling) && events % READ(quantum) == 0)
				others[0]++;
			if (!--left)
				return stack[0] + stack[top - 1] + events;
			stack[0] = stack[--top];
			top = 1;
			next = program;
		}
		MIX(events);
	}
}
