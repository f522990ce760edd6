// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Cases that no row of the rules table says: the value as a part of an address, several consumers
 * of one load, and pairs that look like consumers and must stay. X is %rcx, the other register of
 * an address %rdx, but for the rows' cases with registers drawn at random.
 */
#include <stdlib.h>
#include <string.h>
#include "draft.h"
#include "instructions.h"
#include "registers.h"
#include "rcpp_tables.h"

/* Facts about a line of the body: its mnemonic, and operands counted by commas. */
static void draft_line(struct draft *draft, const char *text)
{
	char mnemonic[32];
	size_t start = strspn(text, "\t "), length = strcspn(text + start, " \n");
	int operands = text[start + length] == ' ', depth = 0;

	snprintf(mnemonic, sizeof mnemonic, "%.*s", (int)length, text + start);
	for (const char *c = text; *c; c++) {
		depth += (*c == '(') - (*c == ')');
		operands += *c == ',' && !depth;
	}
	draft_body(draft, "\t%s", text);
	if (strcmp(mnemonic, "lock") && !strchr(mnemonic, ':'))
		draft_instruction(draft, mnemonic, operands);
	if (draft->facts.shift)
		draft->facts.shift_width = 8;
}

/* --- addresses ------------------------------------------------------------------------------ */

/* D is the displacement. */
struct address {
	const char *text, *after;
	int scale; /* of %rdx */
	bool dereferences, writes_x, fuses;
};

/* X and the other register of an address. */
struct registers {
	unsigned x, other;
};

static const struct registers usual = {REGISTER_RCX, REGISTER_RDX};

#define FIRST_OTHER 24

static const struct address addresses[] = {
	{"movq D(%rcx), %rax", NULL, 0, true, false, true},
	{"movl D(%rcx), %r8d", NULL, 0, true, false, true},
	{"movzbl D(%rcx), %eax", NULL, 0, true, false, true},
	{"movb D(%rcx), %ah", NULL, 0, true, false, true},
	{"movq %rax, D(%rcx)", NULL, 0, true, false, true},
	{"movb %ah, D(%rcx,%rdx)", NULL, 1, true, false, true},
	{"movw %r9w, D(%rdx,%rcx)", NULL, 1, true, false, true},
	{"movl %eax, D(,%rcx)", NULL, 0, true, false, true},
	{"movl %eax, D(,%rcx,1)", NULL, 0, true, false, true},
	{"movq D(%rcx,%rdx,8), %r15", NULL, 8, true, false, true},
	{"addq %rax, D(%rcx)", NULL, 0, true, false, true},
	{"addq D(%rcx,%rdx,2), %rax", NULL, 2, true, false, true},
	{"cmpl D(%rcx), %eax", NULL, 0, true, false, true},
	{"cmpb %al, D(%rdx,%rcx)", NULL, 1, true, false, true},
	{"incq D(%rcx)", NULL, 0, true, false, true},
	{"sete D(%rcx)", NULL, 0, true, false, true},
	{"xchgq %rax, D(%rcx)", NULL, 0, true, false, true},
	{"pushq D(%rcx)", NULL, 0, true, false, true},
	{"popq D(%rcx)", NULL, 0, true, false, true},
	{"cmovzl D(%rcx,%rdx,4), %eax", NULL, 4, true, false, true},
	{"imulq D(%rcx), %rax", NULL, 0, true, false, true},
	{"mulq D(%rcx)", NULL, 0, true, false, true},
	{"xaddq %rax, D(%rcx)", NULL, 0, true, false, true},
	{"movsd D(%rcx), %xmm0", "movq %xmm0, %rax", 0, true, false, true},
	{"movups D(%rcx,%rdx), %xmm15", "movq %xmm15, %rax", 1, true, false, true},
	{"movsd %xmm0, D(%rcx)", NULL, 0, true, false, true},
	{"leaq D(%rcx), %rax", NULL, 0, false, false, true},
	{"leaq D(%rcx,%rdx), %r12", NULL, 1, false, false, true},
	{"leaq D(%rcx,%rdx,8), %rax", NULL, 8, false, false, true},
	{"leaq D(%rdx,%rcx), %rdx", NULL, 1, false, false, true},
	{"leaq D(,%rcx), %rax", NULL, 0, false, false, true},
	{"leaq D(%rsp,%rcx), %rax", NULL, 0, false, false, true},
	{"leaq D(%rcx,%rbp,2), %rax", NULL, 0, false, false, true},
	{"leaq D(%rbp,%rcx), %rax", NULL, 0, false, false, true},
	{"leaq D(%r12,%rcx), %rax", NULL, 0, false, false, true},
	{"leaq D(%r13,%rcx,1), %rax", NULL, 0, false, false, true},
	{"leaq D(%rcx,%r13,4), %rax", NULL, 0, false, false, true},
	{"leal D(%rcx,%rdx,4), %eax", NULL, 0, false, false, true},
	{"leaw D(%rcx,%rdx), %ax", NULL, 0, false, false, true},
	{"movq D(%rcx), %rcx", NULL, 0, true, true, true},
	{"movl D(%rcx), %ecx", NULL, 0, true, true, true},
	{"movzbl D(%rdx,%rcx), %ecx", NULL, 1, true, true, true},
	{"leaq D(%rcx), %rcx", NULL, 0, false, true, true},
	{"leal D(%rcx,%rdx,4), %ecx", NULL, 0, false, true, true},
	{"leaq D(,%rcx,4), %rax", NULL, 0, false, false, true},
	{"leaq D(%rcx,%rcx), %rax", NULL, 0, false, false, true},
	/* What must stay. */
	{"movq %rcx, D(%rcx)", NULL, 0, true, false, false},
	{"addl $7, D(%rcx)", NULL, 0, true, false, false},
	{"imulq $3, D(%rcx), %rax", NULL, 0, true, false, false},
	{"movb D(%rcx), %cl", NULL, 0, true, true, false},
	{"leaw D(%rcx), %cx", NULL, 0, false, true, false},
	{"addq D(%rcx), %rcx", NULL, 0, true, true, false},
	{"xchgq %rcx, D(%rcx)", NULL, 0, true, true, false},
	{"leaq D(%rdx,%rcx,2), %rax", NULL, 0, false, false, false},
	{"leaw D(,%rcx,4), %ax", NULL, 0, false, false, false},
	{"leaw D(%rcx,%rcx), %ax", NULL, 0, false, false, false},
	{"lock addq %rax, D(%rcx)", NULL, 0, true, false, false},
	/* An address of 32 bits ends there; the value as a displacement would not. */
	{"leaq D(%ecx), %rax", NULL, 0, false, false, false},
	{"leaq D(%ecx,%edx,2), %rax", NULL, 0, false, false, false},
	{"leaq D(%edx,%ecx), %rax", NULL, 0, false, false, false},
};

