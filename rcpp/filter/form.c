// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A site in, its form out, as assembly text (struct rcpp_form of runtime/rcpp_tables.h). The form
 * is written before the function that first needs it, so the assembler knows its lengths when it
 * comes to the site: all lengths are differences of labels, none is guessed.
 */
#include <stdlib.h>
#include "form.h"
#include "code.h"
#include "memory.h"
#include "prefix.h"
#include "target.h"

bool site_is_call(const struct site *site)
{
	return processor.is_call(site->parsed.mnemonic);
}

/*
 * Calls return to the site's end, whatever it holds: their padding stands in front. What a jump
 * skips stays where it is when the jump is gone.
 */
static bool stands_at_end(const struct site *site)
{
	return site->skipped || site_is_call(site);
}

/* The original goes to a label or a thunk: that is its row's variable. */
bool site_has_target(const struct site *site)
{
	return site->target.length;
}

bool site_is_conditional_jump(const struct site *site)
{
	return site_has_target(site) && (site->role == ROLE_SETTLE || site->role == ROLE_MIRROR);
}

static bool goes_to_thunk(const struct site *site)
{
	return site_has_target(site) && site->role == ROLE_CONSUME;
}

/*
 * Does an immediate of four bytes come behind a memory operand? The long displacement is three
 * bytes longer than the short one, and four than none.
 */
static bool gets_immediate(const struct site *site)
{
	struct rule_field field = site->alternative[0].field[0];

	if (!site->lengthens || !site->alternative[0].fields ||
	    RCPP_FIELD_KIND(field.kind) != RCPP_FIELD_VALUE || RCPP_FIELD_WIDTH(field.kind) != 4)
		return false;
	for (int i = 0; i < site->parsed.count; i++) {
		const struct operand *operand = &site->parsed.operands[i];

		if (site->letters[i] == 'D' && operand->kind == OPERAND_MEMORY &&
		    operand->base < 16 && !operand->value.symbolic)
			return site->prefix !=
			       RCPP_PREFIX_OPERAND; /* those fill the site by themselves */
	}
	return false;
}

/*
 * An address is as long as in the alternative, so that a wide value costs no padding to run
 * through. A jump to a thunk needs the room, and so does an immediate. Through a register with the
 * variable's address, the displacement is what the row says of the offset, and is wanted where a
 * value is to stand.
 */
