# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# With --wide=load: 64-bit values do not go through a register that is dead; into the one that they
# are loaded into they go, and narrow ones go through one.
	.file	"wide.c"
	.text
	.type	loaded, @function
loaded:
#= any: movabsq \$V, %rax$
	movq	b(%rip), %rax
	ret
	.size	loaded, .-loaded
	.type	added, @function
added:
#= addq VAR,%rax => s32: addq \$V, %rax$
	movl	%esi, %ecx
	addq	b(%rip), %rax
	ret
	.size	added, .-added
	.type	compared, @function
compared:
#= any: movl \$V, %ecx; cmpl \$5, %ecx$
	movl	%esi, %ecx
	cmpl	$5, b(%rip)
	lahf
	ret
	.size	compared, .-compared
	.type	compared_wide, @function
compared_wide:
#= u32: movl \$V, %ecx; cmpq \$5, %rcx \| s32: movq \$V, %rcx; cmpq \$5, %rcx$
	movl	%esi, %ecx
	cmpq	$5, b(%rip)
	lahf
	ret
	.size	compared_wide, .-compared_wide
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
