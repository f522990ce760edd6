// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Statements in, functions out. A function is what stands between .type NAME,@function and its
 * .size (its cold part in another section included); text outside of any is a function of its own
 * kind, cut wherever no code is pending. A jump out of what was taken together may go anywhere, so
 * a wrong cut costs a temporary register, never a wrong site.
 */
#include <ctype.h>
#include <stdlib.h>
#include "function.h"

void function_init(struct function *function, const struct survey *survey,
		   struct sections *sections)
{
	*function = (struct function){.survey = survey, .sections = sections, .app_begin = NO_ITEM};
}

/* .cold and .cold.0, as symbols are spelled: in lower case */
static bool is_cold_suffix(struct span suffix)
{
	const struct span cold = SPAN(".cold");
	size_t at = cold.length;

	if (suffix.length < at || memcmp(suffix.text, cold.text, at) != 0)
		return false;
	if (suffix.length == at)
		return true;
	if (suffix.text[at] != '.' || suffix.length == ++at)
		return false;
	while (at < suffix.length && isdigit((unsigned char)suffix.text[at]))
		at++;
	return at == suffix.length;
}

/*
 * f.cold is a part of f: nothing calls it. All other clones, f.part.0, f.constprop.0 and f.isra.0,
 * are functions of their own, so a register that they write is not one that f writes (trap 23 of
 * tests/traps.bats).
 */
static bool is_part_of(struct span part, struct span whole)
{
	return whole.length && part.length > whole.length &&
	       !memcmp(part.text, whole.text, whole.length) &&
	       is_cold_suffix((struct span){part.text + whole.length, part.length - whole.length});
}

/* A cold part is in another section; anything else is another function, though the one before it
 * has had no .size. */
static bool begins_another(const struct function *function, struct span begun)
{
	return begun.length && !(is_part_of(begun, function->open) &&
				 function->sections->current != function->open_section);
}

bool function_ends_before(const struct function *function, const struct statement *statement)
{
	const struct sections *sections = function->sections;
	struct span begun = begun_function(statement);

	if (function->by_hand || function->repeats || function->conditionals)
		return false;
	if (function->open.length)
		return begins_another(function, begun);
	/* Outside of functions data is not kept; code is, for more of it may follow. */
	return begun.length || !sections->list[sections->current].executable;
}

/* .loc FILE LINE ... */
static void follow_source(struct function *function, struct span arguments)
{
	char *end;

	function->source_file = (uint32_t)strtoul(arguments.text, &end, 10);
	function->source_line = (uint32_t)strtoul(end, NULL, 10);
}

static bool is_one_of(struct span name, const char *const *list)
{
	for (; *list; list++)
		if (span_is(name, *list))
			return true;
	return false;
}

/* Directives that leave nothing in the text but, for alignment, instructions that do nothing. */
static bool is_neutral(struct span name)
{
	static const char *const names[] = {".loc",	   ".file",	".ident",
					    ".type",	   ".size",	".globl",
					    ".global",	   ".weak",	".local",
					    ".hidden",	   ".internal", ".protected",
					    ".align",	   ".symver",	".comm",
					    ".lcomm",	   ".addrsig",	".addrsig_sym",
					    ".att_syntax", ".reloc",	".loc_mark_labels",
					    ".text",	   ".data",	".bss",
					    ".section",	   ".previous", ".weakref",
					    NULL};

	return is_one_of(name, names) || span_begins(name, ".cfi_") ||
	       span_begins(name, ".p2align") || span_begins(name, ".balign");
}

