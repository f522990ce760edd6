// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * run [--family NAME] [STATES]: executes the cases, each on both functions; registers, defined
 * flags and memory must be the same. First with edge values of the variable, unpatched, patched,
 * reverted and patched with another value. Then with random values of every kind that a guard tells
 * apart, until each alternative of each rule has been executed in STATES random states of
 * registers, flags and memory, shared out among the rule's cases. Each site must have the
 * alternatives the generator expects, and hold the one that its value calls for. The last lines
 * tell how many states each rule got; fewer than asked for is a failure.
 *
 * Flags that the manuals leave undefined are not compared, though this processor would most likely
 * give the same ones: a shift by %cl and one by an immediate are different instructions, and the
 * compiler cannot have relied on what they leave there. Whether they are undefined depends on the
 * count, so for shifts it is computed here; for the rest it is in the facts of the instructions.
 */
#include <cpuid.h>
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
	0x10000000,
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
	(uint64_t)-2,
	(uint64_t)-8,
	3,
	10,
	641,
	(uint64_t)INT32_MIN,
	(uint64_t)INT32_MIN - 1,
	(uint64_t)INT32_MIN + (1 << 20) - 1,
	(uint64_t)INT32_MIN + (1 << 20),
	(uint64_t)INT32_MIN + (1 << 20) + 1,
	0x7ff00001,
};

#define VALUE_COUNT (sizeof values / sizeof *values)

/* Memory around the values that stand for addresses; no linker puts a program there. */
static const struct {
	uint64_t start, stop;
} regions[] = {
	{0x0fefe000, 0x10104000},  {0x7fdfe000, 0x80104000},
	{0xffefe000, 0x100104000}, {0x7e0000000000 - 0x102000, 0x7e0000000000 + 0x104000},
	{0x20000000, 0x60000000},  {0x7d0000000000, 0x7d0040000000},
};

#define REGION_NARROW 4
#define REGION_WIDE   5

/* The random values' kinds: what some guard, width or address tells apart. */
enum value_kind {
	VALUE_WIDE,
	VALUE_U32, /* and not s32 */
	VALUE_POSITIVE,
	VALUE_NEGATIVE,
	VALUE_COUNT_OF_BITS,
	VALUE_ANY_LENGTH,
	VALUE_MARGIN, /* s32 and not a32 */
	VALUE_MAPPED_NARROW,
	VALUE_MAPPED_WIDE,
	VALUE_TINY,
	VALUE_POWER, /* or the negative of one */
	VALUE_KINDS
};

static const char *const phases[] = {"unpatched", "patched", "reverted", "patched again"};

#define EDGE_STATES 3
/* The states of an alternative come with at least so many values. */
#define VALUES_AT_LEAST 16
#define STATES_A_VALUE	4096
/* Give up when no random value has helped any case for so long. */
#define IDLE_ROUNDS_MAX 1000

static struct {
	unsigned long cases, executions, failures, traps;
	unsigned long missing[FEATURE_COUNT];
	bool supported[FEATURE_COUNT];
	uint64_t *states; /* patched ones that were compared, by rule and alternative */
	unsigned *cases_of_rule;
	const char *family;
	uint64_t wanted; /* states of each alternative */
	struct case_sites *sites;
} run = {.wanted = 1};

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

/* What both functions start from. */
struct start {
	struct execute_state state;
	uint8_t scratch[EXECUTE_SCRATCH], window[WINDOW_SIZE];
};

static void choose_start(struct start *start)
{
	for (int i = 0; i < 16; i++)
		start->state.reg[i] = random_register();
	start->state.flags = (random_number() & DEFINED_FLAGS) | 0x202;
	fill(start->scratch, sizeof start->scratch + sizeof start->window);
}

struct result {
	bool trapped;
	struct execute_state state;
	uint8_t scratch[EXECUTE_SCRATCH], window[WINDOW_SIZE];
};

