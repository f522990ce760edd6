# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The second object of the tests of rcpp-dump: the variable that sites.s only declares, a second
# copy of its COMDAT function (the linker drops one with its rows), and an entry point.
	.include "tables.inc"

	.text
	.globl	_start
	.type	_start, @function
_start:	movl	$60, %eax
	xorl	%edi, %edi
	syscall
	.size	_start, . - _start

	.section .text.h, "axG", @progbits, h, comdat
	.weak	h
	.hidden	h
	.type	h, @function
h:	movq	%rdi, %rax
	site_begin 1
	addq	far + 8(%rip), %rax
	site_end 1, 13
	ret
	.size	h, . - h
	rows_begin 1, h
	row	1, far + 8, form_add, READ_LONG, DECLARED | FAULT
	rows_end 1

	.section .data.far, "aw"
	.p2align 3
	.globl	far
	.hidden	far
	.type	far, @object
	.size	far, 16
far:	.quad	1, 2
label:
	.section .note.GNU-stack, "", @progbits
