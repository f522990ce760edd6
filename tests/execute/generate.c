// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * generate [--absolute] [--remote] [--entries] [--wide-load] [--no-fuse] [--seed NUMBER] DIRECTORY:
 *the rules
 *table in, and in DIRECTORY plain.s		functions that read a plain variable: what is right
 *	filtered.s	the same functions reading a patchable one, to be passed through rcpp
 *	cases.c		the table of struct execute_case for the runner
 * Each row of the table gets cases for all kinds of operands its letters stand for, and for what
 * the filter must look at: is a temporary register free, are the flags dead, is X dead. Besides the
 * shapes written down here, each row gets some with registers drawn at random, from NUMBER on; all
 * together they put each register into each place, or this fails. Which sites
 * and alternatives must come out is computed here, from the rules file's text and not from the
 * filter's code. The options say which ones the filter will get.
 *
 * generate --rules: the patterns of the table, one a line (expected-rules.txt).
 */
#include <stdlib.h>
#include <string.h>
#include "draft.h"
#include "instructions.h"
#include "registers.h"
#include "vocabulary.h"

#define NOBODY (-1)

/* One way to choose the operands. Memory operands stand for D, and for S in consumers. */
struct shape {
	const char *name;
	int8_t r, s, d, w, x, t;
	bool high; /* r and d as %ah and its like, where they are bytes */
	bool further;
	const char *prelude, *memory;
	const char *immediate[4]; /* by log2 of the width */
};

static const struct shape shapes[] = {
	{"low", 0, 3, 2, 6, 1, 7, false, false, "", NULL, {"5", "5", "5", "5"}},
	{"high",
	 8,
	 9,
	 10,
	 14,
	 15,
	 11,
	 false,
	 true,
	 "",
	 NULL,
	 {"0x12", "0x1234", "0x12345678", "-1"}},
	{"mixed", 6, 12, 5, 13, 7, 8, false, false, "", NULL, {"-3", "-3", "-3", "-0x7fffffff"}},
	{"saved temporary", 0, 14, 2, 6, 1, 3, false, false, "", NULL, {"9", "9", "9", "9"}},
	{"low, no temporary", 0, 3, 2, 6, 1, NOBODY, false, false, "", NULL, {"0", "0", "0", "0"}},
	{"%ah", 0, 3, 2, 6, 1, 1, true, false, "", NULL, {"1", "1", "1", "1"}},
	{"%ah, REX temporary", 0, 3, 2, 6, 1, 11, true, false, "", NULL, {"1", "1", "1", "1"}},
	{"one register", 0, 0, 0, 0, 0, 2, false, false, "", NULL, {"127", "127", "127", "127"}},
};

#define SHAPE_COUNT (sizeof shapes / sizeof *shapes)
#define SHAPE_ONE   7
#define MEMORY(p, m)                                                                               \
	{                                                                                          \
		"memory " m, 2, 3, 2, 10, 1, 11, false, false, p, m,                               \
		{                                                                                  \
			"5", "5", "5", "5"                                                         \
		}                                                                                  \
	}
#define ADDRESS(to) "\tleaq execute_scratch+64(%rip), %" to "\n"

static const struct shape memory_shapes[] = {
	MEMORY(ADDRESS("rax"), "(%rax)"),
	MEMORY("", "8(%rsp)"),
	MEMORY(ADDRESS("rbp"), "-8(%rbp)"),
	MEMORY(ADDRESS("r12"), "(%r12)"),
	MEMORY(ADDRESS("r13"), "16(%r13)"),
	MEMORY(ADDRESS("rbx") "\tmovl $4, %esi\n", "(%rbx,%rsi,4)"),
	MEMORY(ADDRESS("rbp") "\tmovl $9, %r9d\n", "8(%rbp,%r9,2)"),
	MEMORY("\tmovl $24, %r14d\n", "(%rsp,%r14)"),
	MEMORY(ADDRESS("rdi") "\tshrq $3, %rdi\n", "16(,%rdi,8)"),
	MEMORY(ADDRESS("r8") "\tmovq $-2, %r15\n", "128(%r8,%r15,8)"),
	MEMORY("", "execute_scratch+40(%rip)"),
};

