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
	.type	copies, @function
copies:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	movsq
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	copies, .-copies
	.type	copies_many, @function
copies_many:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	rep movsq
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	copies_many, .-copies_many
	.type	fills, @function
fills:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	rep stosq
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	fills, .-fills
	.type	scans, @function
scans:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	scasb
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	scans, .-scans
	.type	multiplies, @function
multiplies:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	mulsd	%xmm1, %xmm0
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	multiplies, .-multiplies
	.type	converts, @function
converts:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	cvttsd2siq	%xmm0, %rax
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	converts, .-converts
	.type	adds_x87, @function
adds_x87:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
	faddp
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	adds_x87, .-adds_x87
	.type	by_hand, @function
by_hand:
#! nothing
#= movq VAR,%rbx => u32: movl
	movq	b(%rip), %rbx
	addq	%rbx, %rdx
#APP
	addq	%rdi, %rsi
#NO_APP
	xorl	%ebx, %ebx
	popq	%rbx
	ret
	.size	by_hand, .-by_hand
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