/* Does a register of this width have the name? */
static bool is_spelled(const char *name, unsigned width)
{
	for (unsigned i = 0; i < 16; i++)
		if (!strcmp(name, register_spelling(i, width)))
			return true;
	return false;
}

/* The row of this mnemonic, or NULL. */
static const struct rule *address_rule(const char *text)
{
	size_t length = strcspn(text, " ");

	for (size_t i = 0; i < rule_count; i++)
		if (rules[i].role == ROLE_ADDRESS && strlen(rules[i].mnemonic) == length &&
		    !strncmp(rules[i].mnemonic, text, length))
			return &rules[i];
	return NULL;
}

/*
 * lea of nothing but the value has a rule of its own, which needs no displacement. That rule, or
 * NULL.
 */
static const struct rule *value_rule(const char *text, unsigned x)
{
	const char *c = strchr(text, '('), *name = register_spelling(x, 8);
	size_t length = strcspn(text, " ");

	if (strncmp(text, "lea", 3) || text[3] == 'w')
		return NULL;
	for (; *c != ')'; c++)
		if (*c == '%' &&
		    (strncmp(c + 1, name, strlen(name)) || !strchr(",)", c[1 + strlen(name)])))
			return NULL;
	for (size_t i = 0; i < rule_count; i++)
		if (rules[i].role == ROLE_CONSUME && strlen(rules[i].mnemonic) == length &&
		    !strncmp(rules[i].mnemonic, text, length) &&
		    is_spelled(strrchr(text, '%') + 1, rules[i].width))
			return &rules[i];
	return NULL;
}

static void draft_address(struct draft *draft, const struct address *address, int displacement)
{
	const char *d = strchr(address->text, 'D');
	char text[128];

	snprintf(text, sizeof text, "%.*s%d%s", (int)(d - address->text), address->text,
		 displacement, d + 1);
	draft_line(draft, text);
	if (address->after)
		draft_line(draft, address->after);
}

