// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites in, assembly text out (the format is runtime/rcpp_tables.h). A site is its instruction
 * between two labels and the padding; it stays on its line, so that line numbers stay as they are:
 *
 *	.Lrcpp1: movl b(%rip), %eax; .Lrcpp1e: .nops ...; .Lrcpp1x:
 *
 * No site begins where a symbol stands, a function's for example: there a NOP comes first,
 * `.Lrcpp1n: nop; .Lrcpp1: ...`.
 *
 * Forms go before the function that first needs them, so the assembler knows their lengths when it
 * comes to the padding. All lengths are differences of labels: nothing is guessed here. Rows go to
 * the end of the file, one batch a section.
 */
#include <stdarg.h>
#include <stdlib.h>
#include "emit.h"
#include "registers.h"
#include "vocabulary.h"

/* Is the variable read through a register that has its address? */
static bool has_base(const struct operand *variable)
{
	return variable->base < 16;
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

/* --- code of a form ------------------------------------------------------------------------- */

enum style { FOR_PEOPLE, FOR_ASSEMBLER };

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

static void print_span(FILE *file, struct span span)
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
static void print_code(FILE *file, const struct site *site, const struct rule_alternative *a,
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
	else if (style == FOR_ASSEMBLER && operand->base == REGISTER_RIP)
		fputs("(%rip)", file);
}

/* The whole instruction; the operand `address_of` with V in its address if with_value. */
static void print_instruction(FILE *file, const struct site *site, bool with_value,
			      enum style style)
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

static void print_form(FILE *file, const struct site *site)
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

/* The same between quotes of an .asciz. */
static void print_description(FILE *file, const struct site *site)
{
	char *text = describe_form(site);

	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', file);
		fputc(*c == '\n' ? ' ' : *c, file);
	}
	free(text);
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

/* --- forms ---------------------------------------------------------------------------------- */

static const struct operand *variable_of(const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++)
		if (site->letters[i] == 'V')
			return &site->parsed.operands[i];
	return NULL;
}

static bool carries(const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++)
		if (!strchr("VLK", site->letters[i] ? site->letters[i] : ' ') &&
		    site->parsed.operands[i].kind == OPERAND_MEMORY &&
		    site->parsed.operands[i].value.symbolic)
			return true;
	return false;
}

static void print_fields(FILE *file, const struct rule_alternative *a)
{
	fprintf(file, " %x", a->number);
	for (int i = 0; i < a->fields; i++)
		fprintf(file, ".%x.%x", a->field[i].kind, a->field[i].function);
}

/*
 * The key of a form: what people read does not tell %rip-relative from absolute, nor the field.
 * Two forms of one key have the same bytes.
 */
static char *form_key(const struct site *site)
{
	const struct operand *variable = variable_of(site);
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	if (!file)
		allocate(SIZE_MAX);
	print_form(file, site);
	fprintf(file, " # %d%s",
		!variable			 ? 0
		: variable->base == REGISTER_RIP ? 1
						 : 2,
		site->together ? " together" : "");
	for (int i = 0; i < site->alternatives; i++)
		print_fields(file, &site->alternative[i]);
	if (fclose(file) || !text)
		allocate(SIZE_MAX);
	return text;
}

/*
 * FNV-1a with 128 bits: files are compiled apart, their forms must never meet by accident. 16 of
 * them also tell the runtime that a row has met its form. What a jump skips may be other bytes in
 * another file, by as's options: such forms are the file's own.
 */
static char *form_symbol(const char *key, bool local, unsigned *check)
{
	__extension__ typedef unsigned __int128 wide;
	wide hash = ((wide)0x6c62272e07bb0142u << 64) | 0x62b821756295c58du;
	const wide prime = ((wide)0x1000000u << 64) | 0x13bu;
	char *symbol = allocate(48);

	for (; *key; key++)
		hash = (hash ^ (uint8_t)*key) * prime;
	snprintf(symbol, 48, "%srcpp_form_%016llx%016llx", local ? ".L" : "",
		 (unsigned long long)(hash >> 64), (unsigned long long)hash);
	*check = (unsigned)(hash % RCPP_CHECK_MODULUS);
	return symbol;
}

static bool is_call(const struct site *site)
{
	return span_begins(site->parsed.mnemonic, "call");
}

/*
 * Calls return to the site's end, whatever it holds: their padding stands in front. What a jump
 * skips stays where it is when the jump is gone.
 */
