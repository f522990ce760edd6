# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# far() of sites.s, in an object of its own: for programs that have it in another segment of text.

	.include "table.s"
	batch

	.globl far
	.type far,@function
far:
	site s_far, rcpp_form_load32, w, READ_32, 0, 6, movl w(%rip), %eax
	ret
	end_batch

	form_load32
