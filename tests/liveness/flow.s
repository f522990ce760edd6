# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Ways through a function: registers that are dead on one way and read on another.
	.file	"flow.c"
	.text
	.type	straight, @function
straight:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	xorl	%ecx, %ecx
	ret
	.size	straight, .-straight

	.type	branch_reads, @function
branch_reads:
#= any: movabsq \$V, %rsi
#! %rcx
	addq	b(%rip), %rax
	jc	.Lbranch_reads
	xorl	%ecx, %ecx
	ret
.Lbranch_reads:
	movq	%rcx, %rsi
	ret
	.size	branch_reads, .-branch_reads

	.type	next_reads, @function
next_reads:
#= any: movabsq \$V, %rsi
#! %rcx
	addq	b(%rip), %rax
	jc	.Lnext_reads
	movq	%rcx, %rsi
	ret
.Lnext_reads:
	xorl	%ecx, %ecx
	ret
	.size	next_reads, .-next_reads

	.type	both_write, @function
both_write:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	jc	.Lboth_write
	xorl	%ecx, %ecx
	ret
.Lboth_write:
	movl	$1, %ecx
	ret
	.size	both_write, .-both_write

	.type	jump_reads, @function
jump_reads:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	jmp	.Ljump_reads
.Lbehind:
	xorl	%ecx, %ecx
	ret
.Ljump_reads:
	movq	%rcx, %rdx
	jc	.Lbehind
	xorl	%ecx, %ecx
	ret
	.size	jump_reads, .-jump_reads

	.type	jump_skips, @function
jump_skips:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	jmp	.Lskipped
	movq	%rcx, 8(%rdi)
.Lskipped:
	xorl	%ecx, %ecx
	ret
	.size	jump_skips, .-jump_skips

	.type	falls, @function
falls:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
.Lfalls:
	movq	%rcx, %rdx
	xorl	%ecx, %ecx
	jc	.Lfalls
	ret
	.size	falls, .-falls

# Around a loop, and through two of them.
	.type	looped, @function
looped:
#= any: movabsq \$V, %rdx
#! %rcx
	xorl	%ecx, %ecx
.Llooped:
	movq	%rcx, 8(%rdi)
	addq	b(%rip), %rax
	xorl	%edx, %edx
	jc	.Llooped
	ret
	.size	looped, .-looped
	.type	loops, @function
loops:
#= any: movabsq \$V, %rdx
#! %rcx
	xorl	%ecx, %ecx
.Louter:
	movq	%rcx, 8(%rdi)
.Linner:
	addq	$1, %rsi
	addq	b(%rip), %rax
	xorl	%edx, %edx
	jc	.Linner
	jz	.Louter
	xorl	%ecx, %ecx
	ret
	.size	loops, .-loops
	.type	far_loop, @function
far_loop:
#= any: movabsq \$V, %rdx
#! %rcx
	xorl	%ecx, %ecx
	jmp	.Lfar4
.Lfar1:	movq	%rcx, 8(%rdi)
	xorl	%ecx, %ecx
	jc	.Lfar2
	ret
.Lfar3:	jz	.Lfar1
	jmp	.Lfar2
.Lfar2:	jc	.Lfar3
	addq	b(%rip), %rax
	xorl	%edx, %edx
	jmp	.Lfar3
.Lfar4:	jmp	.Lfar2
	.size	far_loop, .-far_loop

# Out of sight.
	.type	tail, @function
tail:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	jmp	elsewhere
	.size	tail, .-tail
	.type	tail_branch, @function
tail_branch:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	jc	elsewhere
	xorl	%ecx, %ecx
	ret
	.size	tail_branch, .-tail_branch
	.type	indirect, @function
indirect:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	jmp	*%rdi
	.size	indirect, .-indirect
# The star makes it a jump to where the table says, not to the table.
	.type	by_table, @function
by_table:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	jmp	*by_table_end
by_table_end:
	xorl	%ecx, %ecx
	ret
	.size	by_table, .-by_table
	.type	by_register, @function
by_register:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	jmp	*by_register_end(%rsi)
by_register_end:
	xorl	%ecx, %ecx
	ret
	.size	by_register, .-by_register
	.type	interposed, @function
interposed:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	jmp	interposed_end@PLT
interposed_end:
	xorl	%ecx, %ecx
	ret
	.size	interposed, .-interposed
	.type	ends, @function
ends:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	.size	ends, .-ends

	.type	trap, @function
trap:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ud2
	xorl	%ecx, %ecx
	ret
	.size	trap, .-trap
	.type	system, @function
system:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	syscall
	xorl	%ecx, %ecx
	xorl	%r8d, %r8d
	ret
	.size	system, .-system

	.type	system_before, @function
system_before:
#= addq VAR,%rax => s32: addq \$V, %rax$
	syscall
	addq	b(%rip), %rax
	ret
	.size	system_before, .-system_before
	.type	call_before, @function
call_before:
#= addq VAR,%rax => s32: addq \$V, %rax$
	call	elsewhere
	addq	b(%rip), %rax
	ret
	.size	call_before, .-call_before

# A return wants what is the caller's.
	.type	callee_saved, @function