static bool stands_at_end(const struct site *site)
{
	return site->skipped || is_call(site);
}

/* The original goes to a label or a thunk: that is its row's variable. */
static bool has_target(const struct site *site)
{
	return site->target.length;
}

static bool is_conditional_jump(const struct site *site)
{
	return has_target(site) && (site->role == ROLE_SETTLE || site->role == ROLE_MIRROR);
}

static bool goes_to_thunk(const struct site *site)
{
	return has_target(site) && site->role == ROLE_CONSUME;
}

/*
 * Must as be told not to shorten the displacement? With a base it would. Without any base it never
 * does, and for the bare address of a move to %rax it would take {disp32} for leave to use the
 * encoding with a 64-bit address.
 */
static bool needs_long_displacement(const struct site *site, const struct rule_alternative *a)
{
	unsigned kind = a->fields ? RCPP_FIELD_KIND(a->field[0].kind) : 0;
	const struct operand *operand;

	if (!site->address_of)
		return (kind == RCPP_FIELD_ADD && a->field[0].function == RCPP_FUNCTION_PLAIN) ||
		       kind == RCPP_FIELD_TARGET || kind == RCPP_FIELD_JUMP;
	operand = &site->parsed.operands[site->address_of - 1];
	return a->guard == RCPP_GUARD_ORIGINAL ||
	       (operand->base != REGISTER_NONE && operand->base != site->address_reg);
}

/* The field of an original is found by its marker, or at the end: only replacements have labels. */
static void emit_fields(FILE *file, const struct rule_alternative *a, const char *label,
			bool others_follow)
{
	for (int i = 0; i < a->fields; i++) {
		unsigned kind = RCPP_FIELD_KIND(a->field[i].kind);

		fprintf(file, ",%u,%u", a->field[i].kind, a->field[i].function);
		if ((kind == RCPP_FIELD_PCREL && !others_follow) || kind == RCPP_FIELD_ABSOLUTE)
			fputs(",0", file);
		else
			fprintf(file, ",%s%c-%s", label, 'a' + i, label);
	}
}

/* The compare, if there is one, the jump to the end of this alternative, and what it skips. */
static void print_skipping(FILE *file, const struct site *site, const char *label, bool has_field)
{
	struct span jump = site->parsed.mnemonic;

	if (site->jump.length) {
		jump = site->jump;
		print_instruction(file, site, false, FOR_ASSEMBLER);
		if (has_field)
			fprintf(file, "; %sa:", label);
		fputs("; ", file);
	}
	print_span(file, jump);
	fprintf(file, " %se; %s", label, site->skipped);
}

/* One alternative: its header, its fields, and its code between two labels. */
static void emit_alternative(FILE *file, const struct site *site, const char *label,
			     const struct rule_alternative *a)
{
	unsigned immediate = a->fields && RCPP_FIELD_KIND(a->field[0].kind) == RCPP_FIELD_VALUE
				     ? RCPP_FIELD_WIDTH(a->field[0].kind)
				     : 0;

	fprintf(file, ".byte %u,%u,%u,", a->guard, a->number, a->fields);
	if (carries(site) && a->code != RULE_CODE_NOTHING)
		fprintf(file, "%se-%s-%u,", label, label, immediate);
	else
		fputs("0,", file);
	fprintf(file, "%se-%s", label, label);
	emit_fields(file, a, label, site->skipped);
	fprintf(file, "; %s: ", label);
	if (needs_long_displacement(site, a))
		fputs("{disp32} ", file);
	if (a->code == RULE_CODE_ORIGINAL && site->skipped) {
		print_skipping(file, site, label, a->fields);
	} else if (a->code == RULE_CODE_ORIGINAL) {
		if (a->guard != RCPP_GUARD_ORIGINAL)
			fputs("{nooptimize} ", file);
		print_instruction(file, site, a->guard != RCPP_GUARD_ORIGINAL, FOR_ASSEMBLER);
		if (a->fields)
			fprintf(file, "; %sa:", label);
	} else if (a->code != RULE_CODE_NOTHING) {
		print_code(file, site, a, label, FOR_ASSEMBLER);
	}
	fprintf(file, "; %se: ", label);
}