static void generate_address(struct output *output, const struct rule *load,
			     const struct rule *rule, const struct address *address,
			     struct registers registers, int displacement, int other)
{
	struct draft draft = {.family = "address"};
	const struct rule *alone = value_rule(address->text, registers.x);
	bool fused = rule && address->fuses && !output->no_fuse &&
		     (alone || abs(displacement) <= RCPP_ADDEND_MAX);

	rule = alone ? alone : rule;
	draft_read(&draft, load);
	draft.kill = address->writes_x ? 0 : 1u << registers.x;
	draft.facts.dereferences = address->dereferences;
	draft.facts.window = displacement + other * address->scale;
	if (address->scale)
		draft_prelude(&draft, "\tmovq $%d, %%%s", other,
			      register_spelling(registers.other, 8));
	draft_name(&draft, "%s and %s, D = %d", load->mnemonic, address->text, displacement);
	draft_prelude(&draft, "\tmovq %%rax, %%xmm0");
	draft_body(&draft, "\t%s VAR, %%%s", load->mnemonic,
		   register_spelling(registers.x, load->operand[1].width));
	draft_address(&draft, address, displacement);
	draft_load_site(&draft, load,
			fused ? rule_alternative(rule, 0)->guard : RCPP_GUARD_ORIGINAL);
	if (fused)
		draft_rule_site(&draft, output, rule, false);
	draft_write(&draft, output);
}

/* How many operands the mnemonic takes besides what is in the address: 0, 1 or, as imul, both. */
static bool takes(const char *mnemonic, int operands)
{
	return instruction_find(mnemonic, strlen(mnemonic), operands) != NULL;
}

/* Instructions that also take the memory operand last, or, as xchg, in either place. */
static bool stores(const char *mnemonic)
{
	static const char *const names[] = {"mov", "add", "or",	 "adc",	 "sbb", "and",
					    "sub", "xor", "cmp", "test", "xchg"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t length = strlen(names[i]);

		if (!strncmp(mnemonic, names[i], length) &&
		    (!mnemonic[length] ||
		     (strchr("bwlq", mnemonic[length]) && !mnemonic[length + 1])))
			return true;
	}
	return false;
}

/* The width of the register operand: movzbl says it last. */
static unsigned register_width(const struct rule *rule)
{
	const char *last = rule->mnemonic + strlen(rule->mnemonic) - 1;

	if (rule->width)
		return rule->width;
	return *last == 'w' ? 2 : *last == 'l' ? 4 : 8;
}

/*
 * May this row be assembled at all? The rules file multiplies suffixes out; there is no leab, and
 * without a suffix only a register says the width, except that push means pushq.
 */
bool address_row_exists(const struct rule *rule)
{
	if (!strncmp(rule->mnemonic, "lea", 3))
		return rule->width > 1;
	if (takes(rule->mnemonic, 2))
		return strncmp(rule->mnemonic, "imul", 4) || !rule->bare || rule->width > 1;
	if (!strncmp(rule->mnemonic, "push", 4) || !strncmp(rule->mnemonic, "pop", 3))
		return takes(rule->mnemonic, 1) && (!rule->bare || rule->width == 8);
	return takes(rule->mnemonic, 1) && !rule->bare;
}

/* The same with registers at random. */
static void generate_address_at_random(struct output *output, const struct rule *rule, int operands,
				       bool memory_last)
{
	static const char *const memories[] = {"D(%%%s)", "D(%%%s,%%%s,%d)", "D(%%%2$s,%%%1$s)",
					       "D(,%%%s)"};
	const struct instruction *facts =
		instruction_find(rule->mnemonic, strlen(rule->mnemonic), operands);
	bool divides = !strncmp(rule->mnemonic, "div", 3) || !strncmp(rule->mnemonic, "idiv", 4);
	unsigned taken = 1u << REGISTER_RSP | facts->reads | facts->clobbers |
			 (divides ? 1u << REGISTER_RAX : 0u);
	unsigned form = random_below(4), scale = 1u << random_below(4);
	struct registers registers = {draw_register(&taken), draw_register(&taken)};
	unsigned reg = divides ? REGISTER_RAX : draw_register(&taken);
	char text[96], memory[48];
	const struct address address = {.text = text,
					.scale = form == 1   ? (int)scale
						 : form == 2 ? 1
							     : 0,
					.dereferences = strncmp(rule->mnemonic, "lea", 3),
					.fuses = true};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(memory, sizeof memory, memories[form], register_spelling(registers.x, 8),
		 register_spelling(registers.other, 8), (int)scale);
#pragma GCC diagnostic pop
	if (operands == 1)
		snprintf(text, sizeof text, "%s %s", rule->mnemonic, memory);
	else if (memory_last)
		snprintf(text, sizeof text, "%s %%%s, %s", rule->mnemonic,
			 register_spelling(reg, register_width(rule)), memory);
	else
		snprintf(text, sizeof text, "%s %s, %%%s", rule->mnemonic, memory,
			 register_spelling(reg, register_width(rule)));
	generate_address(output, rule_named(ROLE_LOAD, "movq", 0), rule, &address, registers,
			 (int)random_below(64), FIRST_OTHER);
	note_register('x', registers.x);
	note_register('o', registers.other);
}