callee_saved:
#= addq VAR,%rax => s32: addq \$V, %rax$
	movl	$1, %ebx
	movl	$1, %r12d
	movl	$1, %edx
	addq	b(%rip), %rax
	ret
	.size	callee_saved, .-callee_saved
	.type	flags_at_return, @function
flags_at_return:
#= leaq V
	movq	b(%rip), %rax
	addq	%rdi, %rax
	ret
	.size	flags_at_return, .-flags_at_return
	.type	flags_at_jump, @function
flags_at_jump:
#! leaq V
#= movq VAR
	movq	b(%rip), %rax
	addq	%rdi, %rax
	jmp	*%rsi
	.size	flags_at_jump, .-flags_at_jump
	.type	flags_through_call, @function
flags_through_call:
#! leaq V
#= movq VAR
	movq	b(%rip), %rax
	addq	%rdi, %rax
	call	keeps_flags
	adcq	$0, %rdx
	ret
	.size	flags_through_call, .-flags_through_call
	.type	flags_around, @function
flags_around:
#! leaq V
#= movq VAR
	movq	b(%rip), %rax
	addq	%rdi, %rax
	jmp	.Laround
.Lbefore:
	adcq	$0, %rdx
	ret
.Laround:
	jmp	.Lbefore
	.size	flags_around, .-flags_around

# All labels may be jumped to but those that are local and nobody mentions.
	.type	labelled, @function
labelled:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
aLabel:	shlq	%cl, %rax
	movl	$1, %ecx
	jc	aLabel
	ret
	.size	labelled, .-labelled
	.type	dotted, @function
dotted:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
.dot:	shlq	%cl, %rax
	movl	$1, %ecx
	jc	.dot
	ret
	.size	dotted, .-dotted
	.type	unmentioned, @function
unmentioned:
#= nothing; shlq
	movl	b(%rip), %ecx
.Lnobody: shlq	%cl, %rax
	movl	$1, %ecx
	ret
	.size	unmentioned, .-unmentioned

	.section .rodata
	.quad	.Ltabled
	.section .debug_info,"",@progbits
	.quad	.Lnobody
	.text
	.type	tabled, @function
tabled:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
.Ltabled: shlq %cl, %rax
	movl	$1, %ecx
	jmp	*%rsi
	.size	tabled, .-tabled
	.type	mentioned, @function
mentioned:
#= movl VAR,%ecx => any: movl
#! shlq
	leaq	.Lmentioned(%rip), %rsi
	movl	b(%rip), %ecx
.Lmentioned: shlq %cl, %rax
	movl	$1, %ecx
	jmp	*%rsi
	.size	mentioned, .-mentioned

# 1f is a label, not a number: the distance to it may change.
	.type	numbered, @function
numbered:
#= addq VAR,%rax => s32
	addq	b(%rip), %rax
	leaq	1f(%rip), %rsi
1:	leaq	1b(%rip), %rdi
	ret
	.size	numbered, .-numbered

# Nothing happens here.
	.type	aligned, @function
aligned:
#= any: movabsq \$V, %rsi
	addq	b(%rip), %rax
	.p2align 4,,10
	.balign	8
	.align	4
	.globl	aligned
	xorl	%esi, %esi
	ret
	.size	aligned, .-aligned

# Through two sections, each of which goes on where it was.
	.type	parts, @function
parts:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	.section .text.unlikely,"ax",@progbits
parts.cold:
	xorl	%ecx, %ecx
	ret
	.text
	movq	%rcx, %rdx
	jc	parts.cold
	xorl	%ecx, %ecx
	ret
	.size	parts, .-parts
	.type	parts_cold_site, @function
parts_cold_site:
	jc	.Lcold
.Lwarm:
	movq	%rcx, %rdx
	ret
	.section .text.unlikely
.Lcold:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	jmp	.Lwarm
	.text
	.size	parts_cold_site, .-parts_cold_site
# Data in the middle is not in the way.
	.type	table_between, @function
table_between:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	.section .rodata
	.quad	0
	.text
	xorl	%ecx, %ecx
	ret
	.size	table_between, .-table_between
	.type	subsection, @function
subsection:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	.text	1
	xorl	%ecx, %ecx
	ret
	.text	0
	.size	subsection, .-subsection
	.type	previous, @function
previous:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	.section .text.other,"ax",@progbits
	.previous
	xorl	%ecx, %ecx
	ret
	.size	previous, .-previous
# One section in two spellings: what stands between the halves of the one is in the other.
	.type	spellings, @function
spellings:
#= addq VAR,%rax => s32: addq \$V, %rax$
	.section .text.twice,"ax",@progbits
	addq	b(%rip), %rax
	.section .text.twice, "ax", @progbits
	movq	%rcx, 8(%rdi)
	.section .text.twice,"ax",@progbits
	xorl	%ecx, %ecx
	ret
	.text
	.size	spellings, .-spellings
# Its rows are put aside and fetched again: no way leads elsewhere.
	.type	pushes, @function
pushes:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	.pushsection .text.pushed,"ax",@progbits
	.popsection
	xorl	%ecx, %ecx
	ret
	.size	pushes, .-pushes
