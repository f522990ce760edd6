// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Samples in; out, what the processor does with them that rcpp does not expect. Each is executed in
 * random states. What it may not change, by rcpp's lights, must be as before. Then it is executed
 * again with one register or flag changed of those that it does not read: whether it traps or
 * jumps, the memory, and all other registers and flags must come out the same; so must the changed
 * one, if it is surely written. This asks neither Zydis nor the manuals, and no flag is left out
 * for being undefined: a flag that is promised to be written is the same for the same operands.
 *
 * Not executed is what would end the program or harm it, needs privileges, waits, or goes elsewhere
 * than to the next instruction or a target. What this processor lacks is counted.
 */
#include <cpuid.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "check.h"
#include "rcpp_tables.h"

#define FLAGS_ALWAYS   0x202
#define RESOURCE_COUNT 22
#define MEMORY_SIZE    2048
#define MEMORY_ORIGIN  1024 /* where addresses point to */
#define STACK_ORIGIN   1536
#define VECTOR_SIZE    16384
#define MESSAGES_MAX   40
/* x87, SSE, AVX, AVX-512; nothing that names keys or tiles. */
#define VECTOR_COMPONENTS 0xe7

struct state {
	uint64_t reg[16], flags;
};

extern struct state processor_in, processor_out;
extern uint8_t processor_vector_in[VECTOR_SIZE], processor_vector_out[VECTOR_SIZE];
extern uint64_t processor_taken;
extern uint32_t processor_vector_mask;
extern uint8_t *processor_slot;
void processor_enter(void);
extern const uint8_t processor_exit[], processor_taken_exit[];

struct state processor_in, processor_out;
uint8_t processor_vector_in[VECTOR_SIZE] __attribute__((aligned(64)));
uint8_t processor_vector_out[VECTOR_SIZE] __attribute__((aligned(64)));
uint64_t processor_taken;
uint32_t processor_vector_mask;
uint8_t *processor_slot;

/* With room on both sides for what reaches beyond. */
static uint8_t arena[MEMORY_SIZE * 16] __attribute__((aligned(4096)));
static uint8_t page[4096] __attribute__((aligned(4096)));
static uint8_t *const data = arena + MEMORY_SIZE * 8;

static struct {
	unsigned long executed, trapping, missing, excluded, runs, lengthened;
	unsigned failures;
	uint32_t vector_mask;
	size_t vector_size;
} counts;

/* --- random states -------------------------------------------------------------------------- */

static uint64_t random_state = 1;

/* Vigna, "Further scramblings of Marsaglia's xorshift generators", 2017: xorshift*. */
static uint64_t random_number(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d;
}

static uint64_t random_register(void)
{
	static const uint64_t edges[] = {
		0,    1,      2,      31,	  32, 63,	64,	    0x80,
		0xff, 0x8000, 0xffff, 0x7fffffff, -1, 1u << 31, 0xffffffff, UINT64_C(1) << 63};
	uint64_t choice = random_number();

	switch (choice >> 60 & 3) {
	case 0:
		return edges[choice & 15];
	case 1:
		return choice & 63;
	default:
		return random_number();
	}
}

static uint64_t flag_bit(unsigned resource)
{
	static const uint16_t bits[] = {1, 4, 0x10, 0x40, 0x80, 0x800};

	return bits[resource - RESOURCE_FLAGS_SHIFT];
}

static uint64_t all_flags(void)
{
	uint64_t all = 0;

	for (unsigned i = RESOURCE_FLAGS_SHIFT; i < RESOURCE_COUNT; i++)
		all |= flag_bit(i);
	return all;
}

/* Numbers that may reach far beyond the memory are kept small. */
static bool reaches_far(const struct sample *sample)
{
	return sample->memory && sample->instruction.meta.category == ZYDIS_CATEGORY_BITBYTE;
}

static bool is_repeated(const struct sample *sample)
{
	return sample->instruction.attributes &
	       (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE);
}

