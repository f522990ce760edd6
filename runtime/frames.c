// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Signal frames are found by their return address, which is the restorer of some signal's handler:
 * every word of a stack is compared with these. What only looks like a frame can delay a stop or
 * make it fail, but never lets a thread pass unnoticed.
 */
#define _GNU_SOURCE 1
#include <signal.h>

#include "frames.h"
#include "machine.h"
#include "peek.h"
#include "signals.h"
#include "tasks.h"

#define RESTORERS_MAX 8
#define STACKS_MAX    8
#define STACK_MAX     ((uintptr_t)1 << 28) /* if the memory is readable so far */
#define PEEK_WORDS    64  /* of a stack, at once, on that stack; a part of a page */
#define PEEK_MORE     512 /* the same, with memory of our own */

static uintptr_t restorers[RESTORERS_MAX];
static unsigned int restorer_count;
static bool under_valgrind; /* it makes frames of its own */

static bool is_restorer(uintptr_t word)
{
	unsigned int i;

	for (i = 0; i < restorer_count; i++)
		if (restorers[i] == word)
			return true;
	return false;
}

void rcpp_learn_frames(void)
{
	int number;

	under_valgrind = rcpp_is_under_valgrind();
	restorer_count = 0;
	for (number = 1; number <= RCPP_SIGNALS; number++) {
		struct rcpp_signal_action action = {0};

		if (rcpp_read_action(number, &action) && action.restorer &&
		    !is_restorer((uintptr_t)action.restorer) && restorer_count < RESTORERS_MAX)
			restorers[restorer_count++] = (uintptr_t)action.restorer;
	}
}

/*
 * The highest address at which the stack of the pointer may end. C libraries put a thread's control
 * block at the end of its stack; behind it may be other memory, and much of it.
 */
static uintptr_t stack_end(uintptr_t pointer, const stack_t *alternate)
{
	uintptr_t base = (uintptr_t)alternate->ss_sp;
	size_t size = alternate->ss_flags & SS_DISABLE ? 0 : alternate->ss_size;
	uintptr_t block = rcpp_control_block();

	if (pointer - base < size)
		return base + size;
	return block - pointer < STACK_MAX ? block : pointer + STACK_MAX;
}

static bool is_forbidden(const struct forbidden *forbidden, uintptr_t address)
{
	return forbidden->holds(forbidden->context, address);
}

/* The stacks that a thread's frames are on. */
struct stacks {
	const struct forbidden *forbidden;
	uintptr_t pointer[STACKS_MAX];
	unsigned int count;
	uintptr_t *words;  /* what was read last, */
	unsigned int size; /* and how many of them at once */
};

/* Does the frame at the address say that a signal interrupted a forbidden place? */
static bool is_frame_inside(uintptr_t address, uintptr_t end, struct stacks *stacks)
{
	gregset_t registers = {0}; /* as the kernel lays a frame out */
	enum rcpp_sight view = rcpp_peek(address + RCPP_REGISTERS, registers, sizeof(registers));
	uintptr_t outer = rcpp_stack_pointer(registers);

	if (view != RCPP_SEEN || !rcpp_are_registers(registers, under_valgrind))
		return view == RCPP_REFUSED;
	if (is_forbidden(stacks->forbidden, rcpp_program_counter(registers)))
		return true;
	if (outer > address && outer < end)
		return false; /* we shall come there */
	if (stacks->count == STACKS_MAX)
		return true;
	stacks->pointer[stacks->count++] = outer;
	return false;
}

/* All signal frames of one stack, from the pointer up to where it ends or nothing can be read. */
static bool is_stack_inside(uintptr_t pointer, const stack_t *alternate, struct stacks *stacks)
{
	uintptr_t end = stack_end(pointer, alternate);
	size_t bytes = stacks->size * sizeof(*stacks->words);
	uintptr_t address = pointer & ~(uintptr_t)(bytes - 1);

	for (; address < end; address += bytes) {
		enum rcpp_sight view = rcpp_peek(address, stacks->words, bytes);
		unsigned int i;

		if (view != RCPP_SEEN)
			return view == RCPP_REFUSED;
		for (i = 0; i < stacks->size; i++) {
			uintptr_t word = address + i * sizeof(*stacks->words);

			if (word >= pointer && is_restorer(stacks->words[i]) &&
			    is_frame_inside(word + sizeof(word), end, stacks))
				return true;
		}
	}
	return false;
}

/* A thread's frames below this one, over all of its stacks. Without handlers there is none. */
static bool are_frames_inside(struct stacks *stacks, const stack_t *alternate)
{
	unsigned int i;

	for (i = 0; i < stacks->count && restorer_count; i++)
		if (is_stack_inside(stacks->pointer[i], alternate, stacks))
			return true;
	return false;
}

bool rcpp_is_inside(const struct forbidden *forbidden, const ucontext_t *context)
{
	uintptr_t words[PEEK_WORDS];
	struct stacks stacks = {
		.forbidden = forbidden,
		.pointer = {rcpp_stack_pointer(context->uc_mcontext.gregs)},
		.count = 1,
		.words = words,
		.size = PEEK_WORDS,
	};

	return is_forbidden(forbidden, rcpp_program_counter(context->uc_mcontext.gregs)) ||
	       are_frames_inside(&stacks, &context->uc_stack);
}

/*
 * Mostly no handler has led here, and no word of the stack looks like a signal frame's. To find
 * that out takes fewer system calls than to learn what frames look like.
 */
static bool may_have_frames(uintptr_t pointer, const stack_t *alternate, uintptr_t *words)
{
	const uintptr_t size = PEEK_MORE * sizeof(*words);
	uintptr_t end = stack_end(pointer, alternate);
	uintptr_t address = pointer & ~(size - 1);
	uintptr_t before = 0;

	if (alternate->ss_flags & SS_ONSTACK || rcpp_is_under_valgrind())
		return true;
	for (; address < end; address += size) {
		enum rcpp_sight view = rcpp_peek(address, words, size);
		unsigned int i;

		if (view != RCPP_SEEN)
			return view == RCPP_REFUSED;
		for (i = 0; i < PEEK_MORE; before = words[i++])
			if (address + i * sizeof(*words) >= pointer &&
			    rcpp_may_be_in_frame(before, words[i]))
				return true;
	}
	return false;
}

bool rcpp_is_caller_inside(const struct forbidden *forbidden)
{
	static uintptr_t words[PEEK_MORE]; /* the caller has the lock */
	stack_t alternate = {.ss_flags = SS_DISABLE};
	struct stacks stacks = {
		.forbidden = forbidden,
		.pointer = {(uintptr_t)__builtin_frame_address(0)},
		.count = 1,
		.words = words,
		.size = PEEK_MORE,
	};

	sigaltstack(NULL, &alternate);
	if (!may_have_frames(stacks.pointer[0], &alternate, words))
		return false;
	rcpp_learn_frames();
	return are_frames_inside(&stacks, &alternate);
}
