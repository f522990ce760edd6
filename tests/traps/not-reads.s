# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 8: mentions that are no reads, all of which stay as they are; one read at the end.
	.file	"not-reads.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	leaq	b(%rip), %rdx
	movl	$b, %ecx
	cmpq	%rcx, %rdx
	jne	.Lwrong
	movq	b@GOTPCREL(%rip), %rcx
	movq	(%rcx), %rsi
	cmpq	$b, %rcx
	jne	.Lwrong
	movq	(%rdx), %rax
	movq	%rax, b(%rip)
	incq	b(%rip)
	addq	$2, b(%rip)
	lock addq $4, b(%rip)
	lock
	subq	$7, b(%rip)
	notq	b(%rip)
	notq	b(%rip)
	movl	$0, %edi
	xaddq	%rdi, b(%rip)
	xorl	%edi, %edi
	movb	%al, b(%rip)
	pushq	b(%rip)
	popq	b(%rip)
	prefetcht0 b(%rip)
	addq	b(%rip), %rax
	xorl	%ecx, %ecx
	ret
.Lwrong:
	ud2
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
