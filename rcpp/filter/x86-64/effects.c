// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An item in, what it does to registers and flags, and where control goes next, out. What is not
 * understood is a barrier: it reads everything, keeps everything, and may go anywhere.
 */
#include <ctype.h>
#include <stdlib.h>
#include "effects.h"
#include "instruction.h"
#include "registers.h"

/* A prefix on its own: the processor applies it to the next instruction, wherever the text has
 * that, as in Linux's `lock; incl`. */
bool is_prefix(const struct statement *statement, bool *locks)
{
	struct parsed_instruction parsed;

	if (statement->length != statement->name_length)
		return false;
	*locks = span_is(statement_name(statement), "lock");
	return !parse_instruction(statement, &parsed) && parsed.prefixed;
}

static bool is_prefix_byte(unsigned long byte)
{
	static const uint8_t legacy[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
					 0x66, 0x67, 0xf0, 0xf2, 0xf3};
	const unsigned long rex = 0x40;

	return (byte & 0xf0) == rex || memchr(legacy, (int)byte, sizeof legacy);
}

/* What is no number may be one. */
bool ends_in_prefix(const struct statement *directive)
{
	struct span arguments = statement_arguments(directive), argument, last = SPAN("");
	unsigned long number;
	char *end;

	while (next_argument(&arguments, &argument))
		last = trimmed(argument);
	if (!last.length)
		return false;
	number = strtoul(last.text, &end, 0);
	if (end != last.text + last.length)
		return true;
	if (!span_is(statement_name(directive), ".byte"))
		number >>= 8;
	return is_prefix_byte(number & 0xff);
}

/* Can anything but the instruction before it come here? */
static bool is_target(const struct survey *survey, struct span label)
{
	if (!is_local_label(label) || survey->any_label)
		return true;
	return names_find(&survey->mentioned, label) != NULL;
}

static void make_barrier(struct item *item)
{
	item->flow = FLOW_BARRIER;
	item->use = RESOURCE_ALL;
	item->kill = 0;
	item->clobber = RESOURCE_ALL;
}

static void add_operand_effects(struct item *item, const struct operand *operand, unsigned access)
{
	resources reg;

	if (operand->kind == OPERAND_MEMORY) {
		if (operand->base < 16)
			item->use |= RESOURCE(operand->base);
		if (operand->index < 16)
			item->use |= RESOURCE(operand->index);
		return;
	}
	if (operand->kind != OPERAND_REGISTER || operand->reg.number >= 16)
		return;
	reg = RESOURCE(operand->reg.number);
	item->high |= operand->reg.high;
	if (access & ACCESS_R || !access)
		item->use |= reg;
	if (access & ACCESS_W)
		item->clobber |= reg;
	if (access & ACCESS_W && operand->reg.width >= 4)
		item->whole |= reg;
	if (access == ACCESS_W && operand->reg.width >= 4)
		item->kill |= reg;
}

/* xorl %eax,%eax and subl %eax,%eax read nothing that matters. */
static void forget_zero_idiom(struct item *item, const struct parsed_instruction *parsed)
{
	const struct operand *a = &parsed->operands[0], *b = &parsed->operands[1];

	if (parsed->count == 2 && a->kind == OPERAND_REGISTER && b->kind == OPERAND_REGISTER &&
	    a->reg.number < 16 && a->reg.number == b->reg.number && a->reg.width >= 4 &&
	    a->reg.width == b->reg.width &&
	    (span_begins(parsed->mnemonic, "xor") || span_begins(parsed->mnemonic, "sub"))) {
		item->use &= ~RESOURCE(a->reg.number);
		item->kill |= RESOURCE(a->reg.number);
	}
}

static bool touches_memory(const struct parsed_instruction *parsed)
{
	for (int i = 0; i < parsed->count; i++)
		if (parsed->operands[i].kind == OPERAND_MEMORY)
			return true;
	return false;
}

/* movsq and the like, where compilers write them without operands */
static bool is_string_instruction(const struct parsed_instruction *parsed,
				  const struct instruction *facts)
{
	return parsed->repeated || (!parsed->count && facts->writes & (RESOURCE(REGISTER_RSI) |
								       RESOURCE(REGISTER_RDI)));
}

/*
 * May it raise a signal? What moves and computes integers in registers does not, but for divisions;
 * numbers with a point may, and what a person wrote.
 */
