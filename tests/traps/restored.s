# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 1: keeps() saves %rcx and %rdx and brings them back (no_caller_saved_registers,
# preserve_most), and its caller relies on it. Behind the pops they hold the caller's values, and
# so does %rdi in pushes() behind the move from its stack.
	.file	"restored.c"
	.text
	.type	keeps, @function
keeps:
	pushq	%rcx
	pushq	%rdx
	movl	$5, %ecx
	leaq	(%rdi,%rcx), %rdx
	leaq	(%rdx,%rdx), %rax
	popq	%rdx
	popq	%rcx
	addq	b(%rip), %rax
	ret
	.size	keeps, .-keeps
	.type	exchanges, @function
exchanges:
	movq	%rdi, %rax
	xchgq	%rcx, %rax
	movl	$7, %ecx
	xchgq	%rcx, %rax
	addq	b(%rip), %rax
	ret
	.size	exchanges, .-exchanges
	.type	pushes, @function
pushes:
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rdi
	leaq	(%rdi,%rdi,2), %rax
	movl	$9, %edi
	addq	%rdi, %rax
	movq	-8(%rbp), %rdi
	addq	b(%rip), %rax
	leave
	ret
	.size	pushes, .-pushes
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	movl	$3, %edi
	movl	$0x1111, %ecx
	movl	$0x2222, %edx
	call	keeps
	addq	%rcx, %rax
	addq	%rdx, %rax
	movq	%rax, %rsi
	call	exchanges
	addq	%rcx, %rax
	addq	%rax, %rsi
	movl	$0x3333, %edi
	call	pushes
	addq	%rdi, %rax
	addq	%rsi, %rax
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
