// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A draft in, out: a function with the snippet twice, once on the plain variable, once on the
 * patchable one, and the row that tells the runner about them. Both load all registers and flags
 * from execute_in, run, and store all to execute_out. What must be dead behind the snippet is
 * overwritten before it is stored, since the filter decides by liveness; everything else is live.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "draft.h"
#include "instructions.h"
#include "registers.h"
#include "rcpp_tables.h"

static void append(char *text, size_t size, const char *format, va_list arguments)
{
	size_t length = strlen(text);

	length += (size_t)vsnprintf(text + length, size - length, format, arguments);
	if (length >= size) {
		fprintf(stderr, "generate: text too long: %s\n", text);
		exit(1);
	}
}

void draft_name(struct draft *draft, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(draft->name, sizeof draft->name, format, arguments);
	va_end(arguments);
}

void draft_body(struct draft *draft, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(draft->body, sizeof draft->body - 1, format, arguments);
	va_end(arguments);
	strcat(draft->body, "\n");
}

void draft_prelude(struct draft *draft, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(draft->prelude, sizeof draft->prelude - 1, format, arguments);
	va_end(arguments);
	strcat(draft->prelude, "\n");
}

static unsigned long long random_state;

void random_seed(unsigned long long seed)
{
	random_state = seed;
}

/* Knuth's MMIX generator; its high bits are the good ones. */
unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005 + 1442695040888963407;
	return (unsigned)(random_state >> 33) % limit;
}

uint8_t draw_register(unsigned *taken)
{
	unsigned number;

	do
		number = random_below(16);
	while (*taken & 1u << number);
	*taken |= 1u << number;
	return (uint8_t)number;
}

/*
 * By letter: the rules', T where it was the only choice, b and i for base and index of a consumer's
 * memory operand, x and o for X and the other register of an address.
 */
static unsigned long uses[UCHAR_MAX + 1][16];

void note_register(char letter, unsigned number)
{
	uses[(unsigned char)letter][number]++;
}

void expect_all_registers(void)
{
	for (const char *letter = "RSDWXTbixo"; *letter; letter++)
		for (unsigned i = 0; i < 16; i++) {
			/* The stack is where it is. */
			if (uses[(unsigned char)*letter][i] ||
			    (i == REGISTER_RSP && strchr("Tbixo", *letter)))
				continue;
			fprintf(stderr, "generate: %c is never %%%s\n", *letter,
				register_spelling(i, 8));
			exit(1);
		}
}

/* --- facts ---------------------------------------------------------------------------------- */

uint8_t feature_of(const char *mnemonic)
{
	static const struct {
		const char *prefix;
		uint8_t feature;
	} features[] = {
		{"popcnt", FEATURE_POPCNT}, {"lzcnt", FEATURE_LZCNT}, {"tzcnt", FEATURE_BMI},
		{"andn", FEATURE_BMI},	    {"bextr", FEATURE_BMI},   {"bls", FEATURE_BMI},
		{"bzhi", FEATURE_BMI2},	    {"pdep", FEATURE_BMI2},   {"pext", FEATURE_BMI2},
		{"mulx", FEATURE_BMI2},	    {"sarx", FEATURE_BMI2},   {"shlx", FEATURE_BMI2},
		{"shrx", FEATURE_BMI2},	    {"rorx", FEATURE_BMI2},   {"adcx", FEATURE_ADX},
		{"adox", FEATURE_ADX},	    {"crc32", FEATURE_SSE42},
	};

	for (size_t i = 0; i < sizeof features / sizeof *features; i++)
		if (!strncmp(mnemonic, features[i].prefix, strlen(features[i].prefix)))
			return features[i].feature;
	return FEATURE_NONE;
}

/* The flags of the facts as they stand in %rflags. */
static uint16_t processor_flags(unsigned flags)
{
	return (uint16_t)((flags & FLAG_CARRY ? 1 : 0) | (flags & FLAG_PARITY ? 4 : 0) |
			  (flags & FLAG_ADJUST ? 0x10 : 0) | (flags & FLAG_ZERO ? 0x40 : 0) |
			  (flags & FLAG_SIGN ? 0x80 : 0) | (flags & FLAG_OVERFLOW ? 0x800 : 0));
}