/* A register as this sample can bear it; what holds an address holds that one only. */
static uint64_t bearable(const struct sample *sample, unsigned reg)
{
	uint64_t number = random_register();

	if (sample->addresses & RESOURCE(reg) && reg != REGISTER_RSP)
		return (uintptr_t)(data + MEMORY_ORIGIN);
	if (reg == REGISTER_RSP ||
	    (reg == REGISTER_RBP && (sample->instruction.mnemonic == ZYDIS_MNEMONIC_LEAVE ||
				     sample->instruction.mnemonic == ZYDIS_MNEMONIC_ENTER)))
		return (uintptr_t)(data + STACK_ORIGIN);
	if (sample->indices & RESOURCE(reg) || (is_repeated(sample) && reg == REGISTER_RCX))
		return number & 7;
	/* A dividend that most divisors can divide. */
	if (sample->instruction.mnemonic == ZYDIS_MNEMONIC_DIV ||
	    sample->instruction.mnemonic == ZYDIS_MNEMONIC_IDIV) {
		if (reg == REGISTER_RDX)
			return 0;
		if (reg == REGISTER_RAX)
			return number & 0x7f;
	}
	return reaches_far(sample) ? number & 511 : number;
}

static void choose_state(const struct sample *sample, struct state *state, uint8_t *content)
{
	for (unsigned i = 0; i < 16; i++)
		state->reg[i] = bearable(sample, i);
	state->flags = (random_number() & all_flags()) | FLAGS_ALWAYS;
	for (int i = 0; i < MEMORY_SIZE; i += 8) {
		/* What most operands are deserves zeros and ones, too. */
		bool near = i >= MEMORY_ORIGIN - 64 && i < MEMORY_ORIGIN + 64;
		uint64_t number = near ? random_register() : random_number();

		memcpy(content + i, &number, sizeof number);
	}
	/* popf should neither trace nor trap what is not aligned. */
	for (int i = STACK_ORIGIN; i < STACK_ORIGIN + 64; i += 8)
		memcpy(content + i, &(uint64_t){(random_number() & all_flags()) | FLAGS_ALWAYS}, 8);
}

/* --- execution ------------------------------------------------------------------------------ */

struct result {
	int signal;
	uint64_t taken;
	struct state state;
	uint8_t memory[MEMORY_SIZE], vector[VECTOR_SIZE];
};

static sigjmp_buf trapped;

static void on_signal(int number)
{
	siglongjmp(trapped, number);
}

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

static void put_jump(uint8_t *place, const uint8_t *target)
{
	int32_t distance = (int32_t)(target - place - 5);

	*place = 0xe9;
	memcpy(place + 1, &distance, sizeof distance);
}

/* The code, and behind it jumps to the exits; a branch gets the second one as its target. */
static void lay_down(const struct sample *sample)
{
	uint8_t *slot = page + 1024, *taken = slot + 64;

	memcpy(slot, sample->code, sample->length);
	put_jump(slot + sample->length, processor_exit);
	put_jump(taken, processor_taken_exit);
	if (sample->flow == FLOW_BRANCH || sample->flow == FLOW_JUMP) {
		unsigned size = sample->instruction.raw.imm[0].size / 8;
		int32_t distance = (int32_t)(taken - slot - sample->length);

		memcpy(slot + sample->length - size, &distance, size);
	}
	processor_slot = slot;
}

static void execute(const struct state *state, const uint8_t *content, struct result *result)
{
	processor_in = *state;
	memcpy(data, content, MEMORY_SIZE);
	memset(&processor_out, 0, sizeof processor_out);
	counts.runs++;
	result->signal = sigsetjmp(trapped, 0);
	if (!result->signal)
		processor_enter();
	result->taken = processor_taken;
	result->state = processor_out;
	memcpy(result->memory, data, MEMORY_SIZE);
	if (processor_vector_mask)
		memcpy(result->vector, processor_vector_out, counts.vector_size);
}

static uint64_t value_in(const struct state *state, unsigned resource)
{
	return resource < 16 ? state->reg[resource] : state->flags & flag_bit(resource);
}

/* Registers and flags that differ. */
static resources difference(const struct state *a, const struct state *b)
{
	resources set = 0;

	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		if (value_in(a, i) != value_in(b, i))
			set |= RESOURCE(i);
	return set;
}