/* The header and all alternatives, their labels numbered from `first` on. */
static void emit_alternatives(FILE *file, const struct site *site, uint32_t form, int first,
			      unsigned check)
{
	const struct operand *variable = variable_of(site);
	const struct site_condition *condition = &site->condition;
	struct rule_alternative original = {
		.guard = RCPP_GUARD_ORIGINAL, .number = 8, .code = RULE_CODE_ORIGINAL};

	original.fields = variable || has_target(site);
	if (!variable)
		original.field[0].kind = 4 | RCPP_FIELD_JUMP;
	else if (has_base(variable))
		original.field[0].kind = 4 | RCPP_FIELD_OFFSET;
	else if (variable->base == REGISTER_RIP)
		original.field[0].kind = 4 | RCPP_FIELD_PCREL;
	else
		original.field[0].kind = 4 | RCPP_FIELD_ABSOLUTE;
	fprintf(file, ".byte %d,%u,%u; ",
		(site->alternatives + 1) | (stands_at_end(site) ? RCPP_FORM_AT_END : 0) |
			(condition->width ? RCPP_FORM_CONDITION : 0) |
			(site->together ? RCPP_FORM_TOGETHER : 0),
		check & 0xff, check >> 8);
	if (condition->width)
		fprintf(file, ".byte %d,%u; .long %d; ",
			condition->width << 4 | condition->steps << 2 | condition->compare,
			condition->code, (int)condition->constant);
	for (int i = 0; i < condition->steps; i++)
		fprintf(file, ".byte %d; .long %d; ",
			condition->step[i].width << 4 | condition->step[i].operation,
			(int)condition->step[i].constant);
	for (int i = 0; i <= site->alternatives; i++) {
		char label[32];

		snprintf(label, sizeof label, ".LrcppF%u_%d", form, first + i);
		emit_alternative(file, site, label, i ? &site->alternative[i - 1] : &original);
	}
}

/* The length of the longest alternative, step by step; `<` is -1 in as where it holds. */
static void emit_longest(FILE *file, uint32_t form, int count)
{
	fprintf(file, ".set .LrcppF%u,.LrcppF%u_0e-.LrcppF%u_0; ", form, form, form);
	for (int i = 1; i < count; i++)
		fprintf(file,
			".set .LrcppF%u_%dm,.LrcppF%u; .set .LrcppF%u,.LrcppF%u_%dm-"
			"(.LrcppF%u_%de-.LrcppF%u_%d-.LrcppF%u_%dm)"
			"*(.LrcppF%u_%dm<.LrcppF%u_%de-.LrcppF%u_%d); ",
			form, i, form, form, form, i, form, i, form, i, form, i, form, i, form, i,
			form, i);
}

static void emit_form(FILE *file, const struct site *site, uint32_t form, const char *symbol,
		      unsigned check)
{
	int count = site->alternatives + 1;

	if (site->skipped)
		fprintf(file, ".pushsection rcpp_forms,\"a\",@progbits; %s: ", symbol);
	else
		fprintf(file,
			".pushsection rcpp_forms,\"aG\",@progbits,%s,comdat; "
			".weak %s; .hidden %s; %s: ",
			symbol, symbol, symbol, symbol);
	emit_alternatives(file, site, form, 0, check);
	emit_alternatives(file, site, form, count, check);
	if (!site->skipped)
		emit_longest(file, form, count);
	fputs(".asciz \"", file);
	print_description(file, site);
	fputs("\"; .popsection; ", file);
}

/* The number of the site's form; writes the form if it is the first of its kind. */
static uint32_t form_of(struct emitter *emitter, const struct site *site)
{
	char *key = form_key(site);
	struct emitted_form *form;
	uint32_t number = *names_add(&emitter->form_numbers, (struct span){key, strlen(key)},
				     emitter->form_count);

	if (number < emitter->form_count) {
		free(key);
		return number;
	}
	emitter->forms =
		make_room(emitter->forms, number, &emitter->form_space, sizeof *emitter->forms);
	form = &emitter->forms[number];
	form->key = key;
	form->symbol = form_symbol(key, site->skipped, &form->check);
	emitter->form_count++;
	emit_form(emitter->file, site, number, form->symbol, form->check);
	return number;
}

/* --- sites and rows ------------------------------------------------------------------------- */

void emitter_init(struct emitter *emitter, FILE *file, const char *text, struct sections *sections)
{
	*emitter = (struct emitter){.file = file, .text = text, .sections = sections};
}

