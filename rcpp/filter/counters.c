// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>
#include "counters.h"
#include "counting.h"
#include "memory.h"
#include "profile_text.h"
#include "rcpp_profile.h"
#include "target.h"

/* The table's section: read-only, and its own relocations are distances. */
#define TABLE_SECTION "\t.pushsection rcpp_profile,\"a\",@progbits\n"

static void pass_on(struct counters *counters, const char *end)
{
	size_t length = (size_t)(end - counters->text) - counters->written;

	fwrite(counters->text + counters->written, 1, length, counters->file);
	counters->written += length;
}

/* Where the flags and the scratch register may be changed. */
static void print_inline(struct counters *counters, const struct counting *counting)
{
	const struct access *access = &counters->accesses.accesses[counting->access];
	FILE *file = counters->file;

	if (access->flags & RCPP_ACCESS_WRITE) {
		counting_write(file, counting, access->field, counters->labels++);
		return;
	}
	if (counting->operand.length)
		counting_compare(file, counting, access->field, counters->labels++);
	counting_count(file, counting->access, access->field);
}

static void print_counting(struct counters *counters, const struct counting *counting)
{
	struct access *access = &counters->accesses.accesses[counting->access];
	bool is_write = access->flags & RCPP_ACCESS_WRITE, compares = counting->operand.length;

	if (counting->flags_free &&
	    (counting->scratch != REGISTER_NONE || (!is_write && !compares))) {
		print_inline(counters, counting);
	} else if (compares && !access->operand.length) {
		counting_call(counters->file, "rcpp_profile_compare", counting->access);
	} else {
		counting_call_own(counters->file, counting->access);
		access->called = true;
	}
}

/* NAME, NAME@PLT or *NAME@GOTPCREL(%rip) */
static bool leads_to(struct span target, const char *name)
{
	if (span_begins(target, "*"))
		target = (struct span){target.text + 1, target.length - 1};
	if (!span_begins(target, name))
		return false;
	target = span_from(target, target.text + strlen(name));
	return !target.length || span_equal(target, SPAN("@PLT")) ||
	       (span_begins(target, processor.slot) &&
		span_equal(span_from(target, target.text + strlen(processor.slot)),
			   (struct span){processor.at_place, strlen(processor.at_place)}));
}

/* The counting function to call in front of a call of rcpp_patch() or rcpp_revert(), or NULL. */
static const char *call_for(const struct item *item)
{
	struct span target = statement_arguments(&item->statement);

	if ((item->flow != FLOW_CALL && item->flow != FLOW_JUMP) || item->by_hand)
		return NULL;
	if (leads_to(target, "rcpp_patch") || leads_to(target, "rcpp_patch_module"))
		return "rcpp_profile_patch";
	return leads_to(target, "rcpp_revert") ? "rcpp_profile_revert" : NULL;
}

/* In front of calls, and of jumps at a function's end: what is written while sites hold values is
 * late. */
static void print_patching(struct counters *counters, const struct function *function,
			   const struct item *item)
{
	const char *call = call_for(item);

	if (!call || !can_count(function, item))
		return;
	pass_on(counters, item->statement.text);
	counting_call(counters->file, call, NO_ITEM);
	counters->patches = true;
}

void counters_function(struct counters *counters, const struct function *function)
{
	struct accesses *accesses = &counters->accesses;
	uint32_t next = 0;

	accesses_find(accesses, function);
	for (uint32_t i = 0; i < function->count; i++) {
		for (; next < accesses->counting_count && accesses->counting[next].item == i;
		     next++) {
			pass_on(counters, function->items[i].statement.text);
			print_counting(counters, &accesses->counting[next]);
		}
		print_patching(counters, function, &function->items[i]);
	}
}

/* --- the tables ------------------------------------------------------------------------------- */

static void print_name(FILE *file, struct span name)
{
	fprintf(file, "\"%.*s\"", (int)name.length, name.text);
}

/* In quotes only if it needs them: as does not take "x"@GOTPCREL. */
static void print_symbol(FILE *file, struct span name)
{
	struct span rest = name;

	cut_word(&rest);
	if (rest.length)
		print_name(file, name);
	else
		fprintf(file, "%.*s", (int)name.length, name.text);
}

