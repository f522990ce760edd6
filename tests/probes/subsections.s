# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# As entries.s, where what follows in the file does not follow in the section.
	.text
first:
	nop
end_of_0:
	.subsection 1
	addq	b(%rip), %rax # ENTRY
	addq	b(%rip), %rax # INSIDE
	.previous
	nop
	.text 1
	.text 0
	addq	b(%rip), %rax # ENTRY
	.section .data, "aw"
	.quad	0
	.previous
	addq	b(%rip), %rax # ENTRY
	.section	rcpp_patchable, "aw", @progbits
b:	.quad	0
