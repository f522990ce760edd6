// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a site may hold, as text: its instruction, and what the rules make of it, with the letters
 * of the rule replaced by their operands. For people the variable is VAR and its value V; for the
 * assembler both are numbers of the right width that the runtime overwrites.
 */
#include <stdlib.h>
#include "code.h"
#include "memory.h"
#include "registers.h"
#include "vocabulary.h"

const struct operand *site_variable(const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++)
		if (site->letters[i] == 'V')
			return &site->parsed.operands[i];
	return NULL;
}

/* The immediate that stands for V: needs its full width, cannot be shortened by `as -O`. */
static const char *placeholder(unsigned width)
{
	switch (width) {
	case 1:
		return "0x5a";
	case 2:
		return "0x5a5a";
	case 4:
		return "-0x5a5a5a5a";
	default:
		return "0x5a5a5a5a5a5a5a5a";
	}
}

static unsigned suffix_width(char suffix)
{
	return suffix == 'b' ? 1 : suffix == 'w' ? 2 : suffix == 'l' ? 4 : 8;
}

static void print_register(FILE *file, const struct operand *operand, unsigned width)
{
	if (operand->reg.high)
		fprintf(file, "%.*s", (int)operand->text.length, operand->text.text);
	else
		fprintf(file, "%%%s", register_spelling(operand->reg.number, width));
}

void print_span(FILE *file, struct span span)
{
	fwrite(span.text, 1, span.length, file);
}

/* An operand that the form takes over. Another symbol is what the runtime carries over. */
static void print_operand(FILE *file, const struct site *site, int index, unsigned width,
			  enum style style)
{
	const struct operand *operand = &site->parsed.operands[index];

	if (operand->kind == OPERAND_REGISTER && operand->reg.number < 16 && width)
		print_register(file, operand, width);
	else if (operand->kind == OPERAND_MEMORY && operand->value.symbolic)
		fprintf(file, style == FOR_PEOPLE ? "MEM(%%rip)" : "0(%%rip)");
	else
		print_span(file, operand->text);
}

static void print_letter(FILE *file, const struct site *site, char letter, unsigned width,
			 enum style style)
{
	if (letter == 'T' || letter == 'C') {
		fprintf(file, "%%%s",
			register_spelling(letter == 'T' ? site->temporary : site->copy,
					  width ? width : 8));
		return;
	}
	for (int i = 0; i < site->parsed.count; i++) {
		if (site->letters[i] == letter) {
			print_operand(file, site, i, width ? width : site->widths[i], style);
			return;
		}
	}
}

static bool has_constant(struct rule_field field)
{
	return RCPP_FIELD_KIND(field.kind) == RCPP_FIELD_AND ||
	       field.function > RCPP_FUNCTION_TIMES;
}

/* The constant of `and` and `lea`: what stands in the code before the value comes in. */
static void print_constant(FILE *file, const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++) {
		const struct operand *operand = &site->parsed.operands[i];

		if (site->letters[i] == 'I')
			fprintf(file, "%.*s", (int)operand->text.length - 1,
				operand->text.text + 1);
		else if (site->letters[i] == 'A')
			fprintf(file, "%+lld", (long long)operand->value.number);
	}
}

/* The value, as people read it: V, log(V), V&7, V*5+1. */
static void describe_value(FILE *file, const struct site *site, struct rule_field field)
{
	if (field.function > RCPP_FUNCTION_TIMES)
		fprintf(file, "V*%d", field.function - RCPP_FUNCTION_TIMES);
	else if (field.function == RCPP_FUNCTION_PLAIN)
		fputs(RCPP_FIELD_KIND(field.kind) == RCPP_FIELD_AND ? "V&" : "V", file);
	else
		fprintf(file, "%s(V)", function_words[field.function]);
	if (has_constant(field))
		print_constant(file, site);
}

static void print_value(FILE *file, const struct site *site, struct rule_field field,
			enum style style)
{
	if (style == FOR_PEOPLE)
		describe_value(file, site, field);
	else if (RCPP_FIELD_KIND(field.kind) == RCPP_FIELD_TARGET)
		fputs(".+5", file); /* behind itself: nothing for the linker */
	else if (has_constant(field))
		print_constant(file, site);
	else if (RCPP_FIELD_KIND(field.kind) == RCPP_FIELD_ADD)
		fputc('0', file);
	else
		fputs(placeholder(RCPP_FIELD_WIDTH(field.kind)), file);
}

/* A rule's code with its letters replaced; behind each V's instruction a label, where `label` is
 * given: there its field ends. */
void print_code(FILE *file, const struct site *site, const struct rule_alternative *a,
		const char *label, enum style style)
{
	bool begins = style == FOR_ASSEMBLER;
	int field = 0, labels = 0;

	for (const char *code = rule_code(a); *code; code++) {
		char c = *code;
		unsigned width = 0;

		/* With `as -O` the instruction would be another one for the value that stands in.
		 */
		if (begins && c != ' ' && c != 'B')
			fputs("{nooptimize} ", file);
		begins = style == FOR_ASSEMBLER && (c == ';' || (begins && c == ' '));
		if (c == 'V') {
			print_value(file, site, a->field[field++], style);
		} else if (c == 'L') {
			fputs(style == FOR_PEOPLE ? "L" : ".+5", file);
			field++;
		} else if (c == 'B') {
			fputs(site->skipped, file);
		} else if (c < 'A' || c > 'Z') {
			fputc(c, file);
			if (c == ';' && label && labels < field)
				fprintf(file, " %s%c:", label, 'a' + labels++);
		} else {
			if (code[1] == '.') {
				width = suffix_width(code[2]);
				code += 2;
			}
			print_letter(file, site, c, width, style);
		}
	}
	if (label && labels < field)
		fprintf(file, "; %s%c:", label, 'a' + labels);
}

