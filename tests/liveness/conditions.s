# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Compares that vanish, and those that others than settled instructions still look at.
	.file	"conditions.c"
	.text
	.type	settled, @function
settled:
#= cmpq \$5,VAR( => any: nothing)?; jg L( over B)? after cmpq \$5,V => true: (jmp L|nothing)
	cmpq	$5, b(%rip)
	jg	.Lsettled
	movl	$1, %eax
.Lsettled:
	ret
	.size	settled, .-settled
# Where the jump goes somebody asks for the carry. The jump itself needs nobody.
	.type	target_reads, @function
target_reads:
#! nothing; 
#= any: movl \$V, %ecx; cmpl \$5, %ecx; jg L( over B)? after
	cmpl	$5, b(%rip)
	movl	$0, %ecx
	jg	.Ltarget_reads
	ret
.Ltarget_reads:
	adcl	$0, %eax
	ret
	.size	target_reads, .-target_reads
	.type	next_reads, @function
next_reads:
#! nothing; 
#= jg L( over B)? after cmpl \$5,V
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lnext_reads
	adcl	$0, %eax
.Lnext_reads:
	ret
	.size	next_reads, .-next_reads
# Through several branches: one that is not settled reads the flags, too.
	.type	branches, @function
branches:
#= any: nothing; je L( over B)? after .*; jl L( over B)? after .*; setg %al after
	cmpl	$5, b(%rip)
	je	.Lbranches
	jl	.Lbranches
	setg	%al
.Lbranches:
	ret
	.size	branches, .-branches
	.type	elsewhere, @function
elsewhere:
#= movl VAR,%ecx => any: movl \$V, %ecx; jg L( over B)? after
	movl	b(%rip), %ecx
	cmpl	$5, %ecx
	je	.Loutside
	jg	.Lelsewhere
	movl	$1, %eax
.Lelsewhere:
	ret
	.size	elsewhere, .-elsewhere
# Nobody knows who comes to a label.
	.type	behind_label, @function
behind_label:
#! nothing
#! jg
	movl	$0, %ecx
	cmpl	$5, b(%rip)
.Lbehind_label:
	jg	.Lbehind_label
	ret
	.size	behind_label, .-behind_label
# inc leaves the carry of the compare as it is, and writes the rest.
	.type	passed_on, @function
passed_on:
#! nothing
#! je
#! jc
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	incl	%edi
	je	.Lpassed_on
	jc	.Lpassed_on
	movl	$1, %eax
.Lpassed_on:
	ret
	.size	passed_on, .-passed_on
	.type	overwritten, @function
overwritten:
#= cmpl \$5,VAR => any: nothing; sete %al after cmpl \$5,V => true: movb \$1, %al \| any: movb \$0, %al$
	cmpl	$5, b(%rip)
	sete	%al
	addl	$1, %edi
	setc	%dl
	ret
	.size	overwritten, .-overwritten
	.type	flags_saved, @function
flags_saved:
#! nothing; 
#= ; sete %al after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	sete	%al
	pushfq
	popq	%rdx
	ret
	.size	flags_saved, .-flags_saved
# A call may look at them, if a person wrote it.
	.type	called_by_hand, @function
called_by_hand:
#! nothing
	movl	$0, %ecx
	cmpl	$5, b(%rip)
#APP
	call	outside
#NO_APP
	sete	%al
	ret
	.size	called_by_hand, .-called_by_hand
	.type	never_returns, @function
never_returns:
#= any: nothing; je L( over B)? after
	cmpl	$5, b(%rip)
	je	.Lnever_returns
	ret
.Lnever_returns:
	call	outside
	.size	never_returns, .-never_returns
	.type	returns_by_hand, @function
returns_by_hand:
#! nothing
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	je	.Lreturns_by_hand
	ret
.Lreturns_by_hand:
#APP
	call	outside
#NO_APP
	.size	returns_by_hand, .-returns_by_hand
# The carry alone is passed on: nothing of it is settled.
	.type	only_passed_on, @function
only_passed_on:
#! nothing
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	incl	%edi
	setc	%al
	ret
	.size	only_passed_on, .-only_passed_on
