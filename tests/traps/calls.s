# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 15: calls that keep registers, and calls that read unusual ones.
	.file	"calls.c"
	.text
	.type	thunk, @function
thunk:
	pushq	%rax
	xorl	%eax, %eax
	popq	%rax
	ret
	.size	thunk, .-thunk
	.type	__x86_indirect_thunk_r12, @function
__x86_indirect_thunk_r12:
	jmp	*%r12
	.size	__x86_indirect_thunk_r12, .-__x86_indirect_thunk_r12
# %rcx and %rdx are written here, needed behind the call, and so are no temporaries before it
	.type	kept, @function
kept:
	leaq	1(%rdi), %rcx
	leaq	2(%rdi), %rdx
	leaq	3(%rdi), %rax
	addq	b(%rip), %rax
	call	thunk
	addq	%rcx, %rax
	addq	%rdx, %rax
	ret
	.size	kept, .-kept
# the thunk reads %r12, which nothing else seems to read
	.type	through_thunk, @function
through_thunk:
	pushq	%r12
	movl	$target, %r12d
	movq	%rdi, %rax
	movq	%rdi, %rcx
	addq	b(%rip), %rax
	call	__x86_indirect_thunk_r12
	popq	%r12
	ret
	.size	through_thunk, .-through_thunk
	.type	target, @function
target:
	leaq	(%rax,%rcx,2), %rax
	ret
	.size	target, .-target
# a tail call reads whatever it likes
	.type	tail, @function
tail:
	movl	$11, %ecx
	movq	%rdi, %rax
	addq	b(%rip), %rax
	jmp	target
	.size	tail, .-tail
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	pushq	%rbx
	movl	$1000, %edi
	call	kept
	movq	%rax, %rbx
	movl	$1000, %edi
	call	through_thunk
	leaq	(%rax,%rbx,8), %rbx
	movl	$1000, %edi
	call	tail
	addq	%rbx, %rax
	popq	%rbx
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
