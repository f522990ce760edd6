// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * run [--family NAME] [STATES]: executes the cases, each on both functions, with edge values of the
 * variable and STATES random states of registers, flags and memory, unpatched, patched, reverted
 * and patched with another value; registers, defined flags and memory must be the same. Each site
 * must have the alternatives the generator expects, and hold the one that its value calls for; at
 * the end each alternative of each rule must have been executed.
 *
 * Flags that the manuals leave undefined are not compared, though this processor would most likely
 * give the same ones: a shift by %cl and one by an immediate are different instructions, and the
 * compiler cannot have relied on what they leave there. Whether they are undefined depends on the
 * count, so for shifts it is computed here; for the rest it is in the facts of the instructions.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "rcpp.h"
#include "sites.h"

#define DEFINED_FLAGS 0x8d5 /* carry, parity, adjust, zero, sign, overflow */
#define FLAG_CARRY    0x001
#define FLAG_PARITY   0x004
#define FLAG_ADJUST   0x010
#define FLAG_OVERFLOW 0x800
#define WINDOW_SIZE   64
#define WINDOW_BEFORE 16
#define MESSAGES_MAX  20

struct execute_state execute_in, execute_out;
uint8_t execute_scratch[EXECUTE_SCRATCH] __attribute__((aligned(64)));
uint64_t execute_stack;

static const uint64_t values[] = {
	0,
	1,
	7,
	8,
	15,
	16,
	31,
	32,
	63,
	64,
	127,
	128,
	255,
	0x7fff,
	0x8000,
	0xffff,
	0x200000,
	0x7fefffff,
	0x7ff00000,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0x7e0000000000,
	0x0123456789abcdef,
	0x7fffffffffffffff,
	0x8000000000000000,
	(uint64_t)-1,
	(uint64_t)-8,
	(uint64_t)INT32_MIN,
	(uint64_t)INT32_MIN - 1,
	(uint64_t)INT32_MIN + (1 << 20) - 1,
	(uint64_t)INT32_MIN + (1 << 20),
	(uint64_t)INT32_MIN + (1 << 20) + 1,
	0x7ff00001,
};

#define VALUE_COUNT (sizeof values / sizeof *values)

/* Memory around the values that stand for addresses. */
static const struct {
	uint64_t start, stop;
} regions[] = {
	{0x0fe000, 0x304000},
	{0x7fdfe000, 0x80104000},
	{0xffefe000, 0x100104000},
	{0x7e0000000000 - 0x102000, 0x7e0000000000 + 0x104000},
};

static const char *const phases[] = {"unpatched", "patched", "reverted", "patched again"};

static struct {
	unsigned long cases, executions, failures, traps;
	unsigned long missing[FEATURE_COUNT];
	bool supported[FEATURE_COUNT];
	bool *executed; /* by rule and alternative */
	const char *family;
	unsigned states;
	struct case_sites *sites;
} run = {.states = 3};

/* --- what happened -------------------------------------------------------------------------- */

static struct {
	const struct execute_case *that;
	const char *phase;
	uint64_t value;
} now;

/* Returns whether there is still room for details. */
static bool failed(const char *why)
{
	if (run.failures++ >= MESSAGES_MAX)
		return false;
	printf("FAILED: %s: %s: %s, V = %#llx: %s\n", now.that->family, now.that->name, now.phase,
	       (unsigned long long)now.value, why);
	return true;
}

static sigjmp_buf trapped;

static void on_signal(int number)
{
	static const char message[] = "crashed: ";

	if (number == SIGFPE)
		siglongjmp(trapped, 1);
	fflush(stdout);
	if (write(1, message, sizeof message - 1) > 0 &&
	    write(1, now.that->name, strlen(now.that->name)) > 0 && write(1, ": ", 2) > 0 &&
	    write(1, now.phase, strlen(now.phase)) > 0)
		printf(", V = %#llx\n", (unsigned long long)now.value);
	fflush(stdout);
	_exit(1);
}

