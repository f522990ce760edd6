/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One instruction in AT&T syntax, as GNU as takes it. Expressions keep only what the tool can use,
 * a symbol plus a number; anything else is marked as not simple and is never looked into. A syntax
 * error means "not understood", which is no error here.
 */
%define api.pure full
%define api.prefix {instruction_}
%define api.location.type {struct instruction_location}
%locations
%param {void *scanner}
%parse-param {struct instruction_scan *scan}

%code requires {
#include "instruction.h"

struct instruction_location {
	uint32_t begin, end; /* offsets in the statement */
};

struct instruction_scan {
	const char *text;
	uint32_t position;
	struct parsed_instruction *instruction;
	struct operand operand; /* the one that is being read */
};
}

%code {
int instruction_lex(INSTRUCTION_STYPE *value, struct instruction_location *location,
		    void *scanner);

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
	do {                                                                                       \
		(current).begin = (n) ? YYRHSLOC(rhs, 1).begin : YYRHSLOC(rhs, 0).end;             \
		(current).end = YYRHSLOC(rhs, n).end;                                              \
	} while (0)

static void instruction_error(struct instruction_location *location, void *scanner,
			      struct instruction_scan *scan, const char *message)
{
	(void)location, (void)scanner, (void)scan, (void)message;
}

static struct span text_of(const struct instruction_scan *scan, struct instruction_location at)
{
	return (struct span){scan->text + at.begin, at.end - at.begin};
}

static struct expression number(int64_t value)
{
	return (struct expression){.number = value, .simple = true};
}

/* a + sign * b */
static struct expression sum(struct expression a, int sign, struct expression b)
{
	struct expression result = {
		.symbol = a.symbol.length ? a.symbol : b.symbol,
		.number = (int64_t)((uint64_t)a.number +
				    (sign < 0 ? -(uint64_t)b.number : (uint64_t)b.number)),
		.symbolic = a.symbolic || b.symbolic,
		.modified = a.modified || b.modified,
	};

	result.simple = a.simple && b.simple && !(a.symbol.length && b.symbol.length) &&
			!(sign < 0 && b.symbol.length);
	return result;
}

static struct expression complicated(struct expression a, struct expression b)
{
	return (struct expression){.symbolic = a.symbolic || b.symbolic,
				   .modified = a.modified || b.modified};
}

/* Operands are read into scan->operand: on the parser's stack each rule would copy them. */
static void read_register(struct instruction_scan *scan, struct register_name reg)
{
	scan->operand = (struct operand){.kind = OPERAND_REGISTER, .reg = reg};
}

static void read_memory(struct instruction_scan *scan, struct expression displacement,
			struct register_name base, struct register_name index, int64_t scale)
{
	scan->operand = (struct operand){.kind = OPERAND_MEMORY,
					 .value = displacement,
					 .narrow_address = base.width == 4 || index.width == 4,
					 .base = base.number,
					 .index = index.number,
					 .scale = (uint8_t)scale};
}

static bool add_operand(struct instruction_scan *scan, struct instruction_location at)
{
	struct parsed_instruction *instruction = scan->instruction;

	if (instruction->count == OPERANDS_MAX)
		return false;
	scan->operand.text = text_of(scan, at);
	instruction->operands[instruction->count++] = scan->operand;
	return true;
}

static const struct register_name none = {.number = REGISTER_NONE};
static const struct register_name rip = {.number = REGISTER_PLACE};

/* The value of a variable, and so a read of it: $rcpp_value(b) is b(%rip). */
static void read_value_of(struct instruction_scan *scan, struct expression variable,
			  struct register_name base)
{
	read_memory(scan, variable, base, none, 1);
	scan->operand.value_of = true;
}
}

%union {
	int64_t number;
	struct register_name reg;
	struct expression expression;
}

%token PREFIX NOTRACK REPEAT MNEMONIC DECORATION NAME LOCAL CHARACTER BIG_NUMBER SHIFT UNKNOWN
%token VALUE_OF VALUE_MARK
%token <number> NUMBER
%token <reg> REGISTER
%type <expression> expression atom
%type <reg> index
%type <number> scale

%left '+' '-'
%left '&' '|' '^' '!'
%left '*' '/' '%' SHIFT
%precedence UNARY

%%

