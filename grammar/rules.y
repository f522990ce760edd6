/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules: a rules file on standard input, C tables (rcpp/rules.h) on standard output. Runs at
 * build time. Each rule is multiplied out into one row a spelling of its mnemonic, `through` into
 * the moves it stands for, so that the tool only ever looks a mnemonic up.
 */
%define api.prefix {rules_}
%define parse.error verbose

%code {
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rules.h"
#include "rcpp_tables.h"

#define ROWS_MAX  4096
#define NAMES_MAX 512

struct names {
	int count;
	char *name[NAMES_MAX];
};

static struct rule rows[ROWS_MAX];
static size_t row_count;

static struct {
	char *name;
	struct names names;
} sets[16];
static int set_count;

/* The rule being read: bases are its mnemonics without their suffix. */
static struct names bases, list;
static char *suffixes, *kind;
static struct rule current;
static char *through;
static struct {
	char *guard, *code;
	bool flags_dead;
} written[RULE_ALTERNATIVES_MAX];
static int written_count;

int rules_lex(void);
extern int rules_lineno;

static void rules_error(const char *message)
{
	fprintf(stderr, "rules:%d: error: %s\n", rules_lineno, message);
	exit(1);
}

static char *format(const char *pattern, ...)
{
	char *text;
	va_list arguments;

	va_start(arguments, pattern);
	if (vasprintf(&text, pattern, arguments) < 0)
		abort();
	va_end(arguments);
	return text;
}

static int width_of(char suffix)
{
	switch (suffix) {
	case 'b':
		return 1;
	case 'w':
		return 2;
	case 'l':
		return 4;
	case 'q':
		return 8;
	}
	return 0;
}

static uint8_t guard_of(const char *name)
{
	static const char *const names[] = {"original", "any", "u32", "s32",
					    "a32",	"near", "true"};

	for (unsigned guard = 1; guard <= RCPP_GUARD_LAST; guard++)
		if (!strcmp(name, names[guard]))
			return (uint8_t)guard;
	rules_error("no such guard");
	return 0;
}

static enum rule_role role_of(const char *name)
{
	static const char *const names[] = {
		[ROLE_LOAD] = "load",	  [ROLE_USE] = "use",	      [ROLE_CONSUME] = "consume",
		[ROLE_ADDRESS] = "address", [ROLE_COMPARE] = "compare", [ROLE_SETTLE] = "settle",
	};
	size_t length = strcspn(name, "!");

	for (int role = 0; role <= ROLE_SETTLE; role++)
		if (strlen(names[role]) == length && !strncmp(name, names[role], length))
			return (enum rule_role)role;
	rules_error("no such role");
	return ROLE_LOAD;
}

static void append_name(struct names *names, char *name)
{
	if (names->count == NAMES_MAX)
		rules_error("too many names");
	names->name[names->count++] = name;
}

/* Every base so far, each with every name of `list` behind it. */
static void multiply_bases(void)
{
	struct names product = {0};

	if (!bases.count)
		append_name(&bases, format(""));
	for (int b = 0; b < bases.count; b++)
		for (int i = 0; i < list.count; i++)
			append_name(&product, format("%s%s", bases.name[b], list.name[i]));
	bases = product;
	list.count = 0;
}

static void find_set(const char *name)
{
	for (int i = 0; i < set_count; i++) {
		if (!strcmp(sets[i].name, name)) {
			list = sets[i].names;
			return;
		}
	}
	rules_error("no such set");
}

static void add_operand(const char *text)
{
	struct rule_operand *operand = &current.operand[current.operands++];
	const char *dot = strchr(text, '.');

	if (current.operands > RULE_OPERANDS_MAX)
		rules_error("too many operands");
	operand->indirect = *text == '*';
	text += operand->indirect;
	operand->letter = text[0];
	operand->width = (uint8_t)(dot ? width_of(dot[1]) : 0);
	if (!strchr("VXRWSDMILK", text[0]) || (text[0] == 'V' && strncmp(text, "VAR", 3)))
		rules_error("no such operand");
}

/* The code with & and @ replaced, and T with its width; the letters stay. */
static char *expand_code(const char *code, const char *base, char suffix)
{
	char *text = format("");

	for (; *code; code++) {
		char *longer = *code == '&'   ? format("%s%s", text, base)
			       : *code == '@' ? format("%s%c", text, suffix)
			       : *code == 'T' && code[1] != '.'
				       ? format("%sT.%c", text, suffix)
				       : format("%s%c", text, *code);

		free(text);
		text = longer;
	}
	return text;
}

/* By the hardware's number, in all spellings. */
static uint8_t condition_of(const char *mnemonic)
{
	static const char *const names[16][3] = {
		{"o"},	   {"no"},	     {"b", "c", "nae"}, {"ae", "nb", "nc"},
		{"e", "z"}, {"ne", "nz"},     {"be", "na"},	{"a", "nbe"},
		{"s"},	   {"ns"},	     {"p", "pe"},	{"np", "po"},
		{"l", "nge"}, {"ge", "nl"},   {"le", "ng"},	{"g", "nle"},
	};
	static const char *const stems[] = {"cmov", "set", "j"};

	for (int i = 0; i < 3; i++)
		if (!strncmp(mnemonic, stems[i], strlen(stems[i])))
			for (int code = 0; code < 16; code++)
				for (int n = 0; n < 3 && names[code][n]; n++)
					if (!strcmp(mnemonic + strlen(stems[i]), names[code][n]))
						return (uint8_t)code;
	rules_error("no condition in the mnemonic");
	return 0;
}

/* Find V in the code and say what kind of field it is and how wide; takes the width off `$V.b`. */
static void describe_field(const struct rule *rule, struct rule_alternative *alternative,
			   char *code)
{
	char *statement = code, *value = NULL;
	size_t length;

	alternative->code = code;
	if (rule->role >= ROLE_COMPARE) {
		if (!strcmp(code, "nothing"))
			alternative->code = "";
		else if (strchr(code, 'L'))
			alternative->field = RCPP_FIELD_JUMP | 4;
		return;
	}
	alternative->carries = !strchr(code, ';');
	alternative->temporary = false;
	for (char *c = code; *c; c++) {
		if (*c == 'T')
			alternative->temporary = true;
		if (*c == 'V') {
			value = c;
			break;
		}
		if (*c == ';') {
			statement = c + 1 + strspn(c + 1, " ");
			alternative->value_in++;
		}
	}
	if (!value)
		rules_error("no V in the code");
	if (strchr(value, 'T'))
		alternative->temporary = true;
	length = strcspn(statement, " ");
	if (!strncmp(statement, "call", 4) || !strncmp(statement, "jmp", 3)) {
		alternative->field = RCPP_FIELD_TARGET | 4;
	} else if (value == code || value[-1] != '$') {
		alternative->field = RCPP_FIELD_ADD | 4;
	} else if (value[1] == '.') {
		alternative->field = (uint8_t)(RCPP_FIELD_VALUE | width_of(value[2]));
		memmove(value + 1, value + 3, strlen(value + 3) + 1);
	} else if (!strncmp(statement, "movabs", 6)) {
		alternative->field = RCPP_FIELD_VALUE | 8;
	} else {
		int width = width_of(statement[length - 1]);

		if (!width)
			rules_error("the width of $V is not known");
		alternative->field = (uint8_t)(RCPP_FIELD_VALUE | (width > 4 ? 4 : width));
	}
}

static void add_alternative(struct rule *rule, const char *guard, bool flags_dead, char *code)
{
	struct rule_alternative *alternative = &rule->alternative[rule->alternatives++];

	if (rule->alternatives > RULE_ALTERNATIVES_MAX)
		rules_error("too many alternatives");
	*alternative = (struct rule_alternative){.guard = guard_of(guard),
						 .flags_dead = flags_dead};
	describe_field(rule, alternative, code);
}

/* The matched instruction, with `through` in the variable's place. */
static char *through_code(const struct rule *rule, const char *base, char suffix)
{
	char *text = format("%s%c", base, suffix);

	for (int i = 0; i < rule->operands; i++) {
		char letter = rule->operand[i].letter;

		text = format("%s%s %c", text, i ? "," : "", letter == 'V' ? *through : letter);
		if (letter == 'V')
			text = format("%s.%c", text, suffix);
	}
	return text;
}

static void add_through(struct rule *rule, const char *base, char suffix)
{
	char *code = through_code(rule, base, suffix);

	if (suffix != 'q') {
		add_alternative(rule, "any", false, format("movl $V, %s.l; %s", through, code));
		return;
	}
	add_alternative(rule, "u32", false, format("movl $V, %s.l; %s", through, code));
	add_alternative(rule, "s32", false, format("movq $V, %s.q; %s", through, code));
	add_alternative(rule, "any", false, format("movabsq $V, %s.q; %s", through, code));
}

static void add_row(const char *base, char suffix, bool bare)
{
	struct rule *row = &rows[row_count++];
	bool has_register = false;

	if (row_count > ROWS_MAX)
		rules_error("too many rows");
	*row = current;
	row->kind = kind;
	row->mnemonic = bare || !suffix ? base : format("%s%c", base, suffix);
	row->width = (uint8_t)width_of(suffix);
	row->bare = bare;
	for (int i = 0; i < row->operands; i++) {
		has_register |= strchr("XRWSD", row->operand[i].letter) && !row->operand[i].width;
		row->operand[i].suffix = !row->operand[i].width;
		if (!row->operand[i].width)
			row->operand[i].width = row->width;
	}
	if (bare && !has_register && row->role != ROLE_ADDRESS) {
		row_count--; /* nothing says the width, as refuses it too */
		return;
	}
	if (through)
		add_through(row, base, suffix);
	for (int i = 0; i < written_count; i++)
		add_alternative(row, written[i].guard, written[i].flags_dead,
				expand_code(written[i].code, base, suffix));
	if (row->role == ROLE_SETTLE)
		row->condition = condition_of(base);
	if (row->role == ROLE_CONSUME && row->alternatives != 1)
		rules_error("a consumer has one alternative");
}

static void add_rule(void)
{
	for (int b = 0; b < bases.count; b++) {
		for (const char *suffix = suffixes; suffix && *suffix; suffix++) {
			add_row(bases.name[b], *suffix, false);
			add_row(bases.name[b], *suffix, true);
		}
		if (!suffixes)
			add_row(bases.name[b], '\0', false);
	}
	bases.count = written_count = 0;
	suffixes = through = NULL;
	current = (struct rule){0};
}

static void write_alternative(char *guard, bool flags_dead, char *code)
{
	if (written_count == RULE_ALTERNATIVES_MAX)
		rules_error("too many alternatives");
	written[written_count].guard = guard;
	written[written_count].flags_dead = flags_dead;
	written[written_count++].code = code;
}
}

