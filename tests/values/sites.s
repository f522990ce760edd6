# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Value-of operands as people write them; values.c calls each function with one argument.
# unsigned long NAME(unsigned long x)

	.text
	.globl	move_absolute
	.type	move_absolute, @function
move_absolute:
	movabsq	$rcpp_value(u8), %rax
	ret
	.size	move_absolute, .-move_absolute

	.globl	move_bare
	.type	move_bare, @function
move_bare:
	movabs	$rcpp_value(u8), %rax; nop	# $rcpp_value(u8) in a comment
	ret
	.size	move_bare, .-move_bare

	.globl	move_quad
	.type	move_quad, @function
move_quad:
	movq	$rcpp_value( u8 ) , %rax	/* $rcpp_value(u8) */
	ret
	.size	move_quad, .-move_quad

	.globl	move_field
	.type	move_field, @function
move_field:
	movabsq	$ rcpp_value (pair + 8), %rax
	ret
	.size	move_field, .-move_field

	.globl	move_long
	.type	move_long, @function
move_long:
	movl	$rcpp_value(u4), %eax
	ret
	.size	move_long, .-move_long

	.globl	move_by_register
	.type	move_by_register, @function
move_by_register:
	mov	$rcpp_value(u4), %eax
	ret
	.size	move_by_register, .-move_by_register

	.globl	move_sign
	.type	move_sign, @function
move_sign:
	movslq	$rcpp_value(u4), %rax
	ret
	.size	move_sign, .-move_sign

	.globl	move_word
	.type	move_word, @function
move_word:
	movzwl	$rcpp_value(u2), %eax
	ret
	.size	move_word, .-move_word

	.globl	move_byte
	.type	move_byte, @function
move_byte:
	movzbl	$rcpp_value(u1), %eax
	ret
	.size	move_byte, .-move_byte

	.globl	add_quad
	.type	add_quad, @function
add_quad:
	movq	%rdi, %rax
	addq	$rcpp_value(u8), %rax
	ret
	.size	add_quad, .-add_quad

	.globl	multiply
	.type	multiply, @function
multiply:
	movq	%rdi, %rax
	imulq	$rcpp_value(u8), %rax
	ret
	.size	multiply, .-multiply

	.globl	below
	.type	below, @function
below:		# x < u8, and flags from the operand's place
	xorl	%eax, %eax
	cmpq	$rcpp_value(u8), %rdi
	setb	%al
	ret
	.size	below, .-below

	.globl	mask
	.type	mask, @function
mask:
	xorl	%eax, %eax
	testl	$rcpp_value(u4), %edi
	setne	%al
	ret
	.size	mask, .-mask

	.globl	push
	.type	push, @function
push:
	pushq	$rcpp_value(u8)
	popq	%rax
	ret
	.size	push, .-push

	.globl	shift
	.type	shift, @function
shift:		# two instructions become one
	movq	%rdi, %rax
	movzbl	$rcpp_value(u1), %ecx
	shrq	%cl, %rax
	ret
	.size	shift, .-shift

# What is no site, or is assembled elsewhere, reads memory.

	.macro	value_to_rax
	movabsq	$rcpp_value(u8), %rax
	.endm

	.globl	in_macro
	.type	in_macro, @function
in_macro:
	value_to_rax
	ret
	.size	in_macro, .-in_macro

	.globl	in_repetition
	.type	in_repetition, @function
in_repetition:	# x + 3 * u8
	movq	%rdi, %rax
	.rept	3
	addq	$rcpp_value(u8), %rax
	.endr
	ret
	.size	in_repetition, .-in_repetition

	.globl	in_condition
	.type	in_condition, @function
in_condition:
	.if	1
	movabsq	$rcpp_value(u8), %rax
	.endif
	ret
	.size	in_condition, .-in_condition

	.globl	of_other
	.type	of_other, @function
of_other:	# not patchable at all
	movabsq	$rcpp_value(other), %rax
	ret
	.size	of_other, .-of_other

	.section .text.rcpp_init, "ax"
	.globl	in_init
	.type	in_init, @function
in_init:
	movabsq	$rcpp_value(u8), %rax
	ret
	.size	in_init, .-in_init

	.section .rodata
	.string	"movabsq $rcpp_value(u8), %rax"
	.section .note.GNU-stack, "", @progbits
