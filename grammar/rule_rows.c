// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rule_error.h"
#include "rule_rows.h"
#include "vocabulary.h"

#define ROWS_MAX 4096

_Static_assert(ROWS_MAX *RULE_ALTERNATIVES_MAX <= UINT16_MAX + 1,
	       "rule.alternative has room for the index of any alternative");

/* By letter: operands that are, or may be, a register; those whose width must be known, too. */
#define REGISTERS "XRWSD"
#define WIDE	  "VXRWSDKA"

static struct rule rows[ROWS_MAX];
static struct rule_alternative alternatives[ROWS_MAX][RULE_ALTERNATIVES_MAX]; /* of each row */
static size_t row_count;

/* ---- The rule as it is written ---- */

void draft_add_operand(struct draft *draft, const char *text)
{
	struct rule *rule = &draft->rule;
	struct rule_operand *operand = &rule->operand[rule->operands];
	const char *word = text + (*text == '*');
	const char *dot = strchr(word, '.');
	char letter = letter_of(word, strcspn(word, "."));

	if (rule->operands++ == RULE_OPERANDS_MAX)
		fail("more than %d operands; raise RULE_OPERANDS_MAX", RULE_OPERANDS_MAX);
	if (!letter || strchr("TCB", letter) || !strcmp(word, "V"))
		fail("there is no operand %s; see \"Operands\" at the top of x86-64/rules", word);
	if (dot && !width_of(dot[1]))
		fail("there is no suffix %c; see `suffixes` at the top of x86-64/rules", dot[1]);
	operand->indirect = *text == '*';
	operand->letter = letter;
	operand->width = (uint8_t)(dot ? width_of(dot[1]) : 0);
}

void draft_add_alternative(struct draft *draft, struct written alternative)
{
	if (draft->count == RULE_ALTERNATIVES_MAX)
		fail("more than %d alternatives; raise RULE_ALTERNATIVES_MAX",
		     RULE_ALTERNATIVES_MAX);
	draft->written[draft->count++] = alternative;
}

/* ---- What tables and runtime ask of it ---- */

/* Every letter is an operand, or stands for what the filter chooses; print_letter() would leave
 * others out. */
static void check_letters(const struct rule *rule, const char *code)
{
	for (; *code; code++) {
		bool known = *code < 'A' || *code > 'Z' || strchr("VTC", *code) ||
			     (*code == 'B' && rule->role == ROLE_SKIP);

		for (int i = 0; i < rule->operands; i++)
			known |= rule->operand[i].letter == *code;
		if (!known)
			fail("%c in the code is not an operand of the rule", *code);
		if (strchr("\"\\", *code))
			fail("%c is not allowed in code", *code);
	}
}

static bool goes_through_register(const struct rule *rule)
{
	return rule->operands == 1 && (rule->operand[0].indirect || rule->operand[0].letter == 'K');
}

static bool needs_consumer_guard(const struct rule *rule)
{
	return (rule->role == ROLE_CONSUME || rule->role == ROLE_ADDRESS ||
		rule->role == ROLE_TURN) &&
	       !rule->follows && !goes_through_register(rule);
}

/* What the runtime, and the group of a load and its consumers, ask of guards. */
static void check_guard(const struct rule *rule, const struct rule_alternative *alternative)
{
	unsigned kind = alternative->fields ? RCPP_FIELD_KIND(alternative->field[0].kind) : 0;
	uint8_t guard = alternative->guard;

	if ((guard == RCPP_GUARD_NEAR) != (kind == RCPP_FIELD_TARGET))
		fail("the guard near and an instruction that goes to V go together");
	if (guard == RCPP_GUARD_TRUE && rule->role != ROLE_SETTLE && rule->role != ROLE_SKIP &&
	    rule->role != ROLE_CARRY)
		fail("the guard true is for settle, skip and carry");
	if (needs_consumer_guard(rule) && consumer_guard_rank(guard) < 0)
		fail("a consumer's guard is any, s32 or a32, not %s", guard_words[guard]);
}

/*
 * Has the runtime room for all that may hold at once, with the original and, of a load, that it
 * vanishes? Of two with one guard the filter takes the first.
 */
static void check_room(const struct rule *rule)
{
	int count = 1 + (rule->role == ROLE_LOAD);

	for (unsigned guard = 1; guard <= RCPP_GUARD_LAST; guard++) {
		bool found = false;

		for (int i = 0; i < rule->alternatives; i++)
			found |= alternatives[rule - rows][i].guard == guard;
		count += found;
	}
	if (count > RCPP_ALTERNATIVES_MAX)
		fail("%d alternatives can hold at once, with the original%s; the runtime takes %d "
		     "(RCPP_ALTERNATIVES_MAX)",
		     count, rule->role == ROLE_LOAD ? " and nothing" : "", RCPP_ALTERNATIVES_MAX);
}

