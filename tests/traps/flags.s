# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 2: functions of two arguments; in those named live_* flags are read behind the reference, in
# those named dead_* nobody reads them.
	.file	"flags.c"
	.text
	.type	live_add, @function
live_add:
	movq	b(%rip), %rax
	addq	%rdi, %rax
	setc	%dl
	movzbl	%dl, %edx
	addq	%rdx, %rax
	ret
	.size	live_add, .-live_add
	.type	dead_add, @function
dead_add:
	movq	b(%rip), %rax
	addq	%rdi, %rax
	ret
	.size	dead_add, .-dead_add
# the carry goes through the reference
	.type	live_chain, @function
live_chain:
	movq	%rdi, %rax
	movq	%rsi, %rdx
	addq	%rdi, %rax
	adcq	b(%rip), %rdx
	sbbq	b(%rip), %rax
	adcq	b(%rip), %rdx
	adcq	$0, %rdx
	leaq	(%rax,%rdx), %rax
	xorl	%edx, %edx
	ret
	.size	live_chain, .-live_chain
# compared before the reference, read behind it
	.type	live_shift, @function
live_shift:
	cmpq	$5, %rdi
	movl	b(%rip), %ecx
	shlxq	%rcx, %rsi, %rax
	jae	.Lshift
	incq	%rax
.Lshift:
	xorl	%ecx, %ecx
	ret
	.size	live_shift, .-live_shift
	.type	dead_shift, @function
dead_shift:
	movl	b(%rip), %ecx
	shlxq	%rcx, %rsi, %rax
	cmpq	$5, %rdi
	jae	.Ldead
	incq	%rax
.Ldead:
	xorl	%ecx, %ecx
	ret
	.size	dead_shift, .-dead_shift
# only one of the two paths reads the flags, and it is the far one
	.type	live_path, @function
live_path:
	cmpq	%rsi, %rdi
	movl	b(%rip), %ecx
	shrxq	%rcx, %rsi, %rax
	jrcxz	.Lpath
	testl	%edi, %edi
	xorl	%ecx, %ecx
	ret
.Lpath:
	jmp	.Lfar
	nop
.Lfar:
	adcq	$0, %rax
	xorl	%ecx, %ecx
	ret
	.size	live_path, .-live_path
# flags go around a loop
	.type	live_loop, @function
live_loop:
	movl	$3, %r8d
	xorl	%eax, %eax
.Lagain:
	adcq	%rdi, %rax
	movl	b(%rip), %ecx
	sarxq	%rcx, %rax, %rax
	decq	%r8
	jne	.Lagain
	xorl	%ecx, %ecx
	ret
	.size	live_loop, .-live_loop
# andl would see another sign
	.type	live_and, @function
live_and:
	movq	%rdi, %rax
	andq	b(%rip), %rax
	js	.Land
	setz	%dl
	movzbl	%dl, %edx
	leaq	1(%rax,%rdx,2), %rax
.Land:
	ret
	.size	live_and, .-live_and
	.type	dead_and, @function
dead_and:
	movq	%rdi, %rax
	andq	b(%rip), %rax
	testq	%rax, %rax
	js	.Ldead_and
	incq	%rax
.Ldead_and:
	ret
	.size	dead_and, .-dead_and
# a wide comparison: the move to the temporary register comes before it
	.type	live_compare, @function
live_compare:
	xorl	%eax, %eax
	cmpq	b(%rip), %rdi
	setg	%al
	cmpq	%rdi, b(%rip)
	setb	%dl
	movzbl	%dl, %edx
	leaq	(%rax,%rdx,4), %rax
	xorl	%ecx, %ecx
	ret
	.size	live_compare, .-live_compare

	.globl	trap_run
	.type	trap_run, @function
trap_run:
	pushq	%rbx
	pushq	%r12
	xorl	%ebx, %ebx
	movl	$table, %r12d
.Leach:
	movq	$-3, %rdi
	movl	$77, %esi
	call	*(%r12)
	rolq	$7, %rbx
	xorq	%rax, %rbx
	movl	$4, %edi
	movl	$3, %esi
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
	.quad	live_add, dead_add, live_chain, live_shift, dead_shift, live_path, live_loop
	.quad	live_and, dead_and, live_compare
table_end:
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
