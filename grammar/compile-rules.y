/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules [FILE]: a rules file (or standard input) in, C tables (grammar/rules.h) on standard
 * output. Runs at build time. Each rule is expanded into one row a spelling of its mnemonic, so
 * that the tool only has to look mnemonics up.
 */
%define api.prefix {rules_}
%define parse.error verbose

%code {
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rule_error.h"
#include "rule_rows.h"

int rules_lex(void);
extern FILE *rules_in;

static struct draft draft; /* the rule being read */
static struct names list;  /* of words */
static uint8_t needs;	   /* in brackets */

/* Of the parser: about the token that does not fit. */
static void rules_error(const char *message)
{
	fail("%s", message);
}

static void add_word(char *word)
{
	names_append(&list, word, NO_CONDITION);
}

static void multiply(const struct names *names)
{
	names_multiply(&draft.bases, names);
	list.count = 0;
}

static void begin(enum rule_role role, bool alone)
{
	draft = (struct draft){.line = rule_line, .kind = draft.kind};
	draft.rule.role = role;
	draft.rule.alone = alone;
}

static void add_written(char *guard, char *code)
{
	draft_add_alternative(&draft, (struct written){guard, code, needs, rule_line});
	needs = 0;
}
}

%union {
	char *text;
}

%token END_OF_LINE BECOMES SET SUFFIXES CONDITIONS MIRRORED IMMEDIATES TARGETS INTO ADDRESS THROUGH
%token SIGNED UNKNOWN
%token <text> ROLE WORD NEED OPERAND TEXT

%%

file: %empty
	| file line END_OF_LINE
	;

line: %empty
	| '[' WORD ']' { draft.kind = $2; }
	| SET OPERAND '=' words { declare_set($2, &list); list.count = 0; }
	| SUFFIXES suffixes
	| CONDITIONS conditions
	| MIRRORED pairs
	| IMMEDIATES immediates
	| TARGETS words {
		for (int i = 0; i < list.count; i++)
			declare_target(list.name[i].text);
		list.count = 0;
	}
	| INTO { begin(ROLE_USE, false); } '[' WORD ']' OPERAND BECOMES alternatives {
		declare_into($4, $6, draft.written, draft.count);
	}
	| ROLE { begin(role_of($1), strchr($1, '!')); } mnemonic operands BECOMES outcome {
		add_rule(&draft);
	}
	| ADDRESS { begin(ROLE_ADDRESS, false); } mnemonic BECOMES WORD {
		add_written($5, format("*"));
		add_rule(&draft);
	}
	;

words: WORD { add_word($1); }
	| words WORD { add_word($2); }
	;

suffixes: suffix
	| suffixes suffix
	;

suffix: WORD '=' WORD { declare_suffix($1, atoi($3)); }
	;

immediates: immediate
	| immediates immediate
	;

immediate: WORD '=' WORD { declare_immediate($1, atoi($3)); }
	;

conditions: condition
	| conditions condition
	;

condition: spellings { declare_condition(&list); list.count = 0; }
	;

spellings: WORD { add_word($1); }
	| spellings '=' WORD { add_word($3); }
	;

pairs: pair
	| pairs pair
	;

pair: WORD '=' WORD { declare_mirrored($1, $3); }
	;

mnemonic: pieces
	| pieces '[' WORD ']' { draft.suffixes = $3; }
	;

pieces: piece
	| pieces piece
	;

piece: WORD { add_word($1); multiply(&list); }
	| '{' OPERAND '}' { multiply(names_of_set($2)); }
	| '{' choices '}' { multiply(&list); }
	;

choices: WORD { add_word($1); }
	| choices ',' WORD { add_word($3); }
	;

operands: operand
	| operands ',' operand
	;

operand: OPERAND { draft_add_operand(&draft, $1); }
	| SIGNED OPERAND { draft_add_operand(&draft, $2); draft.is_signed = true; }
	;

outcome: ways
	| alternatives
	| alternatives '|' ways
	;

ways: THROUGH OPERAND { draft.through = $2; }
	| INTO OPERAND { draft.into = $2; }
	;

alternatives: alternative
	| alternatives '|' alternative
	;

alternative: WORD ':' TEXT { add_written($1, $3); }
	| WORD '(' needs ')' ':' TEXT { add_written($1, $6); }
	;

needs: NEED { needs |= need_of($1); }
	| needs ',' NEED { needs |= need_of($3); }
	;

%%

int main(int argc, char **argv)
{
	if (argc > 1) {
		rule_file = argv[1];
		rules_in = fopen(rule_file, "r");
		if (!rules_in) {
			perror(rule_file);
			return 1;
		}
	}
	rules_parse();
	print_tables();
	return 0;
}
