// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A function with liveness in, its sites out. For each instruction that mentions a patchable
 * symbol: is it a reference (does it read the variable, directly), is it where a site may be, does
 * a rule match, which of the rule's alternatives hold here. A load looks further down for
 * instructions that can consume the value. What is not certain stays a load, with the reason.
 */
#include <stdlib.h>
#include "dividend.h"
#include "kinds.h"
#include "liveness.h"
#include "pointers.h"
#include "registers.h"
#include "sites.h"
#include "skipped.h"
#include "switch.h"

#define CONSUMERS_MAX 16

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

static enum reason reason_of_place(enum item_place place)
{
	static const uint8_t reasons[] = {
		[PLACE_OPEN] = REASON_NONE,	    [PLACE_INIT] = REASON_INIT,
		[PLACE_DATA] = REASON_DATA,	    [PLACE_TEMPLATE] = REASON_TEMPLATE,
		[PLACE_REPEATED] = REASON_REPEATED, [PLACE_CONDITIONAL] = REASON_CONDITIONAL,
		[PLACE_ASSEMBLY] = REASON_ASSEMBLY, [PLACE_SYNTAX] = REASON_FOREIGN,
		[PLACE_INCLUDED] = REASON_INCLUDED, [PLACE_PREFIXED] = REASON_PREFIX,
		[PLACE_LOCKED] = REASON_PREFIX,	    [PLACE_FIXED] = REASON_FIXED,
	};

	return (enum reason)reasons[place];
}

/* The first rule of this mnemonic, or NULL. */
static const struct rule *find_rules(struct span mnemonic)
{
	return rules_find(mnemonic.text, mnemonic.length);
}

static bool is_register(const struct operand *operand, unsigned width)
{
	return operand->kind == OPERAND_REGISTER && operand->reg.number < 16 &&
	       operand->reg.width == width;
}

static bool is_this_register(const struct operand *operand, unsigned number)
{
	return operand->kind == OPERAND_REGISTER && operand->reg.number == number;
}

/*
 * Can this memory operand stand in a form, which all sites share? Its address is then numbers and
 * registers, or relative to %rip, which the runtime can carry over to another place.
 */
static bool is_plain_memory(const struct operand *operand, unsigned value_register)
{
	if (operand->kind != OPERAND_MEMORY ||
	    (value_register != REGISTER_NONE &&
	     (operand->base == value_register || operand->index == value_register)))
		return false;
	return !operand->value.symbolic ||
	       (operand->base == REGISTER_RIP && operand->value.simple && !operand->value.modified);
}

static bool is_carried(const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->value.symbolic;
}

/*
 * Is it the name of a thunk that goes to where the register points? gcc and Linux have one for each
 * register, clang has its own. Each leaves all registers to the callee.
 */
static bool is_thunk(const struct operand *operand, unsigned number)
{
	static const char *const prefixes[] = {"__x86_indirect_thunk_", "__llvm_retpoline_"};
	struct span name = unquoted(operand->value.symbol);

	if (operand->kind != OPERAND_MEMORY || !operand->value.simple || operand->value.modified ||
	    operand->value.number || operand->base != REGISTER_NONE ||
	    operand->index != REGISTER_NONE || number == REGISTER_NONE)
		return false;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t length = strlen(prefixes[i]);

		if (name.length > length && !memcmp(name.text, prefixes[i], length))
			return span_is((struct span){name.text + length, name.length - length},
				       register_spelling(number, 8));
	}
	return false;
}

/*
 * An address of nothing but a register and numbers: so many times the register. 0: something else,
 * as what is no memory, which has neither base nor index.
 */
static unsigned times_register(const struct operand *operand, unsigned number)
{
	unsigned times = 0;

	if (!operand->value.simple || operand->value.symbolic || operand->narrow_address)
		return 0;
	if (operand->base == number)
		times = 1;
	else if (operand->base != REGISTER_NONE)
		return 0;
	if (operand->index == number)
		times += operand->scale;
	else if (operand->index != REGISTER_NONE)
		return 0;
	return times;
}

struct match {
	const struct rule *rule;
	int variable;		 /* operand that is VAR, or -1 */
	unsigned value_register; /* X of a consumer, or REGISTER_NONE */
};

static bool operand_matches(const struct match *match, struct rule_operand wanted,
			    const struct operand *operand, int index)
{
	unsigned x = match->value_register;

	if (operand->indirect != wanted.indirect)
		return false;
	if (index == match->variable)
		return wanted.letter == 'V';
	switch (wanted.letter) {
	case 'X':
		return is_register(operand, wanted.width) && !operand->reg.high &&
		       (x == REGISTER_NONE || is_this_register(operand, x));
	case 'R':
		return is_register(operand, wanted.width) && !is_this_register(operand, x);
	case 'W':
		return is_register(operand, wanted.width);
	case 'S':
	case 'D':
		return (is_register(operand, wanted.width) && !is_this_register(operand, x)) ||
		       is_plain_memory(operand, x);
	case 'M':
		return is_plain_memory(operand, x);
	case 'I':
		return operand->kind == OPERAND_IMMEDIATE && !operand->value.symbolic;
	case 'L':
		return operand->kind == OPERAND_MEMORY;
	case 'A':
		return x != REGISTER_NONE && times_register(operand, x);
	case 'K':
		return is_thunk(operand, x);
	}
	return false;
}

/* A mnemonic without its suffix means the rule's width only if a register says so. */
static bool width_is_said(const struct rule *rule, const struct parsed_instruction *parsed)
{
	for (int i = 0; i < rule->operands; i++)
		if (strchr("XRWSD", rule->operand[i].letter) && rule->operand[i].suffix &&
		    is_register(&parsed->operands[i], rule->width))
			return true;
	return !rule->bare;
}

static bool rule_matches(const struct match *match, const struct parsed_instruction *parsed)
{
	const struct rule *rule = match->rule;

	if (rule->operands != parsed->count)
		return false;
	for (int i = 0; i < rule->operands; i++) {
		if (!operand_matches(match, rule->operand[i], &parsed->operands[i], i))
			return false;
		for (int j = 0; j < i; j++)
			if (rule->operand[j].letter == rule->operand[i].letter &&
			    !span_equal(parsed->operands[i].text, parsed->operands[j].text))
				return false;
	}
	return width_is_said(rule, parsed);
}

/*
 * A register for T: dead here, not what unwinding stands on, and one that this function may change.
 * With %ah and its like no register that needs a REX prefix goes. What is `released` the
 * instruction reads, but what replaces it does not.
 */
static uint8_t choose_temporary(const struct function *function, const struct item *item,
				resources released)
{
	resources able = function->usable & (~live_before(item) | (released & ~item->live));

	able &= ~(RESOURCE(REGISTER_RSP) | RESOURCE(REGISTER_RBP));
	if (item->high)
		able &= 0xf;
	if (!able || function->frame_by_other)
		return REGISTER_NONE;
	return (uint8_t)__builtin_ctz(able);
}