#define MEMORY_COUNT (sizeof memory_shapes / sizeof *memory_shapes)

/* Loads that a consumer's X may come from; what is not wide enough must stay. */
static const char *const loads[] = {"movb",   "movw",	"movl",	  "movq",   "movzbl", "movsbl",
				    "movzwl", "movswl", "movslq", "movsbq", "movsbw"};

static int letter_register(const struct shape *shape, char letter);
static const struct rule_operand *x_of(const struct rule *rule);

/* --- registers at random -------------------------------------------------------------------- */

/* The few rows with W, and loads, get more, so that each register has its turn. */
static int random_shapes(const struct rule *rule)
{
	for (int i = 0; i < rule->operands; i++)
		if (rule->operand[i].letter == 'W')
			return 16;
	return rule->role == ROLE_LOAD ? 16 : 3;
}

/* Registers that the instruction uses without naming them. */
static unsigned implicit_registers(const struct rule *rule)
{
	const struct instruction *facts =
		instruction_find(rule->mnemonic, strlen(rule->mnemonic), rule->operands);

	return facts ? facts->reads | facts->clobbers : 0u;
}

/* A memory operand at scratch + 128 or a little behind, or on the stack. */
static void draw_memory(struct shape *shape, unsigned *taken, char *prelude, char *memory)
{
	static const int displacements[] = {0, 8, -16, 0x40, 0};
	int scale = 1 << random_below(4), displacement = displacements[random_below(5)];
	bool indexed = random_below(4) != 0;
	int base = draw_register(taken), index;

	sprintf(prelude, "\tleaq execute_scratch+128(%%rip), %%%s\n",
		register_spelling((unsigned)base, 8));
	note_register('b', (unsigned)base);
	if (!indexed) {
		sprintf(memory, "%d(%%%s)", displacement, register_spelling((unsigned)base, 8));
	} else {
		index = draw_register(taken);
		note_register('i', (unsigned)index);
		sprintf(prelude + strlen(prelude), "\tmovl $%u, %%%s\n", random_below(16),
			register_spelling((unsigned)index, 4));
		sprintf(memory, "%d(%%%s,%%%s,%d)", displacement,
			register_spelling((unsigned)base, 8), register_spelling((unsigned)index, 8),
			scale);
	}
	shape->prelude = prelude;
	shape->memory = memory;
}

/*
 * All registers are different, and none is an implicit one. %rsp can be an operand where it is not
 * also the stack's, and neither X of a consumer, which must be dead, nor an index.
 */
static struct shape random_shape(const struct rule *rule, bool memory)
{
	static char prelude[128], address[64];
	unsigned taken = implicit_registers(rule), stack = 1u << REGISTER_RSP;
	struct shape shape = {.name = memory ? "random registers, memory" : "random registers",
			      .prelude = "",
			      .immediate = {"-7", "-777", "0x777777", "-0x77777"}};

	/* A shift's count is in %rcx, whoever asks. */
	shape.x = rule->role == ROLE_CONSUME && x_of(rule)->width == 1 ? REGISTER_RCX : -1;
	if (shape.x >= 0)
		taken |= 1u << shape.x;
	taken |= stack;
	if (shape.x < 0 && rule->role == ROLE_CONSUME)
		shape.x = (int8_t)draw_register(&taken);
	shape.t = (int8_t)draw_register(&taken);
	if (memory)
		draw_memory(&shape, &taken, prelude, address);
	else if (strcmp(rule->kind, "push"))
		taken &= ~stack;
	if (rule->role != ROLE_CONSUME)
		shape.x = (int8_t)draw_register(&taken);
	shape.r = (int8_t)draw_register(&taken);
	shape.s = (int8_t)draw_register(&taken);
	shape.d = (int8_t)draw_register(&taken);
	shape.w = (int8_t)draw_register(&taken);
	shape.further = random_below(2);
	return shape;
}