static bool may_trap(const struct item *item, const struct parsed_instruction *parsed,
		     const struct instruction *facts)
{
	return item->by_hand || facts->vector || parsed->mnemonic.text[0] == 'f' ||
	       touches_memory(parsed) || is_string_instruction(parsed, facts) ||
	       span_begins(parsed->mnemonic, "div") || span_begins(parsed->mnemonic, "idiv");
}

/*
 * A compiler's code calls this or jumps to it: is it a function that keeps to the ABI, if functions
 * do? Places in this function, cold and outlined pieces, profilers' hooks, and helpers that
 * compilers call in a way of their own do not. Nor do thunks, which are named after what they read.
 */
static bool is_function(const struct operand *target)
{
	static const char *const others[] = {"thunk",  "retpoline",   "OUTLINED_FUNCTION_",
					     ".cold",  "__regcall",   "__fentry__",
					     "mcount", "__morestack", "__tls_",
					     "vems64", "resms64",     "__asan_check",
					     NULL};
	struct span name = unquoted(target->value.symbol);

	if (!name.length)
		return target->indirect && !target->value.symbolic;
	if ((!isalpha((unsigned char)name.text[0]) && name.text[0] != '_') ||
	    (target->value.modified && !memmem(target->text.text, target->text.length, "@PLT", 4)))
		return false;
	for (int i = 0; others[i]; i++)
		if (memmem(name.text, name.length, others[i], strlen(others[i])))
			return false;
	return true;
}

/*
 * Does the callee keep what the ABI makes it keep? A compiler may know that one does not, but then
 * it does not use these registers behind the call. Callees that return results in them are another
 * matter: outlined pieces, regcall, and gcc's helpers for ms_abi, which restore them.
 */
bool keeps_registers(const struct function *function, const struct item *item)
{
	static const char *const others[] = {"OUTLINED_FUNCTION_", "__regcall", "ms64", NULL};
	struct span target = statement_arguments(&item->statement);

	if (!function->compiled || item->by_hand || !target.length ||
	    (target.text[0] >= '0' && target.text[0] <= '9') || span_begins(target, ".L"))
		return false;
	for (int i = 0; others[i]; i++)
		if (span_contains(target, others[i]))
			return false;
	return true;
}

/* jmp *f@GOTPCREL(%rip), as -fno-plt has it: what stands in this slot is where f begins. */
static bool is_function_slot(const struct operand *target)
{
	return target->indirect && target->base == REGISTER_PLACE &&
	       memmem(target->text.text, target->text.length, "@GOTPCREL", 9);
}

/*
 * Functions of C and C++ that have no arguments and never return. Their names are reserved, so a
 * compiler's code calls nothing else by them; but a file that defines one of them may know more.
 */
static bool never_returns(const struct survey *survey, const struct operand *target)
{
	static const char *const names[] = {"abort",
					    "__stack_chk_fail",
					    "__chk_fail",
					    "__cxa_rethrow",
					    "__cxa_bad_cast",
					    "__cxa_bad_typeid",
					    "__cxa_pure_virtual",
					    "__cxa_throw_bad_array_new_length",
					    "_ZSt9terminatev",
					    "_ZSt17__throw_bad_allocv",
					    "_ZSt16__throw_bad_castv",
					    NULL};
	struct span name = unquoted(target->value.symbol);

	return span_is_among(name, names) && !target->value.number &&
	       (is_function_slot(target) || (!target->indirect && is_function(target))) &&
	       !names_find(&survey->functions, name) && !names_find(&survey->outside, name);
}

/*
 * A call may read every register: some callees get arguments in others than the ABI's (regcall,
 * swiftcall, outlined functions, thunks named after a register). And it may keep every register
 * that it may clobber: the compiler knows which callees do (traps 1 and 15 of tests/traps.bats). A
 * piece of the function itself, outlined or called by a local label, may even read the flags.
 * --calls=abi is the user's word that all such callees can be told by their names.
 */
