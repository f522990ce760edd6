/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All that the stages ask of the processor, in one small struct, as QBE has it. Each defines
 * `processor` in a folder of its own, here x86-64/; what its syntax and its instructions are is in
 * grammar/x86-64/, and what may become of them in the rules. Behind each member stands what
 * arm64's would be: an interface that has no answer for that is wrong.
 */
#ifndef TARGET_H
#define TARGET_H

#include "kinds.h"
#include "parsed.h"
#include "resources.h"

struct function;
struct item;

struct target {
	/* --- sets of registers --- */
	resources never_free;	  /* what the stack and its frames stand on: sp, x29, x30 */
	resources beside_high;	  /* as a scratch register beside a high byte: all */
	resources may_change;	  /* what any ABI allows a function to change: x0 to x17 */
	resources entered_dead;	  /* of these, what holds nothing at a function's entry: x17 */
	resources kept;		  /* what a callee keeps: x19 to x29, sp */
	resources dead_at_return; /* neither kept nor a result: x2 to x18 */
	resources first_result;	  /* x0 */
	resources second_result;  /* x1 */
	resources dividend;	  /* what a division reads without naming it: none */

	/* --- words --- */
	const char *at_place;	 /* behind an address that counts from here: none, a pair has it */
	const char *slot;	 /* behind a symbol whose address a table has: :got: in front */
	const char *nothing;	 /* a relocation that does nothing: R_AARCH64_NONE */
	const char *called;	 /* a relocation that finds what is called: R_AARCH64_PLT32 */
	const char *trap;	 /* brk #1 */
	const char *nop;	 /* nop */
	const char *nop_as_data; /* where that is a macro: .inst 0xd503201f */
	const char *release;	 /* the code of rcpp_release(): see emit.c */
	unsigned jump_over;	 /* the byte before a short jump's distance: a jump is one word */
	const char *const *compares; /* by RCPP_COMPARE_*: cmp, tst */
	const char *const *steps;    /* by RCPP_STEP_*: and, orr, eor, ... */

	/* --- what a mnemonic says --- */
	bool (*is_branch)(struct span mnemonic);     /* b, bl, cbz, tbz, ... */
	bool (*is_call)(struct span mnemonic);	     /* bl, blr */
	bool (*is_move)(struct span mnemonic);	     /* mov, ldr, str: of any width */
	bool (*is_copy)(struct span mnemonic);	     /* mov, ldr: of a whole register */
	bool (*is_far)(struct span mnemonic);	     /* with an address of 64 bits: none */
	bool (*is_addition)(struct span mnemonic);   /* add */
	bool (*extends_sign)(struct span mnemonic);  /* ldrsb, ldrsh, ldrsw */
	bool (*forms_address)(struct span mnemonic); /* adr, adrp */
	bool (*is_thunk)(struct span symbol); /* goes where a register says: __llvm_slsblr_* */
	struct span (*from_memory)(struct span move); /* what moves the same from memory: ldr */
	enum kind (*kind_of)(struct span mnemonic);   /* what a profile counts it as */
	uint8_t (*compare_of)(struct span mnemonic);  /* RCPP_COMPARE_* of a rule's compare */
	uint8_t (*step_of)(struct span mnemonic);     /* RCPP_STEP_* of a rule's step */
	/* ACCESS_*, where the facts, which hold for all shapes, say too much: as the facts say */
	unsigned (*access_of)(const struct parsed_instruction *parsed,
			      const struct instruction *facts, int operand);

	/* --- what instructions do where they stand --- */
	/* Fill in flow, use, kill, clobber and whole, and what the function gathers of them. */
	void (*effects)(struct function *function, struct item *item);
	/* Is it a prefix and nothing else? Is it lock? There are none. */
	bool (*is_prefix)(const struct statement *statement, bool *locks);
	/* Does the callee keep what the ABI makes it keep? Not __tlsdesc_* and their like. */
	bool (*keeps_registers)(const struct function *function, const struct item *item);
	/* RULE_* about divisions. A division has three registers of its choice: none. */
	uint8_t (*division_holds)(const struct function *function, uint32_t item,
				  struct span mnemonic, unsigned width);
	/* The register that holds what the dividend's does, or REGISTER_NONE: there is none. */
	uint8_t (*dividend_copy)(const struct function *function, uint32_t item);
	/* Divisions may come to read such copies: before liveness is solved. */
	void (*use_copies)(struct function *function);
};

extern const struct target processor;

#endif
