// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stddef.h>
#include "counting.h"
#include "registers.h"
#include "rcpp_profile.h"

/*
 * leaq keeps clear of the red zone; the function undoes it as it returns. The label is in the NOP's
 * displacement: nopl LABEL-.(%rax).
 */
void counting_call(FILE *file, const char *function, uint32_t access)
{
	fprintf(file, "leaq -128(%%rsp), %%rsp; call %s; .byte 0x0f,0x1f,0x80; .long ", function);
	if (access == NO_ITEM)
		fputs("0; ", file);
	else
		fprintf(file, ".LrcppPa%u-.; ", access);
}

void counting_call_own(FILE *file, uint32_t access)
{
	fprintf(file, "leaq -128(%%rsp), %%rsp; call .LrcppPf%u; ", access);
}

/* The flags are in %rax, since pushfq and popfq take ten times as long. */
uint8_t counting_begin(FILE *file, uint32_t access)
{
	fprintf(file,
		".LrcppPf%u:\n\t.cfi_startproc; .cfi_def_cfa_offset 136; .cfi_offset 16, -136\n"
		"\tpushq %%rax; .cfi_adjust_cfa_offset 8; seto %%al; lahf\n"
		"\tpushq %%rdx; .cfi_adjust_cfa_offset 8\n\t",
		access);
	return 2; /* %rdx */
}

void counting_end(FILE *file)
{
	fputs("\n\tpopq %rdx; .cfi_adjust_cfa_offset -8; addb $127, %al; sahf\n"
	      "\tpopq %rax; .cfi_adjust_cfa_offset -8; ret $128\n\t.cfi_endproc\n",
	      file);
}

/* A value of so many bytes becomes one of eight. */
static const char *load_of(unsigned width)
{
	return width == 1 ? "movzbl" : width == 2 ? "movzwl" : width == 4 ? "movl" : "movq";
}

/* A member of the field's private memory, or of its counters. */
#define OWN(field, member)                                                                         \
	((field) * sizeof(struct rcpp_profile_own) + offsetof(struct rcpp_profile_own, member))
#define STATE(field, member)                                                                       \
	((field) * sizeof(struct rcpp_profile_state) + offsetof(struct rcpp_profile_state, member))
#define NOW(member) offsetof(struct rcpp_profile_now, member)

void counting_compare(FILE *file, const struct counting *counting, uint32_t field, uint32_t label)
{
	const char *scratch = register_spelling(counting->scratch, 8);

	fprintf(file, "%s %.*s, %%%s; cmpq .LrcppPo0+%zu(%%rip), %%%s; je .LrcppPj%u; ",
		load_of(counting->width), (int)counting->operand.length, counting->operand.text,
		register_spelling(counting->scratch, counting->width == 8 ? 8 : 4),
		OWN(field, value), scratch, label);
	fprintf(file, "cmpl $0, .LrcppPo0+%zu(%%rip); je .LrcppPk%u; ", OWN(field, writes), label);
	fprintf(file, "movl $0, .LrcppPo0+%zu(%%rip); movq %%%s, .LrcppPo0+%zu(%%rip); ",
		OWN(field, writes), scratch, OWN(field, value));
	fprintf(file, "jmp .LrcppPj%u; .LrcppPk%u: ", label, label);
	counting_call(file, "rcpp_profile_change", counting->access);
	fprintf(file, ".LrcppPj%u: ", label);
}

void counting_count(FILE *file, uint32_t access, uint32_t field)
{
	fprintf(file, "incq .LrcppPc%u(%%rip); incq .LrcppPs0+%zu(%%rip); ", access,
		STATE(field, reads));
}

void counting_write(FILE *file, const struct counting *counting, uint32_t field, uint32_t label)
{
	const char *scratch = register_spelling(counting->scratch, 8);

	fprintf(file,
		"leaq rcpp_profile_run(%%rip), %%%s; addq rcpp_profile_run+%zu(%%rip), %%%s; "
		"movq (%%%s), %%%s; cmpq .LrcppPo0+%zu(%%rip), %%%s; je .LrcppPk%u; ",
		scratch, NOW(tick), scratch, scratch, scratch, OWN(field, alone), scratch, label);
	counting_call(file, "rcpp_profile_write", counting->access);
	fprintf(file,
		"jmp .LrcppPj%u; .LrcppPk%u: movq rcpp_profile_run+%zu(%%rip), %%%s; "
		"addq %%%s, .LrcppPs0+%zu(%%rip); ",
		label, label, NOW(patched), scratch, scratch, STATE(field, late));
	fprintf(file,
		"movq .LrcppPs0+%zu(%%rip), %%%s; movq %%%s, .LrcppPs0+%zu(%%rip); "
		"movl $2, .LrcppPo0+%zu(%%rip); lock incq .LrcppPc%u(%%rip); .LrcppPj%u: ",
		STATE(field, reads), scratch, scratch, STATE(field, seen), OWN(field, writes),
		counting->access, label);
}
