/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One function's worth of statements, and what each does to registers and flags: the unit that all
 * further stages work on, and the most that is ever held of a file besides its text.
 */
#ifndef FUNCTION_H
#define FUNCTION_H

#include "resources.h"
#include "sections.h"
#include "survey.h"

enum item_flow {
	FLOW_NONE,   /* does nothing when executed: a directive, a comment */
	FLOW_LABEL,  /* can be jumped to */
	FLOW_NEXT,   /* an instruction that goes on to the next one */
	FLOW_JUMP,   /* goes to `target`, or anywhere if there is none */
	FLOW_BRANCH, /* goes to `target` (or anywhere), or to the next one */
	FLOW_CALL,
	FLOW_RETURN,
	FLOW_TRAP,    /* never goes on */
	FLOW_BARRIER, /* not understood, or beyond the facts: reads everything, may go anywhere */
};

/* Why a statement may not become a site, whatever it is. */
enum item_place {
	PLACE_OPEN,
	PLACE_INIT,	   /* init code: runs before patching */
	PLACE_DATA,	   /* not in an executable section */
	PLACE_TEMPLATE,	   /* copied over other code (.altinstr_replacement) */
	PLACE_REPEATED,	   /* in a macro's or a repetition's body */
	PLACE_CONDITIONAL, /* between .if and .endif */
	PLACE_ASSEMBLY,	   /* inline assembly that switches sections or holds data */
	PLACE_SYNTAX,	   /* Intel syntax, other code size */
	PLACE_INCLUDED,	   /* after .include nothing is certain */
	PLACE_PREFIXED,	   /* behind a prefix that is a statement of its own ... */
	PLACE_LOCKED,	   /* ... and that is lock: it does to registers what it does without */
	PLACE_FIXED,	   /* code here is addressed by its distance, or counted */
};

struct item {
	struct statement statement;
	uint32_t section;      /* in sections.list, under the first spelling of its name */
	uint32_t section_slot; /* in section_of, a number of this function's own */
	uint32_t source_line;  /* of the last .loc; 0: there was none */
	uint32_t source_file;
	uint32_t function_name; /* index of the label item it is under, or NO_ITEM */
	uint32_t target;	/* item of the label that is jumped to, or NO_ITEM */
	uint8_t flow;		/* enum item_flow */
	uint8_t place;		/* enum item_place */
	bool by_hand;		/* between #APP and #NO_APP */
	bool candidate;		/* mentions a patchable symbol */
	bool claimed;		/* consumes the value of a load further up */
	bool entry;		/* a symbol may stand at its first byte: see find_entries() */
	bool high;		/* has %ah, %bh, %ch or %dh among its operands */
	bool tail_call;		/* where it jumps, unless that is in sight, a function begins */
	bool followed;		/* a read or store through the address that it loads is known */
	uint32_t pointer;	/* the item that loads the address through which it reads or writes
				   memory, or NO_ITEM: pointers.c fills it in */
	resources use;		/* read before they are written */
	resources kill;		/* always and completely written */
	resources clobber;	/* possibly changed */
	resources whole;	/* if changed, then in all bits */
	resources live;		/* live behind it; liveness.c fills it in */
};

#define NO_ITEM UINT32_MAX

/* What is live where a jump goes that is not in sight. Flags are no argument of a function. */
static inline resources live_elsewhere(const struct item *jump)
{
	return jump->tail_call ? RESOURCE_REGISTERS : RESOURCE_ALL;
}

/*
 * Does what this item leaves behind come to the next item of the section, and nothing else? It goes
 * straight on, or by a branch that is not taken; at a label others come in.
 */
static inline bool item_goes_on(const struct item *item, uint32_t section)
{
	return item->section == section &&
	       (item->flow == FLOW_NONE || item->flow == FLOW_NEXT || item->flow == FLOW_BRANCH);
}

struct function {
	const struct survey *survey;
	struct sections *sections; /* as they are behind the last item */
	struct item *items;
	uint32_t count, space;
	uint32_t candidates;  /* items that mention a patchable symbol */
	uint32_t *section_of; /* the sections that it has statements in */
	uint32_t section_count;
	/* Of sections, by their numbers, for the function that was analysed last, by its number. */
	struct section_state {
		uint32_t function;
		bool inside; /* what stands there next is behind a byte that is no entry */
	} * states;
	uint32_t state_count, state_space;
	uint32_t number;
	resources written;	    /* registers that some instruction of the function changes */
	resources usable;	    /* registers that it may change where they are dead */
	resources preserved;	    /* registers that it saves and restores, or may */
	resources stored, reloaded; /* registers that it moves to and from the stack */
	bool compiled;		    /* a compiler wrote it, so it keeps to the ABI */
	bool abi;		    /* all that it calls, and all that call it, do (--calls=abi) */
	bool short_jumps;	    /* it has jumps that reach 127 bytes only */
	bool frame_by_other;	    /* unwinding needs a register other than %rsp and %rbp */
	struct held *held;	    /* see held_of() */

	/* What the next statement is in; carried over from function to function. */
	struct span open; /* the symbol of a .type directive whose .size has not come yet */
	uint32_t open_section;
	uint32_t repeats, conditionals;
	bool by_hand, foreign_syntax, included;
	bool begun_foreign; /* the statements began in other syntax: no form can stand before them
			     */
	enum item_place behind; /* the instruction before was a prefix and nothing else: of which
				   kind; else PLACE_OPEN */
	uint32_t source_line, source_file;
	uint32_t app_begin; /* first item of the inline assembly, or NO_ITEM */
	bool app_complex;
};

/* The name of the function that an item is in; length 0: of none. */
static inline struct span item_function(const struct function *function, const struct item *item)
{
	if (item->function_name == NO_ITEM)
		return SPAN("");
	return unquoted(statement_name(&function->items[item->function_name].statement));
}

#endif
