// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * x86-64 with the System V ABI, in AT&T syntax.
 */
#include "dividend.h"
#include "effects.h"
#include "rules.h"
#include "rcpp_tables.h"
#include "registers.h"
#include "release.h"
#include "target.h"

static bool begins_with_any(struct span name, const char *const *list)
{
	for (; *list; list++)
		if (span_begins(name, *list))
			return true;
	return false;
}

static bool is_branch(struct span mnemonic)
{
	switch (mnemonic.length ? mnemonic.text[0] | 0x20 : 0) { /* most begin with none of these */
	case 'j':
		return true;
	case 'c':
		return span_begins(mnemonic, "call");
	case 'l':
		return span_begins(mnemonic, "loop");
	case 'x':
		return span_begins(mnemonic, "xbegin");
	default:
		return false;
	}
}

static bool is_call(struct span mnemonic)
{
	return span_begins(mnemonic, "call");
}

static bool is_move(struct span mnemonic)
{
	return span_begins(mnemonic, "mov");
}

static bool is_copy(struct span mnemonic)
{
	return span_is(mnemonic, "movq") || span_is(mnemonic, "mov");
}

static bool is_far(struct span mnemonic)
{
	return span_begins(mnemonic, "movabs");
}

static bool is_addition(struct span mnemonic)
{
	return span_begins(mnemonic, "add");
}

/* movsbl, movslq, ... but not movsd; movshdup and the like are in no rule. */
static bool extends_sign(struct span mnemonic)
{
	return mnemonic.length >= 6 && span_begins(mnemonic, "movs");
}

static bool forms_address(struct span mnemonic)
{
	return span_begins(mnemonic, "lea");
}

static bool is_thunk(struct span symbol)
{
	return span_contains(symbol, "thunk") || span_contains(symbol, "retpoline");
}

/* movabsq is for immediates: from memory, it is movq. */
static struct span from_memory(struct span move)
{
	if (span_is(move, "movabsq"))
		return SPAN("movq");
	return span_is(move, "movabs") ? SPAN("mov") : move;
}

static enum kind kind_of(struct span mnemonic)
{
	static const char *const tests[] = {"cmp", "test", "bt", NULL};
	static const char *const divisions[] = {"div", "idiv", NULL};
	static const char *const shifts[] = {"sal", "shl", "sar", "shr", "rol", "ror", NULL};
	static const char *const moves[] = {"mov", "push", "xchg", "set", "cmov", NULL};

	if (begins_with_any(mnemonic, tests))
		return KIND_BRANCHES;
	if (begins_with_any(mnemonic, divisions))
		return KIND_DIVISIONS;
	if (begins_with_any(mnemonic, shifts))
		return KIND_SHIFTS;
	return begins_with_any(mnemonic, moves) ? KIND_MOVES : KIND_ARITHMETIC;
}

static const char *const compares[] = {"cmp", "test", "bt"};
static const char *const steps[] = {"and", "or",  "xor", "add", "sub",
				    "shl", "shr", "sar", "not", "neg"};

/* A rule's compare is one of these, and its step one of the steps. */
static uint8_t compare_of(struct span mnemonic)
{
	uint8_t i = 0;

	while (!span_begins(mnemonic, compares[i]))
		i++;
	return i;
}

static uint8_t step_of(struct span mnemonic)
{
	uint8_t i = 0;

	if (span_begins(mnemonic, "sal"))
		return RCPP_STEP_SHL;
	while (!span_begins(mnemonic, steps[i]))
		i++;
	return i;
}

/*
 * The facts hold for all shapes of a mnemonic. So they say that a move reads its target if it does
 * in some shape, and that x87's loads and stores both read and write memory.
 */
static unsigned access_of(const struct parsed_instruction *parsed, const struct instruction *facts,
			  int operand)
{
	unsigned access = facts ? facts->access[operand] : ACCESS_RW;
	bool moves = span_begins(parsed->mnemonic, "mov") || span_begins(parsed->mnemonic, "vmov");

	if (span_begins(parsed->mnemonic, "fld") || span_begins(parsed->mnemonic, "fild"))
		return ACCESS_R;
	if (span_begins(parsed->mnemonic, "fst") || span_begins(parsed->mnemonic, "fist"))
		return ACCESS_W;
	return moves && operand == 1 && parsed->count == 2 ? ACCESS_W : access;
}

static uint8_t division_holds(const struct function *function, uint32_t index, struct span mnemonic,
			      unsigned width)
{
	const struct item *item = &function->items[index];
	uint8_t holds = 0;

	if (!(item->live & RESOURCE(REGISTER_RAX)))
		holds |= RULE_QUOTIENT_DEAD;
	if (!(item->live & RESOURCE(REGISTER_RDX)))
		holds |= RULE_REMAINDER_DEAD;
	if (dividend_is_extended(function, index, width, span_begins(mnemonic, "idiv")))
		holds |= RULE_EXTENDED;
	return holds;
}

const struct target processor = {
	.never_free = RESOURCE(REGISTER_RSP) | RESOURCE(REGISTER_RBP),
	.beside_high = 0xf,
	.may_change = CALLER_SAVED,
	.entered_dead = ENTERED_DEAD,
	.kept = CALLEE_SAVED,
	.dead_at_return = 0x0fc2, /* rcx, rsi, rdi, r8 to r11 */
	.first_result = RESOURCE(REGISTER_RAX),
	.second_result = RESOURCE(REGISTER_RDX),
	.dividend = RESOURCE(REGISTER_RAX),

	.at_place = "(%rip)",
	.slot = "@GOTPCREL",
	.nothing = "R_X86_64_NONE",
	.called = "R_X86_64_PLT32",
	.trap = "ud2",
	.nop = "nop",
	.nop_as_data = ".byte 0x90",
	.jump_over = 0xeb,
	.release = release_code,
	.compares = compares,
	.steps = steps,

	.is_branch = is_branch,
	.is_call = is_call,
	.is_move = is_move,
	.is_copy = is_copy,
	.is_far = is_far,
	.is_addition = is_addition,
	.extends_sign = extends_sign,
	.forms_address = forms_address,
	.is_thunk = is_thunk,
	.from_memory = from_memory,
	.kind_of = kind_of,
	.compare_of = compare_of,
	.step_of = step_of,
	.access_of = access_of,

	.effects = item_effects,
	.is_prefix = is_prefix,
	.ends_in_prefix = ends_in_prefix,
	.keeps_registers = keeps_registers,
	.division_holds = division_holds,
	.dividend_copy = dividend_copy,
	.use_copies = dividend_use_copies,
};