/* Is one of the code's mnemonics a macro in this file? It would not be that instruction. */
static bool calls_macro(const struct survey *survey, const char *code)
{
	while (survey->macros.count && *code) {
		size_t length;

		code += strspn(code, "; ");
		length = strcspn(code, " ;");
		if (names_find(&survey->macros, (struct span){code, length}))
			return true;
		code += strcspn(code, ";");
	}
	return false;
}

/*
 * Do the options leave out what stands under this heading of the rules? Loads are left out when
 * nothing has been found that consumes them.
 */
static bool is_disabled(const struct options *options, const struct rule *rule)
{
	return rule->role != ROLE_LOAD && options_leave_out(options, kind_of_heading(rule->kind));
}

static bool is_wide(const struct rule_alternative *a)
{
	return a->field[0].kind == (RCPP_FIELD_VALUE | 8) &&
	       a->field[0].function == RCPP_FUNCTION_PLAIN;
}

/*
 * Is it for a wide value, where the options have that read memory? Moved to a temporary, for what
 * has no wide immediate; or moved by a load that is there for its consumers only.
 */
static bool is_left_to_memory(const struct options *options, const struct rule *rule,
			      const struct rule_alternative *a)
{
	if (!is_wide(a))
		return false;
	return a->needs & RULE_TEMPORARY
		       ? options->wide_load
		       : rule->role == ROLE_LOAD && options_leave_out(options, KIND_MOVES);
}

static bool some_need(const struct rule *rule, uint8_t need)
{
	for (int i = 0; i < rule->alternatives; i++)
		if (rule_alternative(rule, i)->needs & need)
			return true;
	return false;
}

/* Would an alternative behind these never be taken? */
static bool is_covered(const struct site *site, const struct rule_alternative *a)
{
	for (int i = 0; i < site->alternatives; i++)
		if (site->alternative[i].guard == RCPP_GUARD_ANY ||
		    site->alternative[i].guard == a->guard ||
		    (site->alternative[i].guard == RCPP_GUARD_NONZERO &&
		     a->guard == RCPP_GUARD_SMALL))
			return true;
	return false;
}

/* What of all that alternatives may need is there: RULE_*. */
static uint8_t what_holds(const struct site *site, const struct function *function,
			  const struct rule *rule)
{
	const struct item *item = &function->items[site->item];
	bool is_signed = span_begins(site->parsed.mnemonic, "idiv");
	uint8_t holds = site->temporary != REGISTER_NONE ? RULE_TEMPORARY : 0;

	if (!(item->live & RESOURCE_FLAGS))
		holds |= RULE_FLAGS_DEAD;
	if (!(item->live & RESOURCE(REGISTER_RAX)))
		holds |= RULE_RAX_DEAD;
	if (!(item->live & RESOURCE(REGISTER_RDX)))
		holds |= RULE_RDX_DEAD;
	if (site->copy != REGISTER_NONE)
		holds |= RULE_COPIED;
	if (some_need(rule, RULE_EXTENDED) &&
	    dividend_is_extended(function, site->item, rule->width, is_signed))
		holds |= RULE_EXTENDED;
	return holds;
}

/*
 * Of the rule's alternatives those that hold here. `released` is the register that a consumer has
 * the value in. Returns why there is none.
 */
static enum reason choose_alternatives(struct site *site, const struct function *function,
				       const struct rule *rule, resources released)
{
	const struct options *options = function->survey->options;
	enum reason reason = REASON_NO_RULE;
	uint8_t missing;

	if (is_disabled(options, rule))
		return REASON_OPTION;
	site->temporary = choose_temporary(function, &function->items[site->item], released);
	site->copy =
		some_need(rule, RULE_COPIED) ? dividend_copy(function, site->item) : REGISTER_NONE;
	missing = (uint8_t)~what_holds(site, function, rule);
	for (int i = 0; i < rule->alternatives; i++) {
		const struct rule_alternative *a = rule_alternative(rule, i);

		if (a->needs & missing & RULE_FLAGS_DEAD)
			reason = REASON_FLAGS;
		else if (a->needs & missing & RULE_TEMPORARY)
			reason = REASON_NO_REGISTER;
		else if (a->needs & missing || is_covered(site, a))
			continue;
		else if (is_left_to_memory(options, rule, a))
			reason = REASON_OPTION;
		else if (calls_macro(function->survey, rule_code(a)))
			reason = REASON_REPEATED;
		else
			site->alternative[site->alternatives++] = *a;
	}
	return site->alternatives ? REASON_NONE : reason;
}

/* How many times the value the address is. */
static void bind_times(struct site *site, const struct operand *address)
{
	unsigned x = address->base != REGISTER_NONE ? address->base : address->index;

	for (int i = 0; i < site->alternatives; i++)
		site->alternative[i].field[0].function |= (uint8_t)times_register(address, x);
}

static void bind_operands(struct site *site, const struct rule *rule)
{
	site->role = rule->role;
	site->kind = rule->kind;
	site->alone = rule->alone;
	site->follows = rule->follows;
	for (int i = 0; i < rule->operands; i++) {
		site->letters[i] = rule->operand[i].letter;
		site->widths[i] = rule->operand[i].width;
		if (site->letters[i] == 'K') {
			site->target = site->parsed.operands[i].value.symbol;
			site->branches = true;
		}
		if (site->letters[i] == 'A')
			bind_times(site, &site->parsed.operands[i]);
	}
}

static struct site *new_site(struct site_list *list)
{
	list->sites = make_room(list->sites, list->count, &list->space, sizeof *list->sites);
	list->sites[list->count] = (struct site){.temporary = REGISTER_NONE, .copy = REGISTER_NONE};
	return &list->sites[list->count++];
}

/* The first rule of this role that matches, or NULL. */
static const struct rule *find_match(const struct parsed_instruction *parsed, struct match *match,
				     enum rule_role role)
{
	const struct rule *rule = find_rules(parsed->mnemonic);

	for (; rule; rule = rules_next(rule)) {
		match->rule = rule;
		if (rule->role == role && rule_matches(match, parsed))
			return rule;
	}
	return NULL;
}

/* --- consumers, one by one ------------------------------------------------------------------ */

/*
 * A site for an instruction that may consume a value; NULL if it may not, or does already. Each
 * instruction has one site at most, however many things it reads.
 */
static struct site *new_consumer(struct site_list *list, struct function *function, uint32_t index)
{
	struct item *item = &function->items[index];
	struct site *site;