/* Where they will be, only the assembler knows: they may have escapes. */
struct strings {
	struct names numbers;
	struct span *list;
	uint32_t count, space;
};

static uint32_t string_of(struct strings *strings, struct span name)
{
	uint32_t *number = names_add(&strings->numbers, name, strings->count);

	if (*number == strings->count) {
		strings->list = make_room(strings->list, strings->count, &strings->space,
					  sizeof *strings->list);
		strings->list[strings->count++] = name;
	}
	return *number;
}

static bool is_static(const struct survey *survey, struct span symbol)
{
	return names_find(&survey->defined, symbol) && !names_find(&survey->exported, symbol);
}

static void print_address(FILE *file, const struct field *field)
{
	if (field->flags & RCPP_FIELD_NOWHERE) {
		fputs("0", file);
		return;
	}
	print_symbol(file, field->symbol);
	if (field->flags & RCPP_FIELD_REMOTE)
		fputs("@GOTPCREL", file);
	else
		fprintf(file, "%+lld-.", (long long)field->offset);
}

static void print_field(FILE *file, const struct accesses *accesses, const struct field *field,
			uint32_t first, struct strings *strings)
{
	bool own = is_static(accesses->survey, field->symbol);

	fprintf(file, "\t.quad %lld; .long .LrcppPn%u-.LrcppPt, ", (long long)field->offset,
		string_of(strings, field->symbol));
	print_address(file, field);
	fprintf(file, ", %u, %u, %u, %u\n", field->size,
		field->flags | (own ? RCPP_FIELD_STATIC : 0), first, field->count);
}

static void print_access(FILE *file, const struct access *access, struct strings *strings)
{
	fprintf(file, "\t.long .LrcppPn%u-.LrcppPt; .value %u, %u; .long %u, %u\n",
		string_of(strings, access->function), access->flags, access->use, access->line,
		access->sites);
}

static void print_fields(FILE *file, const struct accesses *accesses, struct strings *strings)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < accesses->field_count; i++) {
		print_field(file, accesses, &accesses->fields[i], first, strings);
		first += accesses->fields[i].count;
	}
}

/* In the order of the fields, as are the counters. */
static void print_accesses(FILE *file, const struct accesses *accesses, struct strings *strings)
{
	for (uint32_t i = 0; i < accesses->field_count; i++)
		for (uint32_t a = accesses->fields[i].first; a != NO_ITEM;
		     a = accesses->accesses[a].next)
			print_access(file, &accesses->accesses[a], strings);
}

static void print_table(FILE *file, const struct accesses *accesses, struct span source)
{
	struct strings strings = {.count = 0};

	fprintf(file,
		TABLE_SECTION "\t.balign 8\n.LrcppPt:\n"
			      "\t.long %u, .LrcppPe-.LrcppPt, .LrcppPs0-., .LrcppPo0-.\n"
			      "\t.long .LrcppPn%u-.LrcppPt, %u, %u, %u\n",
		RCPP_PROFILE_UNIT, string_of(&strings, source), accesses->field_count,
		accesses->access_count, accesses->unread);
	print_fields(file, accesses, &strings);
	print_accesses(file, accesses, &strings);
	for (uint32_t i = 0; i < strings.count; i++) {
		fprintf(file, ".LrcppPn%u:\t.asciz ", i);
		print_name(file, strings.list[i]);
		fputc('\n', file);
	}
	fputs("\t.balign 8\n.LrcppPe:\n\t.popsection\n", file);
	names_free(&strings.numbers);
	free(strings.list);
}

/* On whole pages, so that a file can be mapped there; the table stays if the linker keeps them. */
static void print_counters(FILE *file, const struct accesses *accesses)
{
	fprintf(file,
		"\t" COUNTERS_SECTION "\"aw\",@progbits\n\t.balign %d\n"
		"\t.reloc ., %s, .LrcppPt\n.LrcppPs0:\n\t.zero %zu\n",
		RCPP_PROFILE_PAGE, processor.nothing,
		accesses->field_count * sizeof(struct rcpp_profile_state));
	for (uint32_t i = 0; i < accesses->field_count; i++)
		for (uint32_t a = accesses->fields[i].first; a != NO_ITEM;
		     a = accesses->accesses[a].next)
			fprintf(file, ".LrcppPc%u:\n\t.quad 0\n", a);
	fprintf(file, "\t.balign %d\n\t.popsection\n", RCPP_PROFILE_PAGE);
}

