# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The sites of the test's shared object: its own variable, and one of the program's that it reads.

	.include "table.s"
	batch

	.globl library_load
	.type library_load,@function
library_load:
	site s_library, rcpp_form_load32, library_value, READ_32, 0, 5, movl library_value(%rip), %eax
	ret
	end_batch

	form_load32

	.globl library_set
	.type library_set,@function
library_set:
	movl %edi, library_value(%rip)
	ret

	.section rcpp_patchable,"aw"
	.p2align 2
library_value:
	.long 21