	if (item->place != PLACE_OPEN || item->candidate || item->claimed)
		return NULL;
	site = new_site(list);
	site->item = index;
	if (parse_instruction(&item->statement, &site->parsed) && !site->parsed.prefixed) {
		item->claimed = true;
		return site;
	}
	list->count--;
	return NULL;
}

/* It consumes nothing after all. */
static void drop_consumer(struct site_list *list, struct function *function, uint32_t at)
{
	function->items[list->sites[at].item].claimed = false;
	memmove(&list->sites[at], &list->sites[at + 1], (--list->count - at) * sizeof *list->sites);
}

/* Drops all consumers from `at` on. */
static void drop_from(struct site_list *list, struct function *function, uint32_t at)
{
	while (list->count > at)
		drop_consumer(list, function, list->count - 1);
}

/* --- conditions ----------------------------------------------------------------------------- */

/* The constant of the instruction, if it has one: a number that as encodes. */
static bool read_constant(const struct parsed_instruction *parsed, const struct rule *rule,
			  int32_t *constant)
{
	unsigned bits = rule->width < 8 ? 8u * rule->width : 31;

	for (int i = 0; i < rule->operands; i++) {
		const struct expression *value = &parsed->operands[i].value;

		if (rule->operand[i].letter != 'I')
			continue;
		if (!value->simple || value->modified || value->number < -(INT64_C(1) << bits) ||
		    value->number >= INT64_C(1) << bits)
			return false;
		*constant = (int32_t)value->number;
	}
	return true;
}

static uint8_t compare_of(struct span mnemonic)
{
	return span_begins(mnemonic, "cmp")    ? RCPP_COMPARE_CMP
	       : span_begins(mnemonic, "test") ? RCPP_COMPARE_TEST
					       : RCPP_COMPARE_BIT;
}

/* Can the runtime evaluate this compare of what the steps have made of the value? */
static bool read_compare(const struct parsed_instruction *parsed, const struct rule *rule,
			 struct site_condition *condition)
{
	condition->compare = compare_of(parsed->mnemonic);
	condition->width = rule->width;
	condition->constant = -1; /* test X,X */
	return read_constant(parsed, rule, &condition->constant);
}

/* Where a conditional jump goes: a label, or a function. */
static void bind_target(struct site *site, const struct item *jump)
{
	site->branches = jump->target == NO_ITEM;
	site->target = site->branches ? site->parsed.operands[0].value.symbol
				      : statement_arguments(&jump->statement);
}

#define CONDITION_BELOW 2 /* of the hardware: the carry is set */

/* What becomes of the instructions that read a compare's flags. */
struct readers {
	enum rule_role role;		 /* they are settled, or mirrored */
	resources flags;		 /* which flags will not be what they were */
	struct site_condition condition; /* of those that are settled: the compare */
	uint8_t guard; /* of those that are mirrored: when the compare is turned */
};

static void bind_reader(struct site *site, const struct item *item, const struct rule *rule,
			const struct readers *readers)
{
	bind_operands(site, rule);
	if (item->flow == FLOW_BRANCH)
		bind_target(site, item);
	if (readers->role == ROLE_SETTLE) {
		site->alone = true;
		site->condition = readers->condition;
		site->condition.code = rule->condition;
	} else {
		site->together = true;
		site->alternative[0].guard = readers->guard;
	}
}

/* Does the compare decide the condition? bt sets the carry and no other flag. */
static bool is_answered(const struct readers *readers, uint8_t code)
{
	return readers->role != ROLE_SETTLE || readers->condition.compare != RCPP_COMPARE_BIT ||
	       (code | 1) == (CONDITION_BELOW | 1);
}

/* An instruction that reads flags: is it one that needs none, or others? Appends its site if so. */
static bool add_reader(struct site_list *list, struct function *function, uint32_t index,
		       const struct readers *readers)
{
	const struct item *item = &function->items[index];
	struct match match = {.variable = -1, .value_register = REGISTER_NONE};
	struct site *site = new_consumer(list, function, index);
	const struct rule *rule;
	bool fits;

	if (!site)
		return false;
	fits = (rule = find_match(&site->parsed, &match, readers->role)) &&
	       choose_alternatives(site, function, rule, 0) == REASON_NONE &&
	       site->alternatives == rule->alternatives &&
	       (item->flow != FLOW_BRANCH || item->target != NO_ITEM || item->tail_call) &&
	       is_answered(readers, rule->condition);
	for (int i = 0; fits && i < rule->operands; i++)
		fits = rule->operand[i].letter == 'L' || !is_carried(&site->parsed.operands[i]);
	if (fits)
		bind_reader(site, item, rule, readers);
	else
		drop_consumer(list, function, list->count - 1);
	return fits;
}

/* Is any of these live where the branch goes, if it goes? */
static bool live_at_target(const struct function *function, const struct item *branch,
			   resources set)
{
	resources live = branch->target == NO_ITEM ? live_elsewhere(branch)
						   : live_before(&function->items[branch->target]);

	return (live & set) != 0;
}

/*
 * Walk down from a compare as long as its flags are those that are read, past branches, and append
 * what is settled or mirrored of that. Returns true if nothing else reads them on any way.
 */
static bool find_readers(struct site_list *list, struct function *function, uint32_t compare,
			 const struct readers *readers)
{
	const uint32_t section = function->items[compare].section;
	bool all = true;

	for (uint32_t i = compare; function->items[i].live & readers->flags;) {
		const struct item *item;

		if (++i == function->count)
			return false;
		item = &function->items[i];
		if (item->section != section ||
		    (item->flow != FLOW_NEXT && item->flow != FLOW_NONE &&
		     item->flow != FLOW_BRANCH))
			return false;
		if (item->use & readers->flags)
			all &= add_reader(list, function, i, readers);
		if (item->flow == FLOW_BRANCH)
			all &= !live_at_target(function, item, readers->flags);
		if (item->clobber & RESOURCE_FLAGS)
			return false; /* and it reads some, as adc, or passes some on, as inc */
	}
	return all;
}

static bool settle_readers(struct site_list *list, struct function *function, uint32_t compare,
			   const struct site_condition *condition)
{
	const struct readers settled = {
		.role = ROLE_SETTLE, .flags = RESOURCE_FLAGS, .condition = *condition};

	return find_readers(list, function, compare, &settled);
}

/*
 * The same for a compare that is turned: a - b becomes b - a, with the same zero flag. All that
 * reads another one must be mirrored: appends nothing otherwise. The compare's site is the last of
 * the list, and its turned alternative the first that it has.
 */
