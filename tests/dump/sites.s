# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# One of each kind of site for the tests of rcpp-dump: a plain one, a load with its consumer and a
# static variable, one in a COMDAT function, and one whose variable is only declared (far.s has it).
	.include "tables.inc"

	.text
	.globl	f
	.type	f, @function
f:	movq	%rdi, %rax
	site_begin 1
	addq	b(%rip), %rax
	site_end 1, LENGTH
	ret
	.size	f, . - f
	rows_begin 1
	row	1, b, form_add
	rows_end 1

	.globl	g
	.type	g, @function
g:	movq	%rdi, %rax
	site_begin 2
	movl	shift + 4(%rip), %ecx
	site_end 2, 6
	site_begin 3
	shlq	%cl, %rax
	site_end 3, 4
	ret
	.size	g, . - g
	rows_begin 2
	row	2, shift + 4, form_load, READ_INT
	row	3, shift + 4, form_shift, READ_INT, CONSUMER
	rows_end 2

	.section .text.h, "axG", @progbits, h, comdat
	.weak	h
	.hidden	h
	.type	h, @function
h:	movq	%rdi, %rax
	site_begin 4
	addq	far + 8(%rip), %rax
	site_end 4, 13
	ret
	.size	h, . - h
	rows_begin 4, h
	row	4, far + 8, form_add, READ_LONG, DECLARED | FAULT
	rows_end 4

	.section rcpp_patchable, "aw"
	.p2align 3
	.globl	b
	.hidden	b, far
	.type	b, @object
	.size	b, 8
b:	.quad	42
	.type	shift, @object
	.size	shift, 8
shift:	.long	1, 2
	.section .note.GNU-stack, "", @progbits
