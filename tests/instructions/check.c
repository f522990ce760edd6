// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check SAMPLES.s REFUSED SAMPLES.bin [STATES [NAME]]: what sample.c has made, the numbers of the
 * lines that as has refused (it leaves some code of them all the same), and the code of the others
 * in; out, a line for each sample of which rcpp believes something unsafe, and the counts. For each
 * sample the filter's own code says what it reads, surely writes and may change; Zydis says it of
 * the machine code. Safe is: rcpp's reads hold Zydis's, its sure writes are among Zydis's, its
 * possible writes hold Zydis's, and what changes the flow is known to. With STATES the processor is
 * asked, too (of instructions of that NAME only, processor.c), for Zydis may be wrong, and the
 * table is made with its help.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "command.h"
#include "cutting.h"
#include "memory.h"
#include "options.h"
#include "prefix.h"

#define SLOT	     32
#define FILLER	     0xcc
#define MESSAGES_MAX 40

static ZydisDecoder decoder;
static unsigned failures;

const char *resource_name(unsigned number)
{
	static const char *const names[] = {"%rax",   "%rcx", "%rdx", "%rbx",	 "%rsp",  "%rbp",
					    "%rsi",   "%rdi", "%r8",  "%r9",	 "%r10",  "%r11",
					    "%r12",   "%r13", "%r14", "%r15",	 "carry", "parity",
					    "adjust", "zero", "sign", "overflow"};

	return number < sizeof names / sizeof *names ? names[number] : "?";
}

static void complain(const struct sample *sample, const char *what, resources set)
{
	if (failures++ >= MESSAGES_MAX)
		return;
	printf("FAILED: %s: %s", sample->text, what);
	for (unsigned i = 0; set >> i; i++)
		if (set >> i & 1)
			printf(" %s", resource_name(i));
	putchar('\n');
}

/* --- files ---------------------------------------------------------------------------------- */

/* With the two NULs behind it that the filter wants. */
static char *content_of(const char *path, size_t *size)
{
	struct text text = {0};

	if (read_file(path, &text)) {
		perror(path);
		exit(1);
	}
	reserve(&text, 1);
	text.bytes[text.length + 1] = '\0';
	*size = text.length;
	return text.bytes;
}

static unsigned code_length(const uint8_t *slot)
{
	unsigned length = SLOT;

	while (length > 4 && slot[length - 1] == FILLER)
		length--;
	return length - 4;
}

/* The statement's first word. */
static struct span first_word(const char *text)
{
	return (struct span){text, strcspn(text, " ")};
}

/* Names that as never takes say that a shape is missing in sample.c. */
static void expect_taken(struct span name, bool taken)
{
	if (taken || !name.length)
		return;
	failures++;
	printf("FAILED: %.*s has no sample that as takes\n", (int)name.length, name.text);
}

/* The lines of the samples that as has taken, as text for the filter, one statement a line. */
static struct sample *read_samples(char *lines, char *refused, const uint8_t *code, size_t size,
				   size_t *count)
{
	unsigned long next = strtoul(refused, &refused, 10);
	struct sample *samples = allocate(size / SLOT * sizeof *samples);
	char *line = lines;
	struct span name = {"", 0};
	bool taken = false;

	for (size_t slot = 0; slot < size / SLOT; slot++) {
		char *text = strchr(line, ';') + 2, *end = strchr(line, '\n');
		const uint8_t *bytes = code + slot * SLOT;
		uint32_t number;

		memcpy(&number, bytes, sizeof number);
		if (number != slot + 1 || strtoul(line + 6, NULL, 10) != number) {
			fprintf(stderr, "check: the code is not that of the samples\n");
			exit(1);
		}
		end[-(int)strlen("; .balign 32,0xcc")] = '\0';
		line = end + 1;
		if (!span_equal(name, first_word(text))) {
			expect_taken(name, taken);
			name = first_word(text);
			taken = false;
		}
		taken |= number != next;
		if (number == next) {
			while (next && next <= number)
				next = strtoul(refused, &refused, 10);
			continue;
		}
		if (!code_length(bytes) && strcmp(text, "int3"))
			continue;
		samples[(*count)++] = (struct sample){
			.text = text,
			.code = bytes + 4,
			.length = (uint8_t)(code_length(bytes) ? code_length(bytes) : 1)};
	}
	return samples;
}

/* --- what rcpp thinks ----------------------------------------------------------------------- */

