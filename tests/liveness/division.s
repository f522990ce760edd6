# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# With --no-div divisions stay as they are.
	.file	"division.c"
	.text
	.type	divides, @function
divides:
#= b: load: left out by an option
#= i: load: left out by an option
#! =>
	movl	%esi, %ecx
	divq	b(%rip)
	idivl	i(%rip)
	idiv	%ecx
	ret
	.size	divides, .-divides
	.type	multiplies, @function
multiplies:
#= mulq VAR => u32: movl
	movl	%esi, %ecx
	mulq	b(%rip)
	ret
	.size	multiplies, .-multiplies
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
i:	.long	0
