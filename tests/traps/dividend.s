# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The dividend's copy in %rcx is read by the division where that multiplies, and by what stands
# behind it: all that reads it in this text can have the value in it, and the load is needed still.
	.file	"dividend.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	cmpq	$0, b(%rip)
	je	.Lzero
	movq	dividend(%rip), %rcx
	movq	%rcx, %rax
	movl	$0, %edx
	divq	b(%rip)
	xorq	%rcx, %rdx
	leaq	(%rdx,%rax,4), %rax
	ret
.Lzero:
	xorl	%eax, %eax
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
dividend:
	.quad	0x12345678
	.section .note.GNU-stack, "", @progbits