static void call_effects(struct function *function, struct item *item,
			 const struct parsed_instruction *parsed)
{
	struct span target = unquoted(parsed->count ? parsed->operands[0].value.symbol : SPAN(""));
	bool compiled = function->compiled && !item->by_hand && parsed->count;

	item->flow = FLOW_CALL;
	item->clobber |= RESOURCE_ALL;
	item->kill = 0;
	if (compiled && never_returns(function->survey, &parsed->operands[0])) {
		item->kill = ARGUMENTS | CALLER_SAVED;
		return;
	}
	if (compiled && function->abi && is_function(&parsed->operands[0])) {
		item->use |= RESOURCE_REGISTERS & ~ENTERED_DEAD;
		item->kill = ENTERED_DEAD;
		return;
	}
	item->use |= RESOURCE_REGISTERS;
	if (item->by_hand || !function->compiled || span_begins(target, ".L") ||
	    span_begins(target, "OUTLINED_FUNCTION_"))
		item->use = RESOURCE_ALL;
	/* gcc's helpers that save and restore what ms_abi functions preserve */
	if (target.length && memmem(target.text, target.length, "savms64", 7))
		function->preserved |= RESOURCE(REGISTER_RSI) | RESOURCE(REGISTER_RDI);
}

/*
 * Does a jump of a compiler's code go to where a function begins? Places in functions have names,
 * too: clang's blocks, or labels in assembly. But what this file defines and declares to be a
 * function is one, and what others define can be nothing else.
 */
static bool goes_to_function(const struct survey *survey, const struct operand *target)
{
	struct span name = unquoted(target->value.symbol);
	struct operand named = *target;

	if (is_function_slot(target))
		named.value.modified = named.indirect = false;
	return !named.indirect && is_function(&named) && !named.value.number &&
	       (names_find(&survey->functions, name) || !names_find(&survey->outside, name));
}

static bool is_tail_call(const struct function *function, const struct item *item,
			 const struct parsed_instruction *parsed)
{
	return function->compiled && !item->by_hand && parsed->count &&
	       goes_to_function(function->survey, &parsed->operands[0]);
}

/*
 * A jump goes to a label, which find_targets() looks for, or back to the caller through the
 * kernel's thunk, or into another function, which returns in this one's stead.
 */
static void jump_effects(const struct function *function, struct item *item,
			 const struct parsed_instruction *parsed)
{
	bool compiled = function->compiled && !item->by_hand && parsed->count;

	item->flow = FLOW_JUMP;
	if (compiled && span_is(parsed->operands[0].value.symbol, "__x86_return_thunk"))
		item->flow = FLOW_RETURN;
	item->tail_call = is_tail_call(function, item, parsed);
}

/*
 * Behind a compiler's ud2 nothing is executed. Behind one that a person wrote something may be, as
 * in Linux's WARN(): the trap's handler returns there.
 */
static void trap_effects(const struct function *function, struct item *item)
{
	if (function->compiled && !item->by_hand)
		item->flow = FLOW_TRAP;
	else
		make_barrier(item);
}

/*
 * In inline assembly a hypervisor, an emulator or valgrind may take this for a call. Then it reads
 * and writes registers that the text does not name.
 */
static bool asks_supervisor(const struct parsed_instruction *parsed)
{
	static const char *const names[] = {"in",    "inb",   "inw",   "inl",  "out",  "outb",
					    "outw",  "outl",  "insb",  "insw", "insl", "outsb",
					    "outsw", "outsl", "cpuid", NULL};
	const struct operand *a = &parsed->operands[0], *b = &parsed->operands[1];

	return span_is_among(parsed->mnemonic, names) ||
	       (span_begins(parsed->mnemonic, "xchg") && parsed->count == 2 &&
		a->kind == OPERAND_REGISTER && b->kind == OPERAND_REGISTER &&
		a->reg.number == b->reg.number);
}

/* The address of a label, by hand: the handler of a signal may go on there, say. */
static bool names_label(const struct parsed_instruction *parsed)
{
	for (int i = 0; i < parsed->count; i++) {
		struct span symbol = parsed->operands[i].value.symbol;

		if (is_local_label(symbol) ||
		    (symbol.length && isdigit((unsigned char)symbol.text[0])))
			return true;
	}
	return false;
}

