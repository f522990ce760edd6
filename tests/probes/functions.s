# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Functions whose first instruction is a site, one of each kind; each takes and returns a long.
	.file	"functions.c"
	.text


	.globl	first_load, first_vanish, first_add, first_compare, first_test, first_jump
	.globl	first_push, first_call, first_bits, first_consumer, second_vanish, second_add
	.globl	first_divide

	.type	first_load, @function
first_load:
	movq	v(%rip), %rax
	addq	%rdi, %rax
	ret
	.size	first_load, .-first_load

	.type	first_vanish, @function
first_vanish:
	movl	s(%rip), %ecx
	movq	%rdi, %rax
	shlq	%cl, %rax
	xorl	%ecx, %ecx
	ret
	.size	first_vanish, .-first_vanish

	.type	first_add, @function
first_add:
	addq	v(%rip), %rdi
	xorl	%edx, %edx
	movq	%rdi, %rax
	ret
	.size	first_add, .-first_add

	.type	first_compare, @function
first_compare:
	cmpq	$5, v(%rip)
	jg	.Lgreater
	leaq	1(%rdi), %rax
	ret
.Lgreater:
	leaq	2(%rdi), %rax
	ret
	.size	first_compare, .-first_compare

	.type	first_bits, @function
first_bits:
	cmpq	v(%rip), %rdi
	setl	%al
	movzbl	%al, %eax
	xorl	%edx, %edx
	ret
	.size	first_bits, .-first_bits

	.type	first_test, @function
first_test:
	testb	$4, s(%rip)
	setne	%al
	movzbl	%al, %eax
	ret
	.size	first_test, .-first_test

	.type	first_jump, @function
first_jump:
	jmp	*p(%rip)
	.size	first_jump, .-first_jump

	.type	first_push, @function
first_push:
	pushq	v(%rip)
	xorl	%edx, %edx
	popq	%rax
	ret
	.size	first_push, .-first_push

	.type	first_call, @function
first_call:
	call	*p(%rip)
	addq	$1, %rax
	ret
	.size	first_call, .-first_call

# A load and a consumer, and nothing else.
	.type	first_consumer, @function
first_consumer:
	movq	v(%rip), %rax
	leaq	8(%rax,%rdi), %rax
	ret
	.size	first_consumer, .-first_consumer

# The label stands where the division is, and what divides calls it.
	.type	first_divide, @function
first_divide:
	divl	d(%rip)
	xorl	%ecx, %ecx
	ret
	.size	first_divide, .-first_divide
	.globl	divide
	.type	divide, @function
divide:
	movl	%edi, %eax
	xorl	%edx, %edx
	call	first_divide
	movl	%eax, %eax
	ret
	.size	divide, .-divide

# A probe in the middle of a function, in front of a site and behind one.
	.type	second_vanish, @function
second_vanish:
	movq	%rdi, %rax
	movl	s(%rip), %ecx
	shlq	%cl, %rax
	xorl	%ecx, %ecx
	ret
	.size	second_vanish, .-second_vanish

	.type	second_add, @function
second_add:
	endbr64
	addq	v(%rip), %rdi
	xorl	%edx, %edx
	movq	%rdi, %rax
	ret
	.size	second_add, .-second_add
	.section	.note.GNU-stack, "", @progbits