static bool same_elsewhere(const struct result *a, const struct result *b)
{
	return a->signal == b->signal && a->taken == b->taken &&
	       !memcmp(a->memory, b->memory, MEMORY_SIZE) &&
	       !(processor_vector_mask && memcmp(a->vector, b->vector, counts.vector_size));
}

/* --- checks --------------------------------------------------------------------------------- */

static bool complain(const struct sample *sample, const char *what, resources set)
{
	if (counts.failures++ >= MESSAGES_MAX)
		return false;
	printf("FAILED: executed: %s: %s", sample->text, what);
	for (unsigned i = 0; set >> i; i++)
		if (set >> i & 1)
			printf(" %s", resource_name(i));
	putchar('\n');
	return false;
}

static bool check_changes(const struct sample *sample, const struct state *state,
			  const struct result *result)
{
	resources changed = difference(state, &result->state) & ~sample->clobber;

	return !changed || complain(sample, "changes", changed);
}

/*
 * A result that time or chance has a part in says nothing about what was changed. Three times,
 * because 16 random bits may come again.
 */
static bool is_repeatable(const struct state *state, const uint8_t *content,
			  const struct result *first)
{
	static struct result again;

	for (int i = 0; i < 3; i++) {
		execute(state, content, &again);
		if (!same_elsewhere(first, &again) || difference(&first->state, &again.state))
			return false;
	}
	return true;
}

/* Execute with another value of something that is not read. */
static bool check_independence(const struct sample *sample, const struct state *state,
			       const uint8_t *content, const struct result *first, unsigned changed)
{
	static struct result other;
	struct state varied = *state;
	resources differing, allowed = RESOURCE(changed) & ~sample->kill;

	if (changed < 16)
		varied.reg[changed] = bearable(sample, changed);
	else
		varied.flags ^= flag_bit(changed);
	execute(&varied, content, &other);
	differing = first->signal ? 0 : difference(&first->state, &other.state) & ~allowed;
	if (same_elsewhere(first, &other) && !differing)
		return true;
	if (!is_repeatable(state, content, first))
		return true;
	return complain(sample, differing ? "reads something that decides on" : "reads",
			differing ? differing : RESOURCE(changed));
}

/* Behind prefixes it must do the same. */
static bool check_lengthened(const struct sample *sample, const struct state *state,
			     const uint8_t *content, const struct result *first)
{
	static struct result other;
	uint8_t code[RCPP_INSTRUCTION_MAX];
	struct sample longer = lengthened(sample, code);

	lay_down(&longer);
	execute(state, content, &other);
	lay_down(sample);
	counts.lengthened++;
	if (same_elsewhere(first, &other) &&
	    (first->signal || !difference(&first->state, &other.state)))
		return true;
	if (!is_repeatable(state, content, first))
		return true;
	return complain(sample, "does something else behind its prefix", 0);
}

/* Returns false when the sample has failed; one failure of a sample is enough. */
static bool check_state(const struct sample *sample, struct result *first)
{
	static uint8_t content[MEMORY_SIZE];
	struct state state;

	choose_state(sample, &state, content);
	execute(&state, content, first);
	if (!first->signal && !check_changes(sample, &state, first))
		return false;
	if (first->signal == SIGILL)
		return true;
	if (sample->prefix && !check_lengthened(sample, &state, content, first))
		return false;
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		if (!(sample->use & RESOURCE(i)) &&
		    !check_independence(sample, &state, content, first, i))
			return false;
	return true;
}

