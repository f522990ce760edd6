// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "reasons.h"

const struct reason_text reason_texts[REASON_COUNT] = {
	[REASON_NONE] = {"site", ""},
	[REASON_SYNTAX] = {"syntax", "the instruction is not understood"},
	[REASON_INIT] = {"init", "init code runs before patching"},
	[REASON_DATA] = {"data", "not in an executable section"},
	[REASON_TEMPLATE] = {"template", "code here is copied over other code"},
	[REASON_REPEATED] = {"macro", "in the body of a macro or a repetition, or its form needs a "
				      "mnemonic that is a macro"},
	[REASON_CONDITIONAL] = {"conditional", "between .if and .endif"},
	[REASON_ASSEMBLY] = {"inline-assembly",
			     "in inline assembly that holds data or switches sections"},
	[REASON_FOREIGN] = {"other-syntax", "not AT&T syntax for 64-bit code"},
	[REASON_INCLUDED] = {"include", "behind .include, where names may mean anything"},
	[REASON_FIXED] =
		{"fixed-layout",
		 "code here is addressed by its distance, or counted (jmp .+2, loop, .org)"},
	[REASON_ARRAY] = {"array", "read through a register, an array or a structure"},
	[REASON_THREAD_LOCAL] = {"thread-local", "thread-local: every thread has its own value"},
	[REASON_GOT] = {"got", "its address is read from the global offset table, and no read "
			       "through it could be followed"},
	[REASON_EXPRESSION] = {"expression", "the address is not a symbol plus a number"},
	[REASON_SEGMENT] = {"segment", "read through a segment register"},
	[REASON_MODIFIED] = {"read-modify-write", "the instruction writes the variable, too"},
	[REASON_PREFIX] = {"prefix", "the instruction has a prefix"},
	[REASON_FAR] = {"far", "a 64-bit address (large code model), out of reach of the tables"},
	[REASON_VECTOR] = {"vector", "read into a vector or x87 register"},
	[REASON_NO_RULE] = {"no-rule", "no rule for this instruction"},
	[REASON_SYMBOLIC] = {"symbolic", "another operand is a symbol"},
	[REASON_NO_REGISTER] = {"no-register", "no dead register for the value"},
	[REASON_FLAGS] = {"flags", "the flags are live"},
	[REASON_READERS] =
		{"flag-readers",
		 "no dead register for the value, and the flags may be read by more than "
		 "jumps, set and cmov that can change with it"},
	[REASON_OPTION] = {"option", "left out by an option"},
	[REASON_SWITCH] = {"switch", "a jump through a table, with the value as its index"},
	[REASON_OUTSIDE] = {"outside", "marked, but not in a patchable section (g++ loses the mark "
				       "in templates and header units); name it with --symbol"},
};

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