static bool mirror_readers(struct site_list *list, struct function *function)
{
	const uint32_t compare = list->count - 1;
	const struct readers mirrored = {
		.role = ROLE_MIRROR,
		.flags = RESOURCE_FLAGS & ~((resources)FLAG_ZERO << RESOURCE_FLAGS_SHIFT),
		.guard = list->sites[compare].alternative[0].guard,
	};
	bool all = find_readers(list, function, list->sites[compare].item, &mirrored);

	if (!all)
		drop_from(list, function, compare + 1);
	list->sites[compare].together = list->count > compare + 1;
	return all;
}

/*
 * A compare whose carry somebody reads who is not settled, adc or sbb for one, and nobody another
 * flag: sets the carry as the value says. Returns whether it is one.
 */
static bool match_carry(struct site *site, const struct function *function, struct match *match,
			const struct site_condition *condition)
{
	const resources carry = (resources)FLAG_CARRY << RESOURCE_FLAGS_SHIFT;
	const struct rule *rule = find_match(&site->parsed, match, ROLE_CARRY);
	struct site before = *site;

	if (!rule || function->items[site->item].live & RESOURCE_FLAGS & ~carry)
		return false;
	site->alternatives = 0;
	if (choose_alternatives(site, function, rule, 0) != REASON_NONE ||
	    site->alternatives != rule->alternatives) {
		*site = before;
		return false;
	}
	bind_operands(site, rule);
	site->alone = true; /* what was made of the value may be gone, even if the load stays */
	site->condition = *condition;
	site->condition.code = CONDITION_BELOW;
	return true;
}

/* --- consumers of registers ----------------------------------------------------------------- */

/*
 * The register with the value may be a temporary of what follows a load: the value itself is in the
 * code. But what stands in %rax that code reads.
 */
static resources released_by(const struct rule *rule, unsigned x)
{
	return rule->follows ? RESOURCE(x) & ~RESOURCE(REGISTER_RAX) : 0;
}

/* Find a consuming rule for the parsed instruction of *site and bind it. */
static bool match_consumer(struct site *site, const struct function *function, unsigned x,
			   unsigned valid_width)
{
	const struct rule *rule = find_rules(site->parsed.mnemonic);
	struct match match = {.variable = -1, .value_register = x};

	for (; rule; rule = rules_next(rule)) {
		bool carried = false, fits = true;

		match.rule = rule;
		if (rule->role != ROLE_CONSUME || !rule_matches(&match, &site->parsed))
			continue;
		for (int i = 0; i < rule->operands; i++) {
			char letter = rule->operand[i].letter;

			carried |= letter != 'K' && is_carried(&site->parsed.operands[i]);
			fits &= !strchr("XKA", letter) || rule->operand[i].width <= valid_width;
		}
		site->alternatives = 0;
		if (!fits || (carried && !rule_alternative(rule, 0)->carries) ||
		    choose_alternatives(site, function, rule, released_by(rule, x)) != REASON_NONE)
			continue;
		bind_operands(site, rule);
		return true;
	}
	return false;
}

/* Which operand uses the register in its address, and nothing else does? Its index, or -1. */
static int address_operand(const struct site *site, const struct instruction *facts, unsigned x)
{
	const struct parsed_instruction *parsed = &site->parsed;
	int found = -1;

	if (facts->reads & RESOURCE(x))
		return -1;
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind == OPERAND_IMMEDIATE)
			return -1; /* it stands behind the displacement */
		if (is_this_register(operand, x) &&
		    (facts->access[i] != ACCESS_W || operand->reg.width < 4))
			return -1;
		if (operand->kind == OPERAND_MEMORY && (operand->base == x || operand->index == x))
			found = i;
	}
	return found;
}

static const struct rule *find_address_rule(struct span mnemonic)
{
	const struct rule *rule = find_rules(mnemonic);

	for (; rule; rule = rules_next(rule))
		if (rule->role == ROLE_ADDRESS)
			return rule;
	return NULL;
}

static bool is_general(unsigned reg)
{
	return reg < 16 || reg == REGISTER_NONE;
}

/* mov (X),R and the like: the value becomes a part of the displacement. */
static bool match_address(struct site *site, const struct function *function, unsigned x)
{
	const struct rule *rule = find_address_rule(site->parsed.mnemonic);
	const struct instruction *facts = instruction_find(
		site->parsed.mnemonic.text, site->parsed.mnemonic.length, site->parsed.count);
	const struct operand *memory;
	int index;

	if (!rule || is_disabled(function->survey->options, rule) || !facts ||
	    (index = address_operand(site, facts, x)) < 0)
		return false;
	memory = &site->parsed.operands[index];
	if (memory->value.symbolic || !memory->value.simple ||
	    memory->value.number > RCPP_ADDEND_MAX || memory->value.number < -RCPP_ADDEND_MAX ||
	    memory->narrow_address || !is_general(memory->base) || !is_general(memory->index) ||
	    memory->base == memory->index || (memory->index == x && memory->scale != 1))
		return false;
	site->role = rule->role;
	site->kind = rule->kind;
	site->address_of = (uint8_t)(index + 1);
	site->address_reg = (uint8_t)x;
	site->alternatives = 1;
	site->alternative[0] = *rule_alternative(rule, 0);
	return true;
}

/* An instruction that reads register x: can it consume the value? Appends its site if so. */
static bool add_consumer(struct site_list *list, struct function *function, uint32_t index,
			 unsigned x, unsigned valid_width)
{
	struct site *site = new_consumer(list, function, index);

	if (!site)
		return false;
	if (match_consumer(site, function, x, valid_width) ||
	    (valid_width == 8 && match_address(site, function, x)))
		return true;
	drop_consumer(list, function, list->count - 1);
	return false;
}

/*
 * The same of a compare of register x with a constant, and of what reads its flags. In x is what
 * the condition's steps have made of the value.
 */
static bool add_compare(struct site_list *list, struct function *function, uint32_t index,
			unsigned x, unsigned valid_width, struct site_condition condition)
{
	struct match match = {.variable = -1, .value_register = x};
	uint32_t at = list->count;
	struct site *site = new_consumer(list, function, index);
	const struct rule *rule;

	if (!site)
		return false;
	if ((rule = find_match(&site->parsed, &match, ROLE_COMPARE)) &&
	    rule->width <= valid_width && read_compare(&site->parsed, rule, &condition) &&
	    choose_alternatives(site, function, rule, 0) == REASON_NONE) {
		bind_operands(site, rule);
		site->alone = true;
		if (settle_readers(list, function, index, &condition))
			return true;
		/* What it does settle needs no flags any more; others do. */
		if (match_carry(&list->sites[at], function, &match, &condition))
			return true;
	}
	drop_consumer(list, function, at);
	return false;
}