# What stands between reads registers, not flags.
	.type	between, @function
between:
#= cmpl \$5,VAR( => any: nothing)?; jg L( over B)? after
	cmpl	$5, b(%rip)
	movl	%edi, %esi
	jg	.Lbetween
	movl	$1, %eax
.Lbetween:
	ret
	.size	between, .-between
# What another section has in between follows something else.
	.type	other_section, @function
other_section:
#! sete|nothing
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	.section .text.unlikely,"ax",@progbits
	sete	%dl
	.text
	setg	%al
	ret
	.size	other_section, .-other_section
# No form has the prefix: what reads the flags stays, and so does the compare.
	.type	prefixed, @function
prefixed:
#= any: movl \$V, %ecx; cmpl \$5, %ecx$
#! sete
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	data16 sete %al
	ret
	.size	prefixed, .-prefixed
# Operands that are not the same in all sites, and that need not be read.
	.type	operands, @function
operands:
#! nothing
#! (sete|cmove|sbb) .*after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	sete	other(%rip)
	cmovel	8(%rdi), %eax
	sbbl	%edx, %edx
	ret
	.size	operands, .-operands
# The constant must be one that as encodes as it is written.
	.type	constants, @function
constants:
#= cmpl \$0xffffffff,VAR( => any: nothing)?; je L( over B)? after cmpl \$-1,V
#= load: another operand is a symbol
	cmpl	$0xffffffff, b(%rip)
	je	.Lconstants
	cmpl	$c, b(%rip)
	je	.Lconstants
.Lconstants:
	ret
	.size	constants, .-constants
	.set	c, 5
	.type	computed_constant, @function
computed_constant:
#! je
	cmpl	$1<<3, b(%rip)
	je	.Lcomputed_constant
	movl	$1, %eax
.Lcomputed_constant:
	ret
	.size	computed_constant, .-computed_constant
# as shortens these, and says so.
	.type	too_large, @function
too_large:
#! je
	cmpb	$256, b(%rip)
	je	.Ltoo_large
	movl	$1, %eax
.Ltoo_large:
	ret
	.size	too_large, .-too_large
	.type	too_small, @function
too_small:
#! je
	cmpb	$-257, b(%rip)
	je	.Ltoo_small
	movl	$1, %eax
.Ltoo_small:
	ret
	.size	too_small, .-too_small
# An element is no constant.
	.type	element, @function
element:
#= load: read through
#! je
	cmpl	$5, b(,%rdi,4)
	je	.Lelement
	movl	$1, %eax
.Lelement:
	ret
	.size	element, .-element
# A register that was loaded.
	.type	loaded, @function
loaded:
#= movq VAR,%rcx => any: nothing; cmpq \$5,%rcx( => any: nothing)?; je L( over B)? after
	movq	b(%rip), %rcx
	cmpq	$5, %rcx
	je	.Lloaded
	movl	$1, %eax
.Lloaded:
	ret
	.size	loaded, .-loaded
	.type	loaded_narrow, @function
loaded_narrow:
#= movb VAR,%cl => any: movb \$V, %cl$
	movb	b(%rip), %cl
	cmpw	$5, %cx
	je	.Lloaded_narrow
	movl	$1, %eax
.Lloaded_narrow:
	ret
	.size	loaded_narrow, .-loaded_narrow
# The register is read where the jump goes, and behind it.
	.type	target_reads_register, @function
target_reads_register:
#= movl VAR,%ecx => any: movl \$V, %ecx; testl %ecx,%ecx( => any: nothing)?; je L( over B)? after
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Ltarget_reads_register
	movl	$1, %eax
	ret
.Ltarget_reads_register:
	movl	%ecx, %edx
	ret
	.size	target_reads_register, .-target_reads_register
	.type	next_reads_register, @function
next_reads_register:
#= movl VAR,%ecx => any: nothing; testl %ecx,%ecx( => any: nothing)?; je L( over B)? after .*; addl %ecx,%eax => any: addl \$V, %eax$
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lnext_reads_register
	addl	%ecx, %eax
