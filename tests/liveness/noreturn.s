# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What a call of abort() and the like reads: nothing, unless the file knows more of it.
	.file	"noreturn.c"
	.internal b
	.text
	.type	aborts, @function
aborts:
#= movl VAR,%ecx => any: nothing; testl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Laborts
	movl	(%rdi), %eax
	ret
.Laborts:
	call	abort@PLT
	.size	aborts, .-aborts
	.type	aborts_here, @function
aborts_here:
#= movl VAR,%ecx => any: nothing; testl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Laborts_here
	movl	(%rdi), %eax
	ret
.Laborts_here:
	call	abort
	.size	aborts_here, .-aborts_here
	.type	smashed, @function
smashed:
#= movl VAR,%ecx => any: nothing; testl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Lsmashed
	movl	(%rdi), %eax
	ret
.Lsmashed:
	call	__stack_chk_fail@PLT
	.size	smashed, .-smashed
	.type	exits, @function
exits:
#= movl VAR,%ecx => any: movl \$V, %ecx;
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Lexits
	movl	(%rdi), %eax
	ret
.Lexits:
	call	exit@PLT
	.size	exits, .-exits
	.type	another, @function
another:
#= movl VAR,%ecx => any: movl \$V, %ecx;
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Lanother
	movl	(%rdi), %eax
	ret
.Lanother:
	call	abort_all@PLT
	.size	another, .-another
	.type	a_variable, @function
a_variable:
#= movl VAR,%ecx => any: movl \$V, %ecx;
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.La_variable
	movl	(%rdi), %eax
	ret
.La_variable:
	call	*abort(%rip)
	.size	a_variable, .-a_variable
	.type	its_slot, @function
its_slot:
#= movl VAR,%ecx => any: nothing; testl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Lits_slot
	movl	(%rdi), %eax
	ret
.Lits_slot:
	call	*abort@GOTPCREL(%rip)
	.size	its_slot, .-its_slot
	.type	by_hand, @function
by_hand:
#= movl VAR,%ecx => any: movl \$V, %ecx;
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Lby_hand
	movl	(%rdi), %eax
	ret
.Lby_hand:
#APP
	call	abort
#NO_APP
	.size	by_hand, .-by_hand
	.type	defined_here, @function
defined_here:
#= movl VAR,%ecx => any: movl \$V, %ecx;
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	jne	.Ldefined_here
	movl	(%rdi), %eax
	ret
.Ldefined_here:
	call	__chk_fail
	.size	defined_here, .-defined_here
# The code behind the call is never reached, but a landing pad is.
	.type	to_a_pad, @function
to_a_pad:
#= movq VAR,%rbx => u32
#! nothing; testq
	pushq	%rbx
	.cfi_startproc
	movq	b(%rip), %rbx
	testq	%rbx, %rbx
	jne	.Lto_a_pad
	popq	%rbx
	ret
.Lto_a_pad:
	call	__cxa_rethrow@PLT
.Lpad:
	movq	%rbx, %rdi
	call	_Unwind_Resume@PLT
	.cfi_endproc
	.size	to_a_pad, .-to_a_pad
	.section .gcc_except_table,"a",@progbits
	.byte 0
	.text
	.type	__chk_fail, @function
__chk_fail:
	movl	%ecx, %edi
	jmp	g
	.size	__chk_fail, .-__chk_fail
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
