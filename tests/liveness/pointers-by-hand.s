# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What no compiler wrote keeps to no rules about calls and tables, but a register is a register.
	.file	"pointers.S"
	.text
	.type	straight, @function
straight:
#= : b: addq VAR\(%rcx\)
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lstraight
	addq	$1, %rax
.Lstraight:
	addq	(%rcx), %rax
	ret
	.size	straight, .-straight
	.type	over_a_call, @function
over_a_call:
#! =>
	movq	b@GOTPCREL(%rip), %rbx
	call	g
	addq	(%rbx), %rax
	ret
	.size	over_a_call, .-over_a_call
	.type	table, @function
table:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	jmp	*.Ltable(,%rdi,8)
.Lcase:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Ltable:
	.quad	.Lcase
	.text
	.size	table, .-table