/* Shifts by a count: the facts only say "perhaps", the runner knows better. */
static uint8_t shift_of(const char *mnemonic)
{
	static const struct {
		const char *name;
		uint8_t shift;
	} shifts[] = {{"shld", SHIFT_DOUBLE}, {"shrd", SHIFT_DOUBLE}, {"shl", SHIFT_LOGICAL},
		      {"sal", SHIFT_LOGICAL}, {"shr", SHIFT_LOGICAL}, {"sar", SHIFT_ARITHMETIC},
		      {"rol", SHIFT_ROTATE},  {"ror", SHIFT_ROTATE},  {"rcl", SHIFT_ROTATE},
		      {"rcr", SHIFT_ROTATE}};

	for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
		size_t length = strlen(shifts[i].name);

		if (!strncmp(mnemonic, shifts[i].name, length) &&
		    (!mnemonic[length] || strchr("bwlq", mnemonic[length])) &&
		    strlen(mnemonic) <= length + 1)
			return shifts[i].shift;
	}
	return SHIFT_NONE;
}

void draft_instruction(struct draft *draft, const char *mnemonic, int operands)
{
	const struct instruction *facts = instruction_find(mnemonic, strlen(mnemonic), operands);
	uint8_t feature = feature_of(mnemonic), shift = shift_of(mnemonic);

	if (!facts) {
		fprintf(stderr, "generate: no facts: %s\n", mnemonic);
		exit(1);
	}
	if (feature != FEATURE_NONE)
		draft->facts.feature = feature;
	if (shift != SHIFT_NONE)
		draft->facts.shift = shift;
	else
		draft->facts.undefined |=
			processor_flags(facts->flags_clobbered & ~facts->flags_written);
}

void draft_read(struct draft *draft, const struct rule *load)
{
	for (int i = 0; i < load->operands; i++) {
		if (load->operand[i].letter == 'V')
			draft->facts.width = load->operand[i].width;
		if (load->operand[i].letter == 'X')
			draft->facts.to = load->operand[i].width;
	}
	if (load->role != ROLE_LOAD)
		draft->facts.to = draft->facts.width;
	draft->facts.is_signed = strlen(load->mnemonic) >= 6 && !strncmp(load->mnemonic, "movs", 4);
}

const struct rule *rule_named(enum rule_role role, const char *mnemonic, int nth)
{
	for (size_t i = 0; i < rule_count; i++)
		if (rules[i].role == role && !strcmp(rules[i].mnemonic, mnemonic) && !nth--)
			return &rules[i];
	fprintf(stderr, "generate: no rule for %s\n", mnemonic);
	exit(1);
}

struct execute_site *draft_site(struct draft *draft, size_t rule)
{
	struct execute_site *site = &draft->facts.site[draft->facts.site_count++];

	if (draft->facts.site_count > EXECUTE_SITES_MAX)
		abort();
	*site = (struct execute_site){
		.rule = (int16_t)rule,
		.width = rules[rule].width ? rules[rule].width : 8,
		.is_signed = !strncmp(rules[rule].mnemonic, "idiv", 4),
	};
	return site;
}

void site_alternative(struct execute_site *site, uint8_t guard, int alternative)
{
	if (site->count == EXECUTE_ALTERNATIVES_MAX)
		abort();
	site->alternative[site->count] = (int8_t)alternative;
	site->guard[site->count++] = guard;
}

bool is_wide(const struct rule_alternative *a)
{
	return a->needs & RULE_TEMPORARY && !strncmp(rule_code(a), "movabsq $V, T", 13);
}

/* Would it stand behind one that holds whenever it does? */
static bool is_covered(const struct execute_site *site, uint8_t guard)
{
	for (int i = 0; i < site->count; i++)
		if (site->guard[i] == guard || site->guard[i] == RCPP_GUARD_ANY ||
		    (site->guard[i] == RCPP_GUARD_NONZERO && guard == RCPP_GUARD_SMALL))
			return true;
	return false;
}