static void note_uses(const struct rule *rule, const struct shape *shape)
{
	for (int i = 0; i < rule->operands; i++) {
		char letter = rule->operand[i].letter;

		if (strchr("RSDWX", letter))
			note_register(letter, (unsigned)letter_register(shape, letter));
	}
	note_register('T', (unsigned)shape->t);
}

static int log2_width(unsigned width)
{
	return __builtin_ctz(width);
}

/* --- operands ------------------------------------------------------------------------------- */

static int letter_register(const struct shape *shape, char letter)
{
	switch (letter) {
	case 'R':
		return shape->r;
	case 'S':
		return shape->s;
	case 'D':
		return shape->d;
	case 'W':
		return shape->w;
	}
	return shape->x;
}

static void register_text(char *text, int number, unsigned width, bool high)
{
	static const char *const highs[] = {"%ah", "%ch", "%dh", "%bh"};

	if (high && width == 1 && number < 4)
		strcpy(text, highs[number]);
	else
		sprintf(text, "%%%s", register_spelling((unsigned)number, width));
}

/* Addresses of X and numbers, one after the other. */
static void address_text(char *text, unsigned x)
{
	static const char *const addresses[] = {
		"(%1$s,%1$s,2)",  "-7(,%1$s,8)",  "0x12345678(%1$s)",
		"(,%1$s,4)",	  "5(%1$s,%1$s)", "-1(%1$s,%1$s,8)",
		"9(%1$s,%1$s,4)", "3(,%1$s,2)",	  "-5(,%1$s)"};
	static unsigned next;
	char name[8];

	sprintf(name, "%%%s", register_spelling(x, 8));
	sprintf(text, addresses[next++ % (sizeof addresses / sizeof *addresses)], name);
}

/* Only these take any immediate; others a bit's number. */
static bool takes_any_immediate(const char *mnemonic)
{
	return !strncmp(mnemonic, "imul", 4) || !strncmp(mnemonic, "cmp", 3) ||
	       !strncmp(mnemonic, "and", 3) || !strncmp(mnemonic, "test", 4);
}

static void operand_text(char *text, const struct rule *rule, int index, const struct shape *shape)
{
	const struct rule_operand *operand = &rule->operand[index];
	char letter = operand->letter;
	bool memory = letter == 'D' || (letter == 'S' && rule->role == ROLE_CONSUME);

	if (letter == 'V')
		strcpy(text, shape->further ? "VAR+" : "VAR");
	else if (letter == 'I')
		sprintf(text, "$%s",
			takes_any_immediate(rule->mnemonic)
				? shape->immediate[log2_width(operand->width)]
				: shape->immediate[0]);
	else if (letter == 'A')
		address_text(text, (unsigned)shape->x);
	else if (memory && shape->memory)
		strcpy(text, shape->memory);
	else
		register_text(text, letter_register(shape, letter), operand->width,
			      shape->high && letter != 'X');
}

static void draft_rule(struct draft *draft, const struct rule *rule, const struct shape *shape)
{
	char text[128] = "", operand[64];

	for (int i = 0; i < rule->operands; i++) {
		operand_text(operand, rule, i, shape);
		sprintf(text + strlen(text), "%s%s", i ? ", " : " ", operand);
	}
	draft_body(draft, "\t%s%s", rule->mnemonic, text);
	draft_instruction(draft, rule->mnemonic, rule->operands);
	if (draft->facts.shift)
		for (int i = 0; i < rule->operands; i++)
			if (rule->operand[i].letter == 'D')
				draft->facts.shift_width = rule->operand[i].width;
}