static void print_call(FILE *file, uint32_t access, uint32_t field)
{
	fprintf(file,
		".LrcppPa%u:\n\t.long .LrcppPt-., %u, .LrcppPc%u-., .LrcppPs0+%zu-., "
		".LrcppPo0+%zu-.\n",
		access, field, access, field * sizeof(struct rcpp_profile_state),
		field * sizeof(struct rcpp_profile_own));
}

/* What the functions of profile_counts.c find: struct call of profile.h. */
static void print_calls(FILE *file, const struct accesses *accesses)
{
	fputs("\t.pushsection .rodata.rcpp_profile_calls,\"a\",@progbits\n\t.balign 4\n", file);
	for (uint32_t a = 0; a < accesses->access_count; a++)
		if (!(accesses->accesses[a].flags & RCPP_ACCESS_UNCOUNTED))
			print_call(file, a, accesses->accesses[a].field);
	fprintf(file,
		"\t.popsection\n\t.pushsection .bss.rcpp_profile_own,\"aw\",@nobits\n"
		"\t.balign 64\n.LrcppPo0:\n\t.zero %u\n\t.popsection\n",
		(unsigned)(accesses->field_count * sizeof(struct rcpp_profile_own)));
}

/* What is counted where no register is free: once for all instructions of an access. */
static void print_out_of_line(struct counters *counters)
{
	const struct accesses *accesses = &counters->accesses;

	fputs("\t.pushsection .text.rcpp_profile_own,\"ax\",@progbits\n", counters->file);
	for (uint32_t a = 0; a < accesses->access_count; a++) {
		const struct access *access = &accesses->accesses[a];
		struct counting counting = {.access = a,
					    .operand = access->operand,
					    .width = accesses->fields[access->field].size};

		if (!access->called)
			continue;
		counting.scratch = counting_begin(counters->file, a);
		print_inline(counters, &counting);
		counting_end(counters->file);
	}
	fputs("\t.popsection\n", counters->file);
}

/* A look at a variable whose page is gone would end the program: the code is told to be careful. */
static void print_protects(FILE *file, struct span text)
{
	static const char *const words[] = {"mprotect", "mmap",	 "munmap", "mremap",
					    "shmat",	"shmdt", "syscall"};
	bool any = false;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		any |= span_contains(text, words[i]);
	if (any)
		fputs("\t.pushsection .rodata.rcpp_profile_protects,\"aG\",@progbits,"
		      "rcpp_profile_protects,comdat\n\t.weak rcpp_profile_protects\n"
		      "\t.hidden rcpp_profile_protects\nrcpp_profile_protects:\n"
		      "\t.byte 1\n\t.popsection\n",
		      file);
}

/* As a string has it. */
static struct span source_of(const struct survey *survey)
{
	const char *name = survey->input_name;

	if (survey->source.length)
		return survey->source;
	return (struct span){name, strpbrk(name, "\"\\\n") ? 0 : strlen(name)};
}

bool counters_end(struct counters *counters, size_t length)
{
	const struct accesses *accesses = &counters->accesses;
	FILE *file = counters->file;

	pass_on(counters, counters->text + length);
	if (!accesses->access_count && !counters->patches)
		return false;
	if (accesses->survey->unterminated) {
		fprintf(stderr,
			"%s: warning: nothing can be added behind this text, so nothing in it is "
			"counted\n",
			accesses->survey->input_name);
		return false;
	}
	fputs("\n\t.att_syntax\n", file);
	print_table(file, accesses, source_of(accesses->survey));
	print_counters(file, accesses);
	print_calls(file, accesses);
	print_out_of_line(counters);
	print_protects(file, (struct span){counters->text, length});
	fputs(profile_text, file);
	return true;
}

void counters_init(struct counters *counters, FILE *file, const char *text,
		   const struct survey *survey)
{
	*counters = (struct counters){.file = file, .text = text};
	accesses_init(&counters->accesses, survey);
}

void counters_free(struct counters *counters)
{
	accesses_free(&counters->accesses);
}