static void flow_effects(struct function *function, struct item *item,
			 const struct parsed_instruction *parsed, unsigned kind)
{
	switch (kind) {
	case INSTRUCTION_ORDINARY:
		item->flow = FLOW_NEXT;
		if ((item->by_hand && asks_supervisor(parsed)) ||
		    ((item->by_hand || !function->compiled) && names_label(parsed)))
			make_barrier(item);
		break;
	case INSTRUCTION_JUMP:
		jump_effects(function, item, parsed);
		break;
	case INSTRUCTION_BRANCH:
		item->flow = FLOW_BRANCH;
		item->tail_call = is_tail_call(function, item, parsed);
		/* loop and jrcxz reach 127 bytes; as can lengthen all others */
		function->short_jumps |=
			!span_begins(parsed->mnemonic, "j") || span_is(parsed->mnemonic, "jcxz") ||
			span_is(parsed->mnemonic, "jecxz") || span_is(parsed->mnemonic, "jrcxz");
		break;
	case INSTRUCTION_CALL:
		call_effects(function, item, parsed);
		break;
	case INSTRUCTION_RETURN:
		item->flow = FLOW_RETURN;
		break;
	case INSTRUCTION_TRAP:
		trap_effects(function, item);
		break;
	default:
		make_barrier(item);
	}
}

/* movq R,8(%rsp), or pushq R, and movq 8(%rsp),R: a function that does both may restore R so. */
static void note_spill(struct function *function, const struct parsed_instruction *parsed)
{
	const struct operand *from = &parsed->operands[0], *to = &parsed->operands[1];
	bool stores = from->kind == OPERAND_REGISTER;
	const struct operand *reg = stores ? from : to, *memory = stores ? to : from;

	if (span_begins(parsed->mnemonic, "push") && stores && from->reg.number < 16)
		function->stored |= RESOURCE(from->reg.number);
	if (parsed->count != 2 || !span_begins(parsed->mnemonic, "mov") ||
	    reg->kind != OPERAND_REGISTER || memory->kind != OPERAND_MEMORY ||
	    reg->reg.number >= 16 || reg->reg.width != 8 ||
	    (memory->base != REGISTER_RSP && memory->base != REGISTER_RBP))
		return;
	if (stores)
		function->stored |= RESOURCE(reg->reg.number);
	else
		function->reloaded |= RESOURCE(reg->reg.number);
}

/*
 * Which registers callers must expect to be changed: not those that the function restores, nor what
 * inline assembly changes without telling the compiler.
 */
static void note_written(struct function *function, const struct item *item,
			 const struct parsed_instruction *parsed)
{
	if (item->flow == FLOW_CALL || item->flow == FLOW_BARRIER)
		return;
	if (item->by_hand)
		function->preserved |= item->clobber & RESOURCE_REGISTERS;
	else if (span_begins(parsed->mnemonic, "pop") || span_begins(parsed->mnemonic, "xchg"))
		function->preserved |= item->clobber & RESOURCE_REGISTERS;
	else
		function->written |= item->clobber & RESOURCE_REGISTERS;
	note_spill(function, parsed);
}

/* lea 0(%rip),R: what stands behind it may be jumped to. */
static bool takes_address_of_code(const struct parsed_instruction *parsed)
{
	const struct operand *from = &parsed->operands[0];

	return parsed->count && from->kind == OPERAND_MEMORY && from->base == REGISTER_PLACE &&
	       !from->value.symbolic;
}

static void instruction_effects(struct function *function, struct item *item)
{
	const struct survey *survey = function->survey;
	struct parsed_instruction parsed;
	const struct instruction *facts;
	bool locks;

	if (!parse_instruction(&item->statement, &parsed)) {
		if (!is_prefix(&item->statement, &locks) || !locks)
			make_barrier(item);
		return;
	}
	if (names_find(&survey->macros, parsed.mnemonic) ||
	    (survey->registers && statement_mentions(&survey->assigned, &item->statement)) ||
	    takes_address_of_code(&parsed) ||
	    !(facts = instruction_find(parsed.mnemonic.text, parsed.mnemonic.length,
				       parsed.count))) {
		make_barrier(item);
		return;
	}
	item->use = facts->reads | (resources)facts->flags_read << RESOURCE_FLAGS_SHIFT;
	item->kill = facts->writes | (resources)facts->flags_written << RESOURCE_FLAGS_SHIFT;
	item->clobber = facts->clobbers | (resources)facts->flags_clobbered << RESOURCE_FLAGS_SHIFT;
	for (int i = 0; i < parsed.count; i++)
		add_operand_effects(item, &parsed.operands[i], facts->access[i]);
	forget_zero_idiom(item, &parsed);
	flow_effects(function, item, &parsed, facts->kind);
	if (parsed.prefixed || item->place == PLACE_LOCKED)
		item->kill = 0;
	if (parsed.repeated) {
		item->use |= RESOURCE(REGISTER_RCX);
		item->clobber |= RESOURCE(REGISTER_RCX);
	}
	/* A landing pad is entered with the callee-saved registers as they were at the call, or
	 * with -fnon-call-exceptions at the instruction that traps. */
	if (survey->landing_pads && (item->flow == FLOW_CALL || may_trap(item, &parsed, facts)))
		item->use |= CALLEE_SAVED;
	note_written(function, item, &parsed);
}