/* Byte registers are of two worlds: %ah goes with no REX prefix. */
static bool shape_fits(const struct rule *rule, const struct shape *shape)
{
	bool bytes = false, twice = false;

	for (int i = 0; i < rule->operands; i++) {
		char letter = rule->operand[i].letter;

		bytes |= strchr("RD", letter) && rule->operand[i].width == 1;
		twice |= i && letter == rule->operand[0].letter;
	}
	if (shape->high)
		return bytes;
	if (shape == &shapes[SHAPE_ONE])
		return rule->role == ROLE_USE && rule->operands == 3 && !twice;
	return true;
}

/* --- use and load --------------------------------------------------------------------------- */

static unsigned registers_of_memory(const struct shape *shape)
{
	return shape->memory ? 1u << REGISTER_RSP : 0;
}

/*
 * May the filter find a temporary: one the function zeroes behind the snippet, or one the
 * instruction only writes? With %ah only the first four are encodable.
 */
static bool has_temporary(const struct rule *rule, const struct shape *shape, unsigned kill)
{
	const struct instruction *facts =
		instruction_find(rule->mnemonic, strlen(rule->mnemonic), rule->operands);
	unsigned written = facts->writes, read = facts->reads | registers_of_memory(shape);
	bool high = false;

	for (int i = 0; i < rule->operands; i++) {
		char letter = rule->operand[i].letter;
		unsigned number, width = rule->operand[i].width;

		if (letter == 'V' || letter == 'I')
			continue;
		number = (unsigned)letter_register(shape, letter);
		high |= shape->high && width == 1;
		if (facts->access[i] == ACCESS_W && width >= 4)
			written |= 1u << number;
		else
			read |= 1u << number;
	}
	written = (written | kill) & ~read & ~(1u << REGISTER_RBP | 1u << REGISTER_RSP);
	return written & (high ? 0xf : 0xffff);
}

static bool needs(const struct rule *rule, uint8_t need)
{
	for (int i = 0; i < rule->alternatives; i++)
		if (rule_alternative(rule, i)->needs & need)
			return true;
	return false;
}

/* A register that is nothing else in this shape. */
static unsigned copy_register(const struct shape *shape)
{
	static const uint8_t registers[] = {REGISTER_RDI, REGISTER_R15, REGISTER_RBX, REGISTER_RBP};

	for (int i = 0;; i++)
		if (registers[i] != shape->x && registers[i] != shape->t)
			return registers[i];
}

/*
 * A division by anything but tiny numbers should not trap. %rdx is set right before it, or where
 * the filter does not see that it is right.
 */
static void draft_dividend(struct draft *draft, const struct rule *rule, const struct shape *shape)
{
	bool is_signed = !strncmp(rule->mnemonic, "idiv", 4);

	if (!is_signed && strncmp(rule->mnemonic, "div", 3))
		return;
	if (draft->copied)
		draft_body(draft, "\tmovq %%%s, %%rax", register_spelling(copy_register(shape), 8));
	if (draft->extended && is_signed)
		draft_body(draft, rule->width == 4 ? "\tcltd" : "\tcqto");
	else if (draft->extended)
		draft_body(draft, "\txorl %%edx, %%edx");
	else if (draft->copied)
		return; /* most divisions trap then, and must */
	else if (rule->width == 1)
		draft_prelude(draft, "\tmovzbl %%al, %%eax");
	else
		draft_prelude(draft, "\tmovl $1, %%edx\n\tdecl %%edx");
}

/* What is dead behind the snippet besides what its shape says, and what stands before it. */
struct ends {
	const char *name;
	unsigned kill;
	bool kill_flags, extended, copied;
};

static void generate_single(struct output *output, const struct rule *rule,
			    const struct shape *shape, const struct ends *ends)
{
	struct draft draft = {.family = rule->role == ROLE_LOAD ? "load" : "use",
			      .kill = ends->kill | (shape->t < 0 ? 0 : 1u << shape->t),
			      .kill_flags = ends->kill_flags,
			      .extended = ends->extended,
			      .copied = ends->copied};

	draft_read(&draft, rule);
	if (draft.extended || draft.copied || strstr(shape->name, "low"))
		draft_dividend(&draft, rule, shape);
	draft_rule(&draft, rule, shape);
	draft_name(&draft, "%s, %s%s", rule->mnemonic, shape->name, ends->name);
	draft_rule_site(&draft, output, rule, has_temporary(rule, shape, draft.kill));
	draft_write(&draft, output);
}

