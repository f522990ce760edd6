/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules [FILE]: a rules file (or standard input) in, C tables (grammar/rules.h) on standard
 * output. Runs at build time. Each rule is multiplied out into one row a spelling of its mnemonic,
 * `through` into the moves it stands for, so that the tool only ever looks a mnemonic up. What the
 * tables have no room for, and forms that the runtime would refuse, are errors here.
 */
%define api.prefix {rules_}
%define parse.error verbose

%code {
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rules.h"
#include "vocabulary.h"

#define ROWS_MAX  4096
#define NAMES_MAX 512
#define SETS_MAX  16

_Static_assert(ROWS_MAX * RULE_ALTERNATIVES_MAX <= UINT16_MAX + 1,
	       "rule.alternative has room for the index of any alternative");

struct names {
	int count;
	char *name[NAMES_MAX];
};

static struct rule rows[ROWS_MAX];
static struct rule_alternative alternatives[ROWS_MAX][RULE_ALTERNATIVES_MAX]; /* of each row */
static size_t row_count;

/* Each code once, one behind the other: first those of RULE_CODE_NOTHING and _ORIGINAL. */
static char codes[UINT16_MAX] = "\0*";
static size_t codes_length = sizeof "\0*";

static struct {
	char *name;
	struct names names;
} sets[SETS_MAX];
static int set_count;

/* The rule being read: bases are its mnemonics without their suffix. */
static struct names bases, list;
static char *suffixes, *kind;
static struct rule current;
static char *through;
static struct {
	char *guard, *code;
	uint8_t needs;
	int line;
} written[RULE_ALTERNATIVES_MAX];
static int written_count;
static uint8_t needs;
static int rule_line;

static const char *file_name = "<stdin>";
static int line; /* where what is worked on stands */

int rules_lex(void);
extern int rules_token_line;
extern FILE *rules_in;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *pattern, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%d: error: ", file_name, line);
	va_start(arguments, pattern);
	vfprintf(stderr, pattern, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

/* Of the parser: about the token that does not fit. */
static void rules_error(const char *message)
{
	line = rules_token_line;
	fail("%s", message);
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
	for (unsigned guard = 1; guard <= RCPP_GUARD_LAST; guard++)
		if (!strcmp(name, guard_words[guard]))
			return (uint8_t)guard;
	fail("there is no guard %s; see GUARD at the top of x86-64/rules", name);
}

static uint8_t need_of(const char *name)
{
	static const struct {
		const char *name;
		uint8_t need;
	} list[] = {{"flags dead", RULE_FLAGS_DEAD},
		    {"rax dead", RULE_QUOTIENT_DEAD},
		    {"rdx dead", RULE_REMAINDER_DEAD},
		    {"extended", RULE_EXTENDED},
		    {"copied", RULE_COPIED}};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (!strcmp(name, list[i].name))
			return list[i].need;
	fail("there is no condition (%s)", name); /* the scanner knows no others */
}

static enum rule_role role_of(const char *name)
{
	static const char *const names[] = {
		[ROLE_LOAD] = "load",	  [ROLE_USE] = "use",	      [ROLE_CONSUME] = "consume",
		[ROLE_ADDRESS] = "address", [ROLE_COMPARE] = "compare", [ROLE_SETTLE] = "settle",
		[ROLE_SKIP] = "skip",	  [ROLE_CARRY] = "carry",     [ROLE_STEP] = "step",
		[ROLE_TURN] = "turn",	  [ROLE_MIRROR] = "mirror",
	};
	size_t length = strcspn(name, "!");

	for (int role = 0; role <= ROLE_LAST; role++)
		if (strlen(names[role]) == length && !strncmp(name, names[role], length))
			return (enum rule_role)role;
	fail("there is no role %s", name);
}

static void append_name(struct names *names, char *name)
{
	if (names->count == NAMES_MAX)
		fail("more than %d names; split the rule, or raise NAMES_MAX", NAMES_MAX);
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
	fail("there is no set %s; give it a line `set %s = ...` above", name, name);
}

static void add_set(char *name)
{
	for (int i = 0; i < set_count; i++)
		if (!strcmp(sets[i].name, name))
			fail("the set %s exists already; choose another name", name);
	if (set_count == SETS_MAX)
		fail("more than %d sets; raise SETS_MAX", SETS_MAX);
	sets[set_count].name = name;
	sets[set_count++].names = list;
	list.count = 0;
}

static void set_suffixes(char *text)
{
	for (const char *c = text; *c; c++)
		if (!width_of(*c))
			fail("there is no suffix %c; use b, w, l or q", *c);
	suffixes = text;
}

static void add_operand(const char *text)
{
	struct rule_operand *operand = &current.operand[current.operands];
	const char *dot = strchr(text, '.');

	if (current.operands++ == RULE_OPERANDS_MAX)
		fail("more than %d operands; raise RULE_OPERANDS_MAX", RULE_OPERANDS_MAX);
	operand->indirect = *text == '*';
	text += operand->indirect;
	operand->letter = text[0];
	operand->width = (uint8_t)(dot ? width_of(dot[1]) : 0);
	if (!strchr("VXRWSDMILKNA", text[0]) || (text[0] == 'V' && strncmp(text, "VAR", 3)))
		fail("there is no operand %s; see OPERAND at the top of x86-64/rules", text);
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
	fail("%s contains no known condition; only j, set and cmov can be settled", mnemonic);
}

/* The condition that holds for b and a if this one holds for a and b. */
static const char *mirrored_condition(const char *mnemonic)
{
	static const char *const mirrored[16] = {
		[2] = "a",  [7] = "b",	[3] = "be",  [6] = "ae", /* b, a, ae, be */
		[12] = "g", [15] = "l", [13] = "le", [14] = "ge",	 /* l, g, ge, le */
	};
	const char *name = mirrored[condition_of(mnemonic)];

	if (!name)
		fail("the condition in %s has none that mirrors it", mnemonic);
	return name;
}

/* The code with &, @ and ~ replaced, and T with its width; the letters stay. */
static char *expand_code(const char *code, const char *base, char suffix)
{
	char *text = format("");

	for (; *code; code++) {
		if (!suffix && (*code == '@' || (*code == 'T' && code[1] != '.')))
			fail("%s has no suffix that %c could take; write a width", base, *code);
		char *longer = *code == '&'   ? format("%s%s", text, base)
			       : *code == '~' ? format("%s%s", text, mirrored_condition(base))
			       : *code == '@' ? format("%s%c", text, suffix)
			       : *code == 'T' && code[1] != '.'
				       ? format("%sT.%c", text, suffix)
				       : format("%s%c", text, *code);

		free(text);
		text = longer;
	}
	return text;
}

/* The field of `name(V)`: two names stand for what the operands say. */
static struct rule_field function_field(const char *name, size_t length)
{
	if (length == 3 && !strncmp(name, "and", length))
		return (struct rule_field){RCPP_FIELD_AND, RCPP_FUNCTION_PLAIN};
	if (length == 3 && !strncmp(name, "lea", length))
		return (struct rule_field){RCPP_FIELD_ADD, RCPP_FUNCTION_TIMES};
	for (unsigned i = 1; i <= RCPP_FUNCTION_LAST; i++)
		if (strlen(function_words[i]) == length && !strncmp(name, function_words[i], length))
			return (struct rule_field){RCPP_FIELD_VALUE, (uint8_t)i};
	fail("there is no function %.*s(V); see function_words in grammar/vocabulary.h", (int)length,
	     name);
}

/* Where the code is in `codes`, from now on. */
static uint16_t place_of(const char *code)
{
	size_t at = 0, size = strlen(code) + 1;

	while (at < codes_length && strcmp(codes + at, code))
		at += strlen(codes + at) + 1;
	if (at + size > sizeof codes)
		fail("more than %zu bytes of code; raise the size of codes", sizeof codes);
	memcpy(codes + at, code, size);
	if (at == codes_length)
		codes_length += size;
	return (uint16_t)at;
}

/* What the mnemonic says about the width of an immediate. */
static uint8_t immediate_width(const char *statement)
{
	size_t length = strcspn(statement, " ");
	int width = length ? width_of(statement[length - 1]) : 0;

	if (!strncmp(statement, "movabs", 6))
		return 8;
	if (!width)
		fail("`%s` does not say how wide V is; write $V.b, $V.w, $V.l or $V.q", statement);
	return (uint8_t)(width > 4 ? 4 : width);
}

/* The field of the V in this statement; leaves of `$name(V).b` only `$V` in the code. */
static struct rule_field describe_field(char *statement, char *value)
{
	struct rule_field field = {RCPP_FIELD_VALUE, RCPP_FUNCTION_PLAIN};
	char *name = value, *end = value + 1;

	if (!strncmp(statement, "call", 4) || !strncmp(statement, "jmp", 3))
		return (struct rule_field){RCPP_FIELD_TARGET | 4, RCPP_FUNCTION_PLAIN};
	if (value[1] == '(')
		return (struct rule_field){RCPP_FIELD_ADD | 4, RCPP_FUNCTION_PLAIN};
	if (value[1] == ')') {
		while (name > statement && name[-1] != '$')
			name--;
		if (name == statement)
			fail("`%s` has no $ before the function of V", statement);
		field = function_field(name, (size_t)(value - 1 - name));
		*name = 'V';
		end++;
	}
	if (*end == '.') {
		if (!width_of(end[1]))
			fail("`%s` gives V no width; write .b, .w, .l or .q", statement);
		field.kind |= (uint8_t)width_of(end[1]);
		end += 2;
	} else {
		field.kind |= immediate_width(statement);
	}
	memmove(name + 1, end, strlen(end) + 1);
	return field;
}

static void describe_fields(struct rule_alternative *alternative, char *code)
{
	for (char *statement = code; *statement;) {
		char *value = statement + strcspn(statement, "V;");

		if (*value == 'V') {
			if (alternative->fields == RCPP_FIELDS_MAX)
				fail("more than %d V in the code; raise RCPP_FIELDS_MAX",
				     RCPP_FIELDS_MAX);
			alternative->field[alternative->fields++] =
				describe_field(statement, value);
		}
		statement += strcspn(statement, ";");
		statement += strspn(statement, "; ");
	}
}

/* What of V is looked at: what the instruction looks at, if anything but V itself is asked for. */
static uint8_t number_of(const struct rule *rule, const struct rule_alternative *alternative,
			 const char *base)
{
	bool special = alternative->guard >= RCPP_GUARD_NONZERO;

	for (int i = 0; i < alternative->fields; i++)
		special |= alternative->field[i].function != RCPP_FUNCTION_PLAIN &&
			   alternative->field[i].function != RCPP_FUNCTION_TIMES;
	return (uint8_t)(!special ? 8
				  : rule->width | (strncmp(base, "idiv", 4) ? 0 : RCPP_NUMBER_SIGNED));
}

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

/* What the runtime, and the group of a load and its consumers, ask of guards. */
static void check_guard(const struct rule *rule, const struct rule_alternative *alternative)
{
	unsigned kind = alternative->fields ? RCPP_FIELD_KIND(alternative->field[0].kind) : 0;
	uint8_t guard = alternative->guard;

	if ((guard == RCPP_GUARD_NEAR) != (kind == RCPP_FIELD_TARGET))
		fail("the guard near and `call V` or `jmp V` go together");
	if (guard == RCPP_GUARD_TRUE && rule->role != ROLE_SETTLE && rule->role != ROLE_SKIP &&
	    rule->role != ROLE_CARRY)
		fail("the guard true is for settle, skip and carry");
	if ((rule->role == ROLE_CONSUME || rule->role == ROLE_ADDRESS ||
	     rule->role == ROLE_TURN) &&
	    !rule->follows && !goes_through_register(rule) && consumer_guard_rank(guard) < 0)
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

static void add_alternative(struct rule *rule, const char *base, const char *guard,
			    uint8_t where, char *code)
{
	struct rule_alternative *alternative = &alternatives[rule - rows][rule->alternatives];

	if (rule->alternatives++ == RULE_ALTERNATIVES_MAX)
		fail("more than %d alternatives; raise RULE_ALTERNATIVES_MAX",
		     RULE_ALTERNATIVES_MAX);
	*alternative = (struct rule_alternative){.guard = guard_of(guard), .needs = where};
	if (strchr(code, 'T'))
		alternative->needs |= RULE_TEMPORARY;
	if (strchr(code, 'C') && !(where & RULE_COPIED))
		fail("C is for alternatives that are (copied)");
	check_letters(rule, code);
	if (!strcmp(code, "nothing"))
		*code = '\0';
	else if (rule->role == ROLE_ADDRESS)
		alternative->field[alternative->fields++] =
			(struct rule_field){RCPP_FIELD_ADD | 4, RCPP_FUNCTION_PLAIN};
	else if (rule->role >= ROLE_COMPARE && strchr(code, 'L'))
		alternative->field[alternative->fields++] =
			(struct rule_field){RCPP_FIELD_JUMP | 4, RCPP_FUNCTION_PLAIN};
	else
		describe_fields(alternative, code);
	alternative->code = place_of(code);
	alternative->carries = !strchr(code, ';');
	alternative->number = number_of(rule, alternative, base);
	check_guard(rule, alternative);
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

	if (!strchr(code, *through))
		fail("`through %s` has no VAR to take the place of", through);
	if (suffix != 'q') {
		add_alternative(rule, base, "any", 0, format("movl $V, %s.l; %s", through, code));
		return;
	}
	add_alternative(rule, base, "u32", 0, format("movl $V, %s.l; %s", through, code));
	add_alternative(rule, base, "s32", 0, format("movq $V, %s.q; %s", through, code));
	add_alternative(rule, base, "any", 0, format("movabsq $V, %s.q; %s", through, code));
}

static void set_name(char *name, const char *base, char suffix)
{
	if (snprintf(name, RULE_NAME_MAX, "%s%.1s", base, &suffix) >= RULE_NAME_MAX)
		fail("the name %s%.1s is too long; raise RULE_NAME_MAX (%d)", base, &suffix,
		     RULE_NAME_MAX);
}

/* A register's width comes from the suffix, unless it is written. */
static void check_width(const struct rule *rule, const struct rule_operand *operand)
{
	if (strchr("VXRWSDKA", operand->letter) && !operand->width)
		fail("nothing says how wide %c of %s is; write a suffix, or %c.b, .w, .l or .q",
		     operand->letter, rule->mnemonic, operand->letter);
}

static void add_row(const char *base, char suffix, bool bare)
{
	struct rule *row = &rows[row_count];
	bool has_register = false;

	if (row_count++ == ROWS_MAX)
		fail("more than %d rows; raise ROWS_MAX", ROWS_MAX);
	*row = current;
	set_name(row->kind, kind, '\0');
	set_name(row->mnemonic, base, bare ? '\0' : suffix);
	row->width = (uint8_t)width_of(suffix);
	row->bare = bare;
	for (int i = 0; i < row->operands; i++) {
		has_register |= strchr("XRWSD", row->operand[i].letter) && !row->operand[i].width;
		row->operand[i].suffix = !row->operand[i].width;
		if (!row->operand[i].width)
			row->operand[i].width = row->width;
		check_width(row, &row->operand[i]);
	}
	if (bare && !has_register && row->role != ROLE_ADDRESS) {
		row_count--; /* nothing says the width, as refuses it too */
		return;
	}
	for (int i = 0; i < written_count; i++) {
		line = written[i].line;
		add_alternative(row, base, written[i].guard, written[i].needs,
				expand_code(written[i].code, base, suffix));
	}
	line = rule_line;
	if (through && !row->follows)
		add_through(row, base, suffix);
	if (row->role == ROLE_SETTLE)
		row->condition = condition_of(base);
	if ((row->role == ROLE_CONSUME || row->role >= ROLE_TURN) && !row->follows &&
	    row->alternatives != 1)
		fail("a consumer has one alternative");
	check_room(row);
}

static void add_rows(void)
{
	for (int b = 0; b < bases.count; b++) {
		for (const char *suffix = suffixes; suffix && *suffix; suffix++) {
			add_row(bases.name[b], *suffix, false);
			add_row(bases.name[b], *suffix, true);
		}
		if (!suffixes)
			add_row(bases.name[b], '\0', false);
	}
}

/* N as V or X. Returns false if there is none. */
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

static void begin_rule(enum rule_role role)
{
	line = rule_line = rules_token_line;
	if (!kind)
		fail("no heading stands above this rule; write [KIND], which --stats counts by");
	current.role = role;
}

static void add_rule(void)
{
	struct rule either = current;

	line = rule_line;

	replace_either(&current, 'V');
	add_rows();
	if (replace_either(&either, 'X')) {
		current = either;
		current.role = ROLE_CONSUME;
		current.alone = current.follows = true;
		add_rows();
	}
	bases.count = written_count = 0;
	suffixes = through = NULL;
	current = (struct rule){0};
}

static void write_alternative(char *guard, char *code)
{
	line = rules_token_line;
	if (written_count == RULE_ALTERNATIVES_MAX)
		fail("more than %d alternatives; raise RULE_ALTERNATIVES_MAX",
		     RULE_ALTERNATIVES_MAX);
	written[written_count].line = line;
	written[written_count].guard = guard;
	written[written_count].needs = needs;
	written[written_count++].code = code;
	needs = 0;
}
}

%union {
	char *text;
}

%token END_OF_LINE BECOMES SET ADDRESS THROUGH UNKNOWN
%token <text> ROLE WORD NEED OPERAND TEXT

%%

file: %empty
	| file line END_OF_LINE
	;

line: %empty
	| '[' WORD ']' { kind = $2; }
	| SET { line = rules_token_line; } OPERAND '=' words { add_set($3); }
	| ROLE {
		begin_rule(role_of($1));
		current.alone = strchr($1, '!');
	} mnemonic operands BECOMES outcome { add_rule(); }
	| ADDRESS { begin_rule(ROLE_ADDRESS); } mnemonic BECOMES WORD {
		write_alternative($5, format("*"));
		add_rule();
	}
	;

words: WORD { append_name(&list, $1); }
	| words WORD { append_name(&list, $2); }
	;

mnemonic: pieces
	| pieces '[' WORD ']' { set_suffixes($3); }
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

outcome: through
	| alternatives
	| alternatives '|' through
	;

through: THROUGH OPERAND { through = $2; }
	;

alternatives: alternative
	| alternatives '|' alternative
	;

alternative: WORD ':' TEXT { write_alternative($1, $3); }
	| WORD '(' needs ')' ':' TEXT { write_alternative($1, $6); }
	;

needs: NEED { needs |= need_of($1); }
	| needs ',' NEED { needs |= need_of($3); }
	;

%%

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
		       row->operand[i].letter ? row->operand[i].letter : '-',
		       row->operand[i].width, row->operand[i].suffix, row->operand[i].indirect);
	printf("}, %zu},\n", first);
}

static void print_codes(void)
{
	for (size_t at = 0; at < codes_length; at += strlen(codes + at) + 1)
		printf("\t\"%s\\0\"\n", codes + at);
}

int main(int argc, char **argv)
{
	static const struct rule *sorted[ROWS_MAX];
	size_t first = 0;

	if (argc > 1) {
		file_name = argv[1];
		rules_in = fopen(file_name, "r");
		if (!rules_in) {
			perror(file_name);
			return 1;
		}
	}
	rules_parse();
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
	print_codes();
	printf("\t;\n");
	return 0;
}
