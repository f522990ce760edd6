// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "counting.h"
#include "registers.h"
#include "rcpp_profile.h"

/*
 * leaq leaves the red zone alone; the function undoes it as it returns. The label is in the NOP's
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

static char suffix_of(unsigned width)
{
	return width == 1 ? 'b' : width == 2 ? 'w' : width == 4 ? 'l' : 'q';
}

void counting_compare(FILE *file, const struct counting *counting, uint32_t field, uint32_t label)
{
	const char *scratch = register_spelling(counting->scratch, counting->width);
	char suffix = suffix_of(counting->width);

	fprintf(file, "mov%c %.*s, %%%s; cmp%c .LrcppPo0+%u(%%rip), %%%s; je .LrcppPj%u; ", suffix,
		(int)counting->operand.length, counting->operand.text, scratch, suffix,
		field * RCPP_PROFILE_OWN, scratch, label);
	counting_call(file, "rcpp_profile_change", counting->access);
	fprintf(file, ".LrcppPj%u: ", label);
}

void counting_count(FILE *file, uint32_t access, uint32_t field)
{
	fprintf(file, "incq .LrcppPc%u(%%rip); incq .LrcppPs0+%zu(%%rip); ", access,
		field * sizeof(struct rcpp_profile_state));
}
