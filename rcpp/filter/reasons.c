// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "reasons.h"

/* What helps in C does not always help in handwritten assembly. */
#define CONST	 "read it with rcpp_const()"
#define REGISTER "move it to a register first"

const struct reason_text reason_texts[REASON_COUNT] = {
	[REASON_NONE] = {"site", "", "", NULL},
	[REASON_SYNTAX] = {"syntax", "the instruction is not understood", CONST, REGISTER},
	[REASON_INIT] = {"init", "init code runs before patching",
			 "nothing, unless the code runs after rcpp_patch()", NULL},
	[REASON_DATA] = {"data", "not in an executable section",
			 "nothing, unless it is code: then give the section the flag x", NULL},
	[REASON_TEMPLATE] = {"template", "code here is copied over other code",
			     "read it outside of the code that is copied", NULL},
	[REASON_REPEATED] = {"macro",
			     "in the body of a macro or a repetition, or its form needs a "
			     "mnemonic that is a macro",
			     "write the instruction outside of macros, and give no macro an "
			     "instruction's name",
			     NULL},
	[REASON_CONDITIONAL] = {"conditional", "between .if and .endif",
				"use #if of the preprocessor", NULL},
	[REASON_ASSEMBLY] = {"inline-assembly",
			     "in inline assembly that holds data or switches sections",
			     "read it in C and pass the value in a register", NULL},
	[REASON_FOREIGN] = {"other-syntax", "not AT&T syntax for 64-bit code",
			    "compile without -masm=intel", "write AT&T syntax"},
	[REASON_INCLUDED] = {"include", "behind .include, where names may mean anything",
			     "use #include of the preprocessor", NULL},
	[REASON_FIXED] = {"fixed-layout",
			  "code here is addressed by its distance, or counted (jmp .+2, loop, "
			  ".org)",
			  "use labels and longer jumps, or move that code to a file of its own",
			  NULL},
	[REASON_ARRAY] = {"array", "read through a register, an array or a structure",
			  "nothing: only an element at a constant index can become an immediate",
			  NULL},
	[REASON_THREAD_LOCAL] = {"thread-local", "thread-local: every thread has its own value",
				 "make it an ordinary variable if all threads share one value",
				 NULL},
	[REASON_GOT] = {"got",
			"its address is read from the global offset table, and no read through "
			"it could be followed",
			"declare the variable with hidden visibility", NULL},
	[REASON_EXPRESSION] = {"expression", "the address is not a symbol plus a number", CONST,
			       "write the address as SYMBOL+NUMBER(%rip)"},
	[REASON_SEGMENT] = {"segment", "read through a segment register",
			    "nothing: the value is that of one thread or processor", NULL},
	[REASON_MODIFIED] = {"read-modify-write", "the instruction writes the variable, too",
			     "mark the function __rcpp_init, or write it with RCPP_SET()",
			     "move the code to .text.rcpp_init, or write it with rcpp_update()"},
	[REASON_PREFIX] = {"prefix", "the instruction has a prefix", CONST, REGISTER},
	[REASON_FAR] = {"far", "a 64-bit address (large code model), out of reach of the tables",
			"compile without -mcmodel=large", "write SYMBOL(%rip)"},
	[REASON_VECTOR] = {"vector", "read into a vector or x87 register", CONST, REGISTER},
	[REASON_NO_RULE] = {"no-rule", "no rule for this instruction", CONST, REGISTER},
	[REASON_SYMBOLIC] = {"symbolic", "another operand is a symbol", CONST, REGISTER},
	[REASON_NO_REGISTER] = {"no-register", "no dead register for the value", CONST, REGISTER},
	[REASON_FLAGS] = {"flags", "the flags are live", CONST, REGISTER},
	[REASON_READERS] = {"flag-readers",
			    "no dead register for the value, and the flags may be read by more "
			    "than jumps, set and cmov that can change with it",
			    CONST, REGISTER},
	[REASON_OPTION] = {"option", "left out by an option",
			   "drop the option (--only, --no-branch, --wide=load and the like)", NULL},
	[REASON_SWITCH] = {"switch", "a jump through a table, with the value as its index",
			   "compile with -fno-jump-tables", "compare the value, and jump"},
	[REASON_OUTSIDE] = {"outside",
			    "marked, but not in a patchable section (g++ loses the mark in "
			    "templates and header units)",
			    "name it with --symbol", NULL},
};

const struct reason_text written_text = {
	"written", "written outside of init code",
	"mark the function __rcpp_init if it runs before rcpp_patch(), else use RCPP_SET()",
	"move the code to .text.rcpp_init if it runs before rcpp_patch(), else use rcpp_update()"};

const char *reason_advice(const struct reason_text *text, bool by_hand)
{
	return by_hand && text->by_hand ? text->by_hand : text->advice;
}

enum reason reason_of_exclusion(enum item_place exclusion)
{
	static const uint8_t reasons[] = {
		[PLACE_OPEN] = REASON_NONE,	    [PLACE_INIT] = REASON_INIT,
		[PLACE_DATA] = REASON_DATA,	    [PLACE_TEMPLATE] = REASON_TEMPLATE,
		[PLACE_REPEATED] = REASON_REPEATED, [PLACE_CONDITIONAL] = REASON_CONDITIONAL,
		[PLACE_ASSEMBLY] = REASON_ASSEMBLY, [PLACE_SYNTAX] = REASON_FOREIGN,
		[PLACE_INCLUDED] = REASON_INCLUDED, [PLACE_PREFIXED] = REASON_PREFIX,
		[PLACE_LOCKED] = REASON_PREFIX,	    [PLACE_FIXED] = REASON_FIXED,
	};

	return (enum reason)reasons[exclusion];
}