static void generate_address_forms(struct output *output, const struct rule *rule, int operands,
				   bool memory_last)
{
	static const char *const memories[] = {"D(%rcx)", "D(%rcx,%rdx,4)", "D(%rdx,%rcx)",
					       "D(,%rcx)"};
	static const int scales[] = {0, 4, 1, 0};
	const char *reg = register_spelling(REGISTER_RAX, register_width(rule));
	/* A division may name its accumulator, and nothing else. */
	bool divides = !strncmp(rule->mnemonic, "div", 3) || !strncmp(rule->mnemonic, "idiv", 4);
	const char *high = divides ? reg : register_spelling(REGISTER_R8, register_width(rule));

	for (int i = 0; i < 4; i++) {
		char text[64];
		const struct address address = {.text = text,
						.scale = scales[i],
						.dereferences = strncmp(rule->mnemonic, "lea", 3),
						.fuses = true};

		if (operands == 1)
			snprintf(text, sizeof text, "%s %s", rule->mnemonic, memories[i]);
		else if (memory_last)
			snprintf(text, sizeof text, "%s %%%s, %s", rule->mnemonic,
				 i % 2 ? high : reg, memories[i]);
		else
			snprintf(text, sizeof text, "%s %s, %%%s", rule->mnemonic, memories[i],
				 i % 2 ? high : reg);
		generate_address(output, rule_named(ROLE_LOAD, "movq", 0), rule, &address, usual,
				 8 * i, FIRST_OTHER);
	}
	for (int i = 0; i < 2; i++)
		generate_address_at_random(output, rule, operands, memory_last);
}

static void generate_address_row(struct output *output, const struct rule *rule)
{
	if (!address_row_exists(rule))
		return;
	if (takes(rule->mnemonic, 1) && !rule->bare)
		generate_address_forms(output, rule, 1, false);
	else if (!takes(rule->mnemonic, 2))
		generate_address_forms(output, rule, 1, false);
	if (!takes(rule->mnemonic, 2) || (rule->width == 1 && !strncmp(rule->mnemonic, "imul", 4)))
		return;
	generate_address_forms(output, rule, 2, false);
	if (stores(rule->mnemonic))
		generate_address_forms(output, rule, 2, true);
}

void generate_addresses(struct output *output)
{
	static const int displacements[] = {0, 8, -8, 1 << 20, -(1 << 20), (1 << 20) + 8};
	static const char *const loads[] = {"movq", "movl", "movslq"};
	const size_t count = sizeof addresses / sizeof *addresses;

	for (size_t i = 0; i < rule_count; i++)
		if (rules[i].role == ROLE_ADDRESS)
			generate_address_row(output, &rules[i]);
	for (size_t i = 0; i < count; i++) {
		for (size_t d = 0; d < sizeof displacements / sizeof *displacements; d++)
			generate_address(output, rule_named(ROLE_LOAD, "movq", 0),
					 address_rule(addresses[i].text), &addresses[i], usual,
					 displacements[d], d % 2 ? -FIRST_OTHER : FIRST_OTHER);
		for (size_t l = 1; l < sizeof loads / sizeof *loads; l++)
			generate_address(output, rule_named(ROLE_LOAD, loads[l], 0),
					 address_rule(addresses[i].text), &addresses[i], usual, 16,
					 FIRST_OTHER);
	}
}

/* --- groups --------------------------------------------------------------------------------- */

#define STEPS_MAX 9

struct step {
	const char *text;
	char what;  /* 'l'oad, 'c'onsumer, consumer 'g'aining alone, 'a'ddress; 0: none of these */
	int nth;    /* which rule of that name */
	char other; /* belongs to the second load */
};