/* The snippets have little stack of their own, so signals get another one. */
static void catch_signals(void)
{
	static uint8_t stack[65536];
	static const int signals[] = {SIGFPE, SIGSEGV, SIGBUS, SIGILL, SIGTRAP};
	const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_NODEFER};

	sigaltstack(&other, NULL);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &action, NULL);
}

static void map_regions(void)
{
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		void *wanted = (void *)(uintptr_t)regions[i].start;

		if (mmap(wanted, regions[i].stop - regions[i].start, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
			 0) != wanted) {
			fprintf(stderr, "run: no memory at %p\n", wanted);
			exit(1);
		}
	}
}

static bool is_mapped(uint64_t address)
{
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
		if (address >= regions[i].start && address < regions[i].stop)
			return true;
	return false;
}

/* --- states --------------------------------------------------------------------------------- */

static uint64_t random_state;

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t random_number(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t random_register(void)
{
	uint64_t choice = random_number();

	return choice & 1 ? values[(choice >> 1) % VALUE_COUNT] : random_number();
}

static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += 8) {
		uint64_t number = random_number();

		memcpy(bytes + i, &number, 8);
	}
}

/* The same state for the same seed. */
static void prepare(uint64_t seed, uint8_t *window)
{
	random_state = seed;
	for (int i = 0; i < 16; i++)
		execute_in.reg[i] = random_register();
	execute_in.flags = (random_number() & DEFINED_FLAGS) | 0x202;
	memset(&execute_out, 0, sizeof execute_out);
	fill(execute_scratch, sizeof execute_scratch);
	if (window)
		fill(window, WINDOW_SIZE);
}

struct result {
	bool trapped;
	struct execute_state state;
	uint8_t scratch[EXECUTE_SCRATCH], window[WINDOW_SIZE];
};

static void execute(void (*function)(void), struct result *result, const uint8_t *window)
{
	result->trapped = true;
	if (!sigsetjmp(trapped, 0)) {
		function();
		result->trapped = false;
	}
	result->state = execute_out;
	memcpy(result->scratch, execute_scratch, sizeof result->scratch);
	if (window)
		memcpy(result->window, window, sizeof result->window);
}

/* --- comparison ----------------------------------------------------------------------------- */

/*
 * Flags a shift leaves undefined: adjust if it shifts at all; overflow if by more than one; carry
 * if logical and by more than the operand has bits (by exactly so many: for bytes and words the
 * manuals disagree); none after a rotation but overflow.
 */
static unsigned undefined_by_shift(const struct execute_facts *facts, unsigned count)
{
	unsigned bits = 8u * facts->shift_width, undefined = 0;

	if (!count)
		return 0;
	if (count > 1)
		undefined |= FLAG_OVERFLOW;
	if (facts->shift != SHIFT_ROTATE)
		undefined |= FLAG_ADJUST;
	if (facts->shift == SHIFT_LOGICAL && count >= bits)
		undefined |= FLAG_CARRY;
	return undefined;
}

static unsigned shift_count(const struct execute_facts *facts)
{
	return (unsigned)now.value & (facts->shift_width == 8 ? 63 : 31);
}

/* shld and shrd by more than the operand's bits leave everything undefined. */
static bool is_undefined(const struct execute_facts *facts)
{
	return facts->shift == SHIFT_DOUBLE && shift_count(facts) > 8u * facts->shift_width;
}

static unsigned compared_flags(const struct execute_facts *facts)
{
	unsigned undefined = facts->undefined;

	if (facts->shift)
		undefined |= undefined_by_shift(facts, shift_count(facts));
	return DEFINED_FLAGS & ~undefined;
}

static void print_difference(const char *what, uint64_t before, uint64_t right, uint64_t wrong)
{
	printf("\t%s was %#llx, should be %#llx, is %#llx\n", what, (unsigned long long)before,
	       (unsigned long long)right, (unsigned long long)wrong);
}