/* Would it harm this program, or wait? */
static bool is_excluded(const struct sample *sample)
{
	switch (sample->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_WRFSBASE:
	case ZYDIS_MNEMONIC_WRGSBASE:
	case ZYDIS_MNEMONIC_LFS:
	case ZYDIS_MNEMONIC_LGS:
	case ZYDIS_MNEMONIC_LSS:
	case ZYDIS_MNEMONIC_WRPKRU:
	case ZYDIS_MNEMONIC_MWAIT:
	case ZYDIS_MNEMONIC_MWAITX:
	case ZYDIS_MNEMONIC_MONITOR:
	case ZYDIS_MNEMONIC_MONITORX:
	case ZYDIS_MNEMONIC_UMWAIT:
	case ZYDIS_MNEMONIC_TPAUSE:
	case ZYDIS_MNEMONIC_CPUID:  /* slow in a virtual machine */
	case ZYDIS_MNEMONIC_RDSEED: /* has nothing to give now and then, twice in turn */
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_LLWPCB:
		return true;
	default:
		break;
	}
	if (sample->instruction.meta.category == ZYDIS_CATEGORY_XSAVE ||
	    sample->instruction.meta.category == ZYDIS_CATEGORY_XSAVEOPT ||
	    sample->writes_segment || strstr(sample->text, "target,") ||
	    (sample->memory && strstr(sample->text, "target")))
		return true;
	if (sample->flow == FLOW_JUMP || sample->flow == FLOW_BRANCH)
		return !strstr(sample->text, "target");
	return sample->flow != FLOW_NEXT;
}

/* Else the vector registers hold what this program has left there. */
static bool uses_vectors(const struct sample *sample)
{
	return sample->vector || sample->instruction.mnemonic == ZYDIS_MNEMONIC_FXSAVE ||
	       sample->instruction.mnemonic == ZYDIS_MNEMONIC_FXSAVE64;
}

static void check_sample(const struct sample *sample, unsigned states)
{
	static struct result result;
	bool ran = false, lacks = false;

	if (is_excluded(sample)) {
		counts.excluded++;
		return;
	}
	lay_down(sample);
	processor_vector_mask = uses_vectors(sample) ? counts.vector_mask : 0;
	for (unsigned i = 0; i < states && !lacks; i++) {
		if (!check_state(sample, &result))
			return;
		ran |= !result.signal;
		lacks = result.signal == SIGILL;
		/* Not in user space, or not with these operands. */
		if (!ran && i > 8)
			break;
	}
	counts.executed += ran;
	counts.missing += lacks;
	counts.trapping += !ran && !lacks;
}

/* --- beginning ------------------------------------------------------------------------------ */

/* Small numbers everywhere, which do as indices of gathers and scatters, too. */
static void prepare_vectors(void)
{
	unsigned a, b, c, d;
	uint64_t components;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	counts.vector_mask = a & VECTOR_COMPONENTS;
	__cpuid_count(0xd, 0, a, b, c, d);
	counts.vector_size = b;
	if (b > VECTOR_SIZE)
		abort();
	for (size_t i = 160; i < VECTOR_SIZE; i += 4)
		memcpy(processor_vector_in + i, &(uint32_t){random_number() & 63}, 4);
	/* Control words of a fresh process; eight registers in use that hold 1 and a bit. */
	memcpy(processor_vector_in, &(uint16_t){0x37f}, 2);
	processor_vector_in[4] = 0xff;
	memcpy(processor_vector_in + 24, &(uint32_t){0x1f80}, 4);
	for (size_t i = 0; i < 8; i++) {
		memcpy(processor_vector_in + 32 + 16 * i, &(uint64_t){UINT64_C(1) << 63 | i}, 8);
		memcpy(processor_vector_in + 40 + 16 * i, &(uint16_t){0x3fff}, 2);
	}
	components = counts.vector_mask;
	memset(processor_vector_in + 512, 0, 64);
	memcpy(processor_vector_in + 512, &components, 8);
}

unsigned processor_check(const struct sample *samples, size_t count, unsigned states,
			 const char *name)
{
	size_t length = name ? strlen(name) : 0;

	if (mprotect(page, sizeof page, PROT_READ | PROT_WRITE | PROT_EXEC)) {
		perror("check: no page to write code to");
		return 1;
	}
	catch_signals();
	prepare_vectors();
	for (size_t i = 0; i < count; i++)
		if (!length || (!strncmp(samples[i].text, name, length) &&
				strchr(" ", samples[i].text[length])))
			check_sample(&samples[i], states);
	printf("%lu samples executed in %u states and variations, %lu runs; %lu always trap, %lu "
	       "this processor does not know, %lu are not for execution\n",
	       counts.executed, states, counts.runs, counts.trapping, counts.missing,
	       counts.excluded);
	printf("%lu of the runs behind prefixes\n", counts.lengthened);
	return counts.failures + (!name && counts.executed < 5000);
}
