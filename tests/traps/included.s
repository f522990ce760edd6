# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 5: what an included file jumps to is not to be seen.
	.file	"included.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	movl	$1, %eax
	movl	b(%rip), %ecx
.Linto:
	shll	%cl, %eax
	testl	$~1, %eax
	jne	.Ldone
	.include "jump.inc"
.Ldone:
	xorl	%ecx, %ecx
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