statement: prefixes { scan->instruction->prefixed |= scan->instruction->notrack; }
	| prefixes MNEMONIC { scan->instruction->mnemonic = text_of(scan, @2); } operands
	;

prefixes: %empty
	| prefixes PREFIX { scan->instruction->prefixed = true; }
	| prefixes DECORATION { scan->instruction->prefixed = true; }
	| prefixes NOTRACK { scan->instruction->notrack = true; }
	| prefixes REPEAT { scan->instruction->prefixed = scan->instruction->repeated = true; }
	;

operands: %empty
	| list
	;

list: item
	| list ',' item
	;

item: operand decorations {
		if (!add_operand(scan, @1))
			YYABORT;
	}
	| DECORATION
	;

decorations: %empty
	| decorations DECORATION
	;

operand: plain
	| '*' plain { scan->operand.indirect = true; }
	;

plain: REGISTER { read_register(scan, $1); }
	| REGISTER '(' NUMBER ')' { read_register(scan, $1); }
	| '$' expression {
		scan->operand = (struct operand){.kind = OPERAND_IMMEDIATE, .value = $2};
	}
	| VALUE_OF expression ')' { read_value_of(scan, $2, rip); }
	| VALUE_MARK expression '(' REGISTER ')' { read_value_of(scan, $2, $4); }
	| address
	| REGISTER ':' address { scan->operand.segment = true; }
	;

address: expression { read_memory(scan, $1, none, none, 1); }
	| '(' REGISTER ')' { read_memory(scan, number(0), $2, none, 1); }
	| '(' REGISTER ',' index ')' { read_memory(scan, number(0), $2, $4, 1); }
	| '(' REGISTER ',' index ',' scale ')' { read_memory(scan, number(0), $2, $4, $6); }
	| '(' ',' index ')' { read_memory(scan, number(0), none, $3, 1); }
	| '(' ',' index ',' scale ')' { read_memory(scan, number(0), none, $3, $5); }
	| expression '(' REGISTER ')' { read_memory(scan, $1, $3, none, 1); }
	| expression '(' REGISTER ',' index ')' { read_memory(scan, $1, $3, $5, 1); }
	| expression '(' REGISTER ',' index ',' scale ')' { read_memory(scan, $1, $3, $5, $7); }
	| expression '(' ',' index ')' { read_memory(scan, $1, none, $4, 1); }
	| expression '(' ',' index ',' scale ')' { read_memory(scan, $1, none, $4, $6); }
	;

index: REGISTER
	;

/* What as refuses is not understood: its code would come out of nothing. */
scale: NUMBER {
		if ($1 != 1 && $1 != 2 && $1 != 4 && $1 != 8)
			YYABORT;
		$$ = $1;
	}
	;

expression: atom
	| expression '+' expression { $$ = sum($1, 1, $3); }
	| expression '-' expression { $$ = sum($1, -1, $3); }
	| expression '&' expression { $$ = complicated($1, $3); }
	| expression '|' expression { $$ = complicated($1, $3); }
	| expression '^' expression { $$ = complicated($1, $3); }
	| expression '!' expression { $$ = complicated($1, $3); }
	| expression '*' expression { $$ = complicated($1, $3); }
	| expression '/' expression { $$ = complicated($1, $3); }
	| expression '%' expression { $$ = complicated($1, $3); }
	| expression SHIFT expression { $$ = complicated($1, $3); }
	| '-' expression %prec UNARY { $$ = sum(number(0), -1, $2); }
	| '+' expression %prec UNARY { $$ = $2; }
	| '~' expression %prec UNARY { $$ = complicated($2, $2); }
	| '!' expression %prec UNARY { $$ = complicated($2, $2); }
	;

atom: NUMBER { $$ = number($1); }
	| BIG_NUMBER { $$ = (struct expression){0}; }
	| CHARACTER { $$ = (struct expression){0}; }
	| LOCAL { $$ = (struct expression){.symbolic = true}; }
	| NAME { $$ = (struct expression){.symbol = text_of(scan, @1), .simple = true,
					  .symbolic = true}; }
	| NAME '@' NAME { $$ = (struct expression){.symbol = text_of(scan, @1), .simple = true,
						   .symbolic = true, .modified = true}; }
	| '(' expression ')' { $$ = $2; }
	;