static bool wants_dead_flags(const struct rule *rule)
{
	return needs(rule, RULE_FLAGS_DEAD);
}

static const struct ends divisions[] = {
	{", extended", 0, false, true, false},
	{", extended, rax dead", 1u << REGISTER_RAX, false, true, false},
	{", extended, rdx dead", 1u << REGISTER_RDX, false, true, false},
	{", rdx dead", 1u << REGISTER_RDX, false, false, false},
	{", rax dead", 1u << REGISTER_RAX, false, false, false},
	{", copied", 0, false, false, true},
	{", copied, rax dead", 1u << REGISTER_RAX, false, false, true},
	{", copied, rdx dead", 1u << REGISTER_RDX, false, false, true},
	{", extended, copied", 0, false, true, true},
	{", extended, copied, rax dead", 1u << REGISTER_RAX, false, true, true},
	{", extended, copied, rdx dead", 1u << REGISTER_RDX, false, true, true},
};

#define DIVISIONS (sizeof divisions / sizeof *divisions)

static void generate_ends(struct output *output, const struct rule *rule, const struct shape *shape)
{
	static const struct ends nothing = {"", 0, false, false, false},
				 flags_dead = {", flags dead", 0, true, false, false};

	generate_single(output, rule, shape, &nothing);
	if (wants_dead_flags(rule))
		generate_single(output, rule, shape, &flags_dead);
	for (size_t i = 0; needs(rule, RULE_EXTENDED) && i < DIVISIONS; i++)
		generate_single(output, rule, shape, &divisions[i]);
}

static void generate_singles(struct output *output, const struct rule *rule)
{
	for (size_t i = 0; i < SHAPE_COUNT; i++)
		if (shape_fits(rule, &shapes[i]))
			generate_ends(output, rule, &shapes[i]);
	for (int i = 0; i < random_shapes(rule); i++) {
		struct shape shape = random_shape(rule, false);

		generate_ends(output, rule, &shape);
		note_uses(rule, &shape);
	}
}

/* --- consume -------------------------------------------------------------------------------- */

enum between { ADJACENT, BETWEEN };

struct context {
	const char *name;
	enum between between;
	bool x_live, flags_live;
	struct ends ends;
};

static const struct context contexts[] = {
	{"adjacent", ADJACENT, false, false, {0}},
	{"others between", BETWEEN, false, false, {0}},
	{"X live", ADJACENT, true, false, {0}},
	{"flags live", BETWEEN, false, true, {0}},
};

/* Does the consumer write all of X itself, not only 16 bits? Then X may be live behind it. */
static bool writes_x(const struct rule *rule)
{
	const struct instruction *facts =
		instruction_find(rule->mnemonic, strlen(rule->mnemonic), rule->operands);
	int last = rule->operands - 1;

	return rule->operand[last].letter == 'X' && rule->operand[last].width >= 4 &&
	       facts->access[last] & ACCESS_W;
}

static const struct rule_operand *x_of(const struct rule *rule)
{
	for (int i = 0; i < rule->operands; i++)
		if (strchr("XA", rule->operand[i].letter))
			return &rule->operand[i];
	fprintf(stderr, "generate: %s has no X\n", rule->mnemonic);
	exit(1);
}

static bool is_carried(const struct rule *rule, const struct shape *shape)
{
	bool memory = false;

	for (int i = 0; i < rule->operands; i++)
		memory |= strchr("DS", rule->operand[i].letter) != NULL;
	return memory && shape->memory && strstr(shape->memory, "%rip");
}

enum outcome { STAYS, ALONE, FUSED };

