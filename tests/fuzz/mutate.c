// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Changes to an input that leave most of it assembly: bytes at random would seldom get past the
 * assembler, and the filter only passes on what it does not understand. Lines are moved, joined and
 * taken from other inputs, operands and registers exchanged; new lines come from a list of
 * directives, from the table of instructions and, so that there are sites, from the rules. One time
 * in eight libFuzzer does what it does to any bytes.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "fuzz.h"
#include "instructions.h"
#include "registers.h"
#include "rules.h"

#define LINE_MAX_LENGTH 512

struct edit {
	char *text;
	size_t size, space;
	uint32_t random;
};

static uint32_t chance(struct edit *edit, size_t below)
{
	edit->random ^= edit->random << 13;
	edit->random ^= edit->random >> 17;
	edit->random ^= edit->random << 5;
	return (uint32_t)(edit->random % below);
}

#define ANY_OF(edit, list) ((list)[chance(edit, sizeof(list) / sizeof *(list))])

/* Put `length` bytes in the place of `removed` ones, if there is room. */
static void splice(struct edit *edit, size_t at, size_t removed, const char *bytes, size_t length)
{
	if (edit->size - removed + length > edit->space)
		return;
	memmove(edit->text + at + length, edit->text + at + removed, edit->size - at - removed);
	memcpy(edit->text + at, bytes, length);
	edit->size += length - removed;
}

struct piece {
	size_t at, length;
};

/* A line with its newline. */
static struct piece line_at(const struct edit *edit, size_t at)
{
	size_t begin = at, end = at;

	while (begin > 0 && edit->text[begin - 1] != '\n')
		begin--;
	while (end < edit->size && edit->text[end] != '\n')
		end++;
	return (struct piece){begin, end - begin + (end < edit->size)};
}

static struct piece any_line(struct edit *edit)
{
	return line_at(edit, chance(edit, edit->size));
}

static size_t save(const struct edit *edit, struct piece piece, char saved[LINE_MAX_LENGTH])
{
	size_t length = piece.length < LINE_MAX_LENGTH ? piece.length : LINE_MAX_LENGTH;

	memcpy(saved, edit->text + piece.at, length);
	return length;
}

/* --- lines ---------------------------------------------------------------------------------- */

static void delete_line(struct edit *edit)
{
	struct piece line = any_line(edit);

	splice(edit, line.at, line.length, "", 0);
}

static void copy_line(struct edit *edit)
{
	char saved[LINE_MAX_LENGTH];
	size_t length = save(edit, any_line(edit), saved);

	splice(edit, any_line(edit).at, 0, saved, length);
}

static void move_line(struct edit *edit)
{
	char saved[LINE_MAX_LENGTH];
	struct piece line = any_line(edit);
	size_t length = save(edit, line, saved);

	splice(edit, line.at, length, "", 0);
	if (edit->size)
		splice(edit, any_line(edit).at, 0, saved, length);
}

/* Several statements on a line; or one over two lines. */
static void change_separator(struct edit *edit)
{
	static const char *const separators[] = {
		";", "; ", "\n", "\r\n", " # note\n", " /* note\n */ ", " /**/ ", "\n\n"};
	const char *separator = ANY_OF(edit, separators);
	struct piece line = any_line(edit);

	if (line.length && edit->text[line.at + line.length - 1] == '\n')
		splice(edit, line.at + line.length - 1, 1, separator, strlen(separator));
}

static void add_line(struct edit *edit, const char *line)
{
	splice(edit, edit->size ? any_line(edit).at : 0, 0, line, strlen(line));
}