/* Pass the input on up to `end`. */
static void pass_on(struct emitter *emitter, const char *end)
{
	size_t length = (size_t)(end - emitter->text) - emitter->written;

	fwrite(emitter->text + emitter->written, 1, length, emitter->file);
	emitter->written += length;
}

static struct section_rows *rows_of(struct emitter *emitter, uint32_t section)
{
	while (emitter->section_space <= section) {
		uint32_t space = emitter->section_space * 2 + 16;

		emitter->section_rows =
			reallocate(emitter->section_rows, space * sizeof *emitter->section_rows);
		while (emitter->section_space < space)
			emitter->section_rows[emitter->section_space++] =
				(struct section_rows){NO_ITEM, NO_ITEM, NO_ITEM, NO_ITEM, 0};
	}
	return &emitter->section_rows[section];
}

/* Of a section, and not to be found under any other. */
static char *remote_key(const struct site *site, uint32_t section)
{
	struct span name = unquoted(site->variable);
	char *key;

	if (asprintf(&key, "%u%+lld %.*s", section, (long long)site->offset, (int)name.length,
		     name.text) < 0)
		allocate(SIZE_MAX); /* says that memory is exhausted */
	return key;
}

/* The number of the site's remote among those of its section; one that is new is added. */
static uint32_t remote_of(struct emitter *emitter, const struct site *site, uint32_t section)
{
	struct section_rows *rows = rows_of(emitter, section);
	char *key = remote_key(site, section);
	uint32_t index = emitter->remote_count;
	uint32_t *number = names_add(&emitter->remote_numbers, (struct span){key, strlen(key)}, 0);

	if (*number) {
		free(key);
		return *number;
	}
	emitter->remotes = make_room(emitter->remotes, emitter->remote_count,
				     &emitter->remote_space, sizeof *emitter->remotes);
	emitter->remotes[emitter->remote_count++] = (struct emitted_remote){
		.variable = site->variable, .offset = site->offset, .next = NO_ITEM, .key = key};
	if (rows->first_remote == NO_ITEM)
		rows->first_remote = index;
	else
		emitter->remotes[rows->last_remote].next = index;
	rows->last_remote = index;
	return *number = ++rows->remotes;
}

static void add_row(struct emitter *emitter, const struct function *function,
		    const struct site *site, uint32_t label, uint32_t form)
{
	uint32_t section = function->items[site->item].section, index = emitter->row_count;
	struct section_rows *rows = rows_of(emitter, section);

	emitter->rows = make_room(emitter->rows, emitter->row_count, &emitter->row_space,
				  sizeof *emitter->rows);
	emitter->rows[emitter->row_count++] = (struct emitted_row){
		.section = section,
		.label = label,
		.form = form,
		.read = site->read,
		.flags = site->flags,
		.branches = site->branches,
		.remote = site->remote && !has_target(site) ? remote_of(emitter, site, section) : 0,
		.variable = has_target(site) ? site->target : site->variable,
		.offset = has_target(site) ? 0 : site->offset,
		.next = NO_ITEM,
	};
	if (rows->first == NO_ITEM)
		rows->first = index;
	else
		emitter->rows[rows->last].next = index;
	rows->last = index;
}

/* The form knows the length of the instruction that is still to come. */
static void emit_front_padding(FILE *file, const struct site *site, uint32_t form)
{
	unsigned fault = site->flags & RCPP_ROW_FAULT ? RCPP_FAULT_LENGTH : 0;

	fprintf(file,
		".nops (.LrcppF%u_0e-.LrcppF%u_0+%u-.LrcppF%u)"
		"*(.LrcppF%u_0e-.LrcppF%u_0+%u<.LrcppF%u); ",
		form, form, fault, form, form, form, fault, form);
}

static void emit_trap(FILE *file, const struct options *options, uint32_t label)
{
	fputs("ud2; ", file);
	if (options->objtool)
		fprintf(file,
			".Lrcpp%ur: .pushsection .discard.reachable; .long .Lrcpp%ur-.; "
			".popsection; ",
			label, label);
}

/*
 * A NOP that belongs to no site. Tracers attach where a symbol stands. There the kernel executes
 * the instruction that the file has, goes on behind it, and finally puts its first byte back,
 * whatever the site holds by then (see tests/probes.bats). The NOP is written as an instruction,
 * for .loc; in a file that has a macro named nop it is written as a byte.
 */