/* The operation of a step. */
static uint8_t step_of(struct span mnemonic)
{
	static const struct {
		const char *mnemonic;
		uint8_t operation;
	} steps[] = {
		{"and", RCPP_STEP_AND}, {"or", RCPP_STEP_OR},	{"xor", RCPP_STEP_XOR},
		{"add", RCPP_STEP_ADD}, {"sub", RCPP_STEP_SUB}, {"shl", RCPP_STEP_SHL},
		{"sal", RCPP_STEP_SHL}, {"shr", RCPP_STEP_SHR}, {"sar", RCPP_STEP_SAR},
		{"not", RCPP_STEP_NOT}, {"neg", RCPP_STEP_NEG},
	};
	size_t i = 0;

	while (!span_begins(mnemonic, steps[i].mnemonic))
		i++; /* the rules have no others */
	return steps[i].operation;
}

/* Adds the step to the condition. False if it cannot be taken, or is one too many. */
static bool read_step(const struct parsed_instruction *parsed, const struct rule *rule,
		      struct site_condition *condition)
{
	struct site_step *step = &condition->step[condition->steps];

	if (condition->steps == RCPP_STEPS_MAX)
		return false;
	condition->steps++;
	*step = (struct site_step){
		.operation = step_of(parsed->mnemonic), .width = rule->width, .constant = 1};
	return read_constant(parsed, rule, &step->constant);
}

/* The flags of and, or and xor are those of a test of the result with itself. */
static bool settle_result(struct site_list *list, struct function *function, uint32_t index,
			  struct site_condition condition)
{
	const struct site_step *last = &condition.step[condition.steps - 1];

	if (!(function->items[index].live & RESOURCE_FLAGS))
		return true;
	condition.compare = RCPP_COMPARE_TEST;
	condition.width = last->width;
	condition.constant = -1;
	return last->operation <= RCPP_STEP_XOR &&
	       settle_readers(list, function, index, &condition);
}

static bool add_step(struct site_list *list, struct function *function, uint32_t index, unsigned x,
		     unsigned valid_width, struct site_condition condition);

/*
 * Walk down from an instruction that has made something of the value in register x, as long as x
 * holds that, and append what compares it, or makes something else of it. Returns true if these are
 * all that read it, as find_consumers() does.
 */
static bool find_step_readers(struct site_list *list, struct function *function, uint32_t step,
			      unsigned x, unsigned valid_width,
			      const struct site_condition *condition)
{
	const uint32_t section = function->items[step].section, before = list->count;
	const struct item *item = &function->items[step];
	bool all = true;

	for (uint32_t i = step + 1; item->live & RESOURCE(x); i++) {
		if (i == function->count)
			return false;
		item = &function->items[i];
		if (item->section != section)
			return false;
		if (item->flow == FLOW_BRANCH)
			all &= !live_at_target(function, item, RESOURCE(x));
		else if (item->flow != FLOW_NEXT && item->flow != FLOW_NONE)
			return false;
		if (!((item->use | item->clobber) & RESOURCE(x)))
			continue;
		if (list->count - before >= CONSUMERS_MAX)
			return false;
		if (item->clobber & RESOURCE(x))
			return add_step(list, function, i, x, valid_width, *condition) && all;
		all &= add_compare(list, function, i, x, valid_width, *condition);
	}
	return all;
}

/*
 * An instruction that makes something else of what is in register x: do nothing but compares read
 * what it makes? Appends its site if so, and those of the compares in any case.
 */
static bool add_step(struct site_list *list, struct function *function, uint32_t index, unsigned x,
		     unsigned valid_width, struct site_condition condition)
{
	struct match match = {.variable = -1, .value_register = x};
	uint32_t at = list->count;
	struct site *site = new_consumer(list, function, index);
	const struct rule *rule;

	if (!site)
		return false;
	if ((rule = find_match(&site->parsed, &match, ROLE_STEP)) && rule->width <= valid_width &&
	    read_step(&site->parsed, rule, &condition) &&
	    choose_alternatives(site, function, rule, 0) == REASON_NONE) {
		bool all;

		bind_operands(site, rule);
		site->alone = true;
		all = settle_result(list, function, index, condition);
		all &= find_step_readers(list, function, index, x,
					 rule->width < 4 ? rule->width : 8u, &condition);
		if (all)
			return true;
	}
	drop_consumer(list, function, at);
	return false;
}

/* The same of a compare of register x with something else, if it can be turned. */
static bool add_turned(struct site_list *list, struct function *function, uint32_t index,
		       unsigned x, unsigned valid_width)
{
	struct match match = {.variable = -1, .value_register = x};
	struct site *site = new_consumer(list, function, index);
	const struct rule *rule;

	if (!site)
		return false;
	if ((rule = find_match(&site->parsed, &match, ROLE_TURN)) && rule->width <= valid_width &&
	    choose_alternatives(site, function, rule, 0) == REASON_NONE) {
		bind_operands(site, rule);
		if (mirror_readers(list, function))
			return true;
	}
	drop_consumer(list, function, list->count - 1);
	return false;
}

/* A call or a jump to the address in a register, which ends the walk, may consume the value. */
static bool goes_through_register(const struct item *item)
{
	return item->flow == FLOW_CALL || (item->flow == FLOW_JUMP && item->target == NO_ITEM);
}

/*
 * Walk down from a load of register x, past branches, as long as x holds the value, and append the
 * instructions that can consume it. Returns true if these are all that read it: x is dead behind
 * the last one, and wherever the branches go.
 */
static bool find_consumers(struct site_list *list, struct function *function, uint32_t load,
			   unsigned x, unsigned valid_width)
{
	const uint32_t section = function->items[load].section, before = list->count;
	bool all = true;

	for (uint32_t i = load + 1; i < function->count; i++) {
		struct item *item = &function->items[i];

		if (item->section != section)
			return false;
		if (goes_through_register(item) && list->count - before < CONSUMERS_MAX)
			add_consumer(list, function, i, x, valid_width);
		if (item->flow == FLOW_BRANCH)
			all &= !live_at_target(function, item, RESOURCE(x));
		else if (item->flow != FLOW_NEXT && item->flow != FLOW_NONE)
			return false;
		if (!((item->use | item->clobber) & RESOURCE(x)))
			continue;
		if (!(item->use & RESOURCE(x)) || list->count - before >= CONSUMERS_MAX)
			return false;
		if (add_step(list, function, i, x, valid_width, (struct site_condition){0}))
			return all;
		all &= add_consumer(list, function, i, x, valid_width)
			       ? !list->sites[list->count - 1].follows
			       : add_compare(list, function, i, x, valid_width,
					     (struct site_condition){0}) ||
					 add_turned(list, function, i, x, valid_width);
		if (!(item->live & RESOURCE(x)) || item->whole & RESOURCE(x))
			return all;
		if (item->clobber & RESOURCE(x))
			return false; /* the rest of the register still holds the value */
	}
	return false;
}