static char *text_of_samples(const struct sample *samples, size_t count, size_t *length)
{
	char *text;
	FILE *file = open_memstream(&text, length);

	for (size_t i = 0; i < count; i++)
		fprintf(file, "%s\n", samples[i].text);
	/* The reader looks two characters ahead. */
	fwrite("\0", 1, 2, file);
	fclose(file);
	*length -= 2;
	return text;
}

static uint8_t prefix_of(const struct statement *statement)
{
	struct parsed_instruction parsed;

	return parse_instruction(statement, &parsed) ? (uint8_t)prefix_for(&parsed) : 0;
}

static void take_effects(struct sample *samples, size_t count, const struct function *function)
{
	for (uint32_t i = 0; i < function->count; i++) {
		const struct item *item = &function->items[i];
		struct sample *sample = &samples[item->statement.line - 1];

		if (item->statement.line > count || sample->understood)
			abort();
		if (item->statement.kind != STATEMENT_INSTRUCTION || item->place != PLACE_OPEN)
			complain(sample, "is not taken for an instruction", 0);
		sample->flow = item->flow;
		sample->understood = item->flow != FLOW_BARRIER;
		sample->use = item->use;
		sample->kill = item->kill;
		sample->clobber = item->clobber;
		sample->prefix = prefix_of(&item->statement);
	}
}

static void ask_rcpp(struct sample *samples, size_t count)
{
	char *arguments[] = {"check", NULL};
	struct options options;
	struct survey survey = {0};
	struct sections sections;
	struct function function;
	const struct statement *statement;
	struct reader *reader;
	size_t length;
	char *text = text_of_samples(samples, count, &length);

	if (options_parse(&options, 1, arguments) ||
	    survey_take(&survey, &options, "samples", text, length))
		exit(1);
	/* Jumps to numbers keep a file from becoming longer; these samples do not. */
	survey.distances = false;
	sections_init(&sections, &options);
	function_init(&function, &survey, &sections);
	reader = reader_open(text, length);
	while ((statement = reader_next(reader)))
		function_add(&function, statement);
	reader_close(reader);
	function_analyse(&function);
	take_effects(samples, count, &function);
	function_free(&function);
	sections_free(&sections);
	survey_free(&survey);
	options_free(&options);
	free(text);
}

/* --- what Zydis says ------------------------------------------------------------------------ */

static resources general(ZydisRegister reg)
{
	int number = ZydisRegisterGetId(
		ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg));

	switch (ZydisRegisterGetClass(reg)) {
	case ZYDIS_REGCLASS_GPR8:
	case ZYDIS_REGCLASS_GPR16:
	case ZYDIS_REGCLASS_GPR32:
	case ZYDIS_REGCLASS_GPR64:
		return RESOURCE(number);
	default:
		return 0;
	}
}

static void add_register(struct sample *sample, const ZydisDecodedOperand *operand)
{
	resources reg = general(operand->reg.value);
	ZydisRegisterClass class = ZydisRegisterGetClass(operand->reg.value);

	sample->writes_segment |= class == ZYDIS_REGCLASS_SEGMENT &&
				  operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
	sample->vector |= !reg && class != ZYDIS_REGCLASS_FLAGS && class != ZYDIS_REGCLASS_IP;
	if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
		sample->reads |= reg;
	if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		sample->perhaps |= reg;
	if (operand->actions & ZYDIS_OPERAND_ACTION_WRITE && operand->size >= 32)
		sample->surely |= reg;
}

static resources flags(ZydisAccessedFlagsMask mask)
{
	static const ZydisAccessedFlagsMask order[] = {ZYDIS_CPUFLAG_CF, ZYDIS_CPUFLAG_PF,
						       ZYDIS_CPUFLAG_AF, ZYDIS_CPUFLAG_ZF,
						       ZYDIS_CPUFLAG_SF, ZYDIS_CPUFLAG_OF};
	resources set = 0;

	for (unsigned i = 0; i < 6; i++)
		if (mask & order[i])
			set |= RESOURCE(RESOURCE_FLAGS_SHIFT + i);
	return set;
}