static void print_differences(const struct result *right, const struct result *wrong,
			      unsigned flags)
{
	static const char *const names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
					    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

	for (int i = 0; i < 16; i++)
		if (right->state.reg[i] != wrong->state.reg[i])
			print_difference(names[i], execute_in.reg[i], right->state.reg[i],
					 wrong->state.reg[i]);
	if ((right->state.flags ^ wrong->state.flags) & flags)
		print_difference("flags", execute_in.flags, right->state.flags & flags,
				 wrong->state.flags & flags);
	for (int i = 0; i < EXECUTE_SCRATCH; i++)
		if (right->scratch[i] != wrong->scratch[i])
			printf("\tscratch+%d should be %#x, is %#x\n", i, right->scratch[i],
			       wrong->scratch[i]);
}

static void compare(const struct result *right, const struct result *wrong,
		    const struct execute_facts *facts, bool window)
{
	unsigned flags = compared_flags(facts);

	if (right->trapped != wrong->trapped) {
		failed(right->trapped ? "should trap" : "traps");
		return;
	}
	if (right->trapped) {
		run.traps++;
		return;
	}
	if (!memcmp(right->state.reg, wrong->state.reg, sizeof right->state.reg) &&
	    !((right->state.flags ^ wrong->state.flags) & flags) &&
	    !memcmp(right->scratch, wrong->scratch, sizeof right->scratch) &&
	    !(window && memcmp(right->window, wrong->window, sizeof right->window)))
		return;
	if (failed("another result"))
		print_differences(right, wrong, flags);
}

/* --- one case ------------------------------------------------------------------------------- */

/* The sites hold what they should; with marking, those rules count as executed. */
static void check_sites(const struct execute_case *that, uint64_t value, bool patched)
{
	const struct case_sites *sites = &run.sites[that - execute_cases];

	for (unsigned i = 0; i < sites->count && i < that->facts.site_count; i++) {
		const struct execute_site *expected = &that->facts.site[i];
		uint64_t v = value_of(&sites->site[i], value);
		int alternative = patched ? expected_alternative(expected, v) : -1;

		if (!site_holds(&sites->site[i], alternative, v))
			failed("a site holds the wrong alternative");
		if (alternative >= 0 && expected->alternative[alternative] >= 0)
			run.executed[expected->rule * EXECUTE_ALTERNATIVES_MAX +
				     expected->alternative[alternative]] = true;
	}
}

static uint64_t value_read(const struct execute_facts *facts, uint64_t variable)
{
	unsigned bits = 8u * facts->width, to = 8u * facts->to;
	uint64_t value = variable << (64 - bits);

	value = facts->is_signed ? (uint64_t)((int64_t)value >> (64 - bits)) : value >> (64 - bits);
	return value << (64 - to) >> (64 - to);
}

static void run_case(const struct execute_case *that, uint64_t value, bool patched)
{
	static struct result right, wrong;
	const struct execute_facts *facts = &that->facts;
	uint64_t address = value_read(facts, value) + (uint64_t)(int64_t)facts->window;
	uint8_t *window = NULL;

	if (facts->dereferences) {
		if (!is_mapped(address - WINDOW_BEFORE) || !is_mapped(address + WINDOW_SIZE))
			return;
		window = (uint8_t *)(uintptr_t)(address - WINDOW_BEFORE);
	}
	now.that = that;
	check_sites(that, value, patched);
	if (is_undefined(facts))
		return;
	for (unsigned i = 0; i < run.states; i++) {
		uint64_t seed = (uint64_t)(that - execute_cases) << 32 ^ value << 8 ^ i;

		prepare(seed, window);
		execute(that->plain, &right, window);
		prepare(seed, window);
		execute(that->filtered, &wrong, window);
		compare(&right, &wrong, facts, window != NULL);
		run.executions++;
	}
}

/* --- all cases ------------------------------------------------------------------------------ */

static bool is_wanted(const struct execute_case *that)
{
	return (!run.family || !strcmp(run.family, that->family)) &&
	       run.supported[that->facts.feature];
}

static void run_phase(int phase, uint64_t value)
{
	now.phase = phases[phase];
	now.value = value;
	for (size_t i = 0; i < execute_case_count; i++)
		if (is_wanted(&execute_cases[i]))
			run_case(&execute_cases[i], value, phase & 1);
}