/* The load stays: keep only the consumers that gain all the same. */
static void keep_alone(struct site_list *list, struct function *function, uint32_t first)
{
	for (uint32_t i = list->count; i-- > first;)
		if (!list->sites[i].alone)
			drop_consumer(list, function, i);
}

/*
 * The rank of the strongest guard of the consumers, which implies all others; -1 if no guard does.
 * A settled condition needs no register.
 */
static int strongest_rank(const struct site *consumers, uint32_t count)
{
	int strongest = 0;

	for (uint32_t i = 0; i < count; i++) {
		int rank = consumer_guard_rank(consumers[i].alternative[0].guard);

		if (consumers[i].role == ROLE_SETTLE || consumers[i].role == ROLE_CARRY)
			continue;
		if (rank < 0)
			return -1;
		if (rank > strongest)
			strongest = rank;
	}
	return strongest;
}

/*
 * The load vanishes if the strongest guard of its consumers holds, because then none of them needs
 * its register. Each consumer keeps its own guard: one that takes any value does so even if the
 * load stays.
 */
static void drop_load(struct site *load, uint8_t guard)
{
	if (guard == RCPP_GUARD_ANY)
		load->alternatives = 0;
	memmove(load->alternative + 1, load->alternative,
		load->alternatives * sizeof *load->alternative);
	load->alternative[0] =
		(struct rule_alternative){.guard = guard, .number = 8, .code = RULE_CODE_NOTHING};
	load->alternatives++;
}

/* Does the site trap until it is patched? Not in functions that run before. */
static bool traps(const struct function *function, const struct site *site)
{
	const struct options *options = function->survey->options;
	struct span name = item_function(function, &function->items[site->item]);

	for (uint32_t i = 0; options->fault && i < options->early.count; i++)
		if (span_is(name, options->early.text[i]))
			return false;
	return options->fault;
}

static uint8_t row_flags(const struct function *function, const struct site *site)
{
	uint32_t why = survey_patchable(function->survey, site->variable, site->offset, 1);

	/* What may be hidden for other reasons than a mark would trap for ever. */
	return (uint8_t)((why & ~(uint32_t)PATCHABLE_UNSURE ? 0 : RCPP_ROW_DECLARED) |
			 (why != PATCHABLE_HIDDEN && traps(function, site) ? RCPP_ROW_FAULT : 0));
}

static int compare_items(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return (x->item > y->item) - (x->item < y->item);
}

/* What stands behind the site in the list consumes what it reads. */
static void bind_consumers(struct site_list *list, uint32_t index)
{
	struct site *load = &list->sites[index];

	load->consumers = list->count - index - 1;
	qsort(load + 1, load->consumers, sizeof *load, compare_items);
	for (struct site *site = load + 1; site <= load + load->consumers; site++) {
		site->read = load->read;
		site->flags = (load->flags & RCPP_ROW_DECLARED) | RCPP_ROW_CONSUMER;
		site->variable = load->variable;
		site->offset = load->offset;
		load->together |= site->together;
		site->remote = load->remote;
	}
}

static enum reason without_consumers(const struct function *function)
{
	return options_leave_out(function->survey->options, KIND_MOVES) ? REASON_OPTION
									: REASON_NONE;
}

/* Returns why the load is no site after all. */
static enum reason fuse(struct site_list *list, struct function *function, uint32_t load_site)
{
	struct site *load = &list->sites[load_site];
	const struct operand *x = NULL;
	unsigned valid_width;
	int rank = -1;

	for (int i = 0; i < load->parsed.count; i++)
		if (load->letters[i] == 'X')
			x = &load->parsed.operands[i];
	/* A 4-byte load clears the upper half, a shorter one leaves the rest as it was. */
	valid_width = x->reg.width >= 4 ? 8 : x->reg.width;
	if (find_consumers(list, function, load->item, x->reg.number, valid_width))
		rank = strongest_rank(&list->sites[load_site + 1], list->count - load_site - 1);
	if (rank < 0)
		keep_alone(list, function, load_site + 1);
	bind_consumers(list, load_site);
	load = &list->sites[load_site]; /* the list may have moved */
	if (rank >= 0)
		drop_load(load, consumer_guards[rank]);
	return load->consumers ? REASON_NONE : without_consumers(function);
}

/* The operand that was found to be the variable, or -1. */
static int variable_of(const struct site *site)
{
	for (int i = 0; i < site->parsed.count; i++)
		if (site->letters[i] == 'V')
			return i;
	return -1;
}

/*
 * A compare of the variable with a constant: settle what reads its flags. If nothing else does, the
 * compare becomes nothing, even where it could not become anything else. Returns why there is no
 * site; `reason` is why there was none before.
 */
static enum reason settle(struct site_list *list, struct function *function, uint32_t index,
			  enum reason reason)
{
	struct site *site = &list->sites[index];
	struct match match = {.variable = -1, .value_register = REGISTER_NONE};
	struct site_condition condition = {0};
	const struct rule *rule;
	bool complete;

	if ((match.variable = variable_of(site)) < 0)
		return reason; /* the reference is not even sound */
	rule = find_match(&site->parsed, &match, ROLE_COMPARE);
	if (!rule || is_disabled(function->survey->options, rule) ||
	    !read_compare(&site->parsed, rule, &condition))
		return reason;
	complete = settle_readers(list, function, site->item, &condition);
	site = &list->sites[index]; /* the list may have moved */
	if (!complete && match_carry(site, function, &match, &condition))
		reason = REASON_NONE;
	if (!complete && reason != REASON_NONE) {
		drop_from(list, function, index + 1);
		return reason == REASON_NO_REGISTER ? REASON_READERS : reason;
	}
	site->flags = row_flags(function, site);
	if (complete) {
		bind_operands(site, rule);
		site->alternatives = 0;
		choose_alternatives(site, function, rule, 0);
	}
	bind_consumers(list, index);
	return REASON_NONE;
}

/*
 * A compare of a register with the variable: turned, it takes the value without another register.
 * For values that it cannot take what it has otherwise stands behind. Returns why there is no site;
 * `reason` is why there was none before.
 */
static enum reason turn(struct site_list *list, struct function *function, uint32_t index,
			enum reason reason)
{
	struct site *site = &list->sites[index];
	struct match match = {.variable = variable_of(site), .value_register = REGISTER_NONE};
	const struct rule *rule;
	struct site before;

	if (match.variable < 0 || !(rule = find_match(&site->parsed, &match, ROLE_TURN)))
		return reason;
	before = *site;
	site->alternatives = 0;
	if (choose_alternatives(site, function, rule, 0) != REASON_NONE ||
	    !mirror_readers(list, function)) {
		list->sites[index] = before;
		return reason == REASON_NO_REGISTER ? REASON_READERS : reason;
	}
	site = &list->sites[index]; /* the list may have moved */
	choose_alternatives(site, function, find_match(&site->parsed, &match, ROLE_USE), 0);
	site->flags = row_flags(function, site);
	bind_consumers(list, index);
	return REASON_NONE;
}