# A symbol made here may be jumped to, but nothing is read.
	.type	by_set, @function
by_set:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	.set	set, .
	xorl	%ecx, %ecx
	ret
	.size	by_set, .-by_set
	.type	by_equ, @function
by_equ:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	.equ	equ, .
	xorl	%ecx, %ecx
	ret
	.size	by_equ, .-by_equ
	.type	by_equiv, @function
by_equiv:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	.equiv	equiv, .
	xorl	%ecx, %ecx
	ret
	.size	by_equiv, .-by_equiv
	.type	by_assigned, @function
by_assigned:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
a = .
	xorl	%ecx, %ecx
	ret
	.size	by_assigned, .-by_assigned
	.type	by_assigned_local, @function
by_assigned_local:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
.La = .
	xorl	%ecx, %ecx
	ret
	.size	by_assigned_local, .-by_assigned_local
# Code moves on over bytes that are instructions, too: add %al,(%rax).
	.type	leaves_room, @function
leaves_room:
#= addq VAR,%rcx => s32: addq \$V, %rcx$
	addq	b(%rip), %rcx
. = . + 2
	xorl	%eax, %eax
	ret
	.size	leaves_room, .-leaves_room
# Indirect jumps without a star, which as takes with a warning; labels are where they read.
	.type	starless, @function
starless:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	jmp	.Lstarless(%rip)
	.type	starless_index, @function
starless_index:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	jmp	.Lstarless(,%rdi,8)
	.type	starless_absolute, @function
starless_absolute:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	jmp	.Lstarless(,1)
.Lstarless:
	xorl	%ecx, %ecx
	ret
	.size	starless_absolute, .-starless_absolute
# What the last block reads is known late: its predecessors are looked at again. A .size would be a
# block behind it.
	.type	late, @function
late:
#= any: movabsq \$V, %rdx
#! %rcx
	jc	.Llast
.Llate:
	movq	%rcx, %rdx
	xorl	%ecx, %ecx
	ret
.Lmiddle:
	addq	b(%rip), %rax
	jmp	.Lnearly
.Lnearly:
	jmp	.Llast
.Llast:
	jmp	.Llate
# It falls out of its end, where anything may be read.
	.type	falls_out, @function
falls_out:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
.Lfalls_out:
	addq	b(%rip), %rax
	jc	.Lfalls_out
	.size	falls_out, .-falls_out
# What is read is known late, by and by: each block is looked at again and again, and stands in the
# queue once.
	.type	woven, @function
woven:
#= addl VAR,%eax => any: addl \$V, %eax$
	addl	b(%rip), %eax
.Lwoven0: movl %r10d, 8(%rsp); movl $1, %r9d; jc .Lwoven0
.Lwoven1: movl %r10d, 8(%rsp); jc .Lwoven10
.Lwoven2: movl %ecx, 8(%rsp); movl $1, %esi; jc .Lwoven3
.Lwoven3: jc .Lwoven4
.Lwoven4: movl %r9d, 8(%rsp); jc .Lwoven5
.Lwoven5: movl %r11d, 8(%rsp); movl $1, %r9d; jc .Lwoven13
.Lwoven6: movl %r11d, 8(%rsp); movl $1, %ecx; jc .Lwoven4
.Lwoven7: movl $1, %edi; jc .Lwoven5
.Lwoven8: movl $1, %r8d; jc .Lwoven16
.Lwoven9: movl $1, %edi; jc .Lwoven18
.Lwoven10: movl %r9d, 8(%rsp); movl $1, %r9d; jc .Lwoven5
.Lwoven11: movl %edi, 8(%rsp); movl $1, %esi; jc .Lwoven4
.Lwoven12: movl %r8d, 8(%rsp); movl $1, %r9d; jc .Lwoven5
.Lwoven13: jc .Lwoven8
.Lwoven14: movl %r11d, 8(%rsp); jc .Lwoven5
.Lwoven15: movl %r11d, 8(%rsp); movl $1, %ecx; jc .Lwoven2
.Lwoven16: movl $1, %r9d; jc .Lwoven5
.Lwoven17: movl %esi, 8(%rsp); movl $1, %esi; jc .Lwoven3
.Lwoven18: movl $1, %r11d; jc .Lwoven5
.Lwoven19: movl %r9d, 8(%rsp); jc .Lwoven1
	ret
	.size	woven, .-woven
# What says nothing of the place leaves it, though the section may be another than its name says.
	.section .text.twice,"ax",@progbits
	.type	in_a_section_of_two_spellings, @function
in_a_section_of_two_spellings:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rdi
	.p2align 1
	movl	$1, %ecx
	ret
	.size	in_a_section_of_two_spellings, .-in_a_section_of_two_spellings
	.section .text.twice,"axG",@progbits,other,comdat
	nop
	.text
# What stands behind the address may be jumped to, with anything in the registers.
	.type	takes_its_own_place, @function
takes_its_own_place:
#! any:
	addq	b(%rip), %rdi
	leaq	0(%rip), %rdx
	movl	$1, %ecx
	ret
	.size	takes_its_own_place, .-takes_its_own_place
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