static void emit_entry(FILE *file, const struct survey *survey, uint32_t label)
{
	fprintf(file, ".Lrcpp%un: %s; ", label,
		names_find(&survey->macros, SPAN("nop")) ? ".byte 0x90" : "nop");
}

/*
 * An address is as long as in the alternative, so that a wide value costs no padding to run
 * through. A jump to a thunk needs the room. Through a register with the variable's address, the
 * displacement is what the row says of the offset, and is wanted where a value is to stand.
 */
static bool has_long_displacement(const struct site *site)
{
	const struct operand *variable = variable_of(site);

	return site->address_of || goes_to_thunk(site) || (variable && has_base(variable));
}

/*
 * The site's text. The first one of a section refers to the section's rows by a relocation that
 * does nothing: linkers that know no SHF_LINK_ORDER (gold) keep the rows for the text's sake.
 */
static void emit_site(struct emitter *emitter, const struct function *function,
		      const struct site *site, uint32_t label, uint32_t form)
{
	const struct item *item = &function->items[site->item];
	const struct statement *statement = &item->statement;
	FILE *file = emitter->file;

	pass_on(emitter, statement->text);
	if (item->entry)
		emit_entry(file, function->survey, label);
	fprintf(file, ".Lrcpp%u: ", label);
	if (emitter->rows[rows_of(emitter, item->section)->first].label == label)
		fprintf(file, ".reloc .Lrcpp%u,R_X86_64_NONE,.LrcppR%u; ", label, item->section);
	if (site->flags & RCPP_ROW_FAULT)
		emit_trap(file, function->survey->options, label);
	if (is_call(site))
		emit_front_padding(file, site, form);
	if (has_long_displacement(site))
		fputs("{disp32} ", file);
	print_span(file, (struct span){statement->text, statement->length});
	emitter->written += statement->length;
	if (site->skipped) {
		statement = &function->items[site->last].statement;
		pass_on(emitter, statement->text + statement->length);
	}
	/* as knows whether a jump is short; what replaces it fits */
	if (is_conditional_jump(site) || site->skipped) {
		fprintf(file, "; .Lrcpp%ue: .Lrcpp%ux:", label, label);
		return;
	}
	fprintf(file,
		"; .Lrcpp%ue: .nops (.Lrcpp%ue-.Lrcpp%u-.LrcppF%u)*(.Lrcpp%ue-.Lrcpp%u<.LrcppF%u); "
		".Lrcpp%ux:",
		label, label, label, form, label, label, form, label);
}

struct placed_site {
	const struct site *site;
	uint32_t label, form;
};

static int compare_places(const void *a, const void *b)
{
	const struct placed_site *x = a, *y = b;

	return (x->site->item > y->site->item) - (x->site->item < y->site->item);
}

void emit_function(struct emitter *emitter, const struct function *function,
		   const struct site_list *sites)
{
	struct placed_site *placed = allocate((sites->count + 1) * sizeof *placed);

	if (sites->count)
		pass_on(emitter, function->items[0].statement.text);
	for (uint32_t i = 0; i < sites->count; i++) {
		placed[i] = (struct placed_site){.site = &sites->sites[i],
						 .label = ++emitter->labels,
						 .form = form_of(emitter, &sites->sites[i])};
		add_row(emitter, function, placed[i].site, placed[i].label, placed[i].form);
	}
	/* Rows are in groups, a load and its consumers; text is in order of place. */
	qsort(placed, sites->count, sizeof *placed, compare_places);
	for (uint32_t i = 0; i < sites->count; i++)
		emit_site(emitter, function, placed[i].site, placed[i].label, placed[i].form);
	free(placed);
	if (function->count) {
		const struct statement *last = &function->items[function->count - 1].statement;

		if (last->text + last->length > emitter->text + emitter->written)
			pass_on(emitter, last->text + last->length);
	}
}

/*
 * Where the row's variable is. A thunk may be in another module, which a call reaches through the
 * PLT; as has no expression for that, but the relocation.
 */
static void emit_variable(FILE *file, const struct emitted_row *row)
{
	if (row->remote) {
		fprintf(file, ".LrcppV%u_%u-., ", row->section, row->remote);
		return;
	}
	if (row->branches) {
		fputs("0; .reloc .-4,R_X86_64_PLT32,", file);
		print_span(file, row->variable);
		fputs("; .long ", file);
		return;
	}
	print_span(file, row->variable);
	if (row->offset)
		fprintf(file, "%+lld", (long long)row->offset);
	fputs("-., ", file);
}

