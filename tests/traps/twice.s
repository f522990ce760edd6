# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 3: the register with the value is the other operand, too. The load cannot vanish then, though
# the instruction could take the value. The last three need BMI2: the line of the table says so.
	.file	"twice.c"
	.text
	.type	shifts_double, @function
shifts_double:
	movl	b(%rip), %ecx
	movq	%rdi, %rax
	shldq	%cl, %rcx, %rax
	xorl	%ecx, %ecx
	ret
	.size	shifts_double, .-shifts_double
	.type	shifts_double_right, @function
shifts_double_right:
	movl	b(%rip), %ecx
	movl	%edi, %eax
	shrdl	%cl, %ecx, %eax
	xorl	%ecx, %ecx
	ret
	.size	shifts_double_right, .-shifts_double_right
	.type	multiplies, @function
multiplies:
	movq	b(%rip), %rcx
	imulq	%rcx, %rcx
	movq	%rcx, %rax
	ret
	.size	multiplies, .-multiplies
	.type	multiplies_narrow, @function
multiplies_narrow:
	movl	b(%rip), %ecx
	imull	%ecx, %ecx
	movq	%rcx, %rax
	ret
	.size	multiplies_narrow, .-multiplies_narrow
	.type	tests, @function
tests:
	movq	b(%rip), %rcx
	testq	%rcx, %rcx
	lahf
	movzbl	%ah, %eax
	andl	$0xc5, %eax
	xorl	%ecx, %ecx
	ret
	.size	tests, .-tests
	.type	tests_narrow, @function
tests_narrow:
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	lahf
	movzbl	%ah, %eax
	andl	$0xc5, %eax
	xorl	%ecx, %ecx
	ret
	.size	tests_narrow, .-tests_narrow
	.type	adds, @function
adds:
	movq	b(%rip), %rcx
	addq	%rcx, %rcx
	movq	%rcx, %rax
	ret
	.size	adds, .-adds
	.type	adds_narrow, @function
adds_narrow:
	movl	b(%rip), %ecx
	addl	%ecx, %ecx
	movq	%rcx, %rax
	ret
	.size	adds_narrow, .-adds_narrow
	.type	shifts_left, @function
shifts_left:
	movq	b(%rip), %rcx
	shlxq	%rcx, %rcx, %rcx
	movq	%rcx, %rax
	ret
	.size	shifts_left, .-shifts_left
	.type	shifts_right, @function
shifts_right:
	movq	b(%rip), %rcx
	shrxq	%rcx, %rcx, %rcx
	movq	%rcx, %rax
	ret
	.size	shifts_right, .-shifts_right
	.type	shifts_signed, @function
shifts_signed:
	movl	b(%rip), %ecx
	sarxl	%ecx, %ecx, %ecx
	movq	%rcx, %rax
	ret
	.size	shifts_signed, .-shifts_signed

	.globl	trap_run
	.type	trap_run, @function
trap_run:
	pushq	%rbx
	pushq	%r12
	xorl	%ebx, %ebx
	movl	$table, %r12d
.Leach:
	movabsq	$0x123456789abcdef0, %rdi
	movq	$-77, %rcx
	call	*(%r12)
	rolq	$7, %rbx
	xorq	%rax, %rbx
	addq	$8, %r12
	cmpq	$table_end, %r12
	jne	.Leach
	movq	%rbx, %rax
	popq	%r12
	popq	%rbx
	ret
	.size	trap_run, .-trap_run
	.section .rodata
table:
	.quad	shifts_double, shifts_double_right, multiplies, multiplies_narrow, tests
	.quad	tests_narrow, adds, adds_narrow
	.quad	shifts_left, shifts_right, shifts_signed # BMI2
table_end:
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