/* A register's width comes from the suffix, unless it is written. */
static void check_width(const struct rule *rule, const struct rule_operand *operand)
{
	if (strchr(WIDE, operand->letter) && !operand->width)
		fail("nothing says how wide %c of %s is; write a suffix, or %c.b, .w, .l or .q",
		     operand->letter, rule->mnemonic, operand->letter);
}

/* ---- Alternatives ---- */

/* What of V is looked at: what the instruction looks at, if anything but V itself is asked for. */
static uint8_t number_of(const struct rule *rule, const struct rule_alternative *alternative,
			 bool is_signed)
{
	bool special = alternative->guard >= RCPP_GUARD_NONZERO;

	for (int i = 0; i < alternative->fields; i++)
		special |= alternative->field[i].function != RCPP_FUNCTION_PLAIN &&
			   alternative->field[i].function != RCPP_FUNCTION_TIMES;
	if (!special)
		return 8;
	return (uint8_t)(rule->width | (is_signed ? RCPP_NUMBER_SIGNED : 0));
}

/* `behind` is what the tables have behind the code. */
static void add_alternative(struct rule *rule, const struct draft *draft,
			    const struct spelling *spelling, const struct written *written,
			    const char *behind)
{
	struct rule_alternative *alternative = &alternatives[rule - rows][rule->alternatives];
	char *code;

	rule_line = written->line;
	code = format("%s%s", code_expand(written->code, spelling), behind);
	if (rule->alternatives++ == RULE_ALTERNATIVES_MAX)
		fail("more than %d alternatives; raise RULE_ALTERNATIVES_MAX",
		     RULE_ALTERNATIVES_MAX);
	*alternative = (struct rule_alternative){.guard = guard_of(written->guard),
						 .needs = written->needs};
	if (strchr(code, 'T'))
		alternative->needs |= RULE_TEMPORARY;
	if (strchr(code, 'C') && !(written->needs & RULE_COPIED))
		fail("COPY is for alternatives that are (copied)");
	check_letters(rule, code);
	if (!strcmp(code, "nothing"))
		*code = '\0';
	code_describe(alternative, code);
	alternative->code = code_place(code);
	alternative->carries = !strchr(code, ';');
	alternative->number = number_of(rule, alternative, draft->is_signed);
	check_guard(rule, alternative);
}

/* The matched instruction, with a register in the variable's place. */
static char *through_code(const struct draft *draft, const struct spelling *spelling)
{
	char *text = format("%s%c", spelling->base, spelling->suffix);
	bool has_variable = false;

	for (int i = 0; i < draft->rule.operands; i++) {
		char letter = draft->rule.operand[i].letter;
		bool is_variable = letter == 'V' || letter == 'N';

		has_variable |= is_variable;
		text = is_variable ? format("%s%s %s.%c", text, i ? "," : "", draft->through,
					    spelling->suffix)
				   : format("%s%s %c", text, i ? "," : "", letter);
	}
	if (!has_variable)
		fail("`through %s` has no VAR to take the place of", draft->through);
	return text;
}

/* Each way for the value into the register, and what comes behind it. */
static void add_ways(struct rule *rule, const struct draft *draft, const struct spelling *spelling,
		     const char *name, const char *behind)
{
	for (int i = 0; i < into_count(spelling->suffix); i++) {
		struct written way = into_way(spelling->suffix, i, name);

		way.line = draft->line;
		add_alternative(rule, draft, spelling, &way, behind);
	}
}

/* ---- Rows ---- */

static void set_name(char *name, const char *base, char suffix)
{
	if (snprintf(name, RULE_NAME_MAX, "%s%.1s", base, &suffix) >= RULE_NAME_MAX)
		fail("the name %s%.1s is too long; raise RULE_NAME_MAX (%d)", base, &suffix,
		     RULE_NAME_MAX);
}

/* Each operand's width. Returns whether a register says the suffix. */
static bool set_widths(struct rule *row)
{
	bool is_said = false;

	for (int i = 0; i < row->operands; i++) {
		struct rule_operand *operand = &row->operand[i];

		operand->suffix = !operand->width;
		is_said |= operand->suffix && strchr(REGISTERS, operand->letter);
		if (operand->suffix)
			operand->width = row->width;
		check_width(row, operand);
	}
	return is_said;
}

static void add_alternatives(struct rule *row, const struct draft *draft,
			     const struct spelling *spelling)
{
	for (int i = 0; i < draft->count; i++)
		if (row->follows || !(draft->written[i].needs & RULE_KEPT))
			add_alternative(row, draft, spelling, &draft->written[i], "");
	rule_line = draft->line;
	if (draft->into)
		add_ways(row, draft, spelling, draft->into, "");
	if (draft->through && !row->follows)
		add_ways(row, draft, spelling, draft->through,
			 format("; %s", through_code(draft, spelling)));
	rule_line = draft->line;
	if ((row->role == ROLE_CONSUME || row->role >= ROLE_TURN) && !row->follows &&
	    row->alternatives != 1)
		fail("a consumer has one alternative");
	check_room(row);
}