struct group {
	const char *name;
	unsigned kill; /* besides %rcx */
	bool keeps_x;  /* the last consumer writes X, or X is live */
	bool kill_flags;
	struct step step[STEPS_MAX];
};

#define LOAD(text)                                                                                 \
	{                                                                                          \
		text, 'l', 0, 0                                                                    \
	}
#define SECOND_LOAD(text)                                                                          \
	{                                                                                          \
		text, 'l', 0, 1                                                                    \
	}
#define TAKE(text)                                                                                 \
	{                                                                                          \
		text, 'c', 0, 0                                                                    \
	}
#define SECOND_TAKE(text)                                                                          \
	{                                                                                          \
		text, 'c', 0, 1                                                                    \
	}
#define TAKE_NTH(text, n)                                                                          \
	{                                                                                          \
		text, 'c', n, 0                                                                    \
	}
#define ALONE(text)                                                                                \
	{                                                                                          \
		text, 'g', 0, 0                                                                    \
	}
#define ADDRESS(text)                                                                              \
	{                                                                                          \
		text, 'a', 0, 0                                                                    \
	}
#define OTHER(text)                                                                                \
	{                                                                                          \
		text, 0, 0, 0                                                                      \
	}
#define RDX_DEAD (1u << REGISTER_RDX)