void draft_rule_site(struct draft *draft, const struct output *output, const struct rule *rule,
		     bool temporary)
{
	struct execute_site *site = draft_site(draft, (size_t)(rule - rules));
	uint8_t met = (draft->kill_flags ? RULE_FLAGS_DEAD : 0) |
		      (draft->kill & 1u << REGISTER_RAX ? RULE_QUOTIENT_DEAD : 0) |
		      (draft->kill & 1u << REGISTER_RDX ? RULE_REMAINDER_DEAD : 0) |
		      (draft->extended ? RULE_EXTENDED : 0) | (draft->copied ? RULE_COPIED : 0) |
		      (draft->kept ? RULE_KEPT : 0) | (temporary ? RULE_TEMPORARY : 0);

	for (int i = 0; i < rule->alternatives; i++) {
		const struct rule_alternative *a = rule_alternative(rule, i);

		if (!(a->needs & ~met) && !is_covered(site, a->guard) &&
		    !(output->wide_load && is_wide(a)))
			site_alternative(site, a->guard, i);
	}
	draft->facts.site_count -= !site->count;
}

void draft_load_site(struct draft *draft, const struct rule *load, uint8_t guard)
{
	struct execute_site *site = draft_site(draft, (size_t)(load - rules));

	if (guard != RCPP_GUARD_ORIGINAL)
		site_alternative(site, guard, -1);
	for (int i = 0; guard != RCPP_GUARD_ANY && i < load->alternatives; i++)
		site_alternative(site, rule_alternative(load, i)->guard, i);
}

/* --- output --------------------------------------------------------------------------------- */

/* Is there a part of the register, of any width, in the text? */
static bool has_register(const char *text, unsigned number)
{
	static const unsigned widths[] = {1, 2, 4, 8};

	for (int i = 0; i < 4; i++) {
		const char *name = register_spelling(number, widths[i]), *found = text;

		while ((found = strstr(found, name)))
			if (found[-1] == '%' && !strchr("0123456789bwd", found[strlen(name)]))
				return true;
			else
				found++;
	}
	return false;
}

/* A register for the variable's address that nothing else of the case is about. */
static unsigned address_register(const struct draft *draft)
{
	static const uint8_t numbers[] = {13, 12, 11, 15, 14, 10, 9, 8, 3, 5, 6, 7};
	bool high = strstr(draft->body, "%ah") || strstr(draft->body, "%bh") ||
		    strstr(draft->body, "%ch") || strstr(draft->body, "%dh");

	for (size_t i = high ? 8 + !!strstr(draft->body, "%bh") : 0; i < sizeof numbers; i++)
		if (!(draft->kill & 1u << numbers[i]) && !has_register(draft->body, numbers[i]) &&
		    !has_register(draft->prelude, numbers[i]))
			return numbers[i];
	fprintf(stderr, "generate: no register for an address: %s\n", draft->body);
	exit(1);
}

/* VAR, or what is 8 bytes further. */
static void print_variable(FILE *file, const struct draft *draft, const struct output *output,
			   const char *name, bool further)
{
	if (output->remote)
		fprintf(file, "%s(%%%s)", further ? "8" : "",
			register_spelling(address_register(draft), 8));
	else
		fprintf(file, "%s%s%s", name, further ? "+8" : "",
			output->absolute ? "" : "(%rip)");
}

static void print_body(FILE *file, const struct draft *draft, const struct output *output,
		       const char *name)
{
	const char *body = draft->body, *found;

	if (output->remote)
		fprintf(file, "\tmovq %s@GOTPCREL(%%rip), %%%s\n", name,
			register_spelling(address_register(draft), 8));
	while ((found = strstr(body, "VAR"))) {
		bool further = found[3] == '+';

		fwrite(body, 1, (size_t)(found - body), file);
		print_variable(file, draft, output, name, further);
		body = found + 3 + further;
	}
	fputs(body, file);
}

static const char *const saved[] = {"rbx", "rbp", "r12", "r13", "r14", "r15"};

static void print_entry(FILE *file, const struct draft *draft, const char *kind, unsigned number)
{
	fprintf(file, "\t.globl %s%u\n\t.type %s%u, @function\n%s%u:\t# %s\n", kind, number, kind,
		number, kind, number, draft->name);
	for (int i = 0; i < 6; i++)
		fprintf(file, "\tpushq %%%s\n", saved[i]);
	fputs("\tmovq %rsp, execute_stack(%rip)\n", file);
	for (unsigned i = 0; i < 16; i++)
		if (i != REGISTER_RSP)
			fprintf(file, "\tmovq execute_in+%u(%%rip), %%%s\n", 8 * i,
				register_spelling(i, 8));
	fputs(draft->prelude, file);
	fprintf(file,
		"\tleaq execute_scratch+%u(%%rip), %%rsp\n"
		"\tpushq execute_in+128(%%rip)\n\tpopfq\n",
		EXECUTE_STACK);
}

