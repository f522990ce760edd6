# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Jumps over a few instructions, which become a part of the site, and those that do not.
	.file	"skips.c"
	.file 1 "skips.c"
	.text
	.type	one, @function
one:
#= cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: notq %rax$
	cmpl	$5, b(%rip)
	jg	.Lone
	notq	%rax
.Lone:
	ret
	.size	one, .-one
# What is skipped may read flags and set them, of its own.
	.type	three, @function
three:
#= cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: addq %rax, 8\(%rdi\); movsd %xmm0, \(%rdi\); cmovel %edx, %eax$
	cmpl	$5, b(%rip)
	jg	.Lthree
	addq	%rax, 8(%rdi)
	movsd	%xmm0, (%rdi)
	cmovel	%edx, %eax
.Lthree:
	ret
	.size	three, .-three
	.type	four, @function
four:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lfour
	incl	%eax
	incl	%eax
	incl	%eax
	incl	%eax
.Lfour:
	ret
	.size	four, .-four
# The longest there are: with a trap and a compare in front 64 bytes.
	.type	longest, @function
longest:
#= cmpl \$305419896,VAR; jg L over B after
	cmpl	$305419896, b(%rip)
	jg	.Llongest
	movq	$-305419896, %fs:305419896(%r8,%r9,8)
	movq	$-305419896, %fs:305419896(%r8,%r9,8)
	movq	$-305419896, %fs:305419896(%r8,%r9,8)
.Llongest:
	ret
	.size	longest, .-longest
# A compare is in the site if it stands right before the jump, and vanishes.
	.type	apart, @function
apart:
#= cmpl \$5,VAR => any: nothing; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax$
	cmpl	$5, b(%rip)
	movl	$0, %edx
	jg	.Lapart
	incl	%eax
.Lapart:
	ret
	.size	apart, .-apart
	.type	twice, @function
twice:
#= movl VAR,%ecx => any: movl \$V, %ecx; jg L over B after cmpl \$5,V => true: nothing \| any: movl \$1, %eax; testb %cl,%cl; je L over B after testb \$-1,V => true: nothing \| any: movl \$3, %eax$
	movl	b(%rip), %ecx
	cmpl	$5, %ecx
	jg	.Ltwice
	movl	$1, %eax
.Ltwice:
	jl	.Ltwice_again
	movl	$2, %eax
.Ltwice_again:
	testb	%cl, %cl
	je	.Ltwice_end
	movl	$3, %eax
.Ltwice_end:
	ret
	.size	twice, .-twice
# A step whose flags are asked for is as good as a compare.
	.type	after_a_step, @function
after_a_step:
#= movl VAR,%ecx => any: nothing; andl \$8,%ecx; je L over B after andl \$8, testl \$-1,V => true: nothing \| any: incl %eax$
	movl	b(%rip), %ecx
	andl	$8, %ecx
	je	.Lafter_a_step
	incl	%eax
.Lafter_a_step:
	ret
	.size	after_a_step, .-after_a_step
# The second reference of a function is its own.
	.type	second, @function
second:
#= : b: cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax$
#= : b: addl VAR,%eax => any: addl \$V, %eax$
#= : b: cmpl \$7,VAR => any: nothing; setl %dl after
	cmpl	$5, b(%rip)
	jg	.Lsecond
	incl	%eax
.Lsecond:
	addl	b(%rip), %eax
	cmpl	$7, b(%rip)
	setl	%dl
	ret
	.size	second, .-second
	.type	stays, @function
stays:
#= any: movl \$V, %ecx; cmpl \$5, %ecx; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax$
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lstays
	incl	%eax
.Lstays:
	setg	%dl
	lahf
	ret
	.size	stays, .-stays
	.type	lines, @function
lines:
#= cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax; incl %edx$
	cmpl	$5, b(%rip)
	jg	.Llines
	.loc 1 3 5
	incl	%eax
.LVL7:
	incl	%edx
	.loc 1 4
.Llines:
	ret
	.size	lines, .-lines
	.type	lines_before, @function
lines_before:
#= cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax$
	cmpl	$5, b(%rip)
	.loc 1 6
.LVL8:
	jg	.Llines_before
	incl	%eax
.Llines_before:
	ret
	.size	lines_before, .-lines_before
	.type	one_line, @function
one_line:
#= cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax; incl %edx$
	cmpl	$5, b(%rip)
	jg	.Lone_line
	incl	%eax; incl	%edx
.Lone_line:
	ret
	.size	one_line, .-one_line
	.type	two_labels, @function
two_labels:
#= cmpl \$5,VAR; jg L over B after cmpl \$5,V => true: nothing \| any: incl %eax$
	cmpl	$5, b(%rip)
	jg	.Ltwo_labels
	incl	%eax
.Lanother:
.Ltwo_labels:
	jmp	.Lanother
	.size	two_labels, .-two_labels
# Somebody else comes to the second instruction.
	.type	entered, @function
entered:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lentered
	incl	%eax
.Lentered_too:
	incl	%edx
