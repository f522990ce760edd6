# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 10: all registers hold something that is needed; below %rsp is the red zone.
	.file	"no-register.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	.irp	r, rbx, rbp, r12, r13, r14, r15
	pushq	%\r
	.endr
	movl	$0x1, %eax
	movl	$0x2, %ebx
	movl	$0x3, %ecx
	movl	$0x4, %edx
	movl	$0x5, %esi
	movl	$0x6, %edi
	movl	$0x7, %ebp
	movl	$0x8, %r8d
	movl	$0x9, %r9d
	movl	$0xa, %r10d
	movl	$0xb, %r11d
	movl	$0xc, %r12d
	movl	$0xd, %r13d
	movl	$0xe, %r14d
	movl	$0xf, %r15d
	movq	%rax, -8(%rsp)
	movq	%rcx, -16(%rsp)
	movq	%rcx, -24(%rsp)
	cmpl	$5, b(%rip)
	je	.Lequal
	cmpq	$-1, b(%rip)
	je	.Lequal
	addq	b(%rip), %rax
	imulq	b(%rip), %rbx
.Lequal:
	.irp	r, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	rolq	$5, %rax
	addq	%\r, %rax
	.endr
	addq	-8(%rsp), %rax
	addq	-16(%rsp), %rax
	addq	-24(%rsp), %rax
	.irp	r, r15, r14, r13, r12, rbp, rbx
	popq	%\r
	.endr
	xorl	%ecx, %ecx
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