static void execute(void (*function)(void), const struct start *start, struct result *result,
		    uint8_t *window)
{
	execute_in = start->state;
	memset(&execute_out, 0, sizeof execute_out);
	memcpy(execute_scratch, start->scratch, sizeof execute_scratch);
	if (window)
		memcpy(window, start->window, WINDOW_SIZE);
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

/* Returns whether there was something to compare. */
static bool compare(const struct result *right, const struct result *wrong,
		    const struct execute_facts *facts, bool window)
{
	unsigned flags = compared_flags(facts);

	if (right->trapped != wrong->trapped) {
		failed(right->trapped ? "should trap" : "traps");
		return false;
	}
	if (right->trapped) {
		run.traps++;
		return false;
	}
	if (!memcmp(right->state.reg, wrong->state.reg, sizeof right->state.reg) &&
	    !((right->state.flags ^ wrong->state.flags) & flags) &&
	    !memcmp(right->scratch, wrong->scratch, sizeof right->scratch) &&
	    !(window && memcmp(right->window, wrong->window, sizeof right->window)))
		return true;
	if (failed("another result"))
		print_differences(right, wrong, flags);
	return true;
}

/* --- one case ------------------------------------------------------------------------------- */

/* The rule's alternative that a site holds with this value, as an index in run.states; or -1. */
static long alternative_of(const struct execute_case *that, unsigned site, uint64_t value)
{
	const struct site *found = &run.sites[that - execute_cases].site[site];
	const struct execute_site expected = expected_of(found, &that->facts.site[site]);
	int alternative = expected_alternative(&expected, value_of(found, value));

	if (alternative < 0 || expected.alternative[alternative] < 0)
		return -1;
	return expected.rule * EXECUTE_ALTERNATIVES_MAX + expected.alternative[alternative];
}

static void count_states(const struct execute_case *that, uint64_t value, uint64_t states)
{
	for (unsigned i = 0; i < that->facts.site_count; i++) {
		long alternative = alternative_of(that, i, value);

		if (alternative >= 0)
			run.states[alternative] += states;
	}
}

/* The sites hold what they should. */
static void check_sites(const struct execute_case *that, uint64_t value, bool patched)
{
	const struct case_sites *sites = &run.sites[that - execute_cases];

	for (unsigned i = 0; i < sites->count && i < that->facts.site_count; i++) {
		const struct execute_site expected =
			expected_of(&sites->site[i], &that->facts.site[i]);
		uint64_t v = value_of(&sites->site[i], value);
		int alternative = patched ? expected_alternative(&expected, v) : -1;

		if (!site_holds(&sites->site[i], &expected, alternative, v))
			failed("a site holds the wrong alternative");
	}
}

static uint64_t value_read(const struct execute_facts *facts, uint64_t variable)
{
	unsigned bits = 8u * facts->width, to = 8u * facts->to;
	uint64_t value = variable << (64 - bits);

	value = facts->is_signed ? (uint64_t)((int64_t)value >> (64 - bits)) : value >> (64 - bits);
	return value << (64 - to) >> (64 - to);
}

/* Where the case reads memory through the value: false if nothing is mapped there. */
static bool find_window(const struct execute_facts *facts, uint64_t value, uint8_t **window)
{
	uint64_t address = value_read(facts, value) + (uint64_t)(int64_t)facts->window;

	*window = NULL;
	if (!facts->dereferences)
		return true;
	*window = (uint8_t *)(uintptr_t)(address - WINDOW_BEFORE);
	return is_mapped(address - WINDOW_BEFORE) && is_mapped(address + WINDOW_SIZE);
}

static void run_case(const struct execute_case *that, uint64_t value, bool patched, uint64_t states)
{
	static struct start start;
	static struct result right, wrong;
	const struct execute_facts *facts = &that->facts;
	uint64_t compared = 0;
	uint8_t *window;

	if (!find_window(facts, value, &window))
		return;
	now.that = that;
	check_sites(that, value, patched);
	if (is_undefined(facts))
		return;
	for (uint64_t i = 0; i < states; i++) {
		choose_start(&start);
		execute(that->plain, &start, &right, window);
		execute(that->filtered, &start, &wrong, window);
		compared += compare(&right, &wrong, facts, window != NULL);
	}
	run.executions += states;
	if (patched)
		count_states(that, value, compared);
}

/* --- all cases ------------------------------------------------------------------------------ */

static bool is_wanted(const struct execute_case *that)
{
	return (!run.family || !strcmp(run.family, that->family)) &&
	       run.supported[that->facts.feature];
}

static bool rule_counts(const struct execute_rule *rule)
{
	return (!run.family || !strcmp(run.family, rule->family)) && run.supported[rule->feature];
}

/* Has every alternative that the filter could use been executed in enough states? */
static bool nothing_wanted(void)
{
	for (size_t i = 0; i < execute_rule_count; i++)
		for (int a = 0; a < execute_rules[i].alternatives; a++)
			if (rule_counts(&execute_rules[i]) && execute_rules[i].reachable[a] &&
			    run.states[i * EXECUTE_ALTERNATIVES_MAX + (size_t)a] < run.wanted)
				return false;
	return true;
}

static void run_phase(int phase, uint64_t value)
{
	now.phase = phases[phase];
	now.value = value;
	for (size_t i = 0; i < execute_case_count; i++)
		if (is_wanted(&execute_cases[i]))
			run_case(&execute_cases[i], value, phase & 1, EDGE_STATES);
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

static void run_edges(void)
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

/* --- random values -------------------------------------------------------------------------- */

static uint64_t random_value(enum value_kind kind)
{
	uint64_t number = random_number();
	int64_t margin = (int64_t)(number >> 32 & 0xfffff) - ((number & 1) << 20);

	switch (kind) {
	case VALUE_WIDE:
		return number;
	case VALUE_U32:
		return (uint32_t)number | 1u << 31;
	case VALUE_POSITIVE:
		return number & INT32_MAX;
	case VALUE_NEGATIVE:
		return (uint64_t)(int64_t)(int32_t)(number | 1u << 31);
	case VALUE_COUNT_OF_BITS:
		return number & 0x7f;
	case VALUE_ANY_LENGTH:
		return random_number() >> (number & 63);
	case VALUE_MARGIN:
		return (uint64_t)(number & 2 ? INT32_MAX : INT32_MIN) - (uint64_t)margin;
	case VALUE_MAPPED_NARROW:
	case VALUE_MAPPED_WIDE:
		return regions[kind == VALUE_MAPPED_NARROW ? REGION_NARROW : REGION_WIDE].start +
		       (1 << 22) + (number & 0x1fffffff);
	case VALUE_TINY:
		return number % 7 - 3;
	case VALUE_POWER:
		return number & 64 ? UINT64_C(1) << (number & 63) : -(UINT64_C(1) << (number & 63));
	case VALUE_KINDS:
		break;
	}
	return 0;
}

/*
 * How many states of this case with this value are still wanted: for each site its rule's share of
 * a value, divided among the rule's cases; the most of them.
 */
static uint64_t states_wanted(const struct execute_case *that, uint64_t value)
{
	uint64_t share = run.wanted / VALUES_AT_LEAST + 1, most = 0;

	if (share > STATES_A_VALUE)
		share = STATES_A_VALUE;
	for (unsigned i = 0; i < that->facts.site_count; i++) {
		long alternative = alternative_of(that, i, value);
		uint64_t states;

		if (alternative < 0 || run.states[alternative] >= run.wanted)
			continue;
		states = share / run.cases_of_rule[that->facts.site[i].rule] + 1;
		if (states > most)
			most = states;
	}
	return most;
}

static bool is_of_use(uint64_t value)
{
	for (size_t i = 0; i < execute_case_count; i++) {
		uint8_t *window;

		if (is_wanted(&execute_cases[i]) && states_wanted(&execute_cases[i], value) &&
		    find_window(&execute_cases[i].facts, value, &window))
			return true;
	}
	return false;
}

static void run_random_value(uint64_t value)
{
	now.phase = "patched at random";
	now.value = value;
	set_value(value);
	must(rcpp_patch());
	for (size_t i = 0; i < execute_case_count; i++) {
		const struct execute_case *that = &execute_cases[i];

		if (is_wanted(that))
			run_case(that, value, true, states_wanted(that, value));
	}
}

static void run_random(void)
{
	unsigned idle = 0;

	/* From one value to the next the sites go directly, but not always. */
	must(rcpp_configure(RCPP_KEEP_WRITABLE));
	for (unsigned round = 0; idle < IDLE_ROUNDS_MAX; round++) {
		uint64_t value = random_value((enum value_kind)(round % VALUE_KINDS));

		if (!is_of_use(value)) {
			if (++idle % VALUE_KINDS == 0 && nothing_wanted())
				break;
			continue;
		}
		idle = 0;
		if (round % (VALUE_KINDS + 1) == 0)
			must(rcpp_revert());
		run_random_value(value);
	}
	must(rcpp_revert());
	must(rcpp_configure(0));
}

/* --- what was expected ---------------------------------------------------------------------- */

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
		for (unsigned s = 0; s < sites->count; s++) {
			const struct execute_site expected =
				expected_of(&sites->site[s], &that->facts.site[s]);

			if (guards_are(&sites->site[s], &expected))
				continue;
			failed("a site has other alternatives than expected");
		}
	}
}