static void print_exit(FILE *file, const struct draft *draft, const struct output *output,
		       const char *kind, unsigned number)
{
	if (draft->kill_flags)
		fputs("\tcmpq %rsp, %rsp\n", file);
	for (unsigned i = 0; i < 16; i++)
		if (draft->kill & 1u << i)
			fprintf(file, "\tmovl $0, %%%s\n", register_spelling(i, 4));
	/* The stores could consume a value: behind a label they do not. */
	fputs("9:\n", file);
	for (unsigned i = 0; i < 16; i++)
		fprintf(file, "\tmovq %%%s, execute_out+%u(%%rip)\n", register_spelling(i, 8),
			8 * i);
	if (output->remote) /* the two variables have two addresses */
		fprintf(file, "\tmovq $0, execute_out+%u(%%rip)\n", 8 * address_register(draft));
	fputs("\tmovq execute_stack(%rip), %rsp\n\tpushfq\n\tpopq execute_out+128(%rip)\n", file);
	for (int i = 6; i--;)
		fprintf(file, "\tpopq %%%s\n", saved[i]);
	fprintf(file, "\tret\n\t.size %s%u, .-%s%u\n", kind, number, kind, number);
}

static void print_site(FILE *file, const struct execute_site *site)
{
	fprintf(file, "{%d, %d, %d, %d, {", site->rule, site->width, site->is_signed, site->count);
	for (int i = 0; i < EXECUTE_ALTERNATIVES_MAX; i++)
		fprintf(file, "%d, ", site->guard[i]);
	fputs("}, {", file);
	for (int i = 0; i < EXECUTE_ALTERNATIVES_MAX; i++)
		fprintf(file, "%d, ", site->alternative[i]);
	fputs("}}, ", file);
}

static void print_case(const struct draft *draft, struct output *output)
{
	const struct execute_facts *f = &draft->facts;
	unsigned number = output->count;

	fprintf(output->cases, "\t{\"%s\", \"%s\", plain%u, filtered%u, {%d, %d, %d, %#x, ",
		draft->name, draft->family, number, number, f->width, f->to, f->is_signed,
		f->undefined);
	fprintf(output->cases, "%d, %d, %d, %d, %d, %d, {", f->shift, f->shift_width, f->feature,
		f->dereferences, f->window, f->site_count);
	for (int i = 0; i < f->site_count; i++)
		print_site(output->cases, &f->site[i]);
	fputs("}}},\n", output->cases);
}

static bool is_wanted(const struct output *output, const char *family)
{
	const char *found = strstr(output->families, family);

	return found && strchr("|", found[strlen(family)]); /* or the end, which strchr() finds */
}

void draft_write(const struct draft *draft, struct output *output)
{
	unsigned number = output->count;

	if (output->families && !is_wanted(output, draft->family))
		return;
	print_entry(output->plain, draft, "plain", number);
	print_body(output->plain, draft, output, "plain_v");
	print_exit(output->plain, draft, output, "plain", number);
	print_entry(output->filtered, draft, "filtered", number);
	if (output->entries) /* a symbol that is no label, so nothing else changes */
		fprintf(output->filtered, "\t.set entry%u, .\n", number);
	print_body(output->filtered, draft, output, "b");
	print_exit(output->filtered, draft, output, "filtered", number);
	print_case(draft, output);
	output->count++;
}

void output_begin(struct output *output)
{
	fputs("\t.file \"plain.c\"\n\t.text\n", output->plain);
	fputs("\t.file \"filtered.c\"\n\t.text\n", output->filtered);
	fputs("const struct execute_case execute_cases[] = {\n", output->cases);
}

void output_end(struct output *output)
{
	fputs("\t.data\n\t.p2align 3\n\t.globl plain_v\nplain_v:\n\t.quad 0, 0\n", output->plain);
	fputs("\t.section rcpp_patchable, \"aw\"\n\t.p2align 3\n\t.globl b\nb:\n\t.quad 0, 0\n",
	      output->filtered);
	fputs("\t.section .note.GNU-stack, \"\"\n", output->plain);
	fputs("\t.section .note.GNU-stack, \"\"\n", output->filtered);
	fprintf(output->cases, "};\n\nconst size_t execute_case_count = %u;\n", output->count);
}