/* --- references ----------------------------------------------------------------------------- */

/* Which operand is a patchable in memory? Its index, or -1. */
static int variable_operand(const struct survey *survey, const struct parsed_instruction *parsed)
{
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind == OPERAND_MEMORY && operand->value.symbol.length &&
		    survey_patchable(survey, operand->value.symbol, operand->value.number, 1))
			return i;
	}
	return -1;
}

/*
 * The operand that is read, with its variable: by its name, or through a register that has its
 * address. Its index, or -1.
 */
static int find_variable(struct site *site, const struct function *function)
{
	uint32_t pointer = function->items[site->item].pointer;
	int index = pointer == NO_ITEM ? -1 : pointers_operand(&site->parsed);

	if (index >= 0) {
		site->variable = pointers_symbol(function, pointer);
		site->offset = site->parsed.operands[index].value.number;
		site->remote = true;
		return survey_patchable(function->survey, site->variable, site->offset, 1) ? index
											   : -1;
	}
	index = variable_operand(function->survey, &site->parsed);
	if (index >= 0) {
		site->variable = site->parsed.operands[index].value.symbol;
		site->offset = site->parsed.operands[index].value.number;
	}
	return index;
}

/*
 * What replaces a read through a register needs the register no more. But other operands may, or
 * the instruction itself.
 */
static resources released_address(const struct site *site, const struct function *function,
				  const struct instruction *facts, int variable)
{
	const struct parsed_instruction *parsed = &site->parsed;
	unsigned base = parsed->operands[variable].base;

	if (!site->remote || facts->reads & RESOURCE(base) ||
	    dividend_copy(function, site->item) == base)
		return 0;
	for (int i = 0; i < parsed->count; i++)
		if (is_this_register(&parsed->operands[i], base))
			return 0;
	return RESOURCE(base);
}

static bool has_modifier(const struct operand *operand, const char *modifier)
{
	return memmem(operand->text.text, operand->text.length, modifier, strlen(modifier));
}

static enum reason reason_of_operand(const struct site *site, int variable)
{
	const struct operand *operand = &site->parsed.operands[variable];

	if (site->remote)
		return operand->index == REGISTER_NONE ? REASON_NONE : REASON_ARRAY;
	if (operand->value.modified)
		return has_modifier(operand, "@GOTPCREL") ? REASON_GOT : REASON_THREAD_LOCAL;
	if (!operand->value.simple)
		return REASON_EXPRESSION;
	if (operand->segment)
		return REASON_SEGMENT;
	if (operand->index != REGISTER_NONE ||
	    (operand->base != REGISTER_NONE && operand->base != REGISTER_RIP))
		return REASON_ARRAY;
	return REASON_NONE;
}

static enum reason reason_of_instruction(const struct parsed_instruction *parsed,
					 const struct instruction *facts, int variable)
{
	if (parsed->mnemonic.length >= 6 && !memcmp(parsed->mnemonic.text, "movabs", 6))
		return REASON_FAR;
	if (facts->access[variable] == ACCESS_RW)
		return REASON_MODIFIED;
	if (parsed->prefixed)
		return REASON_PREFIX;
	for (int i = 0; i < parsed->count; i++) {
		const struct operand *operand = &parsed->operands[i];

		if (operand->kind == OPERAND_REGISTER && operand->reg.number >= 16)
			return REASON_VECTOR;
		if (i != variable && operand->value.symbolic)
			return REASON_SYMBOLIC;
	}
	return REASON_NONE;
}

static uint8_t read_of(const struct rule *rule, struct span mnemonic)
{
	unsigned width = 0, to = 0;
	bool is_signed = mnemonic.length >= 6 && !memcmp(mnemonic.text, "movs", 4);

	for (int i = 0; i < rule->operands; i++) {
		if (rule->operand[i].letter == 'V')
			width = rule->operand[i].width;
		if (rule->operand[i].letter == 'X')
			to = rule->operand[i].width;
	}
	if (rule->role != ROLE_LOAD)
		to = width;
	return (uint8_t)(__builtin_ctz(width) | (is_signed ? RCPP_READ_SIGNED : 0) |
			 __builtin_ctz(to) << RCPP_READ_TO_SHIFT);
}

/* The reference is sound; is there a rule for it? */
static enum reason match_reference(struct site *site, const struct function *function,
				   const struct instruction *facts, int variable)
{
	resources released = released_address(site, function, facts, variable);
	const struct rule *rule = find_rules(site->parsed.mnemonic);
	struct match match = {.variable = variable, .value_register = REGISTER_NONE};
	enum reason reason = REASON_NO_RULE;

	for (; rule; rule = rules_next(rule)) {
		match.rule = rule;
		if (rule->role > ROLE_USE || !rule_matches(&match, &site->parsed))
			continue;
		site->read = read_of(rule, site->parsed.mnemonic);
		if (!survey_patchable(function->survey, site->variable, site->offset,
				      1u << (site->read & RCPP_READ_WIDTH_MASK)))
			return REASON_NO_RULE;
		site->alternatives = 0;
		reason = choose_alternatives(site, function, rule, released);
		bind_operands(site, rule);
		return reason;
	}
	return reason;
}

static void add_reference(struct site_list *list, struct reference reference)
{
	list->references = make_room(list->references, list->reference_count,
				     &list->reference_space, sizeof *list->references);
	list->references[list->reference_count++] = reference;
}

/*
 * Does it read an address from the global offset table, and nothing is left to be said? The reads
 * and stores through it have lines of their own, or it is only compared.
 */
static bool reads_known_address(const struct site *site, const struct function *function,
				const struct operand *operand)
{
	const struct item *item = &function->items[site->item];

	if (site->remote || !has_modifier(operand, "@GOTPCREL"))
		return false;
	if (item->pointer != NO_ITEM)
		return function->items[item->pointer].followed;
	return item->flow == FLOW_NEXT && !(item->clobber & RESOURCE_REGISTERS);
}

/*
 * Look at an instruction that mentions a patchable. Fills in the site's instruction and variable.
 * Returns false if it is no reference: a store, an address, a branch to it.
 */