static void follow_directive(struct function *function, const struct statement *statement)
{
	struct span name = statement_name(statement), arguments = statement_arguments(statement);
	struct span begun = begun_function(statement), symbol;

	if (begins_another(function, begun)) {
		function->open = begun;
		function->open_section = function->sections->current;
	} else if (span_is(name, ".size") && next_argument(&arguments, &symbol) &&
		   span_equal(symbol, function->open)) {
		function->open = SPAN("");
	} else if (span_is(name, ".loc")) {
		follow_source(function, arguments);
	}
	if (span_begins(name, ".if"))
		function->conditionals++;
	else if (span_is(name, ".endif") && function->conditionals)
		function->conditionals--;
	else if (span_is(name, ".include"))
		function->included = true;
	else
		follow_syntax(statement, &function->foreign_syntax);
}

static enum item_place place_of(const struct function *function, const struct section *section,
				bool repeated)
{
	if (repeated)
		return PLACE_REPEATED;
	if (function->included || function->survey->any_macro)
		return PLACE_INCLUDED;
	if (function->survey->distances)
		return PLACE_FIXED;
	if (function->foreign_syntax || function->begun_foreign)
		return PLACE_SYNTAX;
	if (function->conditionals)
		return PLACE_CONDITIONAL;
	if (section->template)
		return PLACE_TEMPLATE;
	if (section->init)
		return PLACE_INIT;
	return section->executable ? PLACE_OPEN : PLACE_DATA;
}

/* #NO_APP: what stands between it and its #APP was simple, or none of it is touched. */
static void leave_by_hand(struct function *function)
{
	for (uint32_t i = function->app_begin; function->app_complex && i < function->count; i++)
		if (function->items[i].place == PLACE_OPEN ||
		    function->items[i].place == PLACE_LOCKED)
			function->items[i].place = PLACE_ASSEMBLY;
	function->app_begin = NO_ITEM;
	function->app_complex = false;
	function->by_hand = false;
}

static void follow_by_hand(struct function *function, const struct statement *statement)
{
	if (statement->kind == STATEMENT_APP && !function->by_hand) {
		function->by_hand = true;
		function->app_begin = function->count;
	} else if (statement->kind == STATEMENT_NO_APP && function->by_hand) {
		leave_by_hand(function);
	} else if (function->by_hand && (statement->kind == STATEMENT_UNKNOWN ||
					 (statement->kind == STATEMENT_DIRECTIVE &&
					  (!is_neutral(statement_name(statement)) ||
					   span_begins(statement_name(statement), ".section") ||
					   span_is(statement_name(statement), ".previous"))))) {
		function->app_complex = true;
	}
}

/* Functions are in few sections, and most statements are where the one before them was. */
static uint32_t section_slot(struct function *function, uint32_t section)
{
	uint32_t slot = function->section_count;

	while (slot > 0)
		if (function->section_of[--slot] == section)
			return slot;
	function->section_of = reallocate(
		function->section_of, (function->section_count + 1) * sizeof *function->section_of);
	function->section_of[function->section_count] = section;
	return function->section_count++;
}

static struct item *new_item(struct function *function)
{
	function->items = make_room(function->items, function->count, &function->space,
				    sizeof *function->items);
	return &function->items[function->count++];
}

/* A prefix on its own: the processor applies it to the next instruction, wherever the text has
 * that, as in Linux's `lock; incl`. */
static enum item_place place_behind(const struct statement *statement)
{
	struct parsed_instruction parsed;

	if (statement->length != statement->name_length || parse_instruction(statement, &parsed) ||
	    !parsed.prefixed)
		return PLACE_OPEN;
	return span_is(statement_name(statement), "lock") ? PLACE_LOCKED : PLACE_PREFIXED;
}

