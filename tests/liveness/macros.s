# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The bodies of macros are text for elsewhere: nothing there happens here.
	.file	"macros.c"
	.text
	.macro	away
	.section .rodata
	.type	inner, @function
	.size	outer, .-outer
	.endm
	.type	outer, @function
outer:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	xorl	%ecx, %ecx
	ret
	.size	outer, .-outer
	.type	around, @function
around:
#= any: movabsq \$V, %rcx
	xorl	%ecx, %ecx
	.macro	here
	.section rcpp_patchable,"aw",@progbits
	.size	around, .-around
	.type	other, @function
	.endm
	addq	b(%rip), %rax
	ret
	.size	around, .-around
# The last thing that a macro leaves may be a prefix, also where it is called by another spelling.
	.macro	opsize
	data16
	.endm
	.type	macro_before, @function
macro_before:
#= load: .*prefix
#! =>
	opsize
	movl	b(%rip), %eax
	ret
	.size	macro_before, .-macro_before
	.type	large_before, @function
large_before:
#= load: .*prefix
#! =>
	OPSIZE
	movl	b(%rip), %eax
	ret
	.size	large_before, .-large_before
# A name that a macro makes is none of a register, whatever it is.
	.macro	number name
	.set	\name, 5
	.endm
# A call of a macro may do anything.
	.macro	read_it
	movq	%rcx, %rdx
	.endm
	.type	macro_call, @function
macro_call:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	read_it
	xorl	%ecx, %ecx
	ret
	.size	macro_call, .-macro_call
	.macro	cltq
	movq	%rcx, %rdx
	.endm
	.type	named_like_one, @function
named_like_one:
#= addq VAR,%rdi => s32: addq \$V, %rdi$
	addq	b(%rip), %rdi
	cltq
	xorl	%ecx, %ecx
	ret
	.size	named_like_one, .-named_like_one
# An alternative is a macro here: the other one alone would be right for one outcome only.
	.macro	jmp label
	.endm
	.type	half_settled, @function
half_settled:
#! nothing
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	je	.Lhalf_settled
	movl	$1, %eax
.Lhalf_settled:
	ret
	.size	half_settled, .-half_settled
	.macro	clc
	.endm
	.type	half_carry, @function
half_carry:
#! stc
	movl	$0, %ecx
	cmpl	$1, b(%rip)
	sbbl	%eax, %eax
	ret
	.size	half_carry, .-half_carry
# What a body defines, or where it does, is not known: neither is a patchable.
	.type	reads_code, @function
reads_code:
#! .
	movq	reads_code(%rip), %rax
	movq	in_body(%rip), %rax
	ret
	.size	reads_code, .-reads_code
	.macro	two x y
	.endm
	.type	not_parsed, @function
not_parsed:
#= \?: load: the instruction is not understood
#= \?: load: in the body of a macro
	two	b b
	.macro	calls_two
	two	b b
	.endm
	ret
	.size	not_parsed, .-not_parsed
# The first reason is the one that is given.
	.type	short_jump, @function
short_jump:
#= b: load: in the body of a macro
	.macro	in_loop
	addq	b(%rip), %rax
	.endm
.Lshort_jump:
	loop	.Lshort_jump
	ret
	.size	short_jump, .-short_jump
	.type	not_memory, @function
not_memory:
#! .
	two	$8+b, $8+b
	ret
	.size	not_memory, .-not_memory
	.macro	SHOUTED
	.endm
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
	.macro	defines
in_body: .quad	0
	.endm