static bool examine(struct site *site, const struct function *function, enum reason *reason)
{
	const struct survey *survey = function->survey;
	const struct item *item = &function->items[site->item];
	const struct instruction *facts;
	const struct operand *operand;
	int variable;

	site->variable = SPAN("?");
	*reason = reason_of_place((enum item_place)item->place);
	if (*reason == REASON_NONE && function->short_jumps)
		*reason = REASON_FIXED;
	if (!parse_instruction(&item->statement, &site->parsed)) {
		if (*reason == REASON_NONE)
			*reason = REASON_SYNTAX;
		return true;
	}
	variable = find_variable(site, function);
	if (variable < 0)
		return false;
	operand = &site->parsed.operands[variable];
	if (reads_known_address(site, function, operand))
		return false;
	facts = instruction_find(site->parsed.mnemonic.text, site->parsed.mnemonic.length,
				 site->parsed.count);
	if (facts && (facts->access[variable] == ACCESS_W || facts->access[variable] == ACCESS_A))
		return false;
	if (facts && facts->kind != INSTRUCTION_ORDINARY && !operand->indirect)
		return false;
	if (*reason == REASON_NONE && (!facts || item->flow == FLOW_BARRIER))
		*reason = REASON_SYNTAX;
	if (*reason == REASON_NONE)
		*reason = reason_of_operand(site, variable);
	if (*reason == REASON_NONE)
		*reason = reason_of_instruction(&site->parsed, facts, variable);
	if (*reason == REASON_NONE &&
	    survey_patchable(survey, site->variable, site->offset, 1) & PATCHABLE_OUTSIDE)
		*reason = REASON_OUTSIDE;
	if (*reason == REASON_NONE)
		*reason = match_reference(site, function, facts, variable);
	if (*reason == REASON_NO_RULE && facts->vector)
		*reason = REASON_VECTOR;
	if (*reason == REASON_NONE)
		site->flags = row_flags(function, site);
	return true;
}

/* A jump through a table by a value that a site has loaded stays, with a line of its own. */
static void report_switch(struct site_list *list, const struct function *function, uint32_t index)
{
	uint32_t origin = switch_origin(function, index);

	/* They are in the order of the items. */
	for (uint32_t i = list->reference_count; i-- > 0 && list->references[i].item >= origin;) {
		struct reference reference = list->references[i];

		if (reference.item > origin || reference.reason != REASON_NONE)
			continue;
		reference.item = index;
		reference.reason = REASON_SWITCH;
		add_reference(list, reference);
		return;
	}
}

/* --- jumps over a few instructions ---------------------------------------------------------- */

/* NOPs cost less than a taken jump, so the site takes in what the jump skips. */
static bool extend_jump(struct site *site, const struct function *function)
{
	struct match match = {.variable = -1, .value_register = REGISTER_NONE};
	const struct rule *rule = find_match(&site->parsed, &match, ROLE_SKIP);
	uint32_t last = skipped_last(function, site->item);

	if (!rule || last == NO_ITEM)
		return false;
	site->alternatives = 0;
	choose_alternatives(site, function, rule, 0);
	bind_operands(site, rule);
	site->alone = true;
	site->skipped = skipped_text(function, site->item, last);
	site->last = last;
	site->target = SPAN("");
	site->branches = false;
	return true;
}

/* Does this site vanish, and stand right before the jump, so that one site can hold both? */
static bool vanishes_before(const struct function *function, const struct site *site,
			    const struct site *jump)
{
	return site->alternatives == 1 && site->alternative[0].code == RULE_CODE_NOTHING &&
	       skipped_right_before(function, site->item, jump->item);
}

/* Makes one site of a compare, or a step, and the jump behind it: both are of the same value. */
static void join(struct site *site, struct site *jump)
{
	site->condition = jump->condition;
	site->alternatives = jump->alternatives;
	memcpy(site->alternative, jump->alternative, sizeof jump->alternative);
	site->jump = jump->parsed.mnemonic;
	site->skipped = jump->skipped;
	site->last = jump->last;
	jump->joined = true;
}

/* All jumps of a load and its consumers. */
static void extend_jumps(struct site *load, const struct function *function)
{
	for (struct site *jump = load + 1; jump <= load + load->consumers; jump++) {
		if (jump->role == ROLE_SETTLE && extend_jump(jump, function) &&
		    vanishes_before(function, jump - 1, jump))
			join(jump - 1, jump);
	}
}

/* Moves the load and its consumers to `to`, without those that have been joined to others. */
static uint32_t close_up(struct site_list *list, uint32_t from, uint32_t to)
{
	const uint32_t last = from + list->sites[from].consumers;
	struct site *load = &list->sites[to];

	for (uint32_t i = from; i <= last; i++)
		if (!list->sites[i].joined)
			list->sites[to++] = list->sites[i];
	load->consumers = (uint32_t)(&list->sites[to] - load) - 1;
	return to;
}

static void extend_all_jumps(struct site_list *list, struct function *function)
{
	struct reference *reference = list->references;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->count; i++)
		function->items[list->sites[i].item].claimed = true;
	/* References that are sites are in the order of these. */
	for (uint32_t i = 0, next; i < list->count; i = next, reference++) {
		next = i + 1 + list->sites[i].consumers;
		while (reference->reason != REASON_NONE)
			reference++;
		reference->site = kept;
		extend_jumps(&list->sites[i], function);
		kept = close_up(list, i, kept);
	}
	list->count = kept;
}

/*
 * Where as makes the lines (as -g), they begin behind prefixes: there a debugger would put its
 * breakpoint into the middle of an instruction. A trap has its original behind it.
 */
static void mark_lengths(struct site_list *list, const struct function *function)
{
	const struct survey *survey = function->survey;
	bool has_lines = survey->file_count || !survey->options->as_lines;

	for (uint32_t i = 0; i < list->count; i++)
		list->sites[i].lengthens =
			survey->compiled && has_lines && !(list->sites[i].flags & RCPP_ROW_FAULT);
}

void sites_choose(struct site_list *list, struct function *function)
{
	const struct options *options = function->survey->options;

	for (uint32_t i = 0; i < function->count; i++) {
		uint32_t index = list->count;
		enum reason reason;
		struct site *site;

		report_switch(list, function, i);
		if (!function->items[i].candidate)
			continue;
		site = new_site(list);
		site->item = i;
		if (!examine(site, function, &reason)) {
			list->count = index;
			continue;
		}
		reason = settle(list, function, index, reason);
		reason = turn(list, function, index, reason);
		if (reason == REASON_NONE && list->sites[index].role == ROLE_LOAD)
			reason = options->no_fuse ? without_consumers(function)
						  : fuse(list, function, index);
		site = &list->sites[index];
		add_reference(list, (struct reference){.item = i,
						       .reason = reason,
						       .variable = site->variable,
						       .offset = site->offset,
						       .site = index});
		if (reason != REASON_NONE)
			list->count = index;
	}
	extend_all_jumps(list, function);
	mark_lengths(list, function);
}

void sites_clear(struct site_list *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		free(list->sites[i].skipped);
	list->count = 0;
	list->reference_count = 0;
}

void sites_free(struct site_list *list)
{
	sites_clear(list);
	free(list->sites);
	free(list->references);
}