/* Without the extension what follows a load has nothing. */
static bool has_alternative(const struct rule *rule, const struct context *context)
{
	return !needs(rule, RULE_EXTENDED) || context->ends.extended;
}

/*
 * What follows a load may use X, if nobody needs it behind, unless it is one of the dividend's. No
 * other register is one that the function zeroes or writes without reading it.
 */
static bool temporary_of_follower(const struct rule *rule, const struct shape *shape,
				  const struct draft *draft)
{
	return rule->follows && draft->kill & 1u << shape->x && shape->x != REGISTER_RAX &&
	       shape->x != REGISTER_RDX && shape->x != REGISTER_RBP;
}

/* What becomes of the pair: a consumer that gains alone does even where the load must stay. */
static enum outcome outcome_of(const struct output *output, const struct rule *load,
			       const struct rule *rule, const struct shape *shape,
			       const struct context *context)
{
	const struct rule_alternative *a = rule_alternative(rule, 0);
	unsigned loaded = x_of(load)->width;

	if (output->no_fuse || x_of(rule)->width > (loaded >= 4 ? 8 : loaded) ||
	    (a->needs & RULE_FLAGS_DEAD && context->flags_live) ||
	    (is_carried(rule, shape) && !a->carries))
		return STAYS;
	if (rule->follows)
		return has_alternative(rule, context) ? ALONE : STAYS;
	if (!context->x_live || writes_x(rule))
		return FUSED;
	return rule->alone ? ALONE : STAYS;
}

/* Is it neither of the dividend nor of the stack's frame? */
static bool can_be_kept(unsigned x)
{
	return x != REGISTER_RAX && x != REGISTER_RBP && x != REGISTER_RSP;
}

static struct shape with_count_in_rcx(const struct rule *rule, const struct shape *shape)
{
	struct shape copy = *shape;

	/* shlx and its like take X as wide as the rest, and from anywhere. */
	if (x_of(rule)->width == 1 && rule->operands >= 2 && !strcmp(rule->kind, "shift"))
		copy.x = REGISTER_RCX;
	return copy;
}

static void generate_consumer(struct output *output, const struct rule *load,
			      const struct rule *rule, const struct shape *wanted,
			      const struct context *context)
{
	const struct shape shape = with_count_in_rcx(rule, wanted);
	struct draft draft = {.family = "consume"};
	enum outcome outcome = outcome_of(output, load, rule, &shape, context);

	draft_read(&draft, load);
	draft.kill_flags = wants_dead_flags(rule) && !context->flags_live;
	draft.kill = context->ends.kill | (context->x_live || writes_x(rule) ? 0 : 1u << shape.x);
	draft.extended = context->ends.extended;
	draft.copied = context->ends.copied;
	draft.kept = rule->follows && can_be_kept(shape.x);
	draft_name(&draft, "%s and %s, %s, %s%s", load->mnemonic, rule->mnemonic, shape.name,
		   context->name, context->ends.name ? context->ends.name : "");
	strcat(draft.prelude, shape.prelude);
	draft_rule(&draft, load, &shape);
	if (context->between == BETWEEN) {
		draft_body(&draft, "\tmovq %%%s, execute_scratch+96(%%rip)",
			   shape.x == REGISTER_RBX ? "rsi" : "rbx");
		draft_body(&draft, "\taddl $0x1234, execute_scratch+100(%%rip)");
	}
	draft_dividend(&draft, rule, &shape);
	draft_rule(&draft, rule, &shape);
	draft_load_site(&draft, load,
			outcome == FUSED ? rule_alternative(rule, 0)->guard : RCPP_GUARD_ORIGINAL);
	if (outcome != STAYS)
		draft_rule_site(&draft, output, rule, temporary_of_follower(rule, &shape, &draft));
	draft_write(&draft, output);
}