/* `previous` is the label of the row before, or of this one if it is the first. */
static void emit_row(struct emitter *emitter, const struct emitted_row *row, uint32_t previous)
{
	const struct emitted_form *form = &emitter->forms[row->form];

	fprintf(emitter->file, "\t.long .Lrcpp%u-., ", row->label);
	emit_variable(emitter->file, row);
	fprintf(emitter->file,
		"%s-.; .byte .Lrcpp%ux-.Lrcpp%u, %u; .short (.Lrcpp%ux-.Lrcpp%u+%lld)%%%d\n",
		form->symbol, row->label, row->label, (unsigned)row->flags << 5 | row->read,
		row->label, previous,
		RCPP_CHECK_BIAS +
			RCPP_CHECK_CONSTANT(row->read, row->flags, form->check + row->remote),
		RCPP_CHECK_MODULUS);
}

/* The slot twice, each time behind the offset: see struct rcpp_remote. */
static void emit_remotes(struct emitter *emitter, uint32_t section)
{
	FILE *file = emitter->file;
	uint32_t number = 0;

	for (uint32_t i = emitter->section_rows[section].first_remote; i != NO_ITEM;
	     i = emitter->remotes[i].next) {
		const struct emitted_remote *remote = &emitter->remotes[i];

		fprintf(file, ".LrcppV%u_%u:\n\t.long ", section, ++number);
		for (int copy = 0; copy < 2; copy++) {
			fprintf(file, "%s%lld, ", copy ? ", " : "", (long long)remote->offset);
			print_span(file, remote->variable);
			fputs("@GOTPCREL", file);
		}
		fputc('\n', file);
	}
}

/* The symbols of the bounds, which the linker defines if their section exists. */
static void declare_bounds(const struct emitter *emitter)
{
	FILE *file = emitter->file;

	if (!emitter->sections->has_home)
		fputs("\t.pushsection rcpp_patchable,\"aw\",@progbits\n\t.popsection\n", file);
	fputs("\t.weak __start_rcpp_patchable, __stop_rcpp_patchable\n"
	      "\t.hidden __start_rcpp_patchable, __stop_rcpp_patchable\n",
	      file);
}

/* From the note's header to its bounds; its end is .LrcppRe, with the same name. */
static void emit_batch_head(FILE *file, const char *name, uint32_t rows, uint32_t remotes,
			    const char *anchor, bool bounded)
{
	fprintf(file,
		"\t.p2align 2\n.LrcppR%s:\n\t.long 5, .LrcppR%se-.LrcppR%sd, %d; "
		".asciz \"" RCPP_NOTE_NAME "\"; .p2align 2\n.LrcppR%sd:\n"
		"\t.long %u, %u, %s\n",
		name, name, name, RCPP_NOTE_VERSION, name, rows, remotes, anchor);
	for (int i = 0; i < 2; i++)
		fputs(bounded ? "\t.long __start_rcpp_patchable-., __stop_rcpp_patchable-.\n"
			      : "\t.long 0, 0\n",
		      file);
}

static void emit_batch(struct emitter *emitter, uint32_t index)
{
	const struct section *section = &emitter->sections->list[index];
	uint32_t first = emitter->section_rows[index].first;
	FILE *file = emitter->file;
	bool bounded = emitter->sections->has_home;
	char name[16], anchor[32];
	uint32_t count = 0;

	for (uint32_t i = first; i != NO_ITEM; i = emitter->rows[i].next) {
		bounded |= emitter->rows[i].flags & RCPP_ROW_DECLARED;
		count++;
	}
	if (bounded)
		declare_bounds(emitter);
	fprintf(file, "\t" EMIT_ROWS "\"ao%s\",@note,.Lrcpp%u", section->group.length ? "G" : "",
		emitter->rows[first].label);
	if (section->group.length)
		fprintf(file, ",%.*s%s", (int)section->group.length, section->group.text,
			section->comdat ? ",comdat" : "");
	fputc('\n', file);
	snprintf(name, sizeof name, "%u", index);
	snprintf(anchor, sizeof anchor, ".Lrcpp%u-.", emitter->rows[first].label);
	emit_batch_head(file, name, count, emitter->section_rows[index].remotes, anchor, bounded);
	for (uint32_t i = first, previous = i; i != NO_ITEM; i = emitter->rows[i].next) {
		emit_row(emitter, &emitter->rows[i], emitter->rows[previous].label);
		previous = i;
	}
	emit_remotes(emitter, index);
	fprintf(file, ".LrcppR%ue:\n\t.popsection\n", index);
}