static void add_directive(struct edit *edit)
{
	static const char *const lines[] = {
		"\t.text\n",
		"\t.data\n",
		"\t.bss\n",
		"\t.previous\n",
		"\t.popsection\n",
		"\t.pushsection .data.x,\"aw\"\n",
		"\t.pushsection .text.x,\"ax\",@progbits\n",
		"\t.section .text.g,\"axG\",@progbits,g,comdat\n",
		"\t.section .text.g,\"ax?\",@progbits\n",
		"\t.section .text,\"ax\",@progbits\n",
		"\t.section .rodata\n",
		"\t.section rcpp_patchable,\"aw\"\n",
		"\t.section .data.b,\"aw\",@progbits\n",
		"\t.section .text.unlikely,\"ax\"\n",
		"\t.section .init.text,\"ax\"\n",
		"\t.section .altinstr_replacement,\"ax\"\n",
		"\t.section .rcpp_extern,\"e\"\n",
		"\t.section .text.o,\"axo\",@progbits,f\n",
		"\t.section .text.u,\"ax\",@progbits,unique,1\n",
		"\t.subsection 1\n",
		"\t.text 1\n",
		"\t.section .gcc_except_table,\"a\",@progbits\n",
		"\t.type f, @function\n",
		"\t.size f, .-f\n",
		"\t.type g, @function\n",
		"\t.size g, .-g\n",
		"f:\n",
		"g:\n",
		"b:\n",
		"1:\n",
		".L1:\n",
		".L2:\n",
		"x = 1b\n",
		"\t.globl b\n",
		"\t.internal b\n",
		"\t.hidden b\n",
		"\t.comm b,8,8\n",
		"\t.local b\n",
		"\t.set b, value\n",
		"\t.set y, b+8\n",
		"b = 8\n",
		"\t.set b, %eax\n",
		"#APP\n",
		"#NO_APP\n",
		"# 5 \"a.c\" 1\n",
		"\t.file \"a.c\"\n",
		"\t.file 1 \"a.c\"\n",
		"\t.loc 1 5 3\n",
		"\t.ident \"x\"\n",
		"\t.if 1\n",
		"\t.if 0\n",
		"\t.if .-f > 5\n",
		"\t.ifdef b\n",
		"\t.else\n",
		"\t.endif\n",
		"\t.rept 2\n",
		"\t.endr\n",
		"\t.macro m x\n",
		"\t.macro addl x,y\n",
		"\t.endm\n",
		"\t.irp r,eax,ecx\n",
		"\tm %eax\n",
		"\t.purgem m\n",
		"\t.altmacro\n",
		"\t.macro .nops x\n",
		"\t.end\n",
		"\t.struct 0\n",
		"\t.org f+64\n",
		"\t.org .+4\n",
		"\t.skip 64-(.-f)\n",
		"\t.fill 2,1,0x90\n",
		"\t.nops 3\n",
		"\t.byte 2f-1b\n",
		"\t.byte 0x90\n",
		"\t.byte .-f\n",
		"\t.uleb128 .-f\n",
		"\t.p2align 4,,10\n",
		"\t.balign 8\n",
		"\t.long b, .-f\n",
		"\t.quad .L1\n",
		"\t.asciz \"b\"\n",
		"\t.ascii \"; # \\\" b(%rip)\"\n",
		"\t.string \"a\n\tb\"\n",
		"\t.cfi_startproc\n",
		"\t.cfi_endproc\n",
		"\t.cfi_def_cfa_offset 16\n",
		"\t.cfi_offset 3, -24\n",
		"\t.intel_syntax noprefix\n",
		"\t.intel_syntax\n",
		"\t.att_syntax\n",
		"\t.att_syntax noprefix\n",
		"\t.code32\n",
		"\t.code64\n",
		"\t.code16\n",
		"\t.arch generic64\n",
		"\t.arch .nobmi2\n",
		"\t.arch .bmi2\n",
		"\t.allow_index_reg\n",
		"\t.bundle_align_mode 4\n",
		"\t.bundle_lock\n",
		"\t.bundle_unlock\n",
		"\t.reloc ., R_X86_64_NONE, f\n",
		"\t.symver b,b@@V1\n",
		"\t.weakref b, value\n",
		"\tret\n",
		"\tcall f\n",
		"\tcall *b(%rip)\n",
		"\tjmp 1b\n",
		"\tjne .L1\n",
		"\tjmp .L2\n",
		"\tjmp .+2\n",
		"\tloop 1b\n",
		"\tjrcxz .L1\n",
		"\tjmp *%rax\n",
		"\trep\n",
		"\tlock\n",
		"\tgs\n",
		"\trep movsb\n",
		"\tlock addl $1, b(%rip)\n",
		"\tnop\n",
		"\tud2\n",
		"\tmovl $1, %eax\n",
		"\txorl %ecx, %ecx\n",
		"\tmovl $1, %edx\n",
		"\tcmpl %eax, %ecx\n",
		"\tmovq b@GOTPCREL(%rip), %rax\n",
		"\tmovl %fs:b@tpoff, %eax\n",
		"\tmovl b(,%rax,4), %ecx\n",
		"\tleaq b(%rip), %rax\n",
		"\tmovl %eax, b(%rip)\n",
		"\tmovss b(%rip), %xmm0\n",
		"\tmovabsq b, %rax\n",
		"\t{disp8} movl b, %eax\n",
		"\t{vex3} andnl b(%rip), %eax, %ecx\n",
		"\t{evex} movq b(%rip), %xmm1\n",
		"\tmovl \"b\"(%rip), %eax\n",
		"\tmovl $'\", %eax\n",
		"\t/ addl b(%rip), %eax\n",
	};

	add_line(edit, ANY_OF(edit, lines));
}

