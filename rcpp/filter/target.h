/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the stages ask of the processor, in one struct, as in QBE. Each processor has a folder that
 * defines `processor`: here x86-64/, which also has the texts of code.h and counting.h. Syntax and
 * facts about instructions are in grammar/x86-64/, and what may become of them in its rules.
 *
 * A comment says what a member is and, after the colon, what arm64's would be; where the name says
 * enough, only the latter. A member for which arm64 had no answer would be wrong.
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
	resources never_free;	  /* never scratch: of the stack and its frames: sp, x29, x30 */
	resources beside_high;	  /* scratch registers where a high byte (%ah) is used: all */
	resources may_change;	  /* what every ABI lets a function change: x0 to x17 */
	resources entered_dead;	  /* those of them without use at a function's entry: x17 */
	resources kept;		  /* what a callee keeps: x19 to x29, sp */
	resources dead_at_return; /* neither kept nor a result: x2 to x18 */
	resources first_result;	  /* x0 */
	resources second_result;  /* x1 */
	resources dividend;	  /* what a division reads without naming it: none */

	/* --- words --- */
	const char *at_place;	 /* behind an address relative to %rip: none, adrp needs no mark */
	const char *slot;	 /* behind a symbol, for its slot of the GOT: :got: in front */
	const char *nothing;	 /* a relocation that does nothing: R_AARCH64_NONE */
	const char *called;	 /* a relocation to what is called, or its PLT: R_AARCH64_PLT32 */
	const char *trap;	 /* brk #1 */
	const char *nop;	 /* nop */
	const char *nop_as_data; /* where a macro has its name: .inst 0xd503201f */
	const char *release;	 /* the code of rcpp_release(): see emit.c */
	unsigned jump_over;	 /* a short jump's opcode, before its distance: both in a word */
	const char *const *compares; /* by RCPP_COMPARE_*: cmp, tst */
	const char *const *steps;    /* by RCPP_STEP_*: and, orr, eor, ... */

	/* --- what a mnemonic says --- */
	bool (*is_branch)(struct span mnemonic);     /* b, bl, cbz, tbz, ... */
	bool (*is_call)(struct span mnemonic);	     /* bl, blr */
	bool (*is_move)(struct span mnemonic);	     /* of any width: mov, ldr, str */
	bool (*is_copy)(struct span mnemonic);	     /* of a whole register: mov, ldr */
	bool (*is_far)(struct span mnemonic);	     /* with an address of 64 bits: none */
	bool (*is_addition)(struct span mnemonic);   /* add */
	bool (*extends_sign)(struct span mnemonic);  /* ldrsb, ldrsh, ldrsw */
	bool (*forms_address)(struct span mnemonic); /* adr, adrp */
	bool (*is_thunk)(struct span symbol); /* jumps where a register says: __llvm_slsblr_* */
	struct span (*from_memory)(struct span move); /* the same move, from memory: ldr */
	enum kind (*kind_of)(struct span mnemonic);   /* what a profile counts it as */
	uint8_t (*compare_of)(struct span mnemonic);  /* RCPP_COMPARE_* of a rule's compare */
	uint8_t (*step_of)(struct span mnemonic);     /* RCPP_STEP_* of a rule's step */
	/*
	 * ACCESS_* of an operand. The facts are of all shapes of a mnemonic together, and may say
	 * too much for this one: what the facts say.
	 */
	unsigned (*access_of)(const struct parsed_instruction *parsed,
			      const struct instruction *facts, int operand);

	/* --- what instructions do where they stand --- */
	/* Fill in flow, use, kill, clobber and whole, and what the function gathers of them. */
	void (*effects)(struct function *function, struct item *item);
	/* Is it a prefix alone? And is that lock? arm64 has none. */
	bool (*is_prefix)(const struct statement *statement, bool *locks);
	/* Of .byte and the like: may the last one be a prefix? arm64: no. */
	bool (*ends_in_prefix)(const struct statement *directive);
	/* Does the callee keep what the ABI makes it keep? All but __tlsdesc_* and the like. */
	bool (*keeps_registers)(const struct function *function, const struct item *item);
	/* RULE_* that hold for a division: none, its three registers may be any. */
	uint8_t (*division_holds)(const struct function *function, uint32_t item,
				  struct span mnemonic, unsigned width);
	/* A register with the same value as the dividend's, or REGISTER_NONE: never one. */
	uint8_t (*dividend_copy)(const struct function *function, uint32_t item);
	/* Before liveness: add such copies to what divisions use, as their code may read them. */
	void (*use_copies)(struct function *function);
};

extern const struct target processor;

#endif