/*
 * Patchables on pages of their own, so that the runtime can make these read-only. Not in groups:
 * a page for each inline variable of C++ would be too much, and they lie between the others anyway.
 */
static void emit_page_end(struct emitter *emitter, uint32_t index)
{
	const struct section *section = &emitter->sections->list[index];

	fputs("\t.pushsection rcpp_patchable", emitter->file);
	if (section->arguments.length)
		fprintf(emitter->file, ",%.*s", (int)section->arguments.length,
			section->arguments.text);
	/*
	 * The relocation is for gold's --gc-sections, which does not know that the note belongs
	 * here; and gold wants a byte where it is.
	 */
	fprintf(emitter->file,
		"\n.LrcppH%u:\n\t.reloc .LrcppH%u, R_X86_64_NONE, .LrcppRH%u; .byte 0\n"
		"\t" EMIT_PAGE_END "\n\t.popsection\n",
		index, index, index);
}

/*
 * Where the patchables are, so that they are closed with the others even if no function reads them.
 * The note is linked to their section, as rows are to that of their function.
 */
static void emit_home(struct emitter *emitter, uint32_t index)
{
	char name[16];

	snprintf(name, sizeof name, "H%u", index);
	declare_bounds(emitter);
	fprintf(emitter->file, "\t" EMIT_ROWS "\"ao\",@note,.Lrcpp%s\n", name);
	emit_batch_head(emitter->file, name, 0, 0, "rcpp_unloading-.", true);
	fprintf(emitter->file, ".LrcppR%se:\n\t.popsection\n", name);
}

/* The module's struct rcpp_unloading. */
static void emit_unloading(FILE *file)
{
	fputs("\t.pushsection .data.rcpp_unloading,\"awG\",@progbits,rcpp_unloading,comdat\n"
	      "\t.weak rcpp_unloading\n\t.hidden rcpp_unloading\n"
	      "\t.type rcpp_unloading,@object\n\t.size rcpp_unloading, 20\n\t.balign 4\n"
	      "rcpp_unloading:\n\t.asciz \"" RCPP_UNLOADING_MARK "\"\n\t.long 0\n\t.popsection\n",
	      file);
}

/*
 * When a library is unloaded its variables are closed, and its destructors may write them. So a
 * function that runs before the destructors opens them, and keeps others from closing them again.
 * It depends on nothing: the runtime may be in the program, where the library does not see it. (At
 * exit the runtime opens them.)
 *
 * It is written as bytes: at the end of the file the syntax may be another one, and mnemonics may
 * be macros.
 */
static const char release[] =
	"\t.byte 0xf3,0x0f,0x1e,0xfa # endbr64\n"
	/* 1: which process closes or opens the variables? */
	"\t.byte 0x44,0x8b,0x05; .long rcpp_unloading+16-4-. # movl rcpp_unloading+16(%rip), %r8d\n"
	"\t.byte 0x41,0x83,0xf8,0xff, 0x74,0x23 # cmpl $-1, %r8d; je 3f\n"
	"\t.byte 0x45,0x85,0xc0, 0x74,0x0c # testl %r8d, %r8d; je 2f\n"
	"\t.byte 0xb8; .long 39; .byte 0x0f,0x05 # movl $39, %eax; syscall: getpid\n"
	"\t.byte 0x41,0x39,0xc0, 0x74,0x40 # cmpl %eax, %r8d; je 5f\n"
	/* 2: none of this one */
	"\t.byte 0x44,0x89,0xc0, 0xba; .long -1 # movl %r8d, %eax; movl $-1, %edx\n"
	"\t.byte 0xf0,0x0f,0xb1,0x15; .long rcpp_unloading+16-4-. # lock cmpxchgl %edx, "
	"rcpp_unloading+16(%rip)\n"
	"\t.byte 0x75,0xd0 # jne 1b\n"
	/* 3: whole pages */
	"\t.byte 0x48,0x8d,0x3d; .long __start_rcpp_patchable+4095-4-. # leaq "
	"__start_rcpp_patchable+4095(%rip), %rdi\n"
	"\t.byte 0x48,0x81,0xe7; .long -4096 # andq $-4096, %rdi\n"
	"\t.byte 0x48,0x8d,0x35; .long __stop_rcpp_patchable-4-. # leaq "
	"__stop_rcpp_patchable(%rip), %rsi\n"
	"\t.byte 0x48,0x81,0xe6; .long -4096 # andq $-4096, %rsi\n"
	"\t.byte 0x48,0x29,0xfe, 0x76,0x0c # subq %rdi, %rsi; jbe 4f\n"
	"\t.byte 0xba; .long 3 # movl $3, %edx: PROT_READ | PROT_WRITE\n"
	"\t.byte 0xb8; .long 10; .byte 0x0f,0x05 # movl $10, %eax; syscall: mprotect\n"
	"\t.byte 0xc3 # 4: ret\n"
	"\t.byte 0x68; .long 100000; .byte 0x6a,0 # 5: pushq $100000; pushq $0\n"
	"\t.byte 0x48,0x89,0xe7, 0x31,0xf6 # movq %rsp, %rdi; xorl %esi, %esi\n"
	"\t.byte 0xb8; .long 35; .byte 0x0f,0x05 # movl $35, %eax; syscall: nanosleep\n"
	"\t.byte 0x48,0x83,0xc4,16, 0xeb,0x89 # addq $16, %rsp; jmp 1b\n";

