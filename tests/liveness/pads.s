# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exception tables: a landing pad finds the registers that calls keep as they were at the call, or
# at the instruction that traps.
	.file	"pads.cc"
	.text
	.type	computes, @function
computes:
#= movq VAR,%rbx => s32: nothing
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	addq	%rdi, %rsi
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	computes, .-computes
	.type	loads, @function
loads:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	movl	(%rsi), %r8d
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	loads, .-loads
	.type	stores, @function
stores:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	movl	%r8d, (%rsi)
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	stores, .-stores
	.type	divides, @function
divides:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	divl	%esi
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	divides, .-divides
	.type	divides_signed, @function
divides_signed:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	idivl	%esi
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	divides_signed, .-divides_signed
	.type	itself, @function
itself:
#= any: movabsq \$V, %r8
#! %rbx
	addq	b(%rip), %rax
	xorl	%r8d, %r8d
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	itself, .-itself
	.section .gcc_except_table,"a",@progbits
	.byte	0
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