void function_add(struct function *function, const struct statement *statement)
{
	bool repeated = in_repeated_text(statement, &function->repeats);
	bool conditional = function->conditionals > 0;
	struct sections *sections = function->sections;
	struct item *item;
	uint32_t section;

	if (!function->count)
		function->begun_foreign = function->foreign_syntax;
	follow_by_hand(function, statement);
	if (statement->kind == STATEMENT_DIRECTIVE && !repeated &&
	    !sections_follow(sections, statement))
		follow_directive(function, statement);
	if (statement->kind == STATEMENT_LABEL && !repeated)
		sections_note_label(sections);
	section = sections->list[sections->current].same;
	item = new_item(function);
	*item = (struct item){
		.statement = *statement,
		.section = section,
		.section_slot = section_slot(function, section),
		.source_line = function->source_line,
		.source_file = function->source_file,
		.target = NO_ITEM,
		.function_name = NO_ITEM,
		.pointer = NO_ITEM,
		.by_hand = function->by_hand,
		/* Whether it reads what it mentions is found out later. */
		.candidate = (statement->kind == STATEMENT_INSTRUCTION ||
			      statement->kind == STATEMENT_UNKNOWN) &&
			     (function->survey->options->profile ||
			      statement_mentions(&function->survey->patchables, statement)),
	};
	item->place = place_of(function, &sections->list[sections->current], repeated);
	if (conditional && item->place == PLACE_OPEN)
		item->place = PLACE_CONDITIONAL; /* the .endif itself */
	if (statement->kind == STATEMENT_INSTRUCTION) {
		if (item->place == PLACE_OPEN)
			item->place = function->behind;
		function->behind = place_behind(statement);
	}
	function->candidates += item->candidate;
}

static bool is_local_label(struct span label)
{
	return label.length >= 2 && label.text[0] == '.' && label.text[1] == 'L';
}

/* Can anything but the instruction before it come here? */
static bool is_target(const struct survey *survey, struct span label)
{
	if (!is_local_label(label) || survey->any_label)
		return true;
	return names_find(&survey->mentioned, label) != NULL;
}

#define CALLEE_SAVED                                                                               \
	(RESOURCE(REGISTER_RBX) | RESOURCE(REGISTER_RSP) | RESOURCE(REGISTER_RBP) |                \
	 (resources)0xf000)

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
	return span_begins(parsed->mnemonic, "div") || span_begins(parsed->mnemonic, "idiv");
}

/*
 * What a function may change by its ABI, by that of Windows (ms_abi), too; and of these the one
 * with nothing in it where a function is entered: %al may count arguments, %r10 be the static
 * chain.
 */
#define CALLER_SAVED ((resources)0x0f07)
#define ENTERED_DEAD RESOURCE(REGISTER_R11)

/*
 * Does this, called or jumped to by a compiler's code, keep to the ABI if functions do? What is no
 * function does not: places in this one, its cold and outlined pieces, profilers' hooks, and
 * helpers that compilers call in a way of their own. Nor do thunks, which are named after what they
 * read.
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
 * A call reads every register, and all it may clobber it may as well keep: the compiler knows
 * callees that do (traps 1 and 15 of tests/traps.bats), and callees that are given arguments in
 * other registers than the ABI's (regcall, swiftcall, outlined functions, thunks named after a
 * register). What is a piece of the function itself, outlined or called by a local label, may even
 * read the flags. --calls=abi is the user's word that there are no such callees but those that have
 * names.
 */
