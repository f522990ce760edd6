# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Cold parts: gcc names their section in full once, and then by its name alone. And ends that nothing
# follows.
	.file	"cold.c"
	.text
	.section .text.unlikely,"ax",@progbits
.LCOLDB0:
	.text
	.type	calls, @function
calls:
#= cmpl \$5,VAR => any: nothing; jg L after
	cmpl	$5, b(%rip)
	jg	.Lcalls
	ret
	.section .text.unlikely
	.type	calls.cold, @function
calls.cold:
.Lcalls:
	pushq	%rax
	call	abort@PLT
	.text
	.size	calls, .-calls
	.section .text.unlikely
	.size	calls.cold, .-calls.cold
.LCOLDE0:
	.text
	.type	goes_on, @function
goes_on:
#= any: movl \$V, %edi; cmpl \$5, %edi; jg L after
#! any: nothing; 
	cmpl	$5, b(%rip)
	jg	.Lgoes_on
	ret
	.section .text.unlikely
.Lgoes_on:
	movl	$1, %edi
	.text
	nop
	.section .text.unlikely
	adcl	$0, %eax
	ret
	.text
	.size	goes_on, .-goes_on
# Whoever comes in at the short name comes from the full one.
	.type	halves, @function
halves:
#= cmpl \$5,VAR => any: nothing; jg L after
	cmpl	$5, b(%rip)
	jg	.Lhalves
	ret
	.section .text.unlikely,"ax",@progbits
.Lhalves:
	movl	$1, %eax
	.text
	nop
	.section .text.unlikely
	ret
	.text
	.size	halves, .-halves
# A compare in one half, the reader in the other one: they are not seen together.
	.type	apart, @function
apart:
	jmp	.Lapart
	.section .text.unlikely,"ax",@progbits
.Lapart:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	.text
	nop
	ret
	.section .text.unlikely
	sete	%al
	ret
	.text
	.size	apart, .-apart
	.type	traps, @function
traps:
#= cmpl \$5,VAR => any: nothing; jg L after
	cmpl	$5, b(%rip)
	jg	.Ltraps
	ret
.Ltraps:
	ud2
	.size	traps, .-traps
	.type	never_goes_on, @function
never_goes_on:
#= cmpl \$5,VAR => any: nothing; jg L after
	cmpl	$5, b(%rip)
	jg	.Lnever_goes_on
	ret
.Lnever_goes_on:
	ud2
	adcl	$0, %eax
	ret
	.size	never_goes_on, .-never_goes_on
# Linux's WARN() goes on behind it.
	.type	traps_by_hand, @function
traps_by_hand:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Ltraps_by_hand
	ret
.Ltraps_by_hand:
#APP
	ud2
#NO_APP
	ret
	.size	traps_by_hand, .-traps_by_hand
# Registers may be shown.
	.type	registers, @function
registers:
#= movl VAR,%ecx => any: movl \$V, %ecx; testl %ecx,%ecx => any: nothing; jne L after
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Lregisters
	xorl	%ecx, %ecx
	ret
.Lregisters:
	ud2
	.size	registers, .-registers
# Sections of one name that may be others, and other places in one.
	.type	short_first, @function
short_first:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Lshort_first
	ret
	.section .text.s1
.Lshort_first:
	nop
	.section .text.s1,"ax",@progbits
	ret
	.text
	.size	short_first, .-short_first
	.type	two_spellings, @function
two_spellings:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Ltwo_spellings
	ret
	.section .text.s2,"ax",@progbits
.Ltwo_spellings:
	nop
	.section .text.s2,"ax"
	ret
	.text
	.size	two_spellings, .-two_spellings
	.type	no_type, @function
no_type:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Lno_type
	ret
	.section .text.s3,"ax"
.Lno_type:
	nop
	.section .text.s3
	ret
	.text
	.size	no_type, .-no_type
	.type	a_group, @function
a_group:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.La_group
	ret
	.section .text.s4,"axG",@progbits,group,comdat
.La_group:
	nop
	.section .text.s4
	ret
	.text
	.size	a_group, .-a_group
	.type	same_group, @function
same_group:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Lsame_group
	ret
	.section .text.s9,"ax?",@progbits
.Lsame_group:
	nop
	.section .text.s9
	ret
	.text
	.size	same_group, .-same_group
	.type	unique, @function
unique:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Lunique
	ret
	.section .text.s5,"ax",@progbits,unique,1
.Lunique:
	nop
	.section .text.s5
	ret
	.text
	.size	unique, .-unique
	.type	linked, @function
linked:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Llinked
	ret
	.section .text.s6,"axo",@progbits,calls
.Llinked:
	nop
	.section .text.s6
	ret
	.text
	.size	linked, .-linked
	.section .text.s8,"ax",@progbits
	.text
	.section .text.s8,"axG",@progbits,group8,comdat
	.text
	.type	a_third, @function
a_third:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.La_third
	ret
	.section .text.s8,"ax",@progbits
.La_third:
	nop
	.section .text.s8
	ret
	.text
	.size	a_third, .-a_third
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