static void must(int status)
{
	if (status) {
		printf("FAILED: %s\n", rcpp_error());
		exit(1);
	}
}

static void set_value(uint64_t value)
{
	b[0] = b[1] = plain_v[0] = plain_v[1] = value;
}

static void run_values(void)
{
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		uint64_t another = values[(i + VALUE_COUNT / 2) % VALUE_COUNT];

		set_value(values[i]);
		run_phase(0, values[i]);
		must(rcpp_patch());
		run_phase(1, values[i]);
		must(rcpp_revert());
		run_phase(2, values[i]);
		set_value(another);
		must(rcpp_patch());
		run_phase(3, another);
		must(rcpp_revert());
	}
}

static void expect_sites(void)
{
	now.phase = "sites";
	for (size_t i = 0; i < execute_case_count; i++) {
		const struct execute_case *that = now.that = &execute_cases[i];
		const struct case_sites *sites = &run.sites[i];

		if (run.family && strcmp(run.family, that->family))
			continue;
		run.cases++;
		run.missing[that->facts.feature] += !run.supported[that->facts.feature];
		if (sites->count != that->facts.site_count) {
			if (failed("other sites than expected"))
				printf("\tthere should be %u, are %u\n", that->facts.site_count,
				       sites->count);
			continue;
		}
		for (unsigned s = 0; s < sites->count; s++)
			if (!guards_are(&sites->site[s], &that->facts.site[s]))
				failed("a site has other alternatives than expected");
	}
}

static void expect_all_executed(void)
{
	unsigned long count = 0;

	for (size_t i = 0; i < execute_rule_count; i++) {
		const struct execute_rule *rule = &execute_rules[i];

		if ((run.family && strcmp(run.family, rule->family)) ||
		    !run.supported[rule->feature])
			continue;
		for (int a = 0; a < rule->alternatives; a++) {
			bool executed = run.executed[i * EXECUTE_ALTERNATIVES_MAX + a];

			count += executed;
			if (executed == rule->reachable[a])
				continue;
			run.failures++;
			printf("FAILED: rule %s: alternative %d %s\n", rule->pattern, a + 1,
			       executed ? "executed, but should be left out" : "never executed");
		}
	}
	printf("%lu alternatives of rules executed\n", count);
}

static void look_at_processor(void)
{
	__builtin_cpu_init();
	run.supported[FEATURE_NONE] = true;
	run.supported[FEATURE_POPCNT] = __builtin_cpu_supports("popcnt");
	run.supported[FEATURE_LZCNT] = __builtin_cpu_supports("lzcnt");
	run.supported[FEATURE_BMI] = __builtin_cpu_supports("bmi");
	run.supported[FEATURE_BMI2] = __builtin_cpu_supports("bmi2");
	run.supported[FEATURE_ADX] = __builtin_cpu_supports("adx");
	run.supported[FEATURE_SSE42] = __builtin_cpu_supports("sse4.2");
}

static void print_summary(void)
{
	static const char *const names[] = {"", "popcnt", "lzcnt", "bmi", "bmi2", "adx", "sse4.2"};

	for (int i = 0; i < FEATURE_COUNT; i++)
		if (run.missing[i])
			printf("NOT EXECUTED: %lu cases, this processor has no %s\n",
			       run.missing[i], names[i]);
	printf("%s: %lu cases, %lu executions compared, %lu of them trapped, %lu failures\n",
	       run.family ? run.family : "all", run.cases, run.executions, run.traps, run.failures);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--family") && i + 1 < argc)
			run.family = argv[++i];
		else
			run.states = (unsigned)atoi(argv[i]);
	}
	look_at_processor();
	catch_signals();
	map_regions();
	run.sites = find_sites();
	run.executed = calloc(execute_rule_count * EXECUTE_ALTERNATIVES_MAX, sizeof(bool));
	expect_sites();
	run_values();
	expect_all_executed();
	print_summary();
	free(run.sites);
	free(run.executed);
	return run.failures || !run.cases || !run.executions;
}