/* Divisions by a register, with each kind of ends, X dead and live. */
static void generate_follower(struct output *output, const struct rule *load,
			      const struct rule *rule, int number)
{
	struct context context = contexts[number % 3];
	struct shape shape = number < 9 ? shapes[number % 3] : random_shape(rule, false);

	while (context.x_live && !can_be_kept(shape.x))
		shape = random_shape(rule, false);
	context.ends = divisions[(unsigned)number % DIVISIONS];
	generate_consumer(output, load, rule, &shape, &context);
}

/* The plain load of X as the consumer reads it. */
static const struct rule *own_load(const struct rule *rule)
{
	return rule_named(ROLE_LOAD, loads[log2_width(x_of(rule)->width)], 0);
}

static bool has_memory(const struct rule *rule)
{
	for (int i = 0; i < rule->operands; i++)
		if (strchr("DS", rule->operand[i].letter))
			return true;
	return false;
}

static void generate_other_loads(struct output *output, const struct rule *rule)
{
	for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
		const struct rule *load = rule_named(ROLE_LOAD, loads[i], 0);

		if (load != own_load(rule))
			generate_consumer(output, load, rule, &shapes[0], &contexts[0]);
	}
}

static void generate_consumers(struct output *output, const struct rule *rule)
{
	const struct rule *load = own_load(rule);

	for (size_t i = 0; i < SHAPE_COUNT; i++)
		if (shape_fits(rule, &shapes[i]))
			for (size_t c = 0; c < 2; c++)
				generate_consumer(output, load, rule, &shapes[i], &contexts[c]);
	for (int i = 0; i < random_shapes(rule); i++) {
		struct shape shape = random_shape(rule, i && has_memory(rule) && !rule->bare);

		generate_consumer(output, load, rule, &shape, &contexts[random_below(2)]);
		note_uses(rule, &shape);
	}
	for (int i = 0; needs(rule, RULE_EXTENDED) && i < 33; i++)
		generate_follower(output, load, rule, i);
	if (!writes_x(rule))
		generate_consumer(output, load, rule, &shapes[0], &contexts[2]);
	if (wants_dead_flags(rule))
		generate_consumer(output, load, rule, &shapes[0], &contexts[3]);
	if (rule->bare)
		return;
	generate_other_loads(output, rule);
	for (size_t i = 0; has_memory(rule) && i < MEMORY_COUNT; i++)
		generate_consumer(output, load, rule, &memory_shapes[i], &contexts[i % 2]);
}

/* --- the table ------------------------------------------------------------------------------ */

static const char *const roles[] = {"load", "use",   "consume", "address", "compare", "settle",
				    "skip", "carry", "step",	"turn",	   "mirror"};