.Lnext_reads_register:
	ret
	.size	next_reads_register, .-next_reads_register
# Both the register and the flags: one site.
	.type	twice, @function
twice:
#= movq VAR,%rcx => u32: .*; sete 8\(%rcx\) after
#! sete.*sete
#! V\+8
	movq	b(%rip), %rcx
	testq	%rcx, %rcx
	sete	8(%rcx)
	ret
	.size	twice, .-twice
	.type	chosen_register, @function
chosen_register:
#= movl VAR,%ecx => any: movl \$V, %ecx; testl %ecx,%ecx => any: nothing; cmovel %ecx,%eax after
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	cmovel	%ecx, %eax
	ret
	.size	chosen_register, .-chosen_register
# The carry of the compare is read behind inc, so it stays; and so does the load.
	.type	compare_stays, @function
compare_stays:
#= movl VAR,%ecx => any: movl \$V, %ecx; je L( over B)? after
#! testl %ecx
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lcompare_stays
	adcl	$0, %eax
.Lcompare_stays:
	ret
	.size	compare_stays, .-compare_stays
# Where nobody reads but the carry, wherever that is, it is set.
	.type	carry, @function
carry:
#= cmpl \$1,VAR => true: stc \| any: clc$
	cmpl	$1, b(%rip)
	sbbl	%eax, %eax
	ret
	.size	carry, .-carry
	.type	carry_elsewhere, @function
carry_elsewhere:
#= cmpl \$1,VAR => true: stc \| any: clc$
	cmpl	$1, b(%rip)
	jmp	.Lcarry_elsewhere
.Lcarry_elsewhere:
	adcl	$0, %eax
	ret
	.size	carry_elsewhere, .-carry_elsewhere
	.type	carry_and_condition, @function
carry_and_condition:
#= cmpl \$1,VAR => true: stc \| any: clc; jb L( over B)? after cmpl \$1,V
	cmpl	$1, b(%rip)
	jb	.Lcarry_and_condition
	adcl	$0, %eax
.Lcarry_and_condition:
	ret
	.size	carry_and_condition, .-carry_and_condition
	.type	carry_loaded, @function
carry_loaded:
#= movl VAR,%ecx => any: nothing; cmpl \$1,%ecx => true: stc \| any: clc$
	movl	b(%rip), %ecx
	cmpl	$1, %ecx
	adcl	$0, %eax
	ret
	.size	carry_loaded, .-carry_loaded
	.type	carry_needed, @function
carry_needed:
#= movl VAR,%ecx => any: movl \$V, %ecx; cmpl \$1,%ecx => true: stc \| any: clc$
	movl	b(%rip), %ecx
	cmpl	$1, %ecx
	adcl	%eax, %ecx
	movl	%ecx, %eax
	ret
	.size	carry_needed, .-carry_needed
	.type	carry_and_others, @function
carry_and_others:
#! stc
	movl	$0, %ecx
	cmpl	$1, b(%rip)
	jmp	.Lcarry_and_others
.Lcarry_and_others:
	seta	%al
	adcl	$0, %eax
	ret
	.size	carry_and_others, .-carry_and_others
	.type	carry_of_test, @function
carry_of_test:
#! stc
	movl	$0, %ecx
	testl	$1, b(%rip)
	adcl	$0, %eax
	ret
	.size	carry_of_test, .-carry_of_test
	.type	carry_of_register, @function
carry_of_register:
#! stc
	movl	$0, %ecx
	cmpl	%edi, b(%rip)
	adcl	$0, %eax
	ret
	.size	carry_of_register, .-carry_of_register
# The other jump is not of this compare.
	.type	second, @function
second:
#= cmpl \$5,VAR( => any: nothing)?; je L( over B)? after cmpl \$5,V => true: (jmp L|nothing) \| any: nothing$
	cmpl	$5, b(%rip)
	je	.Lsecond
	cmpl	$6, %edi
	je	.Lsecond
	movl	$1, %eax
.Lsecond:
	ret
	.size	second, .-second
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
	.bss
other:	.byte	0