static const struct group groups[] = {
	{"any, any",
	 0,
	 false,
	 false,
	 {LOAD("movl VAR, %ecx"), TAKE("shlq %cl, %rax"), TAKE("shrq %cl, %rdx")}},
	{"s32, s32",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("addq %rcx, %rax"), TAKE("sbbq %rcx, %rdx")}},
	{"s32, any",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("addq %rcx, %rax"), TAKE("shlq %cl, %rdx")}},
	{"any, s32, others between",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR+, %rcx"), OTHER("movq %rax, execute_scratch+96(%rip)"),
	  TAKE("rolq %cl, %rdx"), OTHER("addl $1, execute_scratch+104(%rip)"),
	  TAKE("adcq %rcx, %rax"), OTHER("leaq 1(%rdx), %rdx")}},
	{"any, a32",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("shlq %cl, %rdx"), ADDRESS("leaq 8(%rdx,%rcx), %rax")}},
	{"a32, s32, any",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), ADDRESS("leaq (%rdx,%rcx), %rax"), TAKE("addq %rcx, %rax"),
	  TAKE("rorl %cl, %edx")}},
	{"a32, a32, X written",
	 0,
	 true,
	 false,
	 {LOAD("movq VAR, %rcx"), ADDRESS("leaq -8(%rcx,%rbp,2), %rax"),
	  ADDRESS("leaq 64(%rcx,%rdx), %rcx")}},
	{"s32, s32, s32",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("subq %rcx, %rax"), TAKE("cmpq %rcx, %rdx"),
	  TAKE("movq %rcx, 8(%rsp)")}},
	{"four",
	 0,
	 false,
	 false,
	 {LOAD("movl VAR, %ecx"), TAKE("addl %ecx, %eax"), TAKE("xorl %ecx, %edx"),
	  TAKE("imull %ecx, %esi"), TAKE("movl %ecx, %edi")}},
	{"different widths",
	 0,
	 false,
	 false,
	 {LOAD("movl VAR, %ecx"), TAKE("addq %rcx, %rax"), TAKE("addw %cx, %dx"),
	  TAKE("addb %cl, %bh")}},
	{"sign-extended, different widths",
	 0,
	 false,
	 false,
	 {LOAD("movslq VAR, %rcx"), TAKE("addq %rcx, %rax"), TAKE("addl %ecx, %edx"),
	  TAKE("pushq %rcx")}},
	{"a byte, extended to 4 bytes, used as 8",
	 0,
	 false,
	 false,
	 {LOAD("movsbl VAR, %ecx"), TAKE("addq %rcx, %rax"), TAKE("movl %ecx, 4(%rsp)")}},
	{"a word, used as a byte",
	 0,
	 false,
	 false,
	 {LOAD("movw VAR, %cx"), TAKE("addw %cx, %ax"), TAKE("movb %cl, %dl")}},
	{"the last writes X",
	 0,
	 true,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("addq %rcx, %rdx"), TAKE_NTH("imulq %rax, %rcx", 1)}},
	{"a sum becomes an address",
	 0,
	 true,
	 true,
	 {LOAD("movq VAR, %rcx"), TAKE_NTH("addq %rax, %rcx", 1)}},
	{"a sum with the stack pointer",
	 0,
	 true,
	 true,
	 {LOAD("movq VAR, %rcx"), TAKE_NTH("addq %rsp, %rcx", 1)}},
	{"a sum with %rbp",
	 0,
	 true,
	 true,
	 {LOAD("movq VAR, %rcx"), TAKE_NTH("addq %rbp, %rcx", 1)}},
	{"a sum with %r12",
	 0,
	 true,
	 true,
	 {LOAD("movq VAR, %rcx"), TAKE_NTH("addq %r12, %rcx", 1)}},
	{"a sum with %r13d",
	 0,
	 true,
	 true,
	 {LOAD("movl VAR, %ecx"), TAKE_NTH("addl %r13d, %ecx", 1)}},
	{"the destination of a shift is X",
	 0,
	 true,
	 true,
	 {LOAD("movq VAR, %rcx"), TAKE_NTH("shlxq %rcx, %rax, %rcx", 1)}},
	{"the destination of a shift is its base",
	 0,
	 false,
	 true,
	 {LOAD("movq VAR, %rcx"), OTHER("leaq execute_scratch(%rip), %rdx"),
	  TAKE_NTH("sarxq %rcx, (%rdx), %rdx", 1)}},
	{"two loads woven",
	 RDX_DEAD,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), SECOND_LOAD("movl VAR, %edx"), TAKE("addq %rcx, %rax"),
	  SECOND_TAKE("addl %edx, %ebx"), TAKE("movl %ecx, %edi"), SECOND_TAKE("subq %rdx, %rsi")}},
	{"two loads, one consumes the other",
	 0,
	 false,
	 false,
	 {LOAD("movl VAR, %ecx"), SECOND_LOAD("movq VAR+, %rdx"), TAKE("shlq %cl, %rdx")}},
	{"a comparison and its result",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("cmpq %rcx, %rax"), OTHER("setle %dl"),
	  OTHER("cmovaeq %rax, %rbx")}},
	{"thread-local storage",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), TAKE("cmpq %rcx, %fs:40"), OTHER("setle %dl")}},
	/* The load stays. */
	{"gains alone, X live",
	 0,
	 true,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("addq %rcx, %rax"), ALONE("shlq %cl, %rax"),
	  OTHER("leaq 8(%rcx), %rdx"), ALONE("rorl %cl, %esi")}},
	{"gains alone, X changed behind",
	 0,
	 true,
	 false,
	 {LOAD("movl VAR, %ecx"), ALONE("rcrq %cl, %rax"), OTHER("incl %ecx"),
	  OTHER("shlq %cl, %rdx")}},
	{"gains alone, and past a branch, too",
	 0,
	 true,
	 false,
	 {LOAD("movzbl VAR, %ecx"), ALONE("shldq %cl, %rdx, %rax"), OTHER("jc 1f"),
	  ALONE("shlq %cl, %rax"), OTHER("1:")}},
	{"five",
	 0,
	 false,
	 false,
	 {LOAD("movl VAR, %ecx"), TAKE("addl %ecx, %eax"), TAKE("addl %ecx, %edx"),
	  TAKE("addl %ecx, %esi"), TAKE("shll %cl, %edi"), TAKE("addl %ecx, %ebx")}},
	{"one that cannot",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("addq %rcx, %rax"), OTHER("movq %rcx, %xmm0"),
	  OTHER("movq %xmm0, %rdx")}},
	{"the sum of X and X", 0, true, false, {LOAD("movq VAR, %rcx"), OTHER("addq %rcx, %rcx")}},
	{"X moved to itself", 0, true, false, {LOAD("movq VAR, %rcx"), OTHER("movl %ecx, %ecx")}},
	{"X tested against itself",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("testq %rcx, %rcx")}},
	{"X shifted by itself", 0, true, false, {LOAD("movl VAR, %ecx"), OTHER("shll %cl, %ecx")}},
	{"X shifted in", 0, false, false, {LOAD("movl VAR, %ecx"), OTHER("shldq %cl, %rcx, %rax")}},
	{"X swapped", 0, true, false, {LOAD("movq VAR, %rcx"), OTHER("xchgq %rcx, %rax")}},
	{"X changed between",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("incq %rcx"), OTHER("addq %rcx, %rax")}},
	{"X partly written behind",
	 0,
	 true,
	 false,
	 {LOAD("movl VAR, %ecx"), ALONE("shlq %cl, %rax"), OTHER("movb $1, %cl")}},
	{"X as %ch", 0, false, false, {LOAD("movl VAR, %ecx"), OTHER("addb %ch, %al")}},
	{"a branch between",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("jc 1f"), OTHER("addq %rcx, %rax"), OTHER("1:")}},
	{"a label between",
	 0,
	 false,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("jc 1f"), OTHER("incq %rax"), OTHER("1:"),
	  OTHER("addq %rcx, %rax")}},
	{"flags live behind a sum",
	 0,
	 true,
	 false,
	 {LOAD("movq VAR, %rcx"), OTHER("addq %rax, %rcx")}},
	/* as takes this for shll. */
	{"a shift of memory without a suffix",
	 0,
	 false,
	 false,
	 {LOAD("movl VAR, %ecx"), OTHER("shl %cl, 8(%rsp)")}},
};

