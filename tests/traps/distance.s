# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 5: jumps by a distance: nothing in their way may grow.
	.file	"distance.c"
	.text
	.type	by_distance, @function
by_distance:
	movq	%rsi, %rax
	testl	%edi, %edi
	jne	.+12
	addq	b(%rip), %rax
	incq	%rax
	xorl	%ecx, %ecx
	ret
	.size	by_distance, .-by_distance
	.type	by_offset, @function
by_offset:
	movq	%rsi, %rax
	testl	%edi, %edi
	jne	.Lbegin+10
.Lbegin:
	addq	b(%rip), %rax
	incq	%rax
	xorl	%ecx, %ecx
	ret
	.size	by_offset, .-by_offset
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	xorl	%edi, %edi
	movl	$77, %esi
	call	by_distance
	movq	%rax, %rdx
	movl	$1, %edi
	call	by_distance
	leaq	(%rax,%rdx,4), %rdx
	call	by_offset
	leaq	(%rax,%rdx,4), %rdx
	xorl	%edi, %edi
	call	by_offset
	leaq	(%rax,%rdx,4), %rax
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
