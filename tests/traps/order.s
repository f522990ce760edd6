# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 16: the value is that of the load, whatever is stored before the use.
	.file	"order.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	movl	$1, %eax
	movl	b(%rip), %ecx
#STORE	movl	$7, b(%rip)
	leaq	5(%rax), %rax
	shlq	%cl, %rax
#STORE	movl	%ecx, b(%rip)
	xorl	%ecx, %ecx
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