static void add_row(const struct draft *draft, const struct spelling *spelling, bool bare)
{
	struct rule *row = &rows[row_count];

	if (row_count++ == ROWS_MAX)
		fail("more than %d rows; raise ROWS_MAX", ROWS_MAX);
	*row = draft->rule;
	set_name(row->kind, draft->kind, '\0');
	set_name(row->mnemonic, spelling->base, bare ? '\0' : spelling->suffix);
	row->width = (uint8_t)width_of(spelling->suffix);
	row->bare = bare;
	if (!set_widths(row) && bare && row->role != ROLE_ADDRESS) {
		row_count--; /* nothing says the width, as refuses it too */
		return;
	}
	add_alternatives(row, draft, spelling);
	if (row->role == ROLE_SETTLE) {
		if (spelling->condition == NO_CONDITION)
			fail("%s names no condition; write {CC}", spelling->base);
		row->condition = (uint8_t)spelling->condition;
	}
}

static void add_rows(const struct draft *draft)
{
	for (int i = 0; i < draft->bases.count; i++) {
		const struct name *base = &draft->bases.name[i];
		struct spelling spelling = {base->text, base->condition, '\0'};

		for (const char *suffix = draft->suffixes; suffix && *suffix; suffix++) {
			spelling.suffix = *suffix;
			add_row(draft, &spelling, false);
			add_row(draft, &spelling, true);
		}
		if (!draft->suffixes)
			add_row(draft, &spelling, false);
	}
}

/* VAR/X as one of both. Returns false if there is none. */
static bool replace_either(struct rule *rule, char letter)
{
	for (int i = 0; i < rule->operands; i++) {
		if (rule->operand[i].letter == 'N') {
			rule->operand[i].letter = letter;
			return true;
		}
	}
	return false;
}

void add_rule(const struct draft *draft)
{
	struct draft with_variable = *draft, with_register = *draft;

	rule_line = draft->line;
	if (!draft->kind)
		fail("no heading stands above this rule; write [KIND], which --stats counts by");
	for (const char *c = draft->suffixes; c && *c; c++)
		if (!width_of(*c))
			fail("there is no suffix %c; see `suffixes` at the top of x86-64/rules",
			     *c);
	replace_either(&with_variable.rule, 'V');
	add_rows(&with_variable);
	if (replace_either(&with_register.rule, 'X')) {
		with_register.rule.role = ROLE_CONSUME;
		with_register.rule.alone = with_register.rule.follows = true;
		add_rows(&with_register);
	}
}

/* ---- The tables ---- */

/* By name; rows of one name keep the order of the file, which is what the index is for. */
static int compare_rows(const void *a, const void *b)
{
	const struct rule *const *x = a, *const *y = b;
	int order = strcmp((*x)->mnemonic, (*y)->mnemonic);

	return order ? order : (*x > *y) - (*x < *y);
}

static void print_alternatives(const struct rule *row)
{
	for (int i = 0; i < row->alternatives; i++) {
		const struct rule_alternative *a = &alternatives[row - rows][i];

		printf("\t{%d, %#x, %d, %d, %d, {", a->guard, a->number, a->needs, a->carries,
		       a->fields);
		for (int f = 0; f < RCPP_FIELDS_MAX; f++)
			printf("{%#x, %d}, ", a->field[f].kind, a->field[f].function);
		printf("}, %u},\n", a->code);
	}
}

static void print_row(const struct rule *row, size_t first)
{
	printf("\t{\"%s\", \"%s\", %d, %d, %d, %d, %d, %d, %d, %d, {", row->mnemonic, row->kind,
	       row->role, row->alone, row->follows, row->condition, row->width, row->bare,
	       row->operands, row->alternatives);
	for (int i = 0; i < RULE_OPERANDS_MAX; i++)
		printf("{'%c', %d, %d, %d}, ",
		       row->operand[i].letter ? row->operand[i].letter : '-', row->operand[i].width,
		       row->operand[i].suffix, row->operand[i].indirect);
	printf("}, %zu},\n", first);
}

void print_tables(void)
{
	static const struct rule *sorted[ROWS_MAX];
	size_t first = 0;

	for (size_t i = 0; i < row_count; i++)
		sorted[i] = &rows[i];
	qsort(sorted, row_count, sizeof *sorted, compare_rows);
	printf("/* Generated by compile-rules. */\n#include \"rules.h\"\n\n"
	       "const struct rule_alternative rule_alternatives[] = {\n");
	for (size_t i = 0; i < row_count; i++)
		print_alternatives(sorted[i]);
	printf("};\n\nconst struct rule rules[] = {\n");
	for (size_t i = 0; i < row_count; i++) {
		print_row(sorted[i], first);
		first += sorted[i]->alternatives;
	}
	printf("};\n\nconst size_t rule_count = %zu;\n\nconst char rule_codes[] =\n", row_count);
	code_print_all();
	printf("\t;\n");
}