bool site_is_long(const struct site *site)
{
	const struct operand *variable = site_variable(site);

	return site->address_of || goes_to_thunk(site) || (variable && has_base(variable)) ||
	       gets_immediate(site);
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

/* The first instruction of the code, parsed. False if it is not understood. */
static bool parse_first(const char *text, struct parsed_instruction *parsed)
{
	struct statement statement = {.text = text, .kind = STATEMENT_INSTRUCTION};
	const char *behind;

	while (*statement.text == '{') /* what as is told about the encoding */
		statement.text = strchr(statement.text, '}') + 2;
	behind = strchrnul(statement.text, ';');
	statement.length = (uint32_t)(behind - statement.text);
	return parse_instruction(&statement, parsed);
}

static bool has_jump(const struct rule_alternative *a)
{
	return a->fields && RCPP_FIELD_KIND(a->field[0].kind) == RCPP_FIELD_JUMP;
}

struct prefixes {
	unsigned prefix; /* that may make it longer: RCPP_PREFIX_* */
	bool overruled;	 /* RCPP_PREFIX_OPERAND changes nothing, */
	bool can_be_rex; /* nor does RCPP_PREFIX_REX */
};

/* For the first instruction of an alternative that has code. */
static struct prefixes code_prefixes(const struct site *site, const struct rule_alternative *a)
{
	struct prefixes prefixes = {.prefix = RCPP_PREFIX_NONE};
	struct parsed_instruction parsed;
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	if (!file)
		allocate(SIZE_MAX);
	if (a->code == RULE_CODE_ORIGINAL)
		print_instruction(file, site, true, FOR_ASSEMBLER);
	else
		print_code(file, site, a, NULL, FOR_ASSEMBLER);
	if (fclose(file) || !text)
		allocate(SIZE_MAX);
	if (parse_first(text, &parsed)) {
		prefixes.prefix = prefix_for(&parsed);
		prefixes.overruled = prefix_is_overruled(&parsed);
		prefixes.can_be_rex = prefix_can_be_rex(&parsed);
	}
	free(text);
	return prefixes;
}

/* The runtime knows jumps by their bytes. */
static unsigned code_prefix(const struct site *site, const struct rule_alternative *a)
{
	/* Nothing may come between a REX and its opcode. */
	if (a->code == RULE_CODE_NOTHING || has_jump(a) || site->skipped ||
	    site->leading == RCPP_PREFIX_REX)
		return RCPP_PREFIX_NONE;
	return code_prefixes(site, a).prefix;
}

/* Does an alternative have code? NOPs are never longer than what they replace. */
static bool has_code(const struct site *site)
{
	for (int i = 0; i < site->alternatives; i++)
		if (site->alternative[i].code != RULE_CODE_NOTHING)
			return true;
	return false;
}

/* Has the code at least `count` instructions? */
static bool has_instructions(const struct rule_alternative *a, int count)
{
	const char *code = rule_code(a);

	while (code && --count)
		code = strchr(code + 1, ';');
	return code != NULL;
}

static unsigned own_prefix(const struct site *site)
{
	if (!site->lengthens || site->skipped || site_has_target(site))
		return RCPP_PREFIX_NONE;
	return prefix_for(&site->parsed);
}

bool form_may_jump(const struct site *site)
{
	for (int i = 0; i < site->alternatives; i++)
		if (has_instructions(&site->alternative[i], 3))
			return true;
	return false;
}

void form_lengthen(struct site *site)
{
	bool may = has_code(site) && !form_may_jump(site);
	unsigned prefix = may ? own_prefix(site) : RCPP_PREFIX_NONE;

	/* The REX in front of the site is the only one that an instruction can have. */
	if (prefix == RCPP_PREFIX_REX && site->leading)
		prefix = RCPP_PREFIX_NONE;
	site->prefix = (uint8_t)prefix;
}

static bool bears(const struct site *site, const struct rule_alternative *a, unsigned prefix)
{
	struct prefixes prefixes;

	if (a->code == RULE_CODE_NOTHING)
		return true;
	prefixes = code_prefixes(site, a);
	return prefix == RCPP_PREFIX_REX ? prefixes.can_be_rex : prefixes.overruled;
}

/*
 * Leave out the alternatives that do not bear the prefix. False, and all are kept, if some values
 * would have none.
 */
static bool drop_alternatives(struct site *site, unsigned prefix)
{
	const struct rule_alternative *last = &site->alternative[site->alternatives - 1];
	bool covered = last->guard == RCPP_GUARD_ANY && bears(site, last, prefix);
	int kept = 0;

	for (int i = 0; i < site->alternatives; i++)
		if (!covered && !bears(site, &site->alternative[i], prefix))
			return false;
	for (int i = 0; i < site->alternatives; i++)
		if (bears(site, &site->alternative[i], prefix))
			site->alternative[kept++] = site->alternative[i];
	site->alternatives = (uint8_t)kept;
	return true;
}

/*
 * Is there an alternative of two instructions? Beside it the original needs all six prefixes, and
 * a leading one would leave five.
 */
static bool needs_all_prefixes(const struct site *site)
{
	for (int i = 0; i < site->alternatives; i++)
		if (has_instructions(&site->alternative[i], 2))
			return true;
	return false;
}

void form_lead(struct site *site)
{
	unsigned prefix = own_prefix(site);

	if ((prefix == RCPP_PREFIX_REX || prefix == RCPP_PREFIX_OPERAND) &&
	    !needs_all_prefixes(site) && drop_alternatives(site, prefix))
		site->leading = (uint8_t)prefix;
}

static unsigned prefix_of(const struct site *site, const struct rule_alternative *a)
{
	return a->guard == RCPP_GUARD_ORIGINAL ? site->prefix : code_prefix(site, a);
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
void form_print_key(FILE *file, const struct site *site)
{
	const struct operand *variable = site_variable(site);

	print_form(file, site);
	fprintf(file, " # %d%s %x%x%s",
		!variable			   ? 0
		: variable->base == REGISTER_PLACE ? 1
						   : 2,
		site->together ? " together" : "", site->prefix, site->leading,
		gets_immediate(site) ? " long" : "");
	if (site->reach != NO_ITEM)
		fprintf(file, " reach %u", site->label);
	for (int i = 0; i < site->alternatives; i++)
		print_fields(file, &site->alternative[i]);
}

/*
 * FNV-1a with 128 bits: files are compiled apart, their forms must never meet by accident. 16 of
 * them also tell the runtime that a row has met its form. What a jump skips may be other bytes in
 * another file, by as's options, and how far a value reaches is so at one place only: such forms
 * are the file's own.
 */
char *form_symbol(const char *key, bool local, unsigned *check)
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

/*
 * Must as be told not to shorten the displacement? With a base it would. Without any base it never
 * does, and for the bare address of a move to %rax it would take {disp32} for leave to use the
 * encoding with a 64-bit address.
 */
static bool needs_long_displacement(const struct site *site, const struct rule_alternative *a)
{
	unsigned kind = a->fields ? RCPP_FIELD_KIND(a->field[0].kind) : 0;
	const struct operand *operand;

	if (a->guard == RCPP_GUARD_ORIGINAL && gets_immediate(site))
		return true;
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
	fprintf(file, "%u,%se-%s", prefix_of(site, a), label, label);
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

static int form_flags(const struct site *site)
{
	return (stands_at_end(site) ? RCPP_FORM_AT_END : 0) |
	       (site->condition.width ? RCPP_FORM_CONDITION : 0) |
	       (site->together ? RCPP_FORM_TOGETHER : 0) | (site->leading ? RCPP_FORM_LED : 0) |
	       (site->reach != NO_ITEM ? RCPP_FORM_REACH : 0);
}

/* The header and all alternatives, their labels numbered from `first` on. */
static void emit_alternatives(FILE *file, const struct site *site, uint32_t form, int first,
			      unsigned check)
{
	const struct operand *variable = site_variable(site);
	const struct site_condition *condition = &site->condition;
	struct rule_alternative original = {
		.guard = RCPP_GUARD_ORIGINAL, .number = 8, .code = RULE_CODE_ORIGINAL};

	original.fields = variable || site_has_target(site);
	if (!variable)
		original.field[0].kind = 4 | RCPP_FIELD_JUMP;
	else if (has_base(variable))
		original.field[0].kind = 4 | RCPP_FIELD_OFFSET;
	else if (variable->base == REGISTER_PLACE)
		original.field[0].kind = 4 | RCPP_FIELD_PCREL;
	else
		original.field[0].kind = 4 | RCPP_FIELD_ABSOLUTE;
	fprintf(file, ".byte %d,%d,%u,%u; ", site->alternatives + 1, form_flags(site), check & 0xff,
		check >> 8);
	if (site->reach != NO_ITEM)
		fprintf(file, ".long .Lrcpp%uz-.Lrcpp%u; ", site->label, site->label);
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

/*
 * The length of the longest alternative, step by step: in as, `<` gives -1 where it holds. If the
 * padding may be a jump, there is room for it behind the original.
 */
static void emit_longest(FILE *file, const struct site *site, uint32_t form, int count)
{
	fprintf(file, ".set .LrcppF%u,.LrcppF%u_0e-.LrcppF%u_0+%d; ", form, form, form,
		form_may_jump(site) ? RCPP_NOP_MAX + 1 : 0);
	for (int i = 1; i < count; i++)
		fprintf(file,
			".set .LrcppF%u_%dm,.LrcppF%u; .set .LrcppF%u,.LrcppF%u_%dm-"
			"(.LrcppF%u_%de-.LrcppF%u_%d-.LrcppF%u_%dm)"
			"*(.LrcppF%u_%dm<.LrcppF%u_%de-.LrcppF%u_%d); ",
			form, i, form, form, form, i, form, i, form, i, form, i, form, i, form, i,
			form, i);
}

/* How many prefixes the original takes: RCPP_PREFIXES(). */
static void emit_prefixes(FILE *file, uint32_t form, const struct site *site)
{
	fprintf(file,
		".set .LrcppF%up,(.LrcppF%u-(.LrcppF%u_0e-.LrcppF%u_0))"
		"*(.LrcppF%u<%d)*(.LrcppF%u-(.LrcppF%u_0e-.LrcppF%u_0)<%u); ",
		form, form, form, form, form, RCPP_INSTRUCTION_MAX + 1, form, form, form,
		RCPP_PREFIXES_MAX(site->prefix, site->leading) + 1);
}

bool form_is_local(const struct site *site)
{
	return site->skipped || site->reach != NO_ITEM;
}

bool form_jumps(const struct site *site)
{
	for (int i = 0; i < site->alternatives; i++) {
		const struct rule_alternative *a = &site->alternative[i];

		if (a->fields && (RCPP_FIELD_KIND(a->field[0].kind) == RCPP_FIELD_JUMP ||
				  RCPP_FIELD_KIND(a->field[0].kind) == RCPP_FIELD_TARGET))
			return !site_is_call(site);
	}
	return false;
}

/* What replaces a jump fits into it, whether as makes it short or not. */
bool form_is_as_long(const struct site *site)
{
	return site_is_conditional_jump(site) || site->skipped;
}

static bool has_immediate(const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++)
		if (site->parsed.operands[i].kind == OPERAND_IMMEDIATE)
			return true;
	return false;
}

/*
 * An alternative of two instructions is a move of ten bytes at most, and the original with a
 * register in the variable's place, four bytes shorter. So six prefixes fill the site, unless they
 * make the original too long for an instruction, as with an immediate.
 */
bool form_is_full(const struct site *site)
{
	unsigned prefix = site->prefix;

	if (!site_variable(site))
		return false;
	if (!needs_all_prefixes(site))
		return site->lengthens;
	return (prefix == RCPP_PREFIX_OPERAND || prefix == RCPP_PREFIX_ADDRESS) &&
	       !has_immediate(site);
}

/* How many bytes the original and its prefixes leave to fill. */
static void emit_gap(FILE *file, uint32_t form, unsigned prefix)
{
	fprintf(file, ".set .LrcppF%ug,.LrcppF%u-(.LrcppF%u_0e-.LrcppF%u_0)", form, form, form,
		form);
	if (prefix)
		fprintf(file, "-.LrcppF%up", form);
	fputs("; ", file);
}

/*
 * The byte in front of a site where a symbol stands: the prefix, if the original fills the site;
 * else it is a NOP.
 */
static void emit_leading(FILE *file, uint32_t form, unsigned leading)
{
	fprintf(file, ".set .LrcppF%ul,%d+%d*(.LrcppF%ug==0); ", form, NOP, NOP - (int)leading,
		form);
}

/* The form for people, between quotes of an .asciz. */
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

void form_emit(FILE *file, const struct site *site, uint32_t form, const char *symbol,
	       unsigned check)
{
	int count = site->alternatives + 1;

	if (form_is_local(site))
		fprintf(file, ".pushsection rcpp_forms,\"a\",@progbits; %s: ", symbol);
	else
		fprintf(file,
			".pushsection rcpp_forms,\"aG\",@progbits,%s,comdat; "
			".weak %s; .hidden %s; %s: ",
			symbol, symbol, symbol, symbol);
	emit_alternatives(file, site, form, 0, check);
	emit_alternatives(file, site, form, count, check);
	if (!form_is_as_long(site)) {
		emit_longest(file, site, form, count);
		if (site->prefix)
			emit_prefixes(file, form, site);
		emit_gap(file, form, site->prefix);
		if (site->leading)
			emit_leading(file, form, site->leading);
	}
	fputs(".asciz \"", file);
	print_description(file, site);
	fputs("\"; .popsection; ", file);
}