/* --- inside of lines ------------------------------------------------------------------------ */

static const unsigned widths[] = {1, 2, 4, 8};

/* The next `%name` from a random place on, without the percent sign. */
static bool any_register(struct edit *edit, struct piece *found)
{
	size_t begin = chance(edit, edit->size);
	char *percent = memchr(edit->text + begin, '%', edit->size - begin);
	size_t end;

	if (!percent)
		return false;
	found->at = end = (size_t)(percent + 1 - edit->text);
	while (end < edit->size && isalnum((unsigned char)edit->text[end]))
		end++;
	found->length = end - found->at;
	return found->length > 0;
}

/* Mostly another one of the same width. */
static void change_register(struct edit *edit)
{
	struct piece at;
	struct register_name old;
	const char *name;

	if (!any_register(edit, &at))
		return;
	old = register_by_name(edit->text + at.at, at.length);
	name = chance(edit, 16) == 0
		       ? "ah"
		       : register_spelling(chance(edit, 16), old.width && chance(edit, 8)
								     ? old.width
								     : ANY_OF(edit, widths));
	splice(edit, at.at, at.length, name, strlen(name));
}

/* The first word of a line, without blanks. */
static struct piece first_word(const struct edit *edit, struct piece line)
{
	size_t begin = line.at, end = line.at + line.length;

	while (begin < end && isspace((unsigned char)edit->text[begin]))
		begin++;
	line.at = begin;
	while (begin < end && !isspace((unsigned char)edit->text[begin]))
		begin++;
	line.length = begin - line.at;
	return line;
}

static void change_suffix(struct edit *edit)
{
	static const char *const suffixes[] = {"b", "w", "l", "q", ""};
	struct piece word = first_word(edit, any_line(edit));
	const char *suffix = ANY_OF(edit, suffixes);

	if (word.length && strchr("bwlq", edit->text[word.at + word.length - 1]))
		splice(edit, word.at + word.length - 1, 1, suffix, strlen(suffix));
}

static void change_mnemonic(struct edit *edit)
{
	struct piece word = first_word(edit, any_line(edit));
	const char *name = rules[chance(edit, rule_count)].mnemonic;

	if (word.length && edit->text[word.at] != '.')
		splice(edit, word.at, word.length, name, strlen(name));
}

/* An operand of a random line, or its empty end. */
static struct piece any_operand(struct edit *edit)
{
	struct piece line = any_line(edit), word = first_word(edit, line);
	size_t at = word.at + word.length, end = line.at + line.length, begin = at;
	int depth = 0;

	for (unsigned skip = chance(edit, 3); at < end && edit->text[at] != '\n'; at++) {
		char c = edit->text[at];

		depth += c == '(' ? 1 : c == ')' ? -1 : 0;
		if (c != ',' || depth)
			continue;
		if (!skip--)
			break;
		begin = at + 1;
	}
	while (begin < at && edit->text[begin] == ' ')
		begin++;
	return (struct piece){begin, at - begin};
}

static void copy_operand(struct edit *edit)
{
	char saved[LINE_MAX_LENGTH];
	size_t length = save(edit, any_operand(edit), saved);
	struct piece to = any_operand(edit);

	splice(edit, to.at, to.length, saved, length);
}

static void change_operand(struct edit *edit)
{
	static const char *const operands[] = {
		"b(%rip)",
		"b+8(%rip)",
		"b",
		"b+4(%rip)",
		"value(%rip)",
		"shift(%rip)",
		"\"b\"(%rip)",
		"8+b(%rip)",
		"b-8(%rip)",
		"(b)(%rip)",
		"b+0x7fffffff(%rip)",
		"b@PLT(%rip)",
		"b(%eip)",
		"%gs:b(%rip)",
		"b(,%rcx,8)",
		"b(%rax)",
		"*b(%rip)",
		"$b",
		"$b+4",
		"f",
		"1b",
		".L1",
		"other(%rip)",
		"-4(%rbp)",
		"(%rax)",
		"8(%rsp,%rdi,4)",
		"(%rdi,%rcx)",
		"(%ecx)",
		"%fs:(%rax)",
		"%fs:8(%rcx,%rdi)",
		"0x7ffff(%rcx)",
		"(,%rcx,1)",
		"$5",
		"$-1",
		"$'a",
		"$0x123456789",
		"$f",
		"$1<<3",
		"$(2+3)*4",
		"%xmm0",
		"%st(1)",
		"%ah",
		"%ch",
	};
	const char *operand = ANY_OF(edit, operands);
	struct piece to = any_operand(edit);

	splice(edit, to.at, to.length, operand, strlen(operand));
}