.Lentered:
	jmp	.Lentered_too
	.size	entered, .-entered
# Its bytes depend on the place.
	.type	symbolic, @function
symbolic:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lsymbolic
	movl	other(%rip), %eax
.Lsymbolic:
	ret
	.size	symbolic, .-symbolic
	.type	symbolic_number, @function
symbolic_number:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lsymbolic_number
	movl	$other, %eax
.Lsymbolic_number:
	ret
	.size	symbolic_number, .-symbolic_number
# A site of its own.
	.type	patchable, @function
patchable:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
#= addl VAR,%eax => any: addl
	cmpl	$5, b(%rip)
	jg	.Lpatchable
	addl	b(%rip), %eax
.Lpatchable:
	ret
	.size	patchable, .-patchable
# The value is consumed there.
	.type	consumer, @function
consumer:
#! over B
#= je L after
#= addl %ecx,%edx => any: addl \$V, %edx
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lconsumer
	addl	%ecx, %edx
.Lconsumer:
	ret
	.size	consumer, .-consumer
# It asks for the same flags.
	.type	settled, @function
settled:
#! over B
#= sete %dl after
#= jg L after
	cmpl	$5, b(%rip)
	jg	.Lsettled
	sete	%dl
.Lsettled:
	ret
	.size	settled, .-settled
	.type	a_call, @function
a_call:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.La_call
	call	g
.La_call:
	ret
	.size	a_call, .-a_call
	.type	a_jump, @function
a_jump:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.La_jump
	jmp	g
.La_jump:
	ret
	.size	a_jump, .-a_jump
	.type	a_trap, @function
a_trap:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.La_trap
	ud2
.La_trap:
	ret
	.size	a_trap, .-a_trap
# Unwinding must not change by what is not executed.
	.type	unwinding, @function
unwinding:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	.cfi_startproc
	cmpl	$5, b(%rip)
	jg	.Lunwinding
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	popq	%rbx
.Lunwinding:
	ret
	.cfi_endproc
	.size	unwinding, .-unwinding
# The label is not right behind it.
	.type	aligned, @function
aligned:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Laligned
	incl	%eax
	.p2align 4
.Laligned:
	ret
	.size	aligned, .-aligned
	.type	x87, @function
x87:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lx87
	fsubp	%st, %st(1)
.Lx87:
	ret
	.size	x87, .-x87
	.type	quoted, @function
quoted:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lquoted
	movl	$'	, %eax
.Lquoted:
	ret
	.size	quoted, .-quoted
# Who defines a weak symbol is not said here; a jump to a global one may be the linker's.
	.type	to_weak, @function
to_weak:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	.weak	weak
	cmpl	$5, b(%rip)
	jg	weak
	incl	%eax
weak:
	ret
	.size	to_weak, .-to_weak
	.type	to_global, @function
to_global:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	.globl	global
	cmpl	$5, b(%rip)
	jg	global
	incl	%eax
global:
	ret
	.size	to_global, .-to_global
	.type	to_exported, @function
to_exported:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	.weak	.Lto_exported
	cmpl	$5, b(%rip)
	jg	.Lto_exported
	incl	%eax
.Lto_exported:
	ret
	.size	to_exported, .-to_exported
# Somebody's own jump, and what it skips.
	.type	all_by_hand, @function
all_by_hand:
#! over B
#APP
	cmpl	$5, b(%rip)
	jg	.Lall_by_hand
	incl	%eax
.Lall_by_hand:
#NO_APP
	ret
	.size	all_by_hand, .-all_by_hand
	.type	by_hand, @function
by_hand:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lby_hand
	#APP
	incl	%eax
	#NO_APP
.Lby_hand:
	ret
	.size	by_hand, .-by_hand
	.type	prefixed, @function
prefixed:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lprefixed
	lock incl	(%rdi)
.Lprefixed:
	ret
	.size	prefixed, .-prefixed
	.type	prefix_before, @function
prefix_before:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lprefix_before
	lock
	incl	(%rdi)
.Lprefix_before:
	ret
	.size	prefix_before, .-prefix_before
# There is nothing.
	.type	nothing_to_skip, @function
nothing_to_skip:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lnothing_to_skip
.Lnothing_to_skip:
	ret
	.size	nothing_to_skip, .-nothing_to_skip
# The label is in another section.
	.type	elsewhere, @function
elsewhere:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lelsewhere
	incl	%eax
	ret
	.section	.text.cold
.Lelsewhere:
	ret
	.text
	.size	elsewhere, .-elsewhere
	.type	backward, @function
backward:
#! over B
#= jg L after cmpl \$5,V => true: jmp L
.Lbackward:
	incl	%eax
	cmpl	$5, b(%rip)
	jg	.Lbackward
	ret
	.size	backward, .-backward
# The flags are read elsewhere: the jump itself needs nobody.
	.type	not_settled, @function
not_settled:
#! over B
	cmpl	%esi, b(%rip)
	jg	.Lnot_settled
	incl	%eax
.Lnot_settled:
	ret
	.size	not_settled, .-not_settled
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
	.bss
other:	.long	0