/* Where the decoder says less than the manuals; the processor confirms the table (processor.c). */
static void correct(struct sample *sample)
{
	const ZydisDecodedInstruction *instruction = &sample->instruction;

	/* Zydis 4.0.0 forgets that cmps, scas, ins and outs step their addresses. */
	if (instruction->meta.category == ZYDIS_CATEGORY_STRINGOP ||
	    instruction->meta.category == ZYDIS_CATEGORY_IOSTRINGOP) {
		sample->surely |= sample->addresses;
		sample->perhaps |= sample->addresses;
	}
	/* It also forgets that these clear the flags which they do not set. */
	if (instruction->mnemonic == ZYDIS_MNEMONIC_VPTEST ||
	    instruction->mnemonic == ZYDIS_MNEMONIC_VTESTPS ||
	    instruction->mnemonic == ZYDIS_MNEMONIC_VTESTPD ||
	    instruction->mnemonic == ZYDIS_MNEMONIC_TESTUI) {
		sample->surely |= RESOURCE_FLAGS;
		sample->perhaps |= RESOURCE_FLAGS;
	}
	/* Each step of a repeated comparison sets the flag before it is tested. */
	if (instruction->meta.category == ZYDIS_CATEGORY_STRINGOP)
		sample->reads &= ~RESOURCE_FLAGS;
	/* The code of a long nop has room for a register, and that of a nop with an address, too.
	 */
	if (instruction->meta.category == ZYDIS_CATEGORY_WIDENOP)
		sample->reads = sample->addresses | sample->indices;
}

static void add_instruction(struct sample *sample, const ZydisDecodedOperand *operands)
{
	const ZydisDecodedInstruction *instruction = &sample->instruction;
	const ZydisAccessedFlags *accessed = instruction->cpu_flags;
	ZydisAccessedFlagsMask defined = accessed->modified | accessed->set_0 | accessed->set_1;

	for (int i = 0; i < instruction->operand_count; i++) {
		if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY) {
			sample->memory = true;
			sample->addresses |= general(operands[i].mem.base);
			sample->indices |= general(operands[i].mem.index);
			sample->vector |= operands[i].mem.type == ZYDIS_MEMOP_TYPE_VSIB;
		} else if (operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER) {
			add_register(sample, &operands[i]);
		}
	}
	sample->reads |= sample->addresses | sample->indices | flags(accessed->tested);
	sample->perhaps |= flags(defined | accessed->undefined);
	sample->surely |= flags(defined & ~accessed->undefined);
	correct(sample);
}

/* as makes two instructions of some names. Returns false for what Zydis does not know. */
static bool ask_zydis(struct sample *sample)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];

	for (unsigned used = 0; used < sample->length; used += sample->instruction.length) {
		if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, sample->code + used,
						       sample->length - used, &sample->instruction,
						       operands)))
			return false;
		add_instruction(sample, operands);
	}
	return true;
}

/* --- longer ones ---------------------------------------------------------------------------- */

struct sample lengthened(const struct sample *sample, uint8_t *code)
{
	struct sample longer = *sample;
	unsigned count = RCPP_INSTRUCTION_MAX - sample->length;

	if (count > RCPP_PREFIXES_MAX(sample->prefix, false))
		count = RCPP_PREFIXES_MAX(sample->prefix, false);
	memset(code, sample->prefix, count);
	memcpy(code + count, sample->code, sample->length);
	longer.code = code;
	longer.length += (uint8_t)count;
	return longer;
}

static bool same_operand(const ZydisDecodedOperand *a, const ZydisDecodedOperand *b)
{
	return a->type == b->type && a->size == b->size && a->actions == b->actions &&
	       a->reg.value == b->reg.value && a->mem.base == b->mem.base &&
	       a->mem.index == b->mem.index && a->mem.scale == b->mem.scale &&
	       a->mem.disp.value == b->mem.disp.value && a->imm.value.u == b->imm.value.u;
}

/* Is the code one instruction, and the same one behind its prefixes? */
static bool is_same(const struct sample *sample, const struct sample *longer)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT], others[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction, other;

	memset(operands, 0, sizeof operands);
	memset(others, 0, sizeof others);
	if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, sample->code, sample->length, &instruction,
					       operands)) ||
	    ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, longer->code, longer->length, &other,
					       others)) ||
	    instruction.length != sample->length || other.length != longer->length ||
	    instruction.mnemonic != other.mnemonic ||
	    instruction.operand_count != other.operand_count)
		return false;
	for (int i = 0; i < instruction.operand_count; i++)
		if (!same_operand(&operands[i], &others[i]))
			return false;
	return true;
}

