# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 4: a patchable address in front of instructions with a byte behind the displacement, and with
# an index that is no general register.
	.file	"vector.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	movl	$numbers, %eax
	movq	(%rax), %xmm0
	movq	%xmm0, %xmm1
	movq	p(%rip), %rax
	cmpltpd	(%rax), %xmm0
	movq	p(%rip), %rax
	cmpunordsd (%rax), %xmm1
	movq	b(%rip), %xmm2
	movq	%xmm2, %rdx
	movq	%xmm0, %rax
	leaq	(%rdx,%rax,2), %rdx
	movq	%xmm1, %rax
	addq	%rdx, %rax
	ret
	.size	trap_run, .-trap_run
	.globl	trap_avx
	.type	trap_avx, @function
trap_avx:
	movq	p(%rip), %rax
	vblendvpd %xmm1, (%rax), %xmm2, %xmm3
	movq	p(%rip), %rax
	vcmpltpd (%rax), %xmm2, %xmm3
	movq	p(%rip), %rax
	vgatherdps %ymm1, (%rax,%ymm2,4), %ymm0
	movq	p(%rip), %rbx
	xlatb
	movq	p(%rip), %rbx
	xlat	(%rbx)
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	ret
	.size	trap_avx, .-trap_avx
	.section rcpp_patchable, "aw"
	.globl	b, p
b:	.quad	0
p:	.quad	numbers
	.data
	.p2align 4
numbers:
	.double	1, -2
	.section .note.GNU-stack, "", @progbits