static void call_effects(struct function *function, struct item *item,
			 const struct parsed_instruction *parsed)
{
	struct span target = unquoted(parsed->count ? parsed->operands[0].value.symbol : SPAN(""));

	item->flow = FLOW_CALL;
	item->clobber |= RESOURCE_ALL;
	item->kill = 0;
	if (function->abi && !item->by_hand && parsed->count && is_function(&parsed->operands[0])) {
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

/* jmp *f@GOTPCREL(%rip), as -fno-plt has it: what stands in this slot is where f begins. */
static bool is_function_slot(const struct operand *target)
{
	return target->indirect && target->base == REGISTER_RIP &&
	       memmem(target->text.text, target->text.length, "@GOTPCREL", 9);
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
 * Where a compiler writes ud2, nothing goes on. Behind one that a person wrote something may, as
 * Linux's WARN() does, for which the handler of the trap leads there.
 */
static void trap_effects(const struct function *function, struct item *item)
{
	if (function->compiled && !item->by_hand)
		item->flow = FLOW_TRAP;
	else
		make_barrier(item);
}

static void flow_effects(struct function *function, struct item *item,
			 const struct parsed_instruction *parsed, unsigned kind)
{
	switch (kind) {
	case INSTRUCTION_ORDINARY:
		item->flow = FLOW_NEXT;
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

/* movq R,8(%rsp) or movq 8(%rsp),R: a function that does both may do it to restore R. */
static void note_spill(struct function *function, const struct parsed_instruction *parsed)
{
	const struct operand *from = &parsed->operands[0], *to = &parsed->operands[1];
	bool stores = from->kind == OPERAND_REGISTER;
	const struct operand *reg = stores ? from : to, *memory = stores ? to : from;

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
 * What the function changes for its callers' eyes: not what it restores, and not what inline
 * assembly does behind the compiler's back.
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

	return parsed->count && from->kind == OPERAND_MEMORY && from->base == REGISTER_RIP &&
	       !from->value.symbolic;
}

static void instruction_effects(struct function *function, struct item *item)
{
	const struct survey *survey = function->survey;
	struct parsed_instruction parsed;
	const struct instruction *facts;

	if (!parse_instruction(&item->statement, &parsed)) {
		if (place_behind(&item->statement) != PLACE_LOCKED)
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
	if (survey->landing_pads && (item->flow == FLOW_CALL || touches_memory(&parsed)))
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
		 (!is_neutral(name) && !span_is(name, ".popsection")))
		make_barrier(item); /* bytes of code by hand, or something that is not known */
}

static void item_effects(struct function *function, struct item *item)
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

/* Jumps whose whole operand is a label in sight; all others may go anywhere. */
static void find_targets(struct function *function, const struct names *labels)
{
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];
		const uint32_t *label;

		if (item->flow != FLOW_JUMP && item->flow != FLOW_BRANCH)
			continue;
		label = names_find(labels, statement_arguments(&item->statement));
		if (label)
			item->target = *label;
		else if (item->tail_call && item->flow == FLOW_JUMP && function->abi)
			item->kill = ENTERED_DEAD;
	}
}

/* --- entries -------------------------------------------------------------------------------- */

/* Is it certainly an instruction? The call of a macro may be anything, or nothing. */
static bool is_instruction(const struct survey *survey, const struct item *item)
{
	struct parsed_instruction parsed;

	if (item->flow != FLOW_NONE && item->flow != FLOW_BARRIER)
		return true; /* its effects are known */
	return parse_instruction(&item->statement, &parsed) &&
	       !names_find(&survey->macros, parsed.mnemonic) &&
	       instruction_find(parsed.mnemonic.text, parsed.mnemonic.length, parsed.count);
}

/* Does it certainly put a byte or more into its section? */
static bool leaves_bytes(const struct survey *survey, const struct item *item)
{
	static const char *const data[] = {".byte",  ".2byte", ".4byte", ".8byte", ".short",
					   ".value", ".hword", ".word",	 ".int",   ".long",
					   ".quad",  ".octa",  NULL};

	switch ((enum item_place)item->place) {
	case PLACE_REPEATED:
	case PLACE_CONDITIONAL:
	case PLACE_SYNTAX:
	case PLACE_INCLUDED:
		return false;
	default:
		break;
	}
	if (item->statement.kind == STATEMENT_DIRECTIVE)
		return is_one_of(statement_name(&item->statement), data) &&
		       statement_arguments(&item->statement).length;
	return item->statement.kind == STATEMENT_INSTRUCTION && is_instruction(survey, item);
}

/* Will the label be in the symbol table, under this name or another? */
static bool is_symbol(const struct survey *survey, struct span label)
{
	if (isdigit((unsigned char)label.text[0])) /* 1: */
		return false;
	return !is_local_label(label) || names_find(&survey->aliased, label);
}

/* May a statement that puts no bytes into the section define a symbol there? */
static bool may_be_symbol(const struct function *function, const struct item *item)
{
	static const char *const assignments[] = {".set", ".equ", ".equiv", ".eqv", NULL};
	static const char *const switches[] = {".text",	      ".section",  ".pushsection",
					       ".popsection", ".previous", ".subsection",
					       NULL};
	struct span name = statement_name(&item->statement);

	switch (item->statement.kind) {
	case STATEMENT_LABEL:
		return is_symbol(function->survey, name);
	case STATEMENT_DIRECTIVE:
		return is_one_of(name, assignments) ||
		       (function->survey->subsections && is_one_of(name, switches));
	case STATEMENT_INSTRUCTION:
		return !is_instruction(function->survey, item); /* the call of a macro, say */
	case STATEMENT_APP:
	case STATEMENT_NO_APP:
		return false;
	default:
		return true; /* an assignment, or something that is not known */
	}
}

/* Of the section that the item is in, under whatever spelling; new for each function. */
static struct section_state *state_of(struct function *function, const struct item *item)
{
	uint32_t whole = function->sections->list[item->section].whole;
	struct section_state *state;

	while (function->state_count <= whole) {
		function->states = make_room(function->states, function->state_count,
					     &function->state_space, sizeof *function->states);
		function->states[function->state_count++] = (struct section_state){0};
	}
	state = &function->states[whole];
	if (state->function != function->number)
		*state = (struct section_state){.function = function->number};
	return state;
}

/*
 * Which instructions may have a symbol at their first byte? Tracers attach there, so that
 * instruction must stay as it is in the file (see tests/probes.bats). What stands before the first
 * item is not known.
 */
static void find_entries(struct function *function)
{
	uint32_t before = NO_ITEM;

	function->number++;
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];
		struct section_state *state = state_of(function, item);

		if (item->section != before && function->sections->list[item->section].torn)
			state->inside = false;
		before = item->section;
		item->entry = !state->inside;
		if (leaves_bytes(function->survey, item))
			state->inside = true;
		else if (may_be_symbol(function, item))
			state->inside = false;
	}
}

/*
 * Did a compiler write this function? gcc puts #APP around what it did not; clang does so only
 * inside of functions, but puts a label .Lfunc_end behind each of its own.
 */
static bool is_compiled(const struct function *function)
{
	if (!function->survey->marked_ends)
		return function->survey->compiled;
	for (uint32_t i = function->count; i-- > 0;)
		if (is_function_end(&function->items[i].statement))
			return function->survey->compiled;
	return false;
}

void function_analyse(struct function *function)
{
	struct names labels = {0};
	uint32_t name = NO_ITEM;

	if (function->by_hand)
		leave_by_hand(function);
	function->compiled = is_compiled(function);
	function->abi = function->compiled && function->survey->options->calls_abi;
	for (uint32_t i = 0; i < function->count; i++) {
		struct item *item = &function->items[i];

		item_effects(function, item);
		if (item->statement.kind == STATEMENT_LABEL && item->place != PLACE_DATA) {
			names_add(&labels, statement_name(&item->statement), i);
			if (item->statement.text[0] > '9') /* not .L, not 1 */
				name = i;
		}
		item->function_name = name;
	}
	function->preserved |= function->stored & function->reloaded;
	/* A caller may know what this function leaves alone (trap 1 of tests/traps.bats). */
	function->usable = function->written | (function->abi ? CALLER_SAVED : 0);
	find_targets(function, &labels);
	names_free(&labels);
	if (function->candidates)
		find_entries(function);
}

void function_clear(struct function *function)
{
	function->count = 0;
	function->candidates = 0;
	function->section_count = 0;
	function->written = 0;
	function->preserved = function->stored = function->reloaded = 0;
	function->short_jumps = false;
	function->frame_by_other = false;
	function->app_begin = NO_ITEM;
}

void function_free(struct function *function)
{
	free(function->items);
	free(function->section_of);
	free(function->states);
}