/* The memory operand that holds the value in its address, with V as the displacement. */
static void print_address(FILE *file, const struct site *site, enum style style)
{
	const struct operand *operand = &site->parsed.operands[site->address_of - 1];
	bool is_base = operand->base == site->address_reg;
	unsigned base = is_base ? REGISTER_NONE : operand->base;
	unsigned index = is_base ? operand->index : REGISTER_NONE;
	const char *colon = memchr(operand->text.text, ':', operand->text.length);

	if (colon)
		fprintf(file, "%.*s", (int)(colon + 1 - operand->text.text), operand->text.text);
	if (style == FOR_PEOPLE)
		fputs("V+", file);
	fprintf(file, "%lld", (long long)operand->value.number);
	if (base != REGISTER_NONE)
		fprintf(file, "(%%%s)", register_spelling(base, 8));
	else if (index != REGISTER_NONE)
		fprintf(file, "(,%%%s,%u)", register_spelling(index, 8), operand->scale);
}

/* People need not know how the variable is addressed, but through which register. */
static void print_variable(FILE *file, const struct operand *operand, enum style style)
{
	if (operand->indirect)
		fputc('*', file);
	fputs(style == FOR_PEOPLE ? "VAR" : "0x1b3c5a7e", file);
	if (has_base(operand))
		fprintf(file, "(%%%s)", register_spelling(operand->base, 8));
	else if (style == FOR_ASSEMBLER && operand->base == REGISTER_PLACE)
		fputs("(%rip)", file);
}

/* The whole instruction; the operand `address_of` with V in its address if with_value. */
void print_instruction(FILE *file, const struct site *site, bool with_value, enum style style)
{
	const struct parsed_instruction *parsed = &site->parsed;

	if (parsed->notrack)
		fputs("notrack ", file);
	print_span(file, parsed->mnemonic);
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		fputs(i ? "," : " ", file);
		if (site->letters[i] == 'V')
			print_variable(file, operand, style);
		else if (site->letters[i] == 'L')
			fputs(style == FOR_PEOPLE ? "L" : ".+6", file); /* behind itself */
		else if (site->letters[i] == 'K' && style == FOR_ASSEMBLER)
			fputs(".+5", file);
		else if (site->letters[i] == 'K')
			print_span(file, operand->text);
		else if (with_value && i == site->address_of - 1)
			print_address(file, site, style);
		else
			print_operand(file, site, i, 0, style);
	}
}

/* What has set the flags that the instruction reads. */
static void print_condition(FILE *file, const struct site_condition *condition)
{
	static const char suffixes[] = " bw l   q";
	static const char *const compare_words[] = {"cmp", "test", "bt"};
	static const char *const step_words[] = {"and", "or",  "xor", "add", "sub",
						 "shl", "shr", "sar", "not", "neg"};

	fputs(" after ", file);
	for (int i = 0; i < condition->steps; i++) {
		const struct site_step *step = &condition->step[i];

		fprintf(file, "%s%c", step_words[step->operation], suffixes[step->width]);
		if (step->operation < RCPP_STEP_NOT)
			fprintf(file, " $%d", (int)step->constant);
		fputs(", ", file);
	}
	fprintf(file, "%s%c $%d,V", compare_words[condition->compare], suffixes[condition->width],
		(int)condition->constant);
}

void print_form(FILE *file, const struct site *site)
{
	print_instruction(file, site, false, FOR_PEOPLE);
	if (site->jump.length) {
		fputs("; ", file);
		print_span(file, site->jump);
		fputs(" L", file);
	}
	if (site->skipped)
		fputs(" over B", file);
	/* Of a compare that becomes its carry the text is enough, unless steps come before it. */
	if (site->condition.width && (site->role != ROLE_CARRY || site->condition.steps))
		print_condition(file, &site->condition);
	fputs(" =>", file);
	for (int i = 0; i < site->alternatives; i++) {
		const struct rule_alternative *a = &site->alternative[i];

		fprintf(file, "%s %s: ", i ? " |" : "", guard_words[a->guard]);
		if (a->code == RULE_CODE_ORIGINAL)
			print_instruction(file, site, true, FOR_PEOPLE);
		else if (a->code == RULE_CODE_NOTHING)
			fputs("nothing", file);
		else
			print_code(file, site, a, NULL, FOR_PEOPLE);
	}
}

char *describe_form(const struct site *site)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	if (!file)
		allocate(SIZE_MAX); /* says that memory is exhausted */
	print_form(file, site);
	if (fclose(file) || !text)
		allocate(SIZE_MAX);
	return text;
}
