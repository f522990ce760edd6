// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What counts: calls in front of reads and writes, which find the unit, the field and the counter
 * behind them. And the constructor and the destructor, between which a run is.
 */
#include "profile.h"

static uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return low | (uint64_t)high << 32;
}

static uint64_t nanoseconds(void)
{
	struct timespec now = {0, 0};

	call_system(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0, 0, 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* All reads until now came before a write. */
static void settle(const struct rcpp_profile_unit *unit, uint32_t field, uint64_t age)
{
	struct rcpp_profile_state *state = &states_of(unit)[field];
	uint64_t reads = state->reads;

	state->before += reads - state->seen;
	state->seen = reads;
	state->late += (uint64_t)run.patched;
	if (state->last < age)
		state->last = age;
	own_of(unit)[field].writes = 2; /* it is counted before it happens */
}

/* --- writes without a counter ------------------------------------------------------------- */

static uintptr_t page_of(uintptr_t address)
{
	return address & ~(uintptr_t)(RCPP_PROFILE_PAGE - 1);
}

/* The bytes of a field as a number, or of a long one what tells them from others. */
static uint64_t value_at(uintptr_t start, uintptr_t stop)
{
	uint64_t value = 0;

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
	struct own *own = &own_of(unit)[field];

	if (!own->writes && age) {
		states_of(unit)[field].unseen++;
		settle(unit, field, age);
	}
	own->writes = 0;
	own->value = value;
}

/*
 * Can the page be read? The kernel takes the set of signals from there before it finds that it is
 * asked for nothing.
 */
static bool is_readable(uintptr_t page)
{
	return call_system(SYS_rt_sigprocmask, -1, (long)page, 0, 8, 0, 0) != -EFAULT;
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
		struct own *own = &own_of(place->unit)[place->field];
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
static void look(uint64_t now)
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

/* The same for what other units, or accesses of other sizes, have of these bytes. */
static void settle_neighbours(const struct rcpp_profile_unit *unit, uint32_t field, uint64_t age)
{
	const struct own *own = &own_of(unit)[field];
	uintptr_t start = address_of(&fields_of(unit)[field]);
	uintptr_t stop = start + fields_of(unit)[field].size;

	for (uint32_t i = own->first; i < own->last; i++) {
		const struct place *place = &run.places[i];

		if (place->start < stop && start < place->stop &&
		    !(place->unit == unit && place->field == field))
			settle(place->unit, place->field, age);
	}
}

static const struct rcpp_profile_unit *unit_of(const struct call *call)
{
	return (const struct rcpp_profile_unit *)((uintptr_t)&call->unit + (uintptr_t)call->unit);
}

static void count(const struct call *call)
{
	uint64_t *counter = (uint64_t *)((uintptr_t)&call->counter + (uintptr_t)call->counter);

	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

HIDDEN __attribute__((used)) void rcpp_profile_written(const struct call *call)
{
	const struct rcpp_profile_unit *unit = unit_of(call);
	uint64_t now = ticks(), age = run.started ? now - run.started : 1;

	settle(unit, call->field, age);
	settle_neighbours(unit, call->field, age);
	look(now);
	count(call);
}

/* In front of a read. */
HIDDEN __attribute__((used)) void rcpp_profile_changed(const struct call *call)
{
	const struct rcpp_profile_unit *unit = unit_of(call);
	const struct rcpp_profile_field *field = &fields_of(unit)[call->field];
	uintptr_t start = address_of(field);
	uint64_t value = start ? value_at(start, start + field->size) : 0;

	if (value != own_of(unit)[call->field].value)
		note_change(unit, call->field, value, run.started ? ticks() - run.started : 0);
}

HIDDEN __attribute__((used)) void rcpp_profile_counted(const struct call *call)
{
	states_of(unit_of(call))[call->field].reads++;
	count(call);
}

HIDDEN __attribute__((used)) void rcpp_profile_compared(const struct call *call)
{
	rcpp_profile_changed(call);
	rcpp_profile_counted(call);
}

/* Look at the fields now, even if they were looked at a moment ago. */
static void look_now(void)
{
	run.looked = 0;
	look(ticks());
}

/* In front of a call of rcpp_patch(): changes up to here that nobody has counted are not late. */
HIDDEN __attribute__((used)) void rcpp_profile_patched(void)
{
	static __attribute__((section(".bss.rcpp_profile"))) int before;

	if (!run.patched)
		look_now();
	if (run.chunk && !__atomic_exchange_n(&before, 1, __ATOMIC_RELAXED))
		__atomic_fetch_add(&run.chunk->patched, 1, __ATOMIC_RELAXED);
	run.patched = 1;
}

/* In front of a call of rcpp_revert(): what follows may be written until the next rcpp_patch(). */
HIDDEN __attribute__((used)) void rcpp_profile_reverted(void)
{
	if (run.patched)
		look_now();
	run.patched = 0;
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
	"	.irp register, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11\n"
	"	rcpp_profile_push \\register\n"
	"	.endr\n"
	"	movq 80(%rsp), %rax\n"
	"	movslq 3(%rax), %rcx\n"
	"	leaq 3(%rax,%rcx), %rdi\n"
	"	call \\function\n"
	"	.irp register, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax\n"
	"	rcpp_profile_pop \\register\n"
	"	.endr\n"
	"	addb $127, %al\n"
	"	sahf\n"
	"	rcpp_profile_pop rax\n"
	"	ret $128\n"
	"	.cfi_endproc\n"
	"	.size \\name, .-\\name\n"
	"	.endm\n"
	"	rcpp_profile_call rcpp_profile_read, rcpp_profile_counted\n"
	"	rcpp_profile_call rcpp_profile_patch, rcpp_profile_patched\n"
	"	rcpp_profile_call rcpp_profile_revert, rcpp_profile_reverted\n"
	"	rcpp_profile_call rcpp_profile_write, rcpp_profile_written\n"
	"	rcpp_profile_call rcpp_profile_change, rcpp_profile_changed\n"
	"	rcpp_profile_call rcpp_profile_compare, rcpp_profile_compared\n"
	"	.purgem rcpp_profile_push\n"
	"	.purgem rcpp_profile_pop\n"
	"	.purgem rcpp_profile_call\n");

/* What earlier runs have read comes before no write of this one. */
static void begin_run(void)
{
	const struct rcpp_profile_unit *unit;

	for (unit = rcpp_profile_first(); unit; unit = rcpp_profile_next(unit))
		for (uint32_t i = 0; i < unit->field_count; i++)
			states_of(unit)[i].seen = states_of(unit)[i].reads;
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