%union {
	char *text;
}

%token END_OF_LINE BECOMES SET ADDRESS THROUGH FLAGS_DEAD UNKNOWN
%token <text> ROLE WORD OPERAND TEXT

%%

file: %empty
	| file line END_OF_LINE
	;

line: %empty
	| '[' WORD ']' { kind = $2; }
	| SET OPERAND '=' words {
		sets[set_count].name = $2;
		sets[set_count++].names = list;
		list.count = 0;
	}
	| ROLE {
		current.role = role_of($1);
		current.alone = strchr($1, '!');
	} mnemonic operands BECOMES outcome { add_rule(); }
	| ADDRESS { current.role = ROLE_ADDRESS; } mnemonic BECOMES WORD {
		current.alternatives = 1;
		current.alternative[0] = (struct rule_alternative){
			.guard = guard_of($5), .field = RCPP_FIELD_ADD | 4, .code = "*"};
		add_rule();
	}
	;

words: WORD { append_name(&list, $1); }
	| words WORD { append_name(&list, $2); }
	;

mnemonic: pieces
	| pieces '[' WORD ']' { suffixes = $3; }
	;

pieces: piece
	| pieces piece
	;

piece: WORD { append_name(&list, $1); multiply_bases(); }
	| '{' OPERAND '}' { find_set($2); multiply_bases(); }
	| '{' choices '}' { multiply_bases(); }
	;