static void change_number(struct edit *edit)
{
	static const char *const numbers[] = {"0",    "1",	  "8",		"127",	      "128",
					      "-1",   "0x7f",	  "0xffffffff", "0x80000000", "255",
					      "4096", "0x100000", "1048576",	"-0x80000001"};
	size_t at = chance(edit, edit->size), end;
	const char *number = ANY_OF(edit, numbers);

	while (at < edit->size && !isdigit((unsigned char)edit->text[at]))
		at++;
	for (end = at; end < edit->size && isxdigit((unsigned char)edit->text[end]);)
		end++;
	if (at < end)
		splice(edit, at, end - at, number, strlen(number));
}

/* --- new instructions ----------------------------------------------------------------------- */

struct line {
	char text[LINE_MAX_LENGTH];
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void append(struct line *line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line->length += (size_t)vsnprintf(line->text + line->length,
					  sizeof line->text - line->length, format, arguments);
	va_end(arguments);
	if (line->length >= sizeof line->text)
		line->length = sizeof line->text - 1;
}

/* An operand for a rule's letter; X is register x. */
static void append_operand(struct edit *edit, struct line *line, struct rule_operand operand,
			   unsigned x)
{
	static const char *const variables[] = {"b(%rip)", "b(%rip)", "b+8(%rip)", "b",
						"value(%rip)"};
	static const char *const memory[] = {"(%rdi)", "8(%rsp)", "-8(%rbp,%rsi,4)", "other(%rip)",
					     "%fs:(%rdx)"};
	unsigned width = operand.width ? operand.width : 8;

	switch (operand.letter) {
	case 'V':
		append(line, "%s", ANY_OF(edit, variables));
		return;
	case 'I':
		append(line, "$%u", chance(edit, 200));
		return;
	case 'X':
		append(line, "%%%s", register_spelling(x, width));
		return;
	case 'M':
	case 'S':
	case 'D':
		if (operand.letter == 'M' || chance(edit, 2)) {
			append(line, "%s", ANY_OF(edit, memory));
			return;
		}
		/* fall through */
	default:
		append(line, "%%%s", register_spelling(chance(edit, 16), width));
	}
}

/* What a rule of role address matches: X in the address of the memory operand. */
static void append_address(struct edit *edit, struct line *line, unsigned x)
{
	static const char *const before[] = {"(%", "8(%", "-1(%rsi,%", "%fs:(%r12,%"};
	static const char *const behind[] = {")", ",%rdi,4)"};
	const char *begin = ANY_OF(edit, before);

	append(line, "%s%s%s", begin, register_spelling(x, 8),
	       strchr(begin, ',') ? ")" : ANY_OF(edit, behind));
}

static void append_instruction(struct edit *edit, struct line *line, const struct rule *rule,
			       unsigned x)
{
	char text[RULE_OPERANDS_MAX][64] = {""};

	append(line, "\t%s ", rule->mnemonic);
	if (rule->role == ROLE_ADDRESS) {
		append_address(edit, line, x);
		if (instruction_find(rule->mnemonic, strlen(rule->mnemonic), 2))
			append(line, ", %%%s",
			       register_spelling(chance(edit, 16), ANY_OF(edit, widths)));
	}
	for (int i = 0; i < rule->operands; i++) {
		struct line operand = {.length = 0};
		const char *same = NULL;

		for (int j = 0; j < i; j++) /* a letter that stands twice is the same operand */
			if (rule->operand[j].letter == rule->operand[i].letter)
				same = text[j];
		append_operand(edit, &operand, rule->operand[i], x);
		snprintf(text[i], sizeof text[i], "%.63s", same ? same : operand.text);
		append(line, "%s%s", i ? ", " : "", text[i]);
	}
	append(line, "\n");
}

static const struct rule *any_rule(struct edit *edit, enum rule_role role)
{
	const struct rule *rule = &rules[chance(edit, rule_count)];

	for (int tries = 0; rule->role != role && tries < 200; tries++)
		rule = &rules[chance(edit, rule_count)];
	return rule;
}

static void add_use(struct edit *edit)
{
	struct line line = {.length = 0};

	append_instruction(edit, &line, any_rule(edit, ROLE_USE), 0);
	add_line(edit, line.text);
}

/* A load, what consumes it, and the end of its register's life. */
static void add_load(struct edit *edit)
{
	struct line line = {.length = 0};
	unsigned x = chance(edit, 2) ? REGISTER_RCX : chance(edit, 16);

	append_instruction(edit, &line, any_rule(edit, ROLE_LOAD), x);
	for (uint32_t i = chance(edit, 3); i < 3; i++)
		append_instruction(edit, &line,
				   any_rule(edit, chance(edit, 2) ? ROLE_CONSUME : ROLE_ADDRESS),
				   x);
	if (chance(edit, 4))
		append(&line, "\tmovl $0, %%%s\n", register_spelling(x, 4));
	add_line(edit, line.text);
}

/* Any instruction that there is, on any operands. */
static void add_instruction(struct edit *edit)
{
	static const char *const names[] = {
#define INSTRUCTION(name, ...) name,
#include "instructions.tbl"
	};
	static const char *const operands[] = {"b(%rip)", "%eax",  "%rcx", "%xmm1", "%dl",   "$3",
					       "%r9w",	  "%ymm2", "%k1",  "f",	    "(%rdi)"};
	struct line line = {.length = 0};
	const char *name = ANY_OF(edit, names);

	append(&line, "\t%s", name);
	for (int count = 0; count < 5; count++) {
		if (instruction_find(name, strlen(name), count) && chance(edit, 3))
			break;
		append(&line, "%s %s", count ? "," : "", ANY_OF(edit, operands));
	}
	append(&line, "\n");
	add_line(edit, line.text);
}

/* --- options -------------------------------------------------------------------------------- */

/* Add an option, or take the last one away, in the line that is there or made for them. */
static void change_options(struct edit *edit)
{
	const size_t mark = strlen(FUZZ_OPTIONS_MARK);
	const char *option = fuzz_options[chance(edit, fuzz_option_count)];
	size_t end;

	if (edit->size < mark || memcmp(edit->text, FUZZ_OPTIONS_MARK, mark))
		splice(edit, 0, 0, FUZZ_OPTIONS_MARK " --symbol=b\n",
		       strlen(FUZZ_OPTIONS_MARK " --symbol=b\n"));
	end = line_at(edit, 0).length;
	end -= end > 0 && edit->text[end - 1] == '\n';
	if (chance(edit, 3)) {
		splice(edit, end, 0, option, strlen(option));
		splice(edit, end, 0, " ", 1);
	} else {
		size_t begin = end;

		while (begin > mark && edit->text[begin - 1] != ' ')
			begin--;
		if (begin > mark)
			splice(edit, begin - 1, end - begin + 1, "", 0);
	}
}

/* --- for libFuzzer -------------------------------------------------------------------------- */

static void change(struct edit *edit)
{
	static void (*const changes[])(struct edit *) = {
		delete_line,	 delete_line,	  copy_line,	   move_line,	    move_line,
		change_register, change_register, change_register, change_suffix,   change_mnemonic,
		copy_operand,	 change_operand,  change_number,   add_directive,   add_directive,
		add_directive,	 add_use,	  add_use,	   add_load,	    add_load,
		add_load,	 add_instruction, change_options,  change_separator};

	if (!edit->size)
		add_directive(edit);
	else
		ANY_OF(edit, changes)(edit);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct edit edit = {(char *)data, size, max_size, seed * 2654435761u | 1};

	if (!chance(&edit, 8))
		return LLVMFuzzerMutate(data, size, max_size);
	for (uint32_t count = chance(&edit, 4); count < 4; count++)
		change(&edit);
	return edit.size;
}

/* Some lines of another input, put between the lines of this one. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other,
				 size_t other_size, uint8_t *out, size_t max_out_size,
				 unsigned int seed)
{
	struct edit edit = {(char *)out, size < max_out_size ? size : max_out_size, max_out_size,
			    seed * 2654435761u | 1};
	struct edit from = {(char *)other, other_size, other_size, seed | 1};
	struct piece lines;

	memcpy(out, data, edit.size);
	if (!other_size)
		return edit.size;
	lines = any_line(&from);
	for (uint32_t count = chance(&from, 20); count && lines.at + lines.length < from.size;
	     count--)
		lines.length += line_at(&from, lines.at + lines.length).length;
	splice(&edit, edit.size ? any_line(&edit).at : 0, 0, from.text + lines.at, lines.length);
	return edit.size;
}