static const struct rule *rule_of_step(const struct step *step)
{
	char mnemonic[32];

	if (step->what == 'a')
		return address_rule(step->text);
	snprintf(mnemonic, sizeof mnemonic, "%.*s", (int)strcspn(step->text, " "), step->text);
	return rule_named(step->what == 'l' ? ROLE_LOAD : ROLE_CONSUME, mnemonic, step->nth);
}

static uint8_t guard_of_step(const struct step *step)
{
	return rule_alternative(rule_of_step(step), 0)->guard;
}

/* By what it promises of the value; the order of the numbers means nothing. */
static bool is_stronger(uint8_t guard, uint8_t other)
{
	switch (guard) {
	case RCPP_GUARD_ANY:
		return other == RCPP_GUARD_ORIGINAL;
	case RCPP_GUARD_S32:
		return other == RCPP_GUARD_ORIGINAL || other == RCPP_GUARD_ANY;
	case RCPP_GUARD_A32:
		return other != RCPP_GUARD_A32;
	default:
		fprintf(stderr, "guard %d among a load's consumers\n", guard);
		exit(1);
	}
}

/* Where this holds the load vanishes; RCPP_GUARD_ORIGINAL if it has no consumers. */
static uint8_t guard_of_load(const struct output *output, const struct group *group, char other)
{
	uint8_t strongest = RCPP_GUARD_ORIGINAL;

	for (int i = 0; i < STEPS_MAX && group->step[i].text && !output->no_fuse; i++) {
		const struct step *step = &group->step[i];

		if ((step->what == 'c' || step->what == 'a') && step->other == other &&
		    is_stronger(guard_of_step(step), strongest))
			strongest = guard_of_step(step);
	}
	return strongest;
}

static void draft_step(struct draft *draft, const struct output *output, const struct group *group,
		       const struct step *step)
{
	if (step->text[0] == '1')
		draft_body(draft, "%s", step->text);
	else
		draft_line(draft, step->text);
	if (step->what == 'l') {
		if (!draft->facts.width)
			draft_read(draft, rule_of_step(step));
		draft_load_site(draft, rule_of_step(step),
				guard_of_load(output, group, step->other));
	} else if (step->what && !output->no_fuse) {
		site_alternative(draft_site(draft, (size_t)(rule_of_step(step) - rules)),
				 guard_of_step(step), 0);
	}
}

/* The large code model's way to read a variable, beside a site of the same variable. */
static const struct group large_model = {
	"a 64-bit address",
	0,
	false,
	false,
	{LOAD("movq VAR, %rcx"), TAKE("addq %rcx, %rdx"), OTHER("movabsq VAR, %rax")},
};

void generate_groups(struct output *output)
{
	const size_t count = sizeof groups / sizeof *groups;

	/* Position-independent programs have no such addresses. */
	for (size_t i = 0; i < count + output->absolute; i++) {
		const struct group *group = i < count ? &groups[i] : &large_model;
		struct draft draft = {.family = "groups", .kill_flags = group->kill_flags};

		draft.kill = group->kill | (group->keeps_x ? 0 : 1u << REGISTER_RCX);
		draft_name(&draft, "%s", group->name);
		for (int s = 0; s < STEPS_MAX && group->step[s].text; s++)
			draft_step(&draft, output, group, &group->step[s]);
		draft_write(&draft, output);
	}
}