choices: WORD { append_name(&list, $1); }
	| choices ',' WORD { append_name(&list, $3); }
	;

operands: OPERAND { add_operand($1); }
	| operands ',' OPERAND { add_operand($3); }
	;

outcome: THROUGH OPERAND { through = $2; }
	| alternatives
	;

alternatives: alternative
	| alternatives '|' alternative
	;

alternative: WORD ':' TEXT { write_alternative($1, false, $3); }
	| WORD '(' FLAGS_DEAD ')' ':' TEXT { write_alternative($1, true, $6); }
	;

%%

/* By name; rows of one name keep the order of the file, which is what the index is for. */
static int compare_rows(const void *a, const void *b)
{
	const struct rule *const *x = a, *const *y = b;
	int order = strcmp((*x)->mnemonic, (*y)->mnemonic);

	return order ? order : (*x > *y) - (*x < *y);
}

static void print_row(const struct rule *row)
{
	printf("\t{\"%s\", \"%s\", %d, %d, %d, %d, %d, %d, %d, {", row->mnemonic, row->kind, row->role,
	       row->alone, row->condition, row->width, row->bare, row->operands, row->alternatives);
	for (int i = 0; i < row->operands; i++)
		printf("{'%c', %d, %d, %d}, ", row->operand[i].letter, row->operand[i].width,
		       row->operand[i].suffix, row->operand[i].indirect);
	printf("}, {");
	for (int i = 0; i < row->alternatives; i++) {
		const struct rule_alternative *a = &row->alternative[i];

		printf("\n\t\t{%d, %#x, %d, %d, %d, %d, \"%s\"},", a->guard, a->field, a->flags_dead,
		       a->temporary, a->carries, a->value_in, a->code);
	}
	printf("}},\n");
}

int main(void)
{
	static const struct rule *sorted[ROWS_MAX];

	rules_parse();
	for (size_t i = 0; i < row_count; i++)
		sorted[i] = &rows[i];
	qsort(sorted, row_count, sizeof *sorted, compare_rows);
	printf("/* Generated by compile-rules. */\n#include \"rules.h\"\n\n"
	       "const struct rule rules[] = {\n");
	for (size_t i = 0; i < row_count; i++)
		print_row(sorted[i]);
	printf("};\n\nconst size_t rule_count = %zu;\n", row_count);
	return 0;
}