static void print_alternative(FILE *file, const struct rule_alternative *a)
{
	static const struct {
		uint8_t need;
		const char *text;
	} texts[] = {{RULE_FLAGS_DEAD, "(flags dead)"},
		     {RULE_QUOTIENT_DEAD, "(quotient dead)"},
		     {RULE_REMAINDER_DEAD, "(remainder dead)"},
		     {RULE_EXTENDED, "(extended)"},
		     {RULE_COPIED, "(copied)"},
		     {RULE_KEPT, "(kept)"}};

	fprintf(file, " %s", guard_words[a->guard]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fputs(a->needs & texts[i].need ? texts[i].text : "", file);
}

static void print_pattern(FILE *file, const struct rule *rule)
{
	fprintf(file, "%s%s %s", roles[rule->role], rule->alone ? "!" : "", rule->mnemonic);
	if (rule->role == ROLE_ADDRESS)
		fprintf(file, ".%d", rule->width);
	for (int i = 0; i < rule->operands; i++)
		fprintf(file, "%s%s%c.%d", i ? "," : " ", rule->operand[i].indirect ? "*" : "",
			rule->operand[i].letter, rule->operand[i].width);
	fputs(" =>", file);
	for (int i = 0; i < rule->alternatives; i++)
		print_alternative(file, rule_alternative(rule, i));
}

static void print_patterns(void)
{
	for (size_t i = 0; i < rule_count; i++) {
		print_pattern(stdout, &rules[i]);
		putchar('\n');
	}
}

/* What goes elsewhere has no state to compare it by: tests/calls.bats, branches.bats and
 * turned.bats run that. */
static bool runs_elsewhere(const struct rule *rule)
{
	return !strcmp(rule->kind, "call") || !strcmp(rule->kind, "branch") ||
	       !strcmp(rule->kind, "turned");
}

static void print_rules(const struct output *output, FILE *file)
{
	fputs("\nconst struct execute_rule execute_rules[] = {\n", file);
	for (size_t r = 0; r < rule_count; r++) {
		const struct rule *rule = &rules[r];
		bool elsewhere = runs_elsewhere(rule);

		fputs("\t{\"", file);
		print_pattern(file, rule);
		fprintf(file, "\", \"%s\", %d, %d, {", roles[rule->role],
			feature_of(rule->mnemonic), rule->alternatives);
		for (int i = 0; i < rule->alternatives; i++) {
			const struct rule_alternative *a = rule_alternative(rule, i);
			bool wide = is_wide(a);

			fprintf(file, "%d, ",
				!elsewhere && !(output->wide_load && wide) &&
					!(output->no_fuse && rule->role >= ROLE_CONSUME) &&
					(rule->role != ROLE_ADDRESS || address_row_exists(rule)));
		}
		fputs("}},\n", file);
	}
	fprintf(file, "};\n\nconst size_t execute_rule_count = %zu;\n", rule_count);
}

static void write_cases(const struct output *output, FILE *file, const char *cases)
{
	fputs("/* Written by generate. */\n#include \"execute.h\"\n\n", file);
	for (unsigned i = 0; i < output->count; i++)
		fprintf(file, "void plain%u(void);\nvoid filtered%u(void);\n", i, i);
	fputs(cases, file);
	print_rules(output, file);
}

static FILE *create(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	file = fopen(path, "we");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void generate(struct output *output, const char *directory)
{
	FILE *file = create(directory, "cases.c");
	char *cases;
	size_t size;

	output->plain = create(directory, "plain.s");
	output->filtered = create(directory, "filtered.s");
	output->cases = open_memstream(&cases, &size);
	output_begin(output);
	for (size_t i = 0; i < rule_count; i++) {
		if (runs_elsewhere(&rules[i]))
			continue;
		if (rules[i].role == ROLE_CONSUME)
			generate_consumers(output, &rules[i]);
		else if (rules[i].role != ROLE_ADDRESS)
			generate_singles(output, &rules[i]);
	}
	generate_addresses(output);
	generate_groups(output);
	expect_all_registers();
	output_end(output);
	if (fclose(output->plain) || fclose(output->filtered) || fclose(output->cases))
		exit(1);
	write_cases(output, file, cases);
	if (fclose(file))
		exit(1);
	free(cases);
}

int main(int argc, char **argv)
{
	struct output output = {0};
	const char *directory = NULL;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--rules")) {
			print_patterns();
			return 0;
		}
		if (!strcmp(argv[i], "--absolute"))
			output.absolute = true;
		else if (!strcmp(argv[i], "--remote"))
			output.remote = true;
		else if (!strcmp(argv[i], "--entries"))
			output.entries = true;
		else if (!strcmp(argv[i], "--wide-load"))
			output.wide_load = true;
		else if (!strcmp(argv[i], "--no-fuse"))
			output.no_fuse = true;
		else if (!strcmp(argv[i], "--families") && i + 1 < argc)
			output.families = argv[++i];
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			random_seed(strtoull(argv[++i], NULL, 10));
		else
			directory = argv[i];
	}
	if (!directory) {
		fputs("usage: generate [--absolute] [--remote] [--entries] [--wide-load] "
		      "[--no-fuse] "
		      "[--families 'FAMILY|...'] [--seed NUMBER] DIRECTORY\n",
		      stderr);
		return 2;
	}
	generate(&output, directory);
	return 0;
}