static void emit_release(const struct emitter *emitter)
{
	FILE *file = emitter->file;

	emit_unloading(file);
	declare_bounds(emitter);
	fprintf(file,
		"\t" EMIT_RELEASE "\"axG\",@progbits,rcpp_release,comdat\n"
		"\t.weak rcpp_release\n\t.hidden rcpp_release\n\t.type rcpp_release,@function\n"
		"rcpp_release:\n%s"
		"\t.size rcpp_release, .-rcpp_release\n\t.popsection\n"
		"\t.pushsection .fini_array,\"aw\",@fini_array\n"
		"\t.balign 8\n\t.quad rcpp_release\n\t.popsection\n",
		release);
}

/*
 * Does the file have destructors of static objects, or functions that run at the same time? Names
 * that contain these are taken for them.
 */
static bool has_destructors(const struct emitter *emitter, size_t length)
{
	static const char *const names[] = {"atexit", ".fini"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (memmem(emitter->text, length, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Is the last line still open? A last newline behind a quote may be the character it quotes. */
static bool ends_in_line(const char *text, size_t length)
{
	return length && (text[length - 1] != '\n' ||
			  (length > 1 && (text[length - 2] == '\'' || text[length - 2] == '\\')));
}

/*
 * The variables of this file may be written by destructors of others. Those of other files may be
 * written by this one's, which run before rcpp_release() if these files stand in front of it.
 */
static bool needs_release(const struct emitter *emitter, const struct survey *survey, size_t length)
{
	return emitter->sections->has_home ||
	       (survey_declares(survey) && has_destructors(emitter, length));
}

void emit_end(struct emitter *emitter, const struct survey *survey, size_t length)
{
	const struct sections *sections = emitter->sections;
	bool releases = !survey->unterminated && needs_release(emitter, survey, length);

	pass_on(emitter, emitter->text + length);
	emitter->changed = emitter->row_count || sections->has_home || releases;
	if (emitter->changed && ends_in_line(emitter->text, length))
		fputc('\n', emitter->file);
	for (uint32_t i = 0; i < sections->count; i++) {
		if (!sections->list[i].home || sections->list[i].group.length)
			continue;
		emit_page_end(emitter, i);
		emit_home(emitter, i);
	}
	if (releases)
		emit_release(emitter);
	for (uint32_t i = 0; i < emitter->section_space; i++)
		if (emitter->section_rows[i].first != NO_ITEM)
			emit_batch(emitter, i);
}

void emitter_free(struct emitter *emitter)
{
	for (uint32_t i = 0; i < emitter->form_count; i++) {
		free(emitter->forms[i].key);
		free(emitter->forms[i].symbol);
	}
	for (uint32_t i = 0; i < emitter->remote_count; i++)
		free(emitter->remotes[i].key);
	free(emitter->forms);
	free(emitter->remotes);
	names_free(&emitter->remote_numbers);
	free(emitter->rows);
	free(emitter->section_rows);
	names_free(&emitter->form_numbers);
}