/* .cfi_offset, .cfi_rel_offset and .cfi_restore: unwinding restores this register, so the function
 * does, too. */
static void note_saved(struct function *function, const struct statement *statement)
{
	/* DWARF's numbers of the first eight differ from the hardware's. */
	static const uint8_t hardware[] = {0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15};
	struct span name = statement_name(statement), arguments = statement_arguments(statement);
	struct span reg;
	unsigned long number;
	size_t sign;

	if ((!span_is(name, ".cfi_offset") && !span_is(name, ".cfi_rel_offset") &&
	     !span_is(name, ".cfi_restore")) ||
	    !next_argument(&arguments, &reg) || !reg.length)
		return;
	sign = reg.text[0] == '%'; /* as needs none */
	if (reg.text[0] >= '0' && reg.text[0] <= '9')
		number = strtoul(reg.text, NULL, 10);
	else
		number = sizeof hardware;
	if (number < sizeof hardware)
		function->preserved |= RESOURCE(hardware[number]);
	else if ((number = register_by_name(reg.text + sign, reg.length - sign).number) < 16)
		function->preserved |= RESOURCE(number);
}

/* .cfi_def_cfa and the like with another register than %rsp (7) and %rbp (6) */
static bool names_other_frame(const struct statement *statement)
{
	struct span name = statement_name(statement), arguments = statement_arguments(statement);
	struct span reg;

	if (span_is(name, ".cfi_register"))
		return true;
	if (!span_is(name, ".cfi_def_cfa") && !span_is(name, ".cfi_def_cfa_register"))
		return false;
	return next_argument(&arguments, &reg) && !span_is(reg, "7") && !span_is(reg, "6") &&
	       !span_is(reg, "%rsp") && !span_is(reg, "%rbp") && !span_is(reg, "rsp") &&
	       !span_is(reg, "rbp");
}

/*
 * .text 1 and the like: the same section, but what follows in the text does not follow in it. And a
 * section that has two spellings may be taken for two: what stands between its halves is not seen.
 */
static bool may_be_elsewhere(const struct function *function, const struct item *item)
{
	struct span name = statement_name(&item->statement);

	return span_is(name, ".previous") ||
	       (span_is(name, ".text") && statement_arguments(&item->statement).length) ||
	       (function->sections->list[item->section].ambiguous && item > function->items &&
		item[-1].section != item->section);
}

static void directive_effects(struct function *function, struct item *item)
{
	struct span name = statement_name(&item->statement);

	function->frame_by_other |= names_other_frame(&item->statement);
	note_saved(function, &item->statement);
	if (span_is(name, ".set") || span_is(name, ".equ") || span_is(name, ".equiv"))
		item->flow = FLOW_LABEL; /* the symbol may stand for this place */
	else if (may_be_elsewhere(function, item) ||
		 (!directive_is_neutral(name) && !span_is(name, ".popsection")))
		make_barrier(item); /* bytes of code by hand, or something that is not known */
}

void item_effects(struct function *function, struct item *item)
{
	if (item->place != PLACE_OPEN && item->place != PLACE_LOCKED) {
		make_barrier(item);
		return;
	}
	switch (item->statement.kind) {
	case STATEMENT_LABEL:
		if (!is_function_end(&item->statement) &&
		    is_target(function->survey, statement_name(&item->statement)))
			item->flow = FLOW_LABEL;
		break;
	case STATEMENT_INSTRUCTION:
		instruction_effects(function, item);
		break;
	case STATEMENT_DIRECTIVE:
		directive_effects(function, item);
		break;
	case STATEMENT_UNKNOWN:
		make_barrier(item);
		break;
	case STATEMENT_ASSIGNMENT:
		item->flow = FLOW_LABEL; /* as with .set */
		if (item->statement.text[0] == '.' && item->statement.name_length == 1)
			make_barrier(item);
		break;
	case STATEMENT_APP:
	case STATEMENT_NO_APP:
		break;
	}
}