/* Returns how many samples rcpp has a prefix for. */
static size_t check_prefixes(const struct sample *samples, size_t count)
{
	uint8_t code[RCPP_INSTRUCTION_MAX];
	size_t prefixed = 0;

	for (size_t i = 0; i < count; i++) {
		struct sample longer;

		if (!samples[i].prefix)
			continue;
		longer = lengthened(&samples[i], code);
		if (!is_same(&samples[i], &longer))
			complain(&samples[i], "is another instruction behind its prefix", 0);
		prefixed++;
	}
	return prefixed;
}

/* --- comparison ----------------------------------------------------------------------------- */

/* xor and sub of a register with itself: its value does not matter, the processor confirms it. */
static resources without_idioms(const struct sample *sample)
{
	const ZydisDecodedInstruction *instruction = &sample->instruction;

	if ((instruction->mnemonic == ZYDIS_MNEMONIC_XOR ||
	     instruction->mnemonic == ZYDIS_MNEMONIC_SUB) &&
	    sample->surely & sample->reads & RESOURCE_REGISTERS &&
	    !(sample->reads & (sample->reads - 1) & RESOURCE_REGISTERS) && !sample->memory &&
	    !strchr(sample->text, '$'))
		return sample->reads & ~RESOURCE_REGISTERS;
	return sample->reads;
}

/* What goes elsewhere must be known to; a barrier always is. */
static void check_flow(const struct sample *sample)
{
	enum item_flow expected = FLOW_NEXT;

	switch (sample->instruction.meta.category) {
	case ZYDIS_CATEGORY_COND_BR:
		expected = FLOW_BRANCH;
		break;
	case ZYDIS_CATEGORY_UNCOND_BR:
		expected = FLOW_JUMP;
		break;
	case ZYDIS_CATEGORY_CALL:
		expected = FLOW_CALL;
		break;
	case ZYDIS_CATEGORY_RET:
		expected = FLOW_RETURN;
		break;
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_VTX:
	case ZYDIS_CATEGORY_SGX:
		expected = FLOW_BARRIER;
		break;
	default:
		break;
	}
	if (sample->instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
		expected = FLOW_BARRIER;
	if (sample->flow != expected && sample->flow != FLOW_BARRIER)
		complain(sample, "goes elsewhere than rcpp thinks", 0);
}

static void check_sample(const struct sample *sample)
{
	resources reads = without_idioms(sample);

	if (reads & ~sample->use)
		complain(sample, "reads, but not to rcpp:", reads & ~sample->use);
	if (sample->kill & ~sample->surely)
		complain(sample, "does not surely write:", sample->kill & ~sample->surely);
	if (sample->perhaps & ~sample->clobber)
		complain(sample, "may change:", sample->perhaps & ~sample->clobber);
	check_flow(sample);
}

static void print_counts(const struct sample *samples, size_t count, size_t unknown)
{
	size_t barriers = 0, exact = 0;

	for (size_t i = 0; i < count; i++) {
		const struct sample *s = &samples[i];

		barriers += !s->understood;
		exact += s->understood && s->use == without_idioms(s) && s->kill == s->surely &&
			 s->clobber == s->perhaps;
	}
	printf("%zu samples compared, %zu of them barriers, %zu exactly as Zydis has them; Zydis "
	       "does not know %zu others\n",
	       count, barriers, exact, unknown);
}

int main(int argc, char **argv)
{
	size_t text_size, size, count = 0, known = 0;
	struct sample *samples;
	char *text, *refused, *code;

	if (argc < 4) {
		fputs("usage: check SAMPLES.s REFUSED SAMPLES.bin [STATES [NAME]]\n", stderr);
		return 2;
	}
	text = content_of(argv[1], &text_size);
	refused = content_of(argv[2], &text_size);
	code = content_of(argv[3], &size);
	samples = read_samples(text, refused, (const uint8_t *)code, size, &count);
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ask_rcpp(samples, count);
	for (size_t i = 0; i < count; i++)
		if (ask_zydis(&samples[i]))
			samples[known++] = samples[i];
	for (size_t i = 0; i < known; i++)
		check_sample(&samples[i]);
	print_counts(samples, known, count - known);
	printf("%zu samples have a prefix\n", check_prefixes(samples, known));
	if (argc > 4)
		failures += processor_check(samples, known, (unsigned)atoi(argv[4]), argv[5]);
	printf("%u failures\n", failures);
	free(samples);
	free(text);
	free(refused);
	free(code);
	return failures || known < 10000;
}