/* Each alternative that the filter could use must have been executed in enough states. */
static void expect_all_executed(void)
{
	unsigned long count = 0;

	for (size_t i = 0; i < execute_rule_count; i++) {
		const struct execute_rule *rule = &execute_rules[i];

		/* SOME_LEFT_OUT: prefixes rule alternatives out, and others are taken. */
		for (int a = 0; rule_counts(rule) && a < rule->alternatives; a++) {
			uint64_t states = run.states[i * EXECUTE_ALTERNATIVES_MAX + (size_t)a];

			count += states > 0;
			if (rule->reachable[a] ? states >= run.wanted : !states)
				continue;
#ifdef SOME_LEFT_OUT
			if (!states)
				continue;
#endif
			run.failures++;
			printf("FAILED: rule %s: alternative %d %s: %llu states\n", rule->pattern,
			       a + 1, states ? "was executed too little" : "was never executed",
			       (unsigned long long)states);
		}
	}
	printf("%lu alternatives of rules executed\n", count);
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print_spread(const char *what, uint64_t *numbers, size_t count)
{
	qsort(numbers, count, sizeof *numbers, compare_numbers);
	if (count)
		printf("states of each %s: least %llu, median %llu (%zu)\n", what,
		       (unsigned long long)numbers[0], (unsigned long long)numbers[count / 2],
		       count);
}

static void print_states(void)
{
	uint64_t *rules = calloc(execute_rule_count, sizeof *rules);
	uint64_t *alternatives =
		calloc(execute_rule_count * EXECUTE_ALTERNATIVES_MAX, sizeof *alternatives);
	size_t rule_count = 0, alternative_count = 0;

	for (size_t i = 0; rules && alternatives && i < execute_rule_count; i++) {
		const struct execute_rule *rule = &execute_rules[i];
		uint64_t sum = 0;
		bool reachable = false;

		/* SOME_LEFT_OUT: prefixes rule alternatives out, and others are taken. */
		for (int a = 0; rule_counts(rule) && a < rule->alternatives; a++) {
			if (!rule->reachable[a])
				continue;
			reachable = true;
			alternatives[alternative_count] =
				run.states[i * EXECUTE_ALTERNATIVES_MAX + (size_t)a];
			sum += alternatives[alternative_count++];
		}
		if (reachable)
			rules[rule_count++] = sum;
	}
	print_spread("rule", rules, rule_count);
	print_spread("alternative", alternatives, alternative_count);
	free(rules);
	free(alternatives);
}

/* A site that two pages share is written in two of them. */
static unsigned long sites_across_pages(void)
{
	unsigned long count = 0;

	for (size_t i = 0; i < execute_case_count; i++)
		for (unsigned s = 0; s < run.sites[i].count; s++) {
			const struct site *site = &run.sites[i].site[s];

			count += ((uintptr_t)site->address & 4095) + site->length > 4096;
		}
	return count;
}

/* Not every compiler's __builtin_cpu_supports() knows these two. */
static void look_at_newer_features(void)
{
	unsigned a, b, c, d;

	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		run.supported[FEATURE_ADX] = b & bit_ADX;
	if (__get_cpuid(0x80000001, &a, &b, &c, &d))
		run.supported[FEATURE_LZCNT] = c & bit_LZCNT;
}

static void look_at_processor(void)
{
	__builtin_cpu_init();
	run.supported[FEATURE_NONE] = true;
	run.supported[FEATURE_POPCNT] = __builtin_cpu_supports("popcnt");
	run.supported[FEATURE_BMI] = __builtin_cpu_supports("bmi");
	run.supported[FEATURE_BMI2] = __builtin_cpu_supports("bmi2");
	look_at_newer_features();
	run.supported[FEATURE_SSE42] = __builtin_cpu_supports("sse4.2");
}

static void print_summary(void)
{
	static const char *const names[] = {"", "popcnt", "lzcnt", "bmi", "bmi2", "adx", "sse4.2"};

	for (int i = 0; i < FEATURE_COUNT; i++)
		if (run.missing[i])
			printf("NOT EXECUTED: %lu cases, this processor has no %s\n",
			       run.missing[i], names[i]);
	printf("%lu sites across the end of a page\n", sites_across_pages());
	printf("%s: %lu cases, %lu executions compared, %lu of them trapped, %lu failures\n",
	       run.family ? run.family : "all", run.cases, run.executions, run.traps, run.failures);
}

static void count_cases(void)
{
	for (size_t i = 0; i < execute_case_count; i++)
		for (unsigned s = 0;
		     is_wanted(&execute_cases[i]) && s < execute_cases[i].facts.site_count; s++)
			run.cases_of_rule[execute_cases[i].facts.site[s].rule]++;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--family") && i + 1 < argc)
			run.family = argv[++i];
		else
			run.wanted = strtoull(argv[i], NULL, 10) + !strcmp(argv[i], "0");
	}
	look_at_processor();
	catch_signals();
	map_regions();
	run.sites = find_sites();
	run.states = calloc(execute_rule_count * EXECUTE_ALTERNATIVES_MAX, sizeof *run.states);
	run.cases_of_rule = calloc(execute_rule_count, sizeof *run.cases_of_rule);
	if (!run.states || !run.cases_of_rule)
		abort();
	count_cases();
	expect_sites();
	run_edges();
	run_random();
	expect_all_executed();
	print_states();
	print_summary();
	free(run.sites);
	free(run.states);
	free(run.cases_of_rule);
	return run.failures || !run.cases || !run.executions;
}
