// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What counts: calls in front of reads and writes, which find the unit, the field and the counter
 * behind them. And the constructor and the destructor, which begin and end a run.
 */
#include "profile.h"

static uint64_t nanoseconds(void)
{
	struct timespec now = {0, 0};

	call_system(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0, 0, 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* All reads until now came before a write, which is counted before it happens. */
static void settle(struct rcpp_profile_state *state, struct rcpp_profile_own *own)
{
	state->seen = state->reads;
	state->late += run.now.patched;
	own->writes = 2;
}

static void note_age(struct rcpp_profile_state *state, uint64_t age)
{
	if (state->last < age)
		state->last = age;
}

/* --- writes without a counter ------------------------------------------------------------- */

static uintptr_t page_of(uintptr_t address)
{
	return address & ~(uintptr_t)(RCPP_PROFILE_PAGE - 1);
}

/* The bytes of a field as a number, or of a long one what tells them from others. */
static uint64_t value_at(uintptr_t start, uintptr_t stop)
{
	typedef uint64_t __attribute__((aligned(1), may_alias)) number8;
	typedef uint32_t __attribute__((aligned(1), may_alias)) number4;
	uint64_t value = 0;

	if (stop - start == 8)
		return *(const number8 *)start;
	if (stop - start == 4)
		return *(const number4 *)start;
	for (uintptr_t at = stop; at-- > start;)
		value = (value << 8 | value >> 56) ^ *(const unsigned char *)at;
	return value;
}

/*
 * A field has another value than it had. A write that is counted is so before it happens, so it may
 * be the one. Else nobody has counted it.
 */
static void note_change(const struct rcpp_profile_unit *unit, uint32_t field, uint64_t value,
			uint64_t age)
{
	struct rcpp_profile_state *state = &states_of(unit)[field];
	struct rcpp_profile_own *own = &own_of(unit)[field];

	if (!own->writes && age) {
		state->unseen++;
		settle(state, own);
		note_age(state, age);
	}
	own->writes = 0;
	own->value = value;
}

/* The program may have taken the page of a variable away. Asks once a page: `*known` can be read.
 */
static bool can_look(uintptr_t start, uintptr_t stop, uintptr_t *known)
{
	if (!protects)
		return true;
	for (uintptr_t page = page_of(start); page < stop; page += RCPP_PROFILE_PAGE) {
		if (page != *known && !is_readable(page))
			return false;
		*known = page;
	}
	return true;
}

/* Age 0: for the first time. Later only in the module itself: others may have been unloaded. */
static void look_at_fields(uint64_t age)
{
	uintptr_t known = 1;

	for (uint32_t i = 0; i < run.place_count; i++) {
		const struct place *place = &run.places[i];
		struct rcpp_profile_own *own = &own_of(place->unit)[place->field];
		uint64_t value;

		if ((age && !place->own) || !can_look(place->start, place->stop, &known))
			continue;
		value = value_at(place->start, place->stop);
		if (value != own->value)
			note_change(place->unit, place->field, value, age);
		own->writes -= own->writes > 0;
	}
}

static uint64_t nanoseconds_of(uint64_t tick_count)
{
	return (tick_count >> 24) * run.tick_worth +
	       ((tick_count & 0xffffff) * run.tick_worth >> 24);
}

/*
 * Not more often than every 2^26 ticks, some hundredths of a second; by one thread at a time. It
 * makes no system call that the program might have forbidden itself.
 */
static __attribute__((noinline)) void look(uint64_t now)
{
	static __attribute__((section(".bss.rcpp_profile"))) int busy;

	if (now - run.looked < 1 << 26 || __atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE))
		return;
	run.looked = now;
	if (run.started)
		look_at_fields(now - run.started);
	if (run.chunk) {
		run.chunk->looks++;
		run.chunk->ticks = now - run.started;
		run.chunk->nanoseconds = nanoseconds_of(now - run.started);
	}
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}

/* --- reads and writes --------------------------------------------------------------------- */

/* They change no register, so who calls them has none to save. */
#define COUNTING HIDDEN __attribute__((used, no_caller_saved_registers))

static const struct rcpp_profile_unit *unit_of(const struct call *call)
{
	return (const struct rcpp_profile_unit *)((uintptr_t)&call->unit + (uintptr_t)call->unit);
}

static struct rcpp_profile_state *state_of(const struct call *call)
{
	return (struct rcpp_profile_state *)((uintptr_t)&call->state + (uintptr_t)call->state);
}

static struct rcpp_profile_own *private_of(const struct call *call)
{
	return (struct rcpp_profile_own *)((uintptr_t)&call->own + (uintptr_t)call->own);
}

static void count(const struct call *call)
{
	uint64_t *counter = (uint64_t *)((uintptr_t)&call->counter + (uintptr_t)call->counter);

	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static uint64_t age_of(uint64_t tick)
{
	return tick > run.started ? tick - run.started : 1;
}

/*
 * The first time in a tick of the kernel's clock: when it and what overlaps it is written. All that
 * is written within the tick has the tick's age, so that none of two seems to be older.
 */
static __attribute__((noinline, no_caller_saved_registers)) void note_time(const struct call *call,
									   uint64_t tick)
{
	struct rcpp_profile_own *own = private_of(call);
	uint64_t now = ticks(), known = run.started && is_tick(tick, now);
	uint64_t age = age_of(known ? tick : run.started ? now : 0);

	note_age(state_of(call), age);
	for (uint32_t i = 0; i < own->count; i++)
		note_age(own->neighbours[i].state, age);
	own->noted = known ? tick : 0;
	own->alone = own->count ? 0 : own->noted;
	look(now);
}

/* What other units, or accesses of other sizes, have of these bytes, is written, too. */
COUNTING void rcpp_profile_written(const struct call *call)
{
	struct rcpp_profile_own *own = private_of(call);
	const struct rcpp_profile_neighbour *other = own->neighbours, *last = other + own->count;
	uint64_t tick = *(const volatile uint64_t *)((uintptr_t)&run.now + (uintptr_t)run.now.tick);

	count(call);
	if (own->noted != tick)
		note_time(call, tick);
	settle(state_of(call), own);
	for (; other < last; other++)
		settle(other->state, other->own);
}

/* In front of a read. */
static void look_at(const struct call *call)
{
	const struct rcpp_profile_unit *unit = unit_of(call);
	const struct rcpp_profile_field *field = &fields_of(unit)[call->field];
	uintptr_t start = address_of(field);
	uint64_t value = start ? value_at(start, start + field->size) : 0;

	if (value != private_of(call)->value)
		note_change(unit, call->field, value, run.started ? ticks() - run.started : 0);
}

COUNTING void rcpp_profile_changed(const struct call *call)
{
	look_at(call);
}

COUNTING void rcpp_profile_compared(const struct call *call)
{
	look_at(call);
	state_of(call)->reads++;
	count(call);
}

/* Look at the fields now, even if they were looked at a moment ago. */
static void look_now(void)
{
	run.looked = 0;
	look(ticks());
}

/* In front of a call of rcpp_patch(): changes up to here that nobody has counted are not late. */
COUNTING void rcpp_profile_patched(void)
{
	static __attribute__((section(".bss.rcpp_profile"))) int before;

	if (!run.now.patched)
		look_now();
	if (run.chunk && !__atomic_exchange_n(&before, 1, __ATOMIC_RELAXED))
		__atomic_fetch_add(&run.chunk->patched, 1, __ATOMIC_RELAXED);
	run.now.patched = 1;
}

/* In front of a call of rcpp_revert(): what follows may be written until the next rcpp_patch(). */
COUNTING void rcpp_profile_reverted(void)
{
	if (run.now.patched)
		look_now();
	run.now.patched = 0;
}

/*
 * Called with all registers in use, and the red zone left out, which the return takes back: so to
 * those who unwind the stack the caller's frame is what it is without the call. Behind the call
 * there is an instruction, nopl X-.(%rax), whose displacement says what is counted.
 */
__asm__(".text\n"
	"	.macro rcpp_profile_push register\n"
	"	pushq %\\register\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.endm\n"
	"	.macro rcpp_profile_pop register\n"
	"	popq %\\register\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.endm\n"
	"	.macro rcpp_profile_call name, function\n"
	"	.globl \\name\n"
	"	.hidden \\name\n"
	"	.type \\name, @function\n"
	"\\name:\n"
	"	.cfi_startproc\n"
	"	.cfi_def_cfa_offset 136\n"
	"	.cfi_offset 16, -136\n"
	"	rcpp_profile_push rax\n"
	"	seto %al\n" /* pushfq and popfq take ten times as long */
	"	lahf\n"
	"	rcpp_profile_push rax\n"
	"	rcpp_profile_push rdi\n"
	"	movq 24(%rsp), %rax\n"
	"	movslq 3(%rax), %rdi\n"
	"	leaq 3(%rax,%rdi), %rdi\n"
	"	call \\function\n"
	"	rcpp_profile_pop rdi\n"
	"	rcpp_profile_pop rax\n"
	"	addb $127, %al\n"
	"	sahf\n"
	"	rcpp_profile_pop rax\n"
	"	ret $128\n"
	"	.cfi_endproc\n"
	"	.size \\name, .-\\name\n"
	"	.endm\n"
	"	rcpp_profile_call rcpp_profile_patch, rcpp_profile_patched\n"
	"	rcpp_profile_call rcpp_profile_revert, rcpp_profile_reverted\n"
	"	rcpp_profile_call rcpp_profile_write, rcpp_profile_written\n"
	"	rcpp_profile_call rcpp_profile_change, rcpp_profile_changed\n"
	"	rcpp_profile_call rcpp_profile_compare, rcpp_profile_compared\n"
	"	.purgem rcpp_profile_push\n"
	"	.purgem rcpp_profile_pop\n"
	"	.purgem rcpp_profile_call\n");

/* What earlier runs have read comes before no write of this one. */
static void begin_field(struct rcpp_profile_state *state)
{
	state->apart += state->reads - state->seen;
	state->seen = state->reads;
}

static void begin_run(void)
{
	const struct rcpp_profile_unit *unit;

	for (unit = rcpp_profile_first(); unit; unit = rcpp_profile_next(unit))
		for (uint32_t i = 0; i < unit->field_count; i++)
			begin_field(&states_of(unit)[i]);
}

/* Long enough that what reading the clock takes does not matter, if there is one. */
static void find_tick_worth(uint64_t first_tick, uint64_t first_nanosecond)
{
	uint64_t passed, count;

	do {
		passed = nanoseconds() - first_nanosecond;
		count = ticks() - first_tick;
	} while (passed < 1000000 && count < 1 << 30);
	run.tick_worth = (passed << 24) / (count + 1);
}

HIDDEN __attribute__((used)) void rcpp_profile_start(void)
{
	uint64_t first_nanosecond = nanoseconds(), first_tick = ticks();

	rcpp_profile_keep();
	rcpp_profile_find_places();
	rcpp_profile_find_tick();
	begin_run();
	look_at_fields(0);
	if (run.chunk)
		find_tick_worth(first_tick, first_nanosecond);
	run.started = ticks();
}

HIDDEN __attribute__((used)) void rcpp_profile_stop(void)
{
	look_now();
}

/* Before other constructors; some C libraries give them no arguments. */
__attribute__((section(".init_array.00000"),
	       used)) static void (*const start)(void) = rcpp_profile_start;

/* Behind other destructors. */
__attribute__((section(".fini_array.00000"),
	       used)) static void (*const stop)(void) = rcpp_profile_stop;
