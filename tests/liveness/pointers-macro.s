# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A macro may jump to any label, and the text does not spell out which.
	.file	"pointers.c"
	.macro	jump_to name
	jmp	.Lplace_\name
	.endm
	.text
	.type	straight, @function
straight:
#= : b: addq VAR\(%rcx\)
	movq	b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	straight, .-straight
	.type	from_a_macro, @function
from_a_macro:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lplace_one
	xorl	%ecx, %ecx
	jump_to	one
.Lplace_one:
	addq	(%rcx), %rax
	ret
	.size	from_a_macro, .-from_a_macro
	.type	macro_elsewhere, @function
macro_elsewhere:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lplace_two
	ret
.Lplace_two:
	addq	(%rcx), %rax
	ret
	.size	macro_elsewhere, .-macro_elsewhere
	.type	elsewhere, @function
elsewhere:
	xorl	%ecx, %ecx
	jump_to	two
	.size	elsewhere, .-elsewhere
